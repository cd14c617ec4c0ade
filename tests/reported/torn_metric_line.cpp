// SPDX-License-Identifier: MIT
/// \file A killed writer left half a line, and the experiment showed no runs or a wrong value.
#include <boost/test/unit_test.hpp>

#include "scratch_directory.hpp"

namespace {

/// A finished run whose metric `val` then got these bytes.
std::string damaged_run(const test::scratch_directory& scratch, const std::string& bytes) {
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.end();
    const std::string folder = test::folder(scratch, run);
    test::write_file(folder + "/metrics/val", bytes);
    return folder;
}

struct repaired {
    std::string text;
    std::vector<std::int64_t> steps;
    std::string kept;
    bool told;
};

repaired resumed(const std::string& bytes) {
    const test::scratch_directory scratch;
    test::error_log log;
    const std::string folder = damaged_run(scratch, bytes);
    {
        mlscribe::run run = mlscribe::resume_run(folder.substr(folder.rfind('/') + 1),
                                                 test::resuming(scratch, log));
        run.log_metric("val", 0.5, 43);
    }
    const std::string kept = folder + "/artifacts/torn_lines/val.txt";
    return {test::read_file(folder + "/metrics/val"), test::steps(folder, "val"),
            test::exists(kept) ? test::read_file(kept) : "",
            log.tells({"metric \"val\"", "torn line", "kept as the artifact torn_lines/val.txt"})};
}

const std::string whole = "1700000000000 0.9876 41\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(torn_metric_line)

BOOST_AUTO_TEST_CASE(one_field) {
    const repaired run = resumed(whole + "1700");
    BOOST_TEST(run.text.substr(0, whole.size()) == whole);
    BOOST_TEST(run.steps == (std::vector<std::int64_t>{41, 43}), boost::test_tools::per_element());
    BOOST_TEST(run.kept == "1700\n");
    BOOST_TEST(run.told);
}

BOOST_AUTO_TEST_CASE(two_fields_that_read_as_step_0) {
    const repaired run = resumed(whole + "1700000000001 0.98");
    BOOST_TEST(run.steps == (std::vector<std::int64_t>{41, 43}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(three_fields_with_a_cut_step) {
    const repaired run = resumed(whole + "1700000000001 0.9877 4");
    BOOST_TEST(run.steps == (std::vector<std::int64_t>{41, 43}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(nul_bytes_after_a_power_loss) {
    const repaired run = resumed(whole + std::string(32, '\0'));
    BOOST_TEST(run.steps == (std::vector<std::int64_t>{41, 43}), boost::test_tools::per_element());
    BOOST_TEST(run.text.find('\0') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_whole_is_left) {
    const repaired run = resumed("1700000000001 0.98");
    BOOST_TEST(run.steps == (std::vector<std::int64_t>{43}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_filled_or_removed) {
    const repaired run = resumed("");
    BOOST_TEST(run.steps == (std::vector<std::int64_t>{43}), boost::test_tools::per_element());
    const test::scratch_directory scratch;
    test::error_log log;
    const std::string folder = damaged_run(scratch, "");
    mlscribe::run again =
        mlscribe::resume_run(folder.substr(folder.rfind('/') + 1), test::resuming(scratch, log));
    const mlscribe::metric_handle unused = again.metric("val");
    again.end();
    BOOST_TEST(!test::exists(folder + "/metrics/val"));
}

BOOST_AUTO_TEST_SUITE_END()
