// SPDX-License-Identifier: MIT
#include <mlscribe/config/process_rank.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

#include "job_environment.hpp"

using mlscribe::detail::process_rank;

namespace {

/// The rank where these variables are set and no other launcher's.
long rank_with(const test::variables& values) {
    const test::job_environment environment(values);
    return process_rank();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_process_rank)

BOOST_AUTO_TEST_CASE(outside_of_a_job) {
    BOOST_TEST(rank_with({}) == 0);
    BOOST_TEST(rank_with({{"OMPI_COMM_WORLD_SIZE", "4"}, {"WORLD_SIZE", "4"}}) == 0);
}

BOOST_AUTO_TEST_CASE(of_every_launcher) {
    for (const char* name :
         {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "MV2_COMM_WORLD_RANK", "PALS_RANKID",
          "JSM_NAMESPACE_RANK", "FLUX_TASK_RANK", "SLURM_PROCID"}) {
        BOOST_TEST(rank_with({{name, "0"}}) == 0, name);
        BOOST_TEST(rank_with({{name, "3"}}) == 3, name);
    }
    BOOST_TEST(rank_with({{"RANK", "3"}, {"WORLD_SIZE", "4"}}) == 3);
    BOOST_TEST(rank_with({{"RANK", "0"}, {"WORLD_SIZE", "4"}}) == 0);
    // LSF counts from 1.
    BOOST_TEST(rank_with({{"LSF_PM_TASKID", "1"}}) == 0);
    BOOST_TEST(rank_with({{"LSF_PM_TASKID", "4"}}) == 3);
}

BOOST_AUTO_TEST_CASE(a_rank_that_its_job_cannot_have_is_none) {
    BOOST_TEST(rank_with({{"RANK", "4"}, {"WORLD_SIZE", "4"}}) == 0);
    BOOST_TEST(rank_with({{"PMI_RANK", "9"}, {"PMI_SIZE", "4"}, {"SLURM_PROCID", "2"}}) == 2);
}

BOOST_AUTO_TEST_CASE(a_name_that_anybody_may_use_needs_its_size) {
    BOOST_TEST(rank_with({{"RANK", "3"}}) == 0);
    BOOST_TEST(rank_with({{"RANK", "3"}, {"WORLD_SIZE", "many"}}) == 0);
    BOOST_TEST(rank_with({{"RANK", "3"}, {"PMI_RANK", "2"}}) == 2);
}

BOOST_AUTO_TEST_CASE(a_job_of_one_has_no_others) {
    BOOST_TEST(rank_with({{"OMPI_COMM_WORLD_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "1"}}) == 0);
    BOOST_TEST(rank_with({{"RANK", "3"}, {"WORLD_SIZE", "1"}}) == 0);
    // Four tasks, each of which starts an MPI program of its own.
    BOOST_TEST(rank_with({{"OMPI_COMM_WORLD_RANK", "0"},
                          {"OMPI_COMM_WORLD_SIZE", "1"},
                          {"SLURM_PROCID", "3"}}) == 0);
}

BOOST_AUTO_TEST_CASE(the_inner_launcher_knows_best) {
    // The second process of the first node's torchrun; the first one of the second node's.
    BOOST_TEST(rank_with({{"RANK", "1"}, {"WORLD_SIZE", "8"}, {"SLURM_PROCID", "0"}}) == 1);
    BOOST_TEST(rank_with({{"RANK", "4"}, {"WORLD_SIZE", "8"}, {"SLURM_PROCID", "1"}}) == 4);
    BOOST_TEST(rank_with({{"OMPI_COMM_WORLD_RANK", "0"},
                          {"OMPI_COMM_WORLD_SIZE", "4"},
                          {"SLURM_PROCID", "1"}}) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_number_is_no_rank) {
    for (const char* text : {"", "-1", "3x", " 3", "one", "99999999999999999999"}) {
        BOOST_TEST(rank_with({{"OMPI_COMM_WORLD_RANK", text}}) == 0, text);
        BOOST_TEST(rank_with({{"OMPI_COMM_WORLD_RANK", text}, {"SLURM_PROCID", "2"}}) == 2, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
