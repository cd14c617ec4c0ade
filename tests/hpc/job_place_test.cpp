// SPDX-License-Identifier: MIT
#include <mlscribe/hpc/job_place.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

#include "job_environment.hpp"

namespace {

mlscribe::job_place place_with(const test::variables& values) {
    const test::job_environment environment(values);
    return mlscribe::current_job_place();
}

void check(const mlscribe::job_place& place, const char* launcher, long rank, long size,
           long local_rank, long local_size, long node_index) {
    BOOST_TEST_CONTEXT(launcher) {
        BOOST_TEST(place.launcher == launcher);
        BOOST_TEST(place.rank == rank);
        BOOST_TEST(place.size == size);
        BOOST_TEST(place.local_rank == local_rank);
        BOOST_TEST(place.local_size == local_size);
        BOOST_TEST(place.node_index == node_index);
        BOOST_TEST(place.node == mlscribe::detail::host_name());
        BOOST_TEST(place.is_first() == (rank == 0));
        BOOST_TEST(place.is_first_on_node() == (local_rank == 0));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hpc_job_place)

BOOST_AUTO_TEST_CASE(outside_of_a_job_a_process_is_the_first_of_one) {
    check(place_with({}), "", 0, 1, 0, 1, -1);
    check(place_with({{"RANK", "3"}}), "", 0, 1, 0, 1, -1);
    check(place_with({{"SLURM_JOB_ID", "7"}, {"SLURM_NTASKS", "8"}}), "", 0, 1, 0, 1, -1);
}

BOOST_AUTO_TEST_CASE(of_every_launcher) {
    check(place_with({{"RANK", "5"},
                      {"WORLD_SIZE", "8"},
                      {"LOCAL_RANK", "1"},
                      {"LOCAL_WORLD_SIZE", "4"},
                      {"GROUP_RANK", "1"}}),
          "torchrun", 5, 8, 1, 4, 1);
    check(place_with({{"OMPI_COMM_WORLD_RANK", "5"},
                      {"OMPI_COMM_WORLD_SIZE", "8"},
                      {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                      {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"},
                      {"PMIX_RANK", "5"}}),
          "openmpi", 5, 8, 1, 4, -1);
    check(place_with({{"MV2_COMM_WORLD_RANK", "5"},
                      {"MV2_COMM_WORLD_SIZE", "8"},
                      {"MV2_COMM_WORLD_LOCAL_RANK", "1"},
                      {"MV2_COMM_WORLD_LOCAL_SIZE", "4"}}),
          "mvapich2", 5, 8, 1, 4, -1);
    check(place_with({{"PMI_RANK", "5"},
                      {"PMI_SIZE", "8"},
                      {"MPI_LOCALRANKID", "1"},
                      {"MPI_LOCALNRANKS", "4"}}),
          "pmi", 5, 8, 1, 4, -1);
    check(place_with({{"PALS_RANKID", "5"},
                      {"PALS_LOCAL_RANKID", "1"},
                      {"PALS_LOCAL_SIZE", "4"},
                      {"PALS_NODEID", "1"}}),
          "pals", 5, -1, 1, 4, 1);
    check(place_with({{"JSM_NAMESPACE_RANK", "5"},
                      {"JSM_NAMESPACE_SIZE", "8"},
                      {"JSM_NAMESPACE_LOCAL_RANK", "1"}}),
          "jsm", 5, 8, 1, -1, -1);
    check(
        place_with({{"FLUX_TASK_RANK", "5"}, {"FLUX_JOB_SIZE", "8"}, {"FLUX_TASK_LOCAL_ID", "1"}}),
        "flux", 5, 8, 1, -1, -1);
    check(place_with({{"SLURM_PROCID", "5"},
                      {"SLURM_STEP_NUM_TASKS", "8"},
                      {"SLURM_LOCALID", "1"},
                      {"SLURM_NODEID", "1"}}),
          "slurm", 5, 8, 1, -1, 1);
    // Counts from 1.
    check(place_with({{"LSF_PM_TASKID", "6"}, {"LSB_DJOB_NUMPROC", "8"}}), "lsf", 5, 8, -1, -1, -1);
    check(place_with({{"LSF_PM_TASKID", "1"}, {"LSB_DJOB_NUMPROC", "8"}}), "lsf", 0, 8, -1, -1, -1);
}

BOOST_AUTO_TEST_CASE(a_batch_script_is_alone_whatever_its_steps_will_be) {
    check(place_with({{"SLURM_JOB_ID", "7"},
                      {"SLURM_PROCID", "0"},
                      {"SLURM_NTASKS", "8"},
                      {"SLURM_LOCALID", "0"},
                      {"SLURM_NODEID", "0"}}),
          "slurm", 0, 1, 0, 1, 0);
}

BOOST_AUTO_TEST_CASE(a_launcher_around_it_fills_in_for_the_same_process) {
    const test::variables slurm = {{"SLURM_PROCID", "5"},
                                   {"SLURM_STEP_NUM_TASKS", "8"},
                                   {"SLURM_LOCALID", "1"},
                                   {"SLURM_NODEID", "1"}};
    test::variables pmix = slurm;
    pmix["PMIX_RANK"] = "5";
    check(place_with(pmix), "pmix", 5, 8, 1, -1, 1);
    // A daemon's rank is not its processes'.
    test::variables inner = slurm;
    inner["OMPI_COMM_WORLD_RANK"] = "3";
    inner["OMPI_COMM_WORLD_SIZE"] = "4";
    check(place_with(inner), "openmpi", 3, 4, -1, -1, -1);
}

BOOST_AUTO_TEST_CASE(a_rank_beyond_the_size_is_of_another_job) {
    check(place_with({{"OMPI_COMM_WORLD_RANK", "4"}, {"OMPI_COMM_WORLD_SIZE", "4"}}), "", 0, 1, 0,
          1, -1);
    check(place_with({{"RANK", "9"}, {"WORLD_SIZE", "4"}, {"SLURM_PROCID", "2"}}), "slurm", 2, -1,
          -1, -1, -1);
}

BOOST_AUTO_TEST_SUITE_END()
