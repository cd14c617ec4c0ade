// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/query/dataset_inputs.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::detail::dataset_input;
using mlscribe::detail::directory;
using mlscribe::detail::read_dataset_inputs;

namespace {

/// A run with one dataset.
struct given_dataset {
    test::scratch_directory scratch;
    std::vector<dataset_input> inputs;

    error read(const std::string& name, const std::string& digest, const std::string& context) {
        test::write_file(scratch / "datasets/d/meta.yaml",
                         "digest: '" + digest + "'\nname: '" + name + "'\n");
        test::write_file(scratch / "run/inputs/i/meta.yaml",
                         "source_id: d\nsource_type: DATASET\ntags:\n  mlflow.data.context: '" +
                             context + "'\n");
        directory experiment;
        directory run;
        BOOST_REQUIRE(directory::open(scratch.path(), experiment) == 0);
        BOOST_REQUIRE(directory::open(scratch / "run", run) == 0);
        inputs.clear();
        return read_dataset_inputs(experiment, run, "run", inputs);
    }
};

std::string repeated(const std::string& part, std::size_t times) {
    std::string text;
    while (times-- != 0) text += part;
    return text;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(query_dataset_inputs, given_dataset)

BOOST_AUTO_TEST_CASE(texts_as_long_as_mlflow_writes_them_are_read) {
    const std::string most = repeated("\u00e4", 500);
    const std::string digest = repeated("\u20ac", 36);
    BOOST_TEST(!read(most, digest, most));
    BOOST_REQUIRE(inputs.size() == 1u);
    BOOST_TEST(inputs[0].name == most);
    BOOST_TEST(inputs[0].digest == digest);
    BOOST_TEST(inputs[0].contexts == std::vector<std::string>{most},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(longer_ones_are_refused) {
    const std::string longer(501, 'x');
    const std::pair<error, std::string> refused[] = {
        {read(longer, "1", "train"), "\"datasets/d/meta.yaml\": the name has more than 500"},
        {read("x", std::string(37, '1'), "train"), "the digest has more than 36"},
        {read("x", "1", longer), "\"run/inputs/i/meta.yaml\": the context has more than 500"}};
    for (const auto& [failure, rule] : refused) {
        BOOST_TEST(failure.system_code == EFBIG);
        BOOST_TEST(failure.message.find(rule) != std::string::npos, failure.message);
    }
    BOOST_TEST(inputs.empty());
}

BOOST_AUTO_TEST_SUITE_END()
