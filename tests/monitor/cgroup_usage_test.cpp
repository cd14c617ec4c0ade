// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/monitor/cgroup_usage.hpp>

#include <map>
#include <string>
#include <vector>

#include "monitor/recorded_system.hpp"

using mlscribe::detail::cgroup_place;
using mlscribe::detail::cgroup_usage;
using mlscribe::detail::find_cgroup;
using values = std::map<std::string, double>;
using folders = std::vector<std::string>;

namespace {

const std::string disk = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n";
const std::string unified_mount =
    disk +
    "30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:9 master:2 - cgroup2 cgroup2 rw,nsdelegate\n";

/// As systemd mounts version 1; `root` is what the mounts show of each tree.
std::string mounts_of_version_1(const std::string& root) {
    return disk + "31 22 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n" + "32 31 0:28 " +
           root + " /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" +
           "33 31 0:29 " + root + " /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n" +
           "34 31 0:30 " + root + " /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n" +
           "35 31 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
}
std::string groups_of_version_1(const std::string& path) {
    return "12:cpuset:/\n5:cpu,cpuacct:" + path + "\n4:memory:" + path +
           "\n1:name=systemd:/user\n0::/user.slice\n";
}

values measure(const test::recorded_system& system, int samples = 1) {
    mlscribe::detail::system_files files(system.root());
    cgroup_usage usage(files);
    return system.measure(usage, samples);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monitor_cgroup_usage)

BOOST_AUTO_TEST_CASE(the_group_of_version_2_and_those_around_it) {
    const cgroup_place place = find_cgroup("0::/slurm/job_7/step_0\n", unified_mount, "memory");
    BOOST_TEST(place.is_unified);
    BOOST_TEST(place.folders ==
               (folders{"/sys/fs/cgroup/slurm/job_7/step_0", "/sys/fs/cgroup/slurm/job_7",
                        "/sys/fs/cgroup/slurm", "/sys/fs/cgroup"}));
    // Inside a namespace of its own.
    BOOST_TEST(find_cgroup("0::/\n", unified_mount, "cpu").folders == folders{"/sys/fs/cgroup"});
    // Outside of its namespace's root.
    BOOST_TEST(find_cgroup("0::/../other\n", unified_mount, "cpu").folders ==
               folders{"/sys/fs/cgroup"});
}

BOOST_AUTO_TEST_CASE(the_group_of_version_1_by_controller) {
    const std::string groups = groups_of_version_1("/job/7");
    const std::string mounts = mounts_of_version_1("/");
    const cgroup_place memory = find_cgroup(groups, mounts, "memory");
    BOOST_TEST(!memory.is_unified);
    BOOST_TEST(memory.folders == (folders{"/sys/fs/cgroup/memory/job/7",
                                          "/sys/fs/cgroup/memory/job", "/sys/fs/cgroup/memory"}));
    BOOST_TEST(find_cgroup(groups, mounts, "cpu").folders.front() ==
               "/sys/fs/cgroup/cpu,cpuacct/job/7");
    // A controller that version 2 has, beside others of version 1.
    const cgroup_place other = find_cgroup(groups, mounts, "io");
    BOOST_TEST(other.is_unified);
    BOOST_TEST(other.folders.front() == "/sys/fs/cgroup/unified/user.slice");
}

BOOST_AUTO_TEST_CASE(in_a_container_the_mount_shows_the_group_itself) {
    const std::string path = "/docker/0123abc";
    const folders itself{"/sys/fs/cgroup/memory"};
    BOOST_TEST(
        find_cgroup(groups_of_version_1(path), mounts_of_version_1(path), "memory").folders ==
        itself);
    const folders below{"/sys/fs/cgroup/memory/init", "/sys/fs/cgroup/memory"};
    BOOST_TEST(find_cgroup(groups_of_version_1(path + "/init"), mounts_of_version_1(path), "memory")
                   .folders == below);
    // The mount is of a group beside.
    BOOST_TEST(
        find_cgroup(groups_of_version_1("/docker/0123abcd"), mounts_of_version_1(path), "memory")
            .folders == itself);
}

BOOST_AUTO_TEST_CASE(mounts_that_fit_better_and_names_with_blanks) {
    const std::string mounts =
        "1 1 0:1 /other /a rw - cgroup2 none rw\n"
        "2 1 0:1 /my\\040job /b\\040c rw - cgroup2 none rw\n"
        "3 1 0:1 / /d rw - cgroup2 none rw\n";
    BOOST_TEST(find_cgroup("0::/my job/x\n", mounts, "memory").folders ==
               (folders{"/b c/x", "/b c"}));
    BOOST_TEST(find_cgroup("0::/my\n", mounts, "memory").folders == (folders{"/d/my", "/d"}));
}

BOOST_AUTO_TEST_CASE(without_groups_or_mounts_there_is_no_place) {
    for (const char* groups : {"", "\n", "0::", "memory", "4:memory", "::::\n"}) {
        BOOST_TEST(find_cgroup(groups, unified_mount, "memory").folders.empty());
    }
    for (const std::string& mounts :
         {std::string(), disk, std::string("30 22 0:26 / /sys"), std::string("-\n- - -\n"),
          std::string("1 1 0:1 / /a rw cgroup2 none rw\n")}) {
        BOOST_TEST(find_cgroup("0::/a\n", mounts, "memory").folders.empty());
    }
}

BOOST_AUTO_TEST_CASE(memory_of_version_2_against_the_tightest_limit) {
    const test::recorded_system system;
    system.write("/proc/self/cgroup", "0::/job/step\n");
    system.write("/proc/self/mountinfo", unified_mount);
    const std::string job = "/sys/fs/cgroup/job";
    system.write(job + "/step/memory.current", "300000000\n");
    system.write(job + "/step/memory.max", "max\n");
    system.write(job + "/step/memory.stat", "anon 5\nfile 6\ninactive_file 100000000\n");
    values found = measure(system);
    BOOST_TEST(found == (values{{"cgroup_memory_usage_megabytes", 200.0}}));
    // The job around it is limited.
    system.write(job + "/memory.current", "900000000\n");
    system.write(job + "/memory.max", "2000000000\n");
    system.write(job + "/memory.stat", "anon 5\ninactive_file 400000000\nactive_file 1\n");
    found = measure(system);
    BOOST_TEST(found["cgroup_memory_usage_megabytes"] == 500.0);
    BOOST_TEST(found["cgroup_memory_limit_megabytes"] == 2000.0);
    BOOST_TEST(found["cgroup_memory_usage_percentage"] == 25.0);
    // So is the step, more tightly.
    system.write(job + "/step/memory.max", "1000000000\n");
    found = measure(system);
    BOOST_TEST(found["cgroup_memory_usage_megabytes"] == 200.0);
    BOOST_TEST(found["cgroup_memory_usage_percentage"] == 20.0);
    // The same limit twice: the outer group reaches it first.
    system.write(job + "/memory.max", "1000000000\n");
    BOOST_TEST(measure(system)["cgroup_memory_usage_megabytes"] == 500.0);
    // Nothing at all may be used: there is no share of that.
    system.write(job + "/memory.max", "0\n");
    BOOST_TEST(measure(system) == (values{{"cgroup_memory_usage_megabytes", 500.0}}));
}

BOOST_AUTO_TEST_CASE(memory_of_version_1) {
    const test::recorded_system system;
    system.write("/proc/self/cgroup", groups_of_version_1("/docker/7"));
    system.write("/proc/self/mountinfo", mounts_of_version_1("/docker/7"));
    const std::string group = "/sys/fs/cgroup/memory";
    system.write(group + "/memory.usage_in_bytes", "600000000\n");
    system.write(group + "/memory.limit_in_bytes", "9223372036854771712\n");
    system.write(group + "/memory.stat", "inactive_file 7\ntotal_inactive_file 100000000\n");
    BOOST_TEST(measure(system) == (values{{"cgroup_memory_usage_megabytes", 500.0}}));
    system.write(group + "/memory.limit_in_bytes", "1000000000\n");
    BOOST_TEST(measure(system)["cgroup_memory_usage_percentage"] == 50.0);
}

BOOST_AUTO_TEST_CASE(processors_of_version_2) {
    const test::recorded_system system;
    system.write("/proc/self/cgroup", "0::/job/step\n");
    system.write("/proc/self/mountinfo", unified_mount);
    const std::string job = "/sys/fs/cgroup/job";
    system.write(job + "/step/cpu.max", "max 100000\n");
    system.write(job + "/step/cpu.stat", "usage_usec 1\nnr_periods 0\nnr_throttled 0\n");
    BOOST_TEST(measure(system).empty());
    system.write(job + "/cpu.max", "250000 100000\n");
    system.write(job + "/cpu.stat", "usage_usec 1\nnr_periods 100\nnr_throttled 50\n");
    mlscribe::detail::system_files files(system.root());
    cgroup_usage usage(files);
    values found = system.measure(usage);
    BOOST_TEST(found["cgroup_cpu_limit_cores"] == 2.5);
    BOOST_TEST(found["cgroup_cpu_throttled_percentage"] == 0.0);
    system.write(job + "/cpu.stat", "usage_usec 1\nnr_periods 300\nnr_throttled 80\n");
    BOOST_TEST(system.measure(usage)["cgroup_cpu_throttled_percentage"] == 15.0);
}

BOOST_AUTO_TEST_CASE(processors_of_version_1) {
    const test::recorded_system system;
    system.write("/proc/self/cgroup", groups_of_version_1("/job"));
    system.write("/proc/self/mountinfo", mounts_of_version_1("/"));
    const std::string group = "/sys/fs/cgroup/cpu,cpuacct/job";
    system.write(group + "/cpu.cfs_quota_us", "-1\n");
    system.write(group + "/cpu.cfs_period_us", "100000\n");
    system.write(group + "/cpu.stat", "nr_periods 4\nnr_throttled 1\nthrottled_time 5\n");
    BOOST_TEST(measure(system).empty());
    system.write(group + "/cpu.cfs_quota_us", "50000\n");
    values found = measure(system);
    BOOST_TEST(found["cgroup_cpu_limit_cores"] == 0.5);
    BOOST_TEST(found["cgroup_cpu_throttled_percentage"] == 0.0);
}

BOOST_AUTO_TEST_CASE(files_that_are_missing_or_say_something_else) {
    const test::recorded_system system;
    BOOST_TEST(measure(system, 2).empty());
    system.write("/proc/self/cgroup", "0::/gone (deleted)\n");
    system.write("/proc/self/mountinfo", unified_mount);
    BOOST_TEST(measure(system, 2).empty());
    const std::string top = "/sys/fs/cgroup";
    for (const char* text : {"", "\n", "max", "x 1", "-5 100000", "100000 0", "0", "1 2 3"}) {
        for (const char* name :
             {"/memory.current", "/memory.max", "/memory.stat", "/cpu.max", "/cpu.stat"}) {
            system.write(top + name, text);
        }
        for (const auto& [name, value] : measure(system, 2)) {
            BOOST_TEST(value >= 0.0, name);
            BOOST_TEST(value < 1e12, name);
        }
    }
    // A stat that cannot be read: all counts.
    system.write(top + "/memory.current", "5000000\n");
    system.remove(top + "/memory.stat");
    BOOST_TEST(measure(system)["cgroup_memory_usage_megabytes"] == 5.0);
}

BOOST_AUTO_TEST_SUITE_END()
