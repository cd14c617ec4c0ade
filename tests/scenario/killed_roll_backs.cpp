// SPDX-License-Identifier: MIT
/// \file A process is killed at every system call by which it takes a run back to an earlier step:
/// no row is lost, none is kept twice, MLflow reads every file, and the next try ends it.
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "cut_points.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

using mlscribe::from_checkpoint;
using mlscribe::from_step;

namespace {

constexpr unsigned every_call = test::call_write | test::call_fallocate | test::call_ftruncate |
                                test::call_fsync | test::call_linkat | test::call_renameat |
                                test::call_unlinkat;

using lines = std::map<std::string, std::vector<std::string>>;

/// Every row with the metric that it belongs to.
void add_rows(const lines& files, std::vector<std::string>& rows) {
    for (const auto& [key, text] : files) {
        for (const std::string& line : text) rows.push_back(key + ' ' + line);
    }
}

struct stored_run {
    test::scratch_directory scratch;
    std::string id;
    std::string folder;
    lines early;
    std::vector<std::string> all;

    explicit stored_run(std::mt19937& random) {
        test::error_log log;
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        id = run.id();
        folder = test::folder(scratch, run);
        const auto rows = [&random] { return 1 + random() % 200; };
        double value = 0;
        const auto log_some = [&] {
            for (const char* key : {"loss", "val/loss", "system/cpu"}) {
                for (auto i = rows(); i != 0; --i) run.log_metric(key, ++value);
            }
        };
        log_some();
        run.checkpoint("early");
        early = test::all_lines(folder + "/metrics");
        log_some();
        run.log_metric("late/only", 1.0);
        run.checkpoint("late");
        log_some();
        run.end();
        add_rows(test::all_lines(folder + "/metrics"), all);
        std::sort(all.begin(), all.end());
    }

    mlscribe::run resume(int how, test::error_log& log) const {
        auto options = test::resuming(scratch, log);
        options.keep_status = true;
        if (how == 0) return mlscribe::resume_run(id, from_checkpoint{"early"}, options);
        if (how == 1) return mlscribe::resume_run(id, from_checkpoint{"late"}, options);
        return mlscribe::resume_run(id, from_step{{"", 90}, {"val/", 20}}, options);
    }

    /// Rows in files and artifacts. \param once  none in both
    void check_rows(bool once) const {
        std::vector<std::string> found;
        add_rows(test::all_lines(folder + "/metrics"), found);
        const std::string shelf = folder + "/artifacts/cut_points";
        for (const char* number : {"1", "2", "3"}) {
            add_rows(test::all_lines(shelf + '/' + number, ".txt"), found);
        }
        std::sort(found.begin(), found.end());
        if (!once) found.erase(std::unique(found.begin(), found.end()), found.end());
        BOOST_REQUIRE(found == all);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(killed_roll_backs)

BOOST_AUTO_TEST_CASE(no_row_is_lost_or_doubled) {
    std::mt19937 random(test::seed(11));
    for (const int how : {0, 1, 2}) {
        long calls = 0;
        for (bool survived = false; !survived && calls < 500; ++calls) {
            const stored_run run(random);
            const auto end =
                calls % 2 == 0 ? test::call_end::died_before : test::call_end::died_after;
            const std::string result = test::in_child([&]() -> std::string {
                test::error_log log;
                const test::plan_calls plan(every_call, end, 0, calls, false);
                const bool records = run.resume(how, log).recording();
                test::plan_calls::stop();
                return test::plan_calls::met() == 0 && records ? "survived" : "met";
            });
            survived = result == "survived";
            BOOST_TEST_CONTEXT("target " << how << " call " << calls) {
                if (!survived) BOOST_REQUIRE(result == "signal 9");
                run.check_rows(false);
                // Also to another point than before.
                test::error_log log;
                const int again = calls % 3 == 0 ? 2 : how;
                BOOST_REQUIRE(run.resume(again, log).recording());
                run.check_rows(true);
                test::cut_rows(run.folder);
                if (how != 2 && again != 2) {
                    BOOST_REQUIRE(run.resume(0, log).recording());
                    run.check_rows(true);
                    test::cut_rows(run.folder);
                    BOOST_REQUIRE(test::all_lines(run.folder + "/metrics") == run.early);
                }
                BOOST_REQUIRE(log.all().empty());
                for (const std::string& path : test::tree(run.folder)) {
                    BOOST_REQUIRE(path.find(".mlscribe-") == std::string::npos);
                }
            }
        }
        BOOST_TEST(calls > 12);
        BOOST_TEST(calls < 500);
    }
}

BOOST_AUTO_TEST_SUITE_END()
