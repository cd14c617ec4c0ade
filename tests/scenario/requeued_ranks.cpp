// SPDX-License-Identifier: MIT
/// \file All ranks of a job log into one run; the job is killed anywhere, is started again by its
/// scheduler and goes on at its newest checkpoint: each step stands once in every metric.
#include <boost/test/unit_test.hpp>

#include <mlscribe/hpc.hpp>
#include <mlscribe/mlscribe.hpp>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "job_ranks.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int jobs = 5;
#else
constexpr int jobs = 30;
#endif

struct requeued_ranks {
    static constexpr int ranks = 3;
    static constexpr std::int64_t epochs = 3;
    static constexpr std::int64_t steps_an_epoch = 20;

    const test::scratch_directory& scratch;
    mlscribe::rank_policy policy;

    mlscribe::run_options options(test::error_log& log, unsigned flush) const {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.ranks = policy;
        chosen.flush_interval = std::chrono::milliseconds(flush);
        chosen.sync_interval = std::chrono::milliseconds(0);
        return chosen;
    }

    /// \param places  that the rank `dead` passes before it dies
    std::vector<std::string> live(int start, int dead, std::int64_t places, unsigned flush) const {
        test::rank_barrier barrier(ranks);
        test::variables environment = {{"SLURM_JOB_ID", "5"}};
        if (start > 0) environment["SLURM_RESTART_COUNT"] = std::to_string(start);
        return test::in_ranks(ranks, environment, [&](int rank) {
            test::error_log log;
            const auto maybe_die = [&] {
                if (rank == dead && places-- == 0) barrier.die();
            };
            mlscribe::run run =
                mlscribe::start_job_run(options(log, flush), mlscribe::from_last_checkpoint{});
            maybe_die();
            train(run, barrier, maybe_die);
            run.end();
            return log.all().empty() ? std::string("done") : log.all().front().message;
        });
    }

    template <class MaybeDie>
    static void train(mlscribe::run& run, test::rank_barrier& barrier, MaybeDie&& maybe_die) {
        auto loss = run.metric("train/loss");
        auto mean = run.metric<mlscribe::mean>("train/mean");
        auto accuracy = run.metric("accuracy");
        for (auto epoch : run.epochs(epochs)) {
            for (auto step : run.steps(steps_an_epoch)) {
                loss.log(step);
                mean.add(step);
                maybe_die();
                if (step % 7 != 6) continue;
                // As programs save: when all have come so far.
                barrier.wait();
                run.checkpoint("step-" + std::to_string(step));
                barrier.wait();
                maybe_die();
            }
            accuracy.log(epoch);
        }
        barrier.wait();
    }

    void check(const std::string& folder, const std::string& prefix) const {
        BOOST_TEST_CONTEXT(prefix) {
            for (const char* key : {"train/loss", "train/mean"}) {
                check_steps(folder, prefix + key, epochs * steps_an_epoch);
            }
            for (const char* key : {"accuracy", "epoch_seconds", "step_seconds"}) {
                check_steps(folder, prefix + key, epochs);
            }
        }
    }
    static void check_steps(const std::string& folder, const std::string& key, std::int64_t count) {
        std::vector<std::int64_t> expected;
        for (std::int64_t step = 0; step < count; ++step) expected.push_back(step);
        BOOST_TEST_CONTEXT(key) {
            BOOST_TEST(test::steps(folder, key) == expected, boost::test_tools::per_element());
        }
    }

    std::string folder(const std::string& id) const {
        for (const std::string& path : test::tree(scratch.store())) {
            if (path.find('/' + id + "/meta.yaml") == std::string::npos) continue;
            return scratch.store() + '/' + path.substr(0, path.rfind('/'));
        }
        test::give_up("no run");
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(requeued_ranks_of_a_job)

BOOST_AUTO_TEST_CASE(each_step_once_in_the_metrics_of_every_rank) {
    std::mt19937 random(test::seed(23));
    for (int round = 0; round < jobs; ++round) {
        const test::scratch_directory scratch;
        const bool one = round % 3 != 0;
        const requeued_ranks job{
            scratch, one ? mlscribe::rank_policy::one_run : mlscribe::rank_policy::children_log};
        std::string deaths;
        BOOST_TEST_CONTEXT("round " << round) {
            for (int start = 0; start < 3; ++start) {
                const int dead = start == 2 ? -1 : static_cast<int>(random() % job.ranks);
                const auto places = static_cast<std::int64_t>(random() % 50);
                deaths += " rank " + std::to_string(dead) + " at " + std::to_string(places);
                const auto said =
                    job.live(start, dead, places, 1 + static_cast<unsigned>(random() % 20));
                for (const std::string& text : said) {
                    BOOST_TEST((text == "done" || text == "signal 9"), text << deaths);
                }
            }
            BOOST_TEST_CONTEXT(deaths) {
                for (int rank = 0; rank < job.ranks; ++rank) {
                    const std::string number = std::to_string(rank);
                    const bool first = rank == 0;
                    const std::string id = one || first ? "slurm-5" : "slurm-5-rank-" + number;
                    const std::string prefix = one && !first ? "rank_" + number + '/' : "";
                    const std::string folder = job.folder(id);
                    job.check(folder, prefix);
                    BOOST_TEST(test::meta(folder, "status") == "3");
                }
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
