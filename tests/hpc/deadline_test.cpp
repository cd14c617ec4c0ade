// SPDX-License-Identifier: MIT
#include <mlscribe/hpc/deadline.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

#include "child_process.hpp"
#include "job_environment.hpp"
#include "scratch_directory.hpp"

using namespace mlscribe::detail;

namespace {

/// What find_deadline() gives in a job whose scheduler's program is a script of these lines.
std::int64_t asked(test::variables job, const std::string& program, const std::string& lines) {
    const test::scratch_directory scratch;
    test::write_file(scratch / program, "#!/bin/sh\n" + lines);
    ::chmod((scratch / program).c_str(), 0755);
    const char* const path = std::getenv("PATH");
    const std::string before = path == nullptr ? "/usr/bin:/bin" : path;
    const test::variable found("PATH", (scratch.path() + ':' + before).c_str());
    const test::job_environment environment(job);
    return find_deadline();
}

bool is_about(std::int64_t seconds, std::int64_t expected) {
    return seconds - expected <= 600 && expected - seconds <= 600;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hpc_deadline)

BOOST_AUTO_TEST_CASE(outside_of_a_job_there_is_none) {
    const test::job_environment environment({});
    BOOST_TEST(find_deadline() == no_deadline);
}

BOOST_AUTO_TEST_CASE(what_the_environment_says) {
    {
        const test::job_environment environment(
            {{"SLURM_JOB_ID", "1"}, {"SLURM_JOB_END_TIME", "1900000000"}});
        BOOST_TEST(find_deadline() == 1900000000);
    }
    const test::job_environment environment({{"SLURM_JOB_ID", "1"},
                                             {"SLURM_JOB_END_TIME", "1900000000"},
                                             {"MLSCRIBE_DEADLINE", "1800000000"}});
    BOOST_TEST(find_deadline() == 1800000000);
}

BOOST_AUTO_TEST_CASE(slurm_is_asked_for_this_job) {
    const test::variables job = {{"SLURM_JOB_ID", "77"}};
    BOOST_TEST(asked(job, "squeue",
                     "[ \"$*\" = '-h -j 77 -o %e' ] && [ \"$SLURM_TIME_FORMAT\" = %s ] && "
                     "echo 1900000000\n") == 1900000000);
    // One that knows no other format, in whatever time zone.
    const test::variable zone("TZ", "Asia/Kolkata");
    ::tzset();
    const std::int64_t local = asked(job, "squeue", "echo 2030-03-17T23:16:40\n");
    BOOST_TEST(local == std::int64_t{1900000000} + 5 * 60 * 60 - (5 * 60 + 30) * 60 + 30 * 60);
}

BOOST_AUTO_TEST_CASE(slurm_is_asked_for_one_task_of_an_array) {
    const test::variables task = {
        {"SLURM_JOB_ID", "77"}, {"SLURM_ARRAY_JOB_ID", "77"}, {"SLURM_ARRAY_TASK_ID", "5"}};
    BOOST_TEST(asked(task, "squeue", "[ \"$3\" = 77_5 ] && echo 1900000000\n") == 1900000000);
}

BOOST_AUTO_TEST_CASE(slurm_is_asked_for_the_time_limit) {
    const auto limit = [](const std::string& answer) {
        const test::scratch_directory scratch;
        test::write_file(scratch / "squeue",
                         "#!/bin/sh\n[ \"$*\" = '-h -j 77 -o %l' ] && " + answer);
        ::chmod((scratch / "squeue").c_str(), 0755);
        const test::variable found("PATH", (scratch.path() + ":/usr/bin:/bin").c_str());
        const test::variables job = {{"SLURM_JOB_ID", "77"}};
        const test::job_environment environment(job);
        return ask_time_limit(mlscribe::current_batch_job()).count();
    };
    BOOST_TEST(limit("echo 9:00\n") == 540);
    BOOST_TEST(limit("echo 1-02:00:00\n") == 26 * 60 * 60);
    BOOST_TEST(limit("echo UNLIMITED\n") == 0);
    BOOST_TEST(limit("exit 1\n") == 0);
}

BOOST_AUTO_TEST_CASE(no_answer_is_no_deadline) {
    const test::variables job = {{"SLURM_JOB_ID", "77"}};
    for (const char* lines :
         {"echo N/A\n", "echo\n", "exit 1\n", "echo 1900000000; exit 1\n", "kill -9 $$\n",
          "echo Unknown; echo slurm_load_jobs error >&2\n", "exec sleep 60\n"}) {
        BOOST_TEST(asked(job, "squeue", lines) == no_deadline, lines);
    }
    const test::variable nowhere("PATH", "/nonexistent");
    const test::job_environment environment(job);
    BOOST_TEST(find_deadline() == no_deadline);
}

BOOST_AUTO_TEST_CASE(pbs_is_asked) {
    const test::variables job = {{"PBS_JOBID", "12.server"}};
    const auto now = static_cast<std::int64_t>(::time(nullptr));
    BOOST_TEST(is_about(asked(job, "qstat",
                              "[ \"$*\" = '-f 12.server' ] && echo 'Job Id: 12.server' && "
                              "echo '    Walltime.Remaining = 3600'\n"),
                        now + 3600));
    const std::string openpbs =
        "Job Id: 12.server\n"
        "    Resource_List.ncpus = 4\n"
        "    Resource_List.walltime = 01:00:00\n"
        "    stime = Sun Mar 17 22:46:40 2030\n";
    const test::variable zone("TZ", "UTC");
    ::tzset();
    BOOST_TEST(deadline_of_qstat(openpbs, now) == 1900018000 + 3600);
    BOOST_TEST(deadline_of_qstat("    Resource_List.walltime = 01:00:00\n", now) == -1);
    BOOST_TEST(deadline_of_qstat("", now) == -1);
}

BOOST_AUTO_TEST_CASE(lsf_is_asked) {
    const auto now = static_cast<std::int64_t>(::time(nullptr));
    BOOST_TEST(is_about(asked({{"LSB_JOBID", "12"}}, "bjobs",
                              "[ \"$*\" = '-noheader -o time_left 12' ] && echo '2:30 L'\n"),
                        now + 9000));
    BOOST_TEST(deadline_of_bjobs("0:29 L\n", 1000) == 1000 + 29 * 60);
    BOOST_TEST(deadline_of_bjobs("0:29 E\n", 1000) == -1);  // an estimate
    BOOST_TEST(deadline_of_bjobs("-\n", 1000) == -1);
}

BOOST_AUTO_TEST_CASE(flux_is_asked) {
    const auto now = static_cast<std::int64_t>(::time(nullptr));
    BOOST_TEST(is_about(
        asked({{"FLUX_JOB_ID", "f12"}}, "flux", "[ \"$*\" = 'job timeleft' ] && echo 3600\n"),
        now + 3600));
    BOOST_TEST(deadline_of_flux("90.5\n", 1000) == 1090);
    BOOST_TEST(deadline_of_flux("infinity\n", 1000) == -1);
    BOOST_TEST(deadline_of_flux("4294967295000\n", 1000) == -1);
}

BOOST_AUTO_TEST_CASE(durations) {
    BOOST_TEST(duration_seconds("90", 1) == 90);
    BOOST_TEST(duration_seconds("02:30", 1) == 150);
    BOOST_TEST(duration_seconds("02:30", 60) == 9000);
    BOOST_TEST(duration_seconds("100:00:01", 1) == 360001);
    BOOST_TEST(duration_seconds("2-01:02:30", 1) == 2 * 86400 + 3750);
    for (const char* text : {"", "x", "1:", ":1", "1:2:3:4", "-1", "1.5", " 1"}) {
        BOOST_TEST(duration_seconds(text, 1) == -1, text);
    }
    // Numbers of 64 bits, whose seconds are beyond them.
    for (const char* text : {"9000000000000000:00:00", "9000000000000000-00:00", "1:99999999999"}) {
        BOOST_TEST(duration_seconds(text, 60) == -1, text);
    }
}

BOOST_AUTO_TEST_CASE(found_out_once_a_process) {
    const auto now = static_cast<std::int64_t>(::time(nullptr));
    const auto said_with = [](std::int64_t end) {
        return test::in_child([end] {
            const test::job_environment environment({{"MLSCRIBE_DEADLINE", std::to_string(end)}});
            std::string said;
            const auto at = mlscribe::deadline();
            said += at && *at == std::chrono::system_clock::time_point(std::chrono::seconds(end))
                        ? "known"
                        : "unknown";
            for (const int minutes : {1, 10}) {
                const bool reached = mlscribe::deadline_reached(std::chrono::minutes(minutes));
                said += reached ? " reached" : " not";
            }
            const test::variable later("MLSCRIBE_DEADLINE", "1");
            return said + (mlscribe::deadline() == at ? " kept" : " changed");
        });
    };
    BOOST_TEST(said_with(now + 300) == "known not reached kept");
    BOOST_TEST(said_with(now - 5) == "known reached reached kept");
    BOOST_TEST(test::in_child([]() -> std::string {
                   const test::job_environment environment({});
                   const bool reached = mlscribe::deadline_reached(std::chrono::hours(1000000));
                   return mlscribe::deadline() || reached ? "known" : "unknown";
               }) == "unknown");
}

BOOST_AUTO_TEST_SUITE_END()
