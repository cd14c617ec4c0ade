// SPDX-License-Identifier: MIT
/// \file A rank that comes when rank 0 has made a further checkpoint begins where rank 0 has begun.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/mlscribe.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "job_ranks.hpp"
#include "scratch_directory.hpp"

namespace {

/// Two ranks that never wait for each other, but that the second opens its run when the first has
/// made a checkpoint.
struct late_job {
    const test::scratch_directory& scratch;
    mlscribe::rank_policy policy;
    test::variables environment = {{"SLURM_JOB_ID", "5"}, {"PMIX_NAMESPACE", "first"}};
    bool second_is_late = true;

    static constexpr std::int64_t count = 10;

    /// \param place  of the loop where rank 0 makes the checkpoint `name`
    /// \param last   step of both ranks
    /// \return what each rank was told to load, the steps that it did, and its failures
    template <class From>
    std::vector<std::string> start(std::int64_t place, const std::string& name, std::int64_t last,
                                   From from, const std::string& loaded) const {
        test::rank_barrier gate(2);
        test::rank_barrier opened(2);
        return test::in_ranks(2, environment, [&](int rank) {
            if (rank == 1 && second_is_late) gate.wait();
            test::error_log log;
            mlscribe::run_options options = test::options(scratch, log);
            options.ranks = policy;
            std::string said = loaded;
            mlscribe::run run = mlscribe::start_job_run(options, from(said));
            if (!second_is_late) opened.wait();
            said += ':';
            for (auto step : run.steps(count)) {
                run.log_metric("loss", step);
                said += ' ' + std::to_string(step);
                if (step == place && rank == 0) {
                    run.checkpoint(name);
                    if (second_is_late) gate.wait();
                }
                if (step == last) break;
            }
            run.end(last + 1 == count ? mlscribe::run_status::finished
                                      : mlscribe::run_status::killed);
            for (const mlscribe::error& failure : log.all()) said += '|' + failure.message;
            return said;
        });
    }

    std::vector<std::string> start_from_last(std::int64_t place, const std::string& name,
                                             std::int64_t last) const {
        const auto newest = [](std::string& found) {
            return mlscribe::from_last_checkpoint{&found};
        };
        return start(place, name, last, newest, "?");
    }

    std::string folder() const {
        for (const std::string& path : test::tree(scratch.store())) {
            if (path.find("/slurm-5/meta.yaml") == std::string::npos) continue;
            return scratch.store() + '/' + path.substr(0, path.rfind('/'));
        }
        test::give_up("no run");
    }
};

std::vector<std::string> both(const std::string& said) {
    return {said, said};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(late_ranks)

BOOST_AUTO_TEST_CASE(begin_where_the_first_one_has_begun_in_every_start) {
    for (const auto policy : {mlscribe::rank_policy::first_logs, mlscribe::rank_policy::one_run}) {
        BOOST_TEST_CONTEXT("policy " << static_cast<int>(policy)) {
            const test::scratch_directory scratch;
            late_job job{scratch, policy};
            const auto first = job.start_from_last(3, "early", 4);
            BOOST_TEST(first == both(": 0 1 2 3 4"), boost::test_tools::per_element());
            job.environment["SLURM_RESTART_COUNT"] = "1";
            const auto second = job.start_from_last(6, "late", 8);
            BOOST_TEST(second == both("early: 4 5 6 7 8"), boost::test_tools::per_element());
            job.environment["SLURM_RESTART_COUNT"] = "2";
            const auto third = job.start_from_last(8, "last", 9);
            BOOST_TEST(third == both("late: 7 8 9"), boost::test_tools::per_element());
            const std::vector<std::int64_t> each_once = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
            const bool shared = policy == mlscribe::rank_policy::one_run;
            BOOST_TEST(test::steps(job.folder(), "loss") == each_once,
                       boost::test_tools::per_element());
            BOOST_TEST(test::exists(job.folder() + "/metrics/rank_1/loss") == shared);
            if (shared) {
                BOOST_TEST(test::steps(job.folder(), "rank_1/loss") == each_once,
                           boost::test_tools::per_element());
            }
            mlscribe::recover(scratch.store());
            for (const mlscribe::finding& each : mlscribe::examine(scratch.store()).findings) {
                BOOST_TEST_ERROR(each.message);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(begin_at_the_named_checkpoint_though_the_first_one_has_made_it_again) {
    for (const auto policy : {mlscribe::rank_policy::first_logs, mlscribe::rank_policy::one_run}) {
        BOOST_TEST_CONTEXT("policy " << static_cast<int>(policy)) {
            const test::scratch_directory scratch;
            late_job job{scratch, policy};
            const auto named = [](std::string&) { return mlscribe::from_checkpoint{"latest"}; };
            const auto first = job.start(3, "latest", 4, named, "");
            BOOST_TEST(first == both(": 0 1 2 3 4"), boost::test_tools::per_element());
            job.environment["SLURM_RESTART_COUNT"] = "1";
            const auto second = job.start(6, "latest", 9, named, "");
            BOOST_TEST(second == both(": 4 5 6 7 8 9"), boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(begin_a_new_run_at_its_beginning_whatever_step_they_ask_for) {
    for (const auto policy : {mlscribe::rank_policy::first_logs, mlscribe::rank_policy::one_run}) {
        BOOST_TEST_CONTEXT("policy " << static_cast<int>(policy)) {
            const test::scratch_directory scratch;
            late_job job{scratch, policy};
            const auto step = [](std::string&) { return mlscribe::from_step{3}; };
            const auto first = job.start(1, "latest", 5, step, "");
            BOOST_TEST(first == both(": 0 1 2 3 4 5"), boost::test_tools::per_element());
            job.environment["SLURM_RESTART_COUNT"] = "1";
            const auto second = job.start(5, "latest", 9, step, "");
            BOOST_TEST(second == both(": 3 4 5 6 7 8 9"), boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(go_by_the_newest_checkpoint_where_the_launcher_gives_its_starts_no_names) {
    const test::scratch_directory scratch;
    late_job job{scratch, mlscribe::rank_policy::first_logs};
    job.environment = {{"SLURM_JOB_ID", "5"}};
    job.second_is_late = false;
    job.start_from_last(3, "early", 4);
    const auto second = job.start_from_last(6, "late", 9);
    BOOST_TEST(second == both("early: 4 5 6 7 8 9"), boost::test_tools::per_element());
    BOOST_TEST(!test::exists(job.folder() + "/.mlscribe-start"));
}

BOOST_AUTO_TEST_CASE(of_runs_of_their_own_need_no_word_of_the_first_one) {
    for (const auto policy :
         {mlscribe::rank_policy::children_log, mlscribe::rank_policy::every_logs}) {
        BOOST_TEST_CONTEXT("policy " << static_cast<int>(policy)) {
            const test::scratch_directory scratch;
            late_job job{scratch, policy};
            job.start_from_last(3, "early", 4);
            job.environment["SLURM_RESTART_COUNT"] = "1";
            const auto second = job.start_from_last(6, "late", 9);
            const std::vector<std::string> expected = {"early: 4 5 6 7 8 9",
                                                       ": 0 1 2 3 4 5 6 7 8 9"};
            BOOST_TEST(second == expected, boost::test_tools::per_element());
            for (const std::string& path : test::tree(scratch.store())) {
                BOOST_TEST(path.find(".mlscribe-") == std::string::npos, path);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
