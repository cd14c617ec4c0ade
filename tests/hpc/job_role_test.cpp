// SPDX-License-Identifier: MIT
#include <mlscribe/hpc/job_role.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

using mlscribe::rank_policy;
using mlscribe::detail::role_in_job;

namespace {

/// The eight ranks of two nodes.
mlscribe::job_place place_of(long rank) {
    mlscribe::job_place place;
    place.launcher = "openmpi";
    place.rank = rank;
    place.size = 8;
    place.local_rank = rank % 4;
    place.local_size = 4;
    place.node = rank < 4 ? "cn-01.site.org" : "cn-02.site.org";
    return place;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hpc_job_role)

BOOST_AUTO_TEST_CASE(a_process_alone_logs_as_ever) {
    for (const auto policy :
         {rank_policy::first_logs, rank_policy::every_logs, rank_policy::children_log,
          rank_policy::one_run, rank_policy::one_run_by_node}) {
        mlscribe::job_place one = place_of(0);
        one.size = 1;
        for (const mlscribe::job_place& place : {mlscribe::job_place{}, one}) {
            const auto role = role_in_job(policy, place);
            BOOST_TEST(role.logs);
            BOOST_TEST(!role.is_guest);
            BOOST_TEST(!role.has_own_run);
            BOOST_TEST(!role.needs_run_id);
            BOOST_TEST(role.key_prefix == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_first_logs_or_every_one_does) {
    for (long rank = 0; rank < 8; ++rank) {
        BOOST_TEST(role_in_job(rank_policy::first_logs, place_of(rank)).logs == (rank == 0));
        for (const auto policy : {rank_policy::every_logs, rank_policy::children_log}) {
            const auto role = role_in_job(policy, place_of(rank));
            const bool child = policy == rank_policy::children_log && rank > 0;
            BOOST_TEST(role.logs);
            BOOST_TEST(!role.is_guest);
            BOOST_TEST(role.has_own_run == (rank > 0));
            BOOST_TEST(role.is_child == child);
        }
    }
}

BOOST_AUTO_TEST_CASE(ranks_share_a_run) {
    for (long rank = 0; rank < 8; ++rank) {
        const auto role = role_in_job(rank_policy::one_run, place_of(rank));
        BOOST_TEST(role.logs);
        BOOST_TEST(role.shares_run);
        BOOST_TEST(role.needs_run_id);
        BOOST_TEST(role.is_guest == (rank > 0));
        BOOST_TEST(role.key_prefix == (rank == 0 ? "" : "rank_" + std::to_string(rank) + '/'));
    }
}

BOOST_AUTO_TEST_CASE(nodes_share_a_run) {
    for (long rank = 0; rank < 8; ++rank) {
        const auto role = role_in_job(rank_policy::one_run_by_node, place_of(rank));
        BOOST_TEST(role.logs == (rank == 0 || rank == 4));
        BOOST_TEST(role.is_guest == (rank > 0));
        BOOST_TEST(role.key_prefix == (rank < 4 ? "cn-01/" : "cn-02/"));
    }
    // Of a name that has no part for a key the rank is left.
    mlscribe::job_place nameless = place_of(4);
    nameless.node = ".example.org";
    BOOST_TEST(role_in_job(rank_policy::one_run_by_node, nameless).key_prefix == "rank_4/");
    // Where nobody says which rank is a node's first, one is known to be.
    mlscribe::job_place unknown = place_of(0);
    unknown.local_rank = -1;
    BOOST_TEST(role_in_job(rank_policy::one_run_by_node, unknown).logs);
    unknown.rank = 4;
    BOOST_TEST(!role_in_job(rank_policy::one_run_by_node, unknown).logs);
}

BOOST_AUTO_TEST_SUITE_END()
