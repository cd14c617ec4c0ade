// SPDX-License-Identifier: MIT
/// \file A process is killed at every system call of a start or a resumption that changes files: a
/// run that is seen has a journal, so that recover() ends it, and the next start leaves nothing of
/// one that was not.
#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <regex>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr unsigned every_call = test::call_write | test::call_fallocate | test::call_fsync |
                                test::call_linkat | test::call_renameat | test::call_unlinkat;

/// Where journals lie besides the runs' directories.
class elsewhere {
  public:
    elsewhere(const test::scratch_directory& scratch, bool used) : path_(scratch / "elsewhere") {
        std::filesystem::create_directory(path_);
        if (used) ::setenv("MLSCRIBE_JOURNAL_DIR", path_.c_str(), 1);
    }
    elsewhere(const elsewhere&) = delete;
    elsewhere& operator=(const elsewhere&) = delete;
    ~elsewhere() { ::unsetenv("MLSCRIBE_JOURNAL_DIR"); }

    bool is_empty() const { return test::tree(path_).empty(); }

  private:
    std::string path_;
};

struct seen_run {
    std::string folder;
    std::string status;
    std::string journal_tag;
};

/// As MLflow lists them: directories with a meta.yaml in an experiment's.
std::vector<seen_run> runs_in(const test::scratch_directory& scratch) {
    std::vector<seen_run> found;
    for (const std::string& path : test::tree(scratch.store())) {
        const std::size_t end = path.rfind("/meta.yaml");
        const std::size_t slash = path.find('/');
        if (end == std::string::npos || slash == end) continue;
        if (path.find('/', slash + 1) != end) continue;
        const std::string folder = scratch.store() + '/' + path.substr(0, end);
        const std::string tag = folder + "/tags/mlscribe.journal";
        found.push_back({folder, test::meta(folder, "status"),
                         test::exists(tag) ? test::read_file(tag) : std::string()});
    }
    return found;
}

bool is_clean(const test::scratch_directory& scratch) {
    bool clean = true;
    for (const std::string& path : test::tree(scratch.store())) {
        const bool left = path.find(".mlscribe-") != std::string::npos ||
                          path.find("/datasets/") != std::string::npos;
        if (left) BOOST_TEST_MESSAGE(path << " was left");
        clean = clean && !left;
    }
    return clean;
}

/// MLflow's migration takes every folder in "datasets" with a meta.yaml for a dataset.
bool shows_a_dataset(const test::scratch_directory& scratch) {
    const std::regex dataset("[^/]+/datasets/[^/]+/meta.yaml");
    for (const std::string& path : test::tree(scratch.store())) {
        if (std::regex_match(path, dataset)) return true;
    }
    return false;
}

/// Kills a child that does `body` before or after its n-th call, for all n, and has `check(n)` look
/// at what is left. \return how many calls there were
template <class Body, class Check>
long kill_at_every_call(test::call_end end, Body&& body, Check&& check) {
    for (long n = 0; n < 1000; ++n) {
        const std::string result = test::in_child([&]() -> std::string {
            const test::plan_calls plan(every_call, end, 0, n, false);
            body();
            return test::plan_calls::met() == 0 ? "survived" : "met";
        });
        if (result == "survived") return n;
        BOOST_TEST_CONTEXT("call " << n) {
            BOOST_REQUIRE(result == "signal 9");
            check(n);
        }
    }
    return -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(killed_starts)

BOOST_AUTO_TEST_CASE(no_run_runs_for_ever) {
    for (const bool used : {false, true}) {
        for (const test::call_end end : {test::call_end::died_before, test::call_end::died_after}) {
            const test::scratch_directory scratch;
            const elsewhere place(scratch, used);
            {
                test::error_log log;
                mlscribe::start_run(test::options(scratch, log));
            }
            std::size_t before = 1;
            std::size_t killed = 0;
            const auto start = [&scratch] {
                test::error_log log;
                mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
                if (!run.recording()) test::give_up("not recording");
                test::plan_calls::stop();
                if (test::plan_calls::met() == 0) run.end();
            };
            const auto check = [&](long) {
                BOOST_TEST(!shows_a_dataset(scratch));
                mlscribe::recover(scratch.store());
                const std::vector<seen_run> seen = runs_in(scratch);
                BOOST_TEST(seen.size() <= before + 1);
                for (const seen_run& run : seen) {
                    BOOST_TEST(run.status != "1");
                    BOOST_TEST(run.journal_tag == "");
                    if (run.status == "5") ++killed;
                }
                test::error_log log;
                mlscribe::start_run(test::options(scratch, log));
                BOOST_TEST(log.all().empty());
                before = seen.size() + 1;
                BOOST_TEST(is_clean(scratch));
                BOOST_TEST(place.is_empty());
            };
            const long calls = kill_at_every_call(end, start, check);
            BOOST_TEST(calls > 10);
            // After the directory has its name, at least.
            BOOST_TEST(killed > 0u);
        }
    }
}

BOOST_AUTO_TEST_CASE(nor_one_that_is_resumed) {
    for (const bool used : {false, true}) {
        for (const test::call_end end : {test::call_end::died_before, test::call_end::died_after}) {
            const test::scratch_directory scratch;
            const elsewhere place(scratch, used);
            std::string id;
            {
                test::error_log log;
                mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
                id = run.id();
            }
            std::size_t killed = 0;
            const auto resume = [&] {
                test::error_log log;
                mlscribe::run run = mlscribe::resume_run(id, test::resuming(scratch, log));
                if (!run.recording()) test::give_up("not recording");
                test::plan_calls::stop();
                if (test::plan_calls::met() == 0) run.end();
            };
            const auto check = [&](long) {
                mlscribe::recover(scratch.store());
                for (const seen_run& run : runs_in(scratch)) {
                    BOOST_TEST((run.status == "3" || run.status == "5"), run.status);
                    // The tag comes before the journal that it names.
                    BOOST_TEST((run.status == "3" || run.journal_tag == ""));
                    if (run.status == "5") ++killed;
                }
                test::error_log log;
                mlscribe::resume_run(id, test::resuming(scratch, log));
                BOOST_TEST(log.all().empty());
                BOOST_TEST(is_clean(scratch));
                BOOST_TEST(place.is_empty());
            };
            BOOST_TEST(kill_at_every_call(end, resume, check) > 3);
            // The last of the calls is what makes the run RUNNING again.
            BOOST_TEST((killed > 0u) == (end == test::call_end::died_after));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_start_that_fails_leaves_nothing) {
    for (const bool used : {false, true}) {
        const test::scratch_directory scratch;
        const elsewhere place(scratch, used);
        {
            test::error_log log;
            mlscribe::start_run(test::options(scratch, log));
        }
        // The last rename is the one that gives the run's directory its name.
        bool refused = false;
        for (long n = 0; n < 5; ++n) {
            test::error_log log;
            const std::vector<std::string> before = test::tree(scratch.store());
            const test::plan_calls plan(test::call_renameat, test::call_end::refused, EIO, n,
                                        false);
            mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
            test::plan_calls::stop();
            if (run.recording()) continue;
            refused = true;
            BOOST_TEST(log.tells({"cannot make run", "nothing is recorded"}));
            BOOST_TEST(run.id() == "");
            run.metric("loss").log(1);
            run.end();
            BOOST_TEST(place.is_empty());
            BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
        }
        BOOST_TEST(refused);
    }
}

BOOST_AUTO_TEST_SUITE_END()
