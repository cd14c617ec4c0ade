// SPDX-License-Identifier: MIT
/// \file A job is killed and begins again at a checkpoint: each step stands once in every metric,
/// and what the dead process logged behind the checkpoint in an artifact.
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "cut_points.hpp"
#include "environment.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

using mlscribe::error_code;
using mlscribe::from_checkpoint;
using mlscribe::from_step;

namespace {

using steps = std::vector<std::int64_t>;

steps from_to(std::int64_t first, std::int64_t end, std::int64_t stride = 1) {
    steps made;
    for (; first < end; first += stride) made.push_back(first);
    return made;
}

/// A training job of 250 steps with a checkpoint every hundred.
struct job {
    static constexpr std::int64_t last = 250;

    const test::scratch_directory& scratch;
    mlscribe::drain_mode drain = mlscribe::drain_mode::thread;
    std::chrono::milliseconds flush{1000};
    std::string learning_rate = "0.1";
    bool logs_behind_checkpoints = true;  ///< one metric, in the same step

    template <class Options>
    Options chosen(Options options) const {
        options.drain = drain;
        options.flush_interval = flush;
        options.sync_interval = std::chrono::milliseconds(0);
        options.time_passes = false;
        return options;
    }
    mlscribe::run start(test::error_log& log) const {
        return mlscribe::start_run(chosen(test::options(scratch, log)));
    }
    template <class From>
    mlscribe::run resume(const std::string& id, From from, test::error_log& log) const {
        return mlscribe::resume_run(id, from, chosen(test::resuming(scratch, log)));
    }

    /// \param first    the step that the ranges begin at
    /// \param kill_at  the step in which the process dies
    void train(mlscribe::run& run, std::int64_t first, std::int64_t kill_at) const {
        run.log_param("learning_rate", learning_rate);
        auto loss = run.metric("train/loss");
        auto mean = run.metric<mlscribe::mean>("train/mean");
        auto behind = run.metric("val/loss");
        if (first == 0) run.log_metric("setup", 1.0, 0);
        for (auto step : run.epochs(last)) {
            if (step < first) continue;
            loss.log(1.0 / (static_cast<double>(step) + 1));
            mean.add(static_cast<double>(step));
            run.log_metric("system/cpu", static_cast<double>(step), 0);
            if (step % 10 == 0) run.log_metric("now and then", 1.0);
            if (step > 200 && first == 0) run.log_metric("first life only", 1.0);
            if (step == kill_at) ::kill(::getpid(), SIGKILL);
            if (!logs_behind_checkpoints) behind.log(1.0);
            if (step % 100 == 0 && step > 0) run.checkpoint("step-" + std::to_string(step));
            if (logs_behind_checkpoints) behind.log(1.0);
        }
    }

    /// A life of the job, as a child process. \return its id, then what became of it
    std::string live(std::int64_t kill_at) const {
        return test::in_child([&]() -> std::string {
            test::error_log log;
            mlscribe::run run = start(log);
            test::write_file(scratch / "id", std::string(run.id()));
            train(run, 0, kill_at);
            return "survived";
        });
    }
    std::string id() const { return test::read_file(scratch / "id"); }
    std::string folder() const { return scratch.store() + "/" + experiment() + '/' + id(); }

    void check_whole() const {
        for (const char* key : {"train/loss", "train/mean", "val/loss"}) {
            BOOST_TEST_CONTEXT(key) {
                BOOST_TEST(test::steps(folder(), key) == from_to(0, last),
                           boost::test_tools::per_element());
            }
        }
        BOOST_TEST(test::steps(folder(), "now and then") == from_to(0, last, 10),
                   boost::test_tools::per_element());
        BOOST_TEST(test::steps(folder(), "setup") == steps{0});
        std::vector<double> sampled;
        for (const auto& row : test::points(folder(), "system/cpu")) sampled.push_back(row.value);
        BOOST_TEST(sampled.size() == static_cast<std::size_t>(last));
        BOOST_TEST((std::adjacent_find(sampled.begin(), sampled.end(), [](double a, double b) {
                        return a + 1 != b;
                    }) == sampled.end()));
        test::cut_rows(folder());
    }

