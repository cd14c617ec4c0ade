// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/dlib.hpp>

#include <istream>
#include <ostream>
#include <string>

#include "model_directory.hpp"
#include "scratch_directory.hpp"

namespace {

/// Has dlib's two functions beside it.
struct line {
    double slope = 0;
    double offset = 0;

    line() = default;
    line(const line&) = delete;
    line(line&&) = default;
};
void serialize(const line& from, std::ostream& out) {
    out << from.slope << ' ' << from.offset << '\n';
}
void deserialize(line& to, std::istream& in) {
    in >> to.slope >> to.offset;
    in.get();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flavor_dlib)

BOOST_AUTO_TEST_CASE(what_dlib_serialises_comes_back) {
    const test::scratch_directory scratch;
    const std::string model = scratch / "model";
    line straight;
    straight.slope = 0.5;
    straight.offset = -2;
    BOOST_TEST(!test::save_model(model, mlscribe::dlib_model(straight)));
    BOOST_TEST(test::read_file(model + "/model.dat") == "0.5 -2\n");
    BOOST_TEST(test::read_file(model + "/MLmodel") == "flavors:\n  dlib:\n    data: model.dat\n");

    mlscribe::error failure;
    const auto loaded = test::load_model<mlscribe::dlib_model<line>>(model, failure);
    BOOST_TEST(!failure);
    BOOST_TEST(loaded.object.slope == 0.5);
    BOOST_TEST(loaded.object.offset == -2);

    test::write_file(model + "/model.dat", "0.5 -2\nand more");
    test::load_model<mlscribe::dlib_model<line>>(model, failure);
    BOOST_TEST(failure.message.find("model.dat\" holds 8 bytes more") != std::string::npos,
               failure.message);
}

BOOST_AUTO_TEST_SUITE_END()
