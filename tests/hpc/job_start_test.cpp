// SPDX-License-Identifier: MIT
#include <mlscribe/hpc/job_start.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <ctime>
#include <string>

#include "job_environment.hpp"

using mlscribe::detail::job_start;

namespace {

job_start start_with(const test::variables& values) {
    const test::job_environment environment(values);
    return {mlscribe::current_batch_job(), mlscribe::current_job_place()};
}

void check(const test::variables& values, const std::string& name, bool is_unique) {
    const job_start start = start_with(values);
    BOOST_TEST(start.name == name);
    BOOST_TEST(start.is_unique == is_unique, name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hpc_job_start)

BOOST_AUTO_TEST_CASE(names_of_schedulers_and_launchers) {
    const test::variables step = {{"SLURM_JOB_ID", "77"},
                                  {"SLURM_RESTART_COUNT", "2"},
                                  {"SLURM_STEP_ID", "4"},
                                  {"SLURM_STEP_NUM_TASKS", "8"},
                                  {"SLURM_PROCID", "5"}};
    check(step, "77 2 4", true);
    test::variables by_pmi = step;
    by_pmi["PMI_RANK"] = "5";
    by_pmi["PMI_SIZE"] = "8";
    check(by_pmi, "77 2 4", true);
    // A step that has started daemons of MPI, some of them not of this step.
    by_pmi["PMI_RANK"] = "6";
    check(by_pmi, "77 2", false);
    check({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"PMIX_NAMESPACE", "9"}},
          "0 9", true);
    check({{"PBS_JOBID", "12.server"}, {"PALS_RANKID", "1"}, {"PALS_APID", "a-b"}}, "12 0 a-b",
          true);
    check({{"PBS_JOBID", "12.server"}, {"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}, "12 0", false);
    check({{"RANK", "1"},
           {"WORLD_SIZE", "2"},
           {"TORCHELASTIC_RUN_ID", "none"},
           {"TORCHELASTIC_RESTART_COUNT", "3"}},
          "0 none 3", false);
}

BOOST_AUTO_TEST_CASE(what_was_written_long_before_this_process_is_of_an_earlier_start) {
    const std::int64_t now = std::time(nullptr);
    const job_start told = start_with({{"OMPI_COMM_WORLD_RANK", "1"}, {"PMIX_NAMESPACE", "9"}});
    BOOST_TEST(told.has_written("0 9", now - 10000000));
    BOOST_TEST(!told.has_written("0 8", now));
    const job_start untold = start_with({{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}});
    BOOST_TEST(untold.has_written("0", now));
    BOOST_TEST(!untold.has_written("0", now - 10000000));
    BOOST_TEST(!untold.has_written("", now));
}

BOOST_AUTO_TEST_SUITE_END()
