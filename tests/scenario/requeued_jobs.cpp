// SPDX-License-Identifier: MIT
/// \file A job of epochs and steps is killed anywhere, again and again, and starts at its newest
/// checkpoint with the same loop: when it is through, each step stands once in every metric.
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "cut_points.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int jobs = 10;
#else
constexpr int jobs = 100;
#endif

using steps = std::vector<std::int64_t>;

steps first_steps(std::int64_t count) {
    steps made;
    for (std::int64_t step = 0; step < count; ++step) made.push_back(step);
    return made;
}

struct requeued_job {
    static constexpr std::int64_t epochs = 5;
    static constexpr std::int64_t steps_an_epoch = 30;
    static constexpr std::int64_t all_steps = epochs * steps_an_epoch;

    const test::scratch_directory& scratch;
    mlscribe::drain_mode drain;
    std::chrono::milliseconds flush;

    template <class Options>
    Options chosen(Options options) const {
        options.drain = drain;
        options.flush_interval = flush;
        options.sync_interval = std::chrono::milliseconds(0);
        return options;
    }

    /// \param places  that are passed before the process dies; negative: it lives
    std::string live(bool first, std::int64_t places) const {
        return test::in_child([&]() -> std::string {
            test::error_log log;
            mlscribe::run run;
            if (first) {
                run = mlscribe::start_run(chosen(test::options(scratch, log)));
                test::write_file(scratch / "id", std::string(run.id()));
            } else {
                run = resume(log);
            }
            train(run, places);
            run.end();
            return log.all().empty() ? "done" : log.all().front().message;
        });
    }

    mlscribe::run resume(test::error_log& log) const {
        const std::string id = test::read_file(scratch / "id");
        const auto options = chosen(test::resuming(scratch, log));
        if (test::exists(folder() + "/artifacts/checkpoints/latest.json")) {
            return mlscribe::resume_run(id, mlscribe::from_checkpoint{"latest"}, options);
        }
        return mlscribe::resume_run(id, mlscribe::from_step{0}, options);
    }

    static void train(mlscribe::run& run, std::int64_t places) {
        const auto maybe_die = [&places] {
            if (places-- == 0) ::kill(::getpid(), SIGKILL);
        };
        mlscribe::metric_options lowest;
        lowest.best = mlscribe::best::min;
        auto loss = run.metric("train/loss", lowest);
        auto mean = run.metric<mlscribe::mean>("train/mean");
        auto accuracy = run.metric("val/accuracy");
        for (auto epoch : run.epochs(epochs)) {
            for (auto step : run.steps(steps_an_epoch)) {
                auto timer = run.timer("train/seconds");
                loss.log(1.0 / static_cast<double>(step % 40 + step / 40 + 1));
                maybe_die();
                for (int i = 0; i < 3; ++i) mean.add(step + i);
                if (step % 20 != 19) continue;
                timer.stop();
                run.checkpoint("latest");
                maybe_die();
            }
            accuracy.log(epoch);
            maybe_die();
        }
    }

    std::string folder() const {
        const std::string id = test::read_file(scratch / "id");
        for (const std::string& path : test::tree(scratch.store())) {
            if (path.find(id + "/meta.yaml") != std::string::npos) {
                return scratch.store() + '/' + path.substr(0, path.rfind('/'));
            }
        }
        test::give_up("no run");
    }

    void check() const {
        for (const char* key : {"train/loss", "train/mean"}) {
            BOOST_TEST_CONTEXT(key) {
                BOOST_TEST(test::steps(folder(), key) == first_steps(all_steps),
                           boost::test_tools::per_element());
            }
        }
        for (const char* key : {"val/accuracy", "epoch_seconds", "step_seconds"}) {
            BOOST_TEST_CONTEXT(key) {
                BOOST_TEST(test::steps(folder(), key) == first_steps(epochs),
                           boost::test_tools::per_element());
            }
        }
        double lowest = 2;
        std::size_t better = 0;
        const auto best = test::points(folder(), "train/loss.best");
        for (const auto& row : test::points(folder(), "train/loss")) {
            if (row.value >= lowest) continue;
            lowest = row.value;
            BOOST_REQUIRE(better < best.size());
            BOOST_TEST(best[better].value == row.value);
            BOOST_TEST(best[better++].step == row.step);
        }
        BOOST_TEST(better == best.size());
        BOOST_TEST(test::steps(folder(), "train/loss.best_step").size() == best.size());
        BOOST_TEST(test::meta(folder(), "status") == "3");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(requeued_jobs)

BOOST_AUTO_TEST_CASE(each_step_once_after_a_hundred_jobs_of_random_deaths) {
    std::mt19937 random(test::seed(17));
    for (int round = 0; round < jobs; ++round) {
        const test::scratch_directory scratch;
        const auto drain =
            round % 2 == 0 ? mlscribe::drain_mode::thread : mlscribe::drain_mode::inline_;
        const requeued_job job{scratch, drain, std::chrono::milliseconds(1 + random() % 20)};
        BOOST_TEST_CONTEXT("round " << round) {
            std::string ended;
            bool first = true;
            std::string deaths;
            for (int life = 0; life < 3; ++life, first = false) {
                const std::int64_t places =
                    life == 2 ? -1 : static_cast<std::int64_t>(random() % 90);
                deaths += ' ' + std::to_string(places);
                ended = job.live(first, places);
                if (ended != "signal 9") break;
            }
            BOOST_TEST_CONTEXT("killed after" << deaths) {
                BOOST_TEST(ended == "done");
                job.check();
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
