// SPDX-License-Identifier: MIT
/// \file A process is killed, or the disk is full, at every system call of a log_table() that
/// changes files, or Python writes meanwhile: the table is the one before or the new one, whole,
/// and the next call goes on.
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/mlscribe.hpp>

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr unsigned every_call =
    test::call_write | test::call_ftruncate | test::call_linkat | test::call_renameat;

void log(mlscribe::run& run, int value) {
    run.log_table(std::map<std::string, std::vector<int>>{{"a", {value, value}}}, "t.json");
}

/// How many rows the table of a run has; none where there is none.
std::size_t rows_of(const std::string& run) {
    const std::string path = run + "/artifacts/t.json";
    if (!test::exists(path)) return 0;
    const auto table = mlscribe::parse_json(test::read_file(path));
    BOOST_REQUIRE(table.has_value());
    const mlscribe::document* const data = table->find("data");
    BOOST_REQUIRE(data != nullptr);
    return data->items.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(killed_tables)

BOOST_AUTO_TEST_CASE(a_table_is_whole_or_the_one_before) {
    for (const bool there : {false, true}) {
        for (const test::call_end end : {test::call_end::died_before, test::call_end::half_died}) {
            long calls = 0;
            for (bool survived = false; !survived && calls < 100; calls += survived ? 0 : 1) {
                const test::scratch_directory scratch;
                const std::string left = test::in_child([&]() -> std::string {
                    test::error_log errors;
                    mlscribe::run run = mlscribe::start_run(test::options(scratch, errors));
                    if (there) log(run, 1);
                    test::write_file(scratch / "folder", test::folder(scratch, run));
                    test::write_file(scratch / "id", std::string(run.id()));
                    const test::plan_calls plan(every_call, end, 0, calls, false);
                    log(run, 2);
                    test::plan_calls::stop();
                    run.end();
                    return errors.all().empty() ? "survived" : "failed";
                });
                survived = left == "survived";
                BOOST_REQUIRE((survived || left == "signal 9"));
                const std::string folder = test::read_file(scratch / "folder");
                const std::size_t before = there ? 2 : 0;
                BOOST_TEST_CONTEXT("call " << calls) {
                    const std::size_t rows = rows_of(folder);
                    BOOST_TEST((rows == before + 2 || (!survived && rows == before)));
                    test::error_log errors;
                    mlscribe::run run = mlscribe::resume_run(test::read_file(scratch / "id"),
                                                             test::resuming(scratch, errors));
                    log(run, 3);
                    run.end();
                    BOOST_TEST(rows_of(folder) == rows + 2);
                    BOOST_TEST(test::read_file(folder + "/tags/mlflow.loggedArtifacts") ==
                               R"([{"path": "t.json", "type": "table"}])");
                    BOOST_TEST(errors.all().empty());
                    for (const std::string& name : test::tree(folder)) {
                        BOOST_TEST((name.find(".mlscribe-") == std::string::npos), name);
                    }
                }
            }
            BOOST_TEST(calls >= (there ? 3 : 4));
            BOOST_TEST(calls < 100);
        }
    }
}

BOOST_AUTO_TEST_CASE(where_the_disk_refuses_rows_the_table_before_stays) {
    const test::scratch_directory scratch;
    test::error_log errors;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, errors));
    log(run, 1);
    long calls = 0;
    for (bool met = true; met && calls < 100; ++calls) {
        const std::size_t before = rows_of(test::folder(scratch, run));
        const std::size_t told = errors.all().size();
        const test::plan_calls plan(every_call, test::call_end::refused, ENOSPC, calls, false);
        log(run, 2);
        test::plan_calls::stop();
        met = test::plan_calls::met() != 0;
        // That a turn is not put aside hurts nobody.
        const bool refused = errors.all().size() > told;
        BOOST_TEST(rows_of(test::folder(scratch, run)) == before + (refused ? 0 : 2));
        BOOST_TEST((met || !refused));
    }
    BOOST_TEST(calls > 3);
    BOOST_TEST(errors.tells({"table \"t.json\"", "No space left"}));
}

// MLflow writes over the file that is there.
BOOST_AUTO_TEST_CASE(rows_go_behind_what_python_wrote_meanwhile) {
    const test::scratch_directory scratch;
    test::error_log errors;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, errors));
    log(run, 1);
    const std::string file = test::folder(scratch, run) + "/artifacts/t.json";
    std::thread other;
    {
        const test::plan_calls plan(test::call_ftruncate, test::call_end::held, 0, 0, false);
        other = std::thread([&run] { log(run, 3); });
        while (test::plan_calls::met() == 0) ::usleep(1000);
        test::write_file(file, R"({"columns":["a"],"data":[[2]]})");
    }
    other.join();
    BOOST_TEST(test::read_file(file) == R"({"columns":["a"],"data":[[2],[3],[3]]})");
    BOOST_TEST(errors.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
