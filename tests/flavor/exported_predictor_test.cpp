// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/exported_predictor.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace {

class doubling {
  public:
    explicit doubling(const std::string& directory) {
        if (directory.empty()) throw std::runtime_error("no directory");
    }
    std::int64_t features() const noexcept { return 2; }
    std::int64_t outputs() const noexcept { return 2; }
    void predict(const double* rows, std::int64_t count, double* out) const {
        if (count == 0) throw 7;
        for (std::int64_t i = 0; i != 2 * count; ++i) out[i] = 2 * rows[i];
    }
};

}  // namespace

MLSCRIBE_EXPORT_PREDICTOR(doubling)

BOOST_AUTO_TEST_SUITE(flavor_exported_predictor)

BOOST_AUTO_TEST_CASE(a_class_is_called_through_the_exported_functions) {
    char why[13] = "untouched";
    BOOST_TEST(mlscribe_predictor_abi() == 1);
    void* const opened = mlscribe_predictor_open("/models/a", why, sizeof why);
    BOOST_REQUIRE(opened != nullptr);
    BOOST_TEST(mlscribe_predictor_features(opened) == 2);
    BOOST_TEST(mlscribe_predictor_outputs(opened) == 2);
    const double rows[] = {1, 2, 3, 4};
    double out[4] = {};
    BOOST_TEST(mlscribe_predictor_predict(opened, rows, 2, out, why, sizeof why) == 0);
    BOOST_TEST(out[3] == 8);
    BOOST_TEST(why == "untouched");

    BOOST_TEST(mlscribe_predictor_predict(opened, rows, 0, out, why, sizeof why) == -1);
    BOOST_TEST(why == "the predicto");
    BOOST_TEST(mlscribe_predictor_open("", why, sizeof why) == nullptr);
    BOOST_TEST(why == "no directory");
    BOOST_TEST(mlscribe_predictor_open("", nullptr, 0) == nullptr);
    mlscribe_predictor_close(opened);
}

BOOST_AUTO_TEST_SUITE_END()