  private:
    std::string experiment() const {
        for (const std::string& path : test::tree(scratch.store())) {
            if (path.find(id() + "/meta.yaml") != std::string::npos) {
                return path.substr(0, path.find('/'));
            }
        }
        test::give_up("no run");
    }
};

/// The newest checkpoint that a dead process made; 0 without one.
std::int64_t newest_checkpoint(const std::string& folder) {
    std::int64_t newest = 0;
    for (const std::int64_t step : {100, 200}) {
        const std::string path =
            folder + "/artifacts/checkpoints/step-" + std::to_string(step) + ".json";
        if (test::exists(path)) newest = step;
    }
    return newest;
}

/// Kills the job in a step and has it begin again where it can.
void kill_and_resume(const job& killed, std::int64_t kill_at) {
    BOOST_TEST_CONTEXT("killed at step " << kill_at) {
        BOOST_REQUIRE(killed.live(kill_at) == "signal 9");
        const std::int64_t newest = newest_checkpoint(killed.folder());
        BOOST_TEST(newest == (kill_at - 1) / 100 * 100);
        test::error_log log;
        mlscribe::run run =
            newest == 0 ? killed.resume(killed.id(), from_step{0}, log)
                        : killed.resume(killed.id(),
                                        from_checkpoint{"step-" + std::to_string(newest)}, log);
        BOOST_REQUIRE(run.recording());
        BOOST_TEST(!test::exists(killed.folder() + "/metrics/first life only"));
        killed.train(run, newest == 0 ? 0 : newest + 1, -1);
        run.end();
        killed.check_whole();
        BOOST_TEST(log.all().empty());
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resumed_runs)

BOOST_AUTO_TEST_CASE(each_step_once) {
    for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
        for (const int flush : {1, 100000}) {
            const test::scratch_directory scratch;
            const job killed{scratch, drain, std::chrono::milliseconds(flush)};
            kill_and_resume(killed, 212);
            const std::string folder = killed.folder();
            BOOST_TEST(test::cut_steps(folder, 1, "train/loss") == from_to(201, 213),
                       boost::test_tools::per_element());
            BOOST_TEST(test::cut_steps(folder, 1, "val/loss") == from_to(201, 212),
                       boost::test_tools::per_element());
            BOOST_TEST(test::cut_steps(folder, 1, "first life only") == from_to(201, 213),
                       boost::test_tools::per_element());
            BOOST_TEST(test::cut_steps(folder, 1, "now and then") == steps{210});
            // The dead process' reducer held the last step's values.
            BOOST_TEST(test::cut_rows(folder) == 12u + 11 + 11 + 12 + 1 + 12);
            BOOST_TEST(test::meta(folder, "status") == "3");
        }
    }
}

BOOST_AUTO_TEST_CASE(wherever_it_is_killed) {
    for (const std::int64_t kill_at : {1, 99, 100, 101, 199, 200, 201, 249}) {
        const test::scratch_directory scratch;
        kill_and_resume(job{scratch}, kill_at);
    }
}

BOOST_AUTO_TEST_CASE(killed_at_any_call) {
    constexpr unsigned calls = test::call_write | test::call_linkat | test::call_renameat |
                               test::call_unlinkat | test::call_fsync;
    std::mt19937 random(test::seed(3));
    for (int round = 0; round < 12; ++round) {
        const test::scratch_directory scratch;
        job killed{scratch,
                   round % 2 == 0 ? mlscribe::drain_mode::thread : mlscribe::drain_mode::inline_,
                   std::chrono::milliseconds(1 + random() % 3)};
        // Whoever dies right behind a checkpoint has not logged what follows it.
        killed.logs_behind_checkpoints = false;
        const auto before = static_cast<long>(random() % 60);
        const std::string result = test::in_child([&]() -> std::string {
            test::error_log log;
            mlscribe::run run = killed.start(log);
            test::write_file(scratch / "id", std::string(run.id()));
            const test::plan_calls plan(
                calls, round % 3 == 0 ? test::call_end::died_before : test::call_end::died_after, 0,
                before, false);
            killed.train(run, 0, -1);
            return "survived";
        });
        if (result == "survived") continue;
        BOOST_TEST_CONTEXT("round " << round << " call " << before) {
            BOOST_REQUIRE(result == "signal 9");
            const std::int64_t newest = newest_checkpoint(killed.folder());
            test::error_log log;
            mlscribe::run run =
                newest == 0 ? killed.resume(killed.id(), from_step{0}, log)
                            : killed.resume(killed.id(),
                                            from_checkpoint{"step-" + std::to_string(newest)}, log);
            BOOST_REQUIRE(run.recording());
            killed.train(run, newest == 0 ? 0 : newest + 1, -1);
            run.end();
            killed.check_whole();
            BOOST_TEST(log.all().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(from_an_older_checkpoint_afterwards) {
    const test::scratch_directory scratch;
    const job killed{scratch};
    kill_and_resume(killed, 212);
    test::error_log log;
    {
        mlscribe::run run = killed.resume(killed.id(), from_checkpoint{"step-100"}, log);
        BOOST_REQUIRE(run.recording());
        BOOST_TEST(test::steps(killed.folder(), "val/loss") == from_to(0, 101),
                   boost::test_tools::per_element());
        BOOST_TEST(test::cut_steps(killed.folder(), 2, "val/loss") == from_to(101, 250),
                   boost::test_tools::per_element());
        killed.train(run, 101, -1);
    }
    killed.check_whole();
    // Made in the steps that went, and made again.
    BOOST_TEST(test::exists(killed.folder() + "/artifacts/cut_points/2/checkpoints/step-200.json"));
    BOOST_TEST(test::exists(killed.folder() + "/artifacts/checkpoints/step-200.json"));
    killed.resume(killed.id(), from_checkpoint{"step-100"}, log);
    BOOST_TEST(!killed.resume(killed.id(), from_checkpoint{"step-200"}, log).recording());
    BOOST_TEST(log.count(error_code::not_found) == 1u);
}

BOOST_AUTO_TEST_CASE(a_series_that_only_the_process_before_logged) {
    const test::scratch_directory scratch;
    const job killed{scratch};
    BOOST_REQUIRE(killed.live(212) == "signal 9");
    test::error_log log;
    mlscribe::run run = killed.resume(killed.id(), from_checkpoint{"step-200"}, log);
    run.log_metric("other", 1.0);
    run.checkpoint("second");
    const std::string text =
        test::read_file(killed.folder() + "/artifacts/checkpoints/second.json");
    for (const char* key : {"setup", "train/loss", "val/loss", "other", "system/cpu"}) {
        BOOST_TEST(text.find('"' + std::string(key) + '"') != std::string::npos);
    }
    BOOST_TEST(text.find("first life only") == std::string::npos);
    // Another process goes on with one of them.
    {
        mlscribe::run second = mlscribe::resume_run(killed.id(), test::resuming(scratch, log));
        second.log_metric("val/loss", 1.0);
    }
    run.checkpoint("third");
    run.end();
    killed.resume(killed.id(), from_checkpoint{"third"}, log);
    BOOST_TEST(test::steps(killed.folder(), "val/loss") == from_to(0, 202),
               boost::test_tools::per_element());
    killed.resume(killed.id(), from_checkpoint{"second"}, log);
    BOOST_TEST(test::steps(killed.folder(), "val/loss") == from_to(0, 201),
               boost::test_tools::per_element());
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_changed_param_keeps_its_first_value) {
    const test::scratch_directory scratch;
    job killed{scratch};
    BOOST_REQUIRE(killed.live(212) == "signal 9");
    killed.learning_rate = "0.2";
    test::error_log log;
    mlscribe::run run = killed.resume(killed.id(), from_checkpoint{"step-200"}, log);
    killed.train(run, 201, -1);
    run.end();
    BOOST_TEST(test::read_file(killed.folder() + "/params/learning_rate") == "0.1");
    BOOST_TEST(test::read_file(killed.folder() + "/tags/mlscribe.changed_param.learning_rate") ==
               "0.2");
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.count(error_code::value_changed) == 1u);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_changes_nothing) {
    const test::scratch_directory scratch;
    const job killed{scratch};
    BOOST_REQUIRE(killed.live(212) == "signal 9");
    const auto before = test::tree(killed.folder());
    const std::string status = test::meta(killed.folder(), "status");
    test::error_log log;
    mlscribe::run run = killed.resume(killed.id(), from_checkpoint{"step-300"}, log);
    BOOST_TEST(!run.recording());
    run.log_metric("train/loss", 1.0);
    run.checkpoint("other");
    run.end();
    BOOST_TEST(log.count(error_code::not_found) == 1u);
    BOOST_TEST(log.tells({"step-300", "nothing is recorded"}));
    BOOST_TEST(test::tree(killed.folder()) == before, boost::test_tools::per_element());
    BOOST_TEST(test::meta(killed.folder(), "status") == status);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_written_stays_as_it_is) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run living = mlscribe::start_run(test::options(scratch, log));
    const std::string id(living.id());
    const std::string folder = test::folder(scratch, living);
    living.log_metric("loss", 1.0);
    living.checkpoint("c");
    living.log_metric("loss", 1.0);
    living.flush();
    for (const bool own_process : {true, false}) {
        const auto resume = [&]() -> std::string {
            test::error_log refused;
            const auto options = test::resuming(scratch, refused);
            const bool records =
                mlscribe::resume_run(id, from_checkpoint{"c"}, options).recording() ||
                mlscribe::resume_run(id, from_step{0}, options).recording();
            return !records && refused.count(error_code::not_recording) == 2 &&
                           refused.tells({"while it is logged to"})
                       ? "refused"
                       : "taken";
        };
        BOOST_TEST((own_process ? resume() : test::in_child(resume)) == "refused");
    }
    BOOST_TEST(test::steps(folder, "loss") == (steps{0, 1}), boost::test_tools::per_element());
    BOOST_TEST(living.recording());
    living.end();
    BOOST_TEST(
        mlscribe::resume_run(id, from_checkpoint{"c"}, test::resuming(scratch, log)).recording());
    BOOST_TEST(test::steps(folder, "loss") == steps{0});
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(of_two_that_begin_again_at_once_one_does) {
    const test::scratch_directory scratch;
    const job killed{scratch};
    BOOST_REQUIRE(killed.live(212) == "signal 9");
    // Who records waits until all others have been refused.
    const auto live_on = [&](int number) -> std::string {
        test::error_log log;
        mlscribe::run run = killed.resume(killed.id(), from_checkpoint{"step-200"}, log);
        if (!run.recording()) {
            test::write_file(scratch / ("refused/" + std::to_string(number)), "");
            return log.count(error_code::not_recording) == 1 ? "refused" : "?";
        }
        const auto refused = [&] {
            return test::exists(scratch / "refused") ? test::tree(scratch / "refused").size() : 0;
        };
        for (int waited = 0; waited < 3000 && refused() != 3; ++waited) ::usleep(10000);
        killed.train(run, 201, -1);
        return "recorded";
    };
    std::vector<std::unique_ptr<test::child_process>> children;
    for (int i = 0; i < 4; ++i) {
        children.emplace_back(new test::child_process([&live_on, i] { return live_on(i); }));
    }
    std::vector<std::string> results;
    for (const auto& child : children) results.push_back(child->result());
    BOOST_TEST(std::count(results.begin(), results.end(), "recorded") == 1);
    BOOST_TEST(std::count(results.begin(), results.end(), "refused") == 3);
    killed.check_whole();
}

BOOST_AUTO_TEST_CASE(a_roll_back_waits_for_another_one) {
    const test::scratch_directory scratch;
    const job killed{scratch};
    BOOST_REQUIRE(killed.live(212) == "signal 9");
    mlscribe::detail::directory folder;
    BOOST_REQUIRE(mlscribe::detail::directory::open(killed.folder(), folder) == 0);
    test::error_log log;
    {
        const mlscribe::detail::recovery_turn other(folder);
        BOOST_TEST(!killed.resume(killed.id(), from_checkpoint{"step-200"}, log).recording());
        BOOST_TEST(log.count(error_code::not_recording) == 1u);
    }
    BOOST_TEST(killed.resume(killed.id(), from_checkpoint{"step-200"}, log).recording());
}

BOOST_AUTO_TEST_CASE(names_and_disks_that_refuse) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    for (const char* name : {"", "/c", "../c", "a//b"}) run.checkpoint(name);
    BOOST_TEST(log.count(error_code::invalid_path) == 4u);
    BOOST_TEST(!test::exists(folder + "/artifacts/checkpoints"));
    run.checkpoint("deep/er");
    BOOST_TEST(test::exists(folder + "/artifacts/checkpoints/deep/er.json"));
    run.log_metric("loss", 1.0);
    {
        const test::plan_calls full(test::call_write, test::call_end::refused, ENOSPC, 0, true);
        run.checkpoint("deep/er");
    }
    BOOST_TEST(log.tells({"loss", "checkpoint \"deep/er\" is not made"}));
    const std::string text = test::read_file(folder + "/artifacts/checkpoints/deep/er.json");
    BOOST_TEST(text.find("loss") == std::string::npos);
    run.checkpoint("deep/er");
    BOOST_TEST(test::read_file(folder + "/artifacts/checkpoints/deep/er.json").find("loss") !=
               std::string::npos);
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
