// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/load_array.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::load_array;
using mlscribe::logging_error;

namespace {

auto tells(error_code code, std::vector<std::string> texts) {
    return [code, texts](const logging_error& thrown) {
        bool all = thrown.reason().code == code;
        for (const std::string& text : texts) {
            all = all && std::string(thrown.what()).find(text) != std::string::npos;
        }
        return all;
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_load_array)

BOOST_AUTO_TEST_CASE(an_array_that_a_run_logged_is_loaded) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_array(std::vector<std::vector<float>>{{1, 2}, {3, 4}}, "layers/0.npy");
    const std::string path = test::folder(scratch, run) + "/artifacts/layers/0.npy";
    std::filesystem::create_symlink(path, scratch / "link");
    for (const std::string& name : {path, scratch / "link"}) {
        const mlscribe::array<double> back = load_array<double>(name);
        BOOST_TEST(back.shape == (std::vector<std::size_t>{2, 2}),
                   boost::test_tools::per_element());
        BOOST_TEST(back.values == (std::vector<double>{1, 2, 3, 4}),
                   boost::test_tools::per_element());
    }
    BOOST_TEST(log.all().empty());
    run.log_array(std::vector<int>{1}, "weights");
    run.log_array(std::vector<int>{1}, ".npy");
    run.log_array(std::vector<int>{1}, "../weights.npy");
    BOOST_TEST(log.count(error_code::invalid_path) == 3u);
    BOOST_TEST(log.tells({"\"weights\"", "ends in \".npy\""}));
    run.log_array(std::vector<std::vector<int>>{{1}, {2, 3}}, "ragged.npy");
    BOOST_TEST(log.tells({"\"ragged.npy\"", "(2, 1)"}));
    const std::vector<std::string> only = {"layers/", "layers/0.npy"};
    BOOST_TEST(test::tree(test::folder(scratch, run) + "/artifacts") == only,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_loaded_is_told_by_its_path) {
    const test::scratch_directory scratch;
    const std::string path = scratch / "a.npy";
    BOOST_CHECK_EXCEPTION(load_array<float>(path), logging_error,
                          tells(error_code::not_found, {path}));
    BOOST_CHECK_EXCEPTION(load_array<float>(scratch.path()), logging_error,
                          tells(error_code::system, {scratch.path()}));
    test::write_file(path, "");
    BOOST_CHECK_EXCEPTION(load_array<float>(path), logging_error,
                          tells(error_code::damaged, {path, "no .npy file"}));
    std::string bytes;
    BOOST_TEST(!mlscribe::detail::npy_bytes(std::vector<double>{1, 2}, bytes));
    test::write_file(path, bytes);
    BOOST_CHECK_EXCEPTION(load_array<float>(path), logging_error,
                          tells(error_code::invalid_value, {path, "float64", "float32"}));
    test::write_file(path, bytes.substr(0, bytes.size() - 1));
    BOOST_CHECK_EXCEPTION(load_array<double>(path), logging_error,
                          tells(error_code::damaged, {path, "too few"}));
}

BOOST_AUTO_TEST_SUITE_END()
