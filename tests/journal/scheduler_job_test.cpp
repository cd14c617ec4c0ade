// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/scheduler_job.hpp>

#include <string>

#include "environment.hpp"

using mlscribe::detail::scheduler_job;
using mlscribe::detail::writers_job;

namespace {

scheduler_job job_of(const char* cluster, const char* id, const char* restarts) {
    const test::variable cluster_name("SLURM_CLUSTER_NAME", cluster);
    const test::variable job_id("SLURM_JOB_ID", id);
    const test::variable restart_count("SLURM_RESTART_COUNT", restarts);
    return scheduler_job::current();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_scheduler_job)

BOOST_AUTO_TEST_CASE(a_later_start_of_the_same_job) {
    const scheduler_job first = job_of("c", "17", nullptr);
    const scheduler_job second = job_of("c", "17", "1");
    const scheduler_job tenth = job_of("c", "17", "10");
    BOOST_TEST(second.supersedes(first));
    BOOST_TEST(tenth.supersedes(second));
    BOOST_TEST(!first.supersedes(first));
    BOOST_TEST(!second.supersedes(tenth));
    BOOST_TEST(job_of(nullptr, "17", "1").supersedes(job_of(nullptr, "17", "0")));
}

BOOST_AUTO_TEST_CASE(another_job_or_none) {
    const scheduler_job later = job_of("c", "17", "5");
    BOOST_TEST(!later.supersedes(job_of("c", "18", "1")));
    BOOST_TEST(!later.supersedes(job_of("c", "171", "1")));
    BOOST_TEST(!later.supersedes(job_of("c", "1", "1")));
    BOOST_TEST(!later.supersedes(job_of("d", "17", "1")));
    BOOST_TEST(!later.supersedes(job_of(nullptr, "17", "1")));
    BOOST_TEST(!later.supersedes(job_of("c", nullptr, nullptr)));
    BOOST_TEST(!job_of("c", nullptr, "5").supersedes(job_of("c", nullptr, "1")));
    BOOST_TEST(!job_of("c", "", "5").supersedes(job_of("c", "", "1")));
}

BOOST_AUTO_TEST_CASE(what_is_no_count_is_none) {
    for (const char* odd : {"", "-3", "x", "99999999999999999999"}) {
        BOOST_TEST(!job_of("c", "17", odd).supersedes(job_of("c", "17", nullptr)), odd);
    }
}

BOOST_AUTO_TEST_CASE(an_id_that_does_not_fit_is_nobodys) {
    const std::string longest(31, '7');
    const std::string too_long(32, '7');
    BOOST_TEST(job_of("c", longest.c_str(), "1").supersedes(job_of("c", longest.c_str(), "0")));
    BOOST_TEST(!job_of("c", too_long.c_str(), "1").supersedes(job_of("c", too_long.c_str(), "0")));
}

BOOST_AUTO_TEST_CASE(noted_for_one_name_of_the_journal) {
    const scheduler_job later = job_of("c", "17", "1");
    writers_job noted{};
    BOOST_TEST(!noted.is_superseded("a", later));
    {
        const test::variable cluster_name("SLURM_CLUSTER_NAME", "c");
        const test::variable job_id("SLURM_JOB_ID", "17");
        const test::variable restart_count("SLURM_RESTART_COUNT", nullptr);
        noted.note("a");
    }
    BOOST_TEST(noted.is_superseded("a", later));
    // Somebody has claimed it and not noted a job of its own yet.
    BOOST_TEST(!noted.is_superseded("b", later));
    BOOST_TEST(!noted.is_superseded("a", job_of("c", "17", nullptr)));
}

BOOST_AUTO_TEST_SUITE_END()
