// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/monitor/process_usage.hpp>

#include <unistd.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "monitor/recorded_system.hpp"

using mlscribe::detail::process_usage;
using values = std::map<std::string, double>;

namespace {

std::string state(long in_program, long in_kernel, long pages) {
    return "7 (train (v2) x) R 1 7 7 0 -1 4194304 900 0 0 0 " + std::to_string(in_program) + ' ' +
           std::to_string(in_kernel) + " 55 66 20 0 8 0 12345 1000000 " + std::to_string(pages) +
           " 18446744073709551615 1 2 3\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monitor_process_usage)

BOOST_AUTO_TEST_CASE(processors_and_memory) {
    const test::recorded_system system;
    process_usage usage;
    const long second = ::sysconf(_SC_CLK_TCK);
    using clock = std::chrono::steady_clock;
    const std::chrono::duration<double> pause = std::chrono::milliseconds(50);
    const clock::time_point begun = clock::now();
    system.write("/proc/self/stat", state(100, 50, 1000));
    values found = system.measure(usage);
    BOOST_TEST(found.count("process_cpu_utilization_percentage") == 0u);
    std::this_thread::sleep_for(pause);
    system.write("/proc/self/stat", state(100 + 30 * second, 50 + 10 * second, 2000));
    found = system.measure(usage);
    const std::chrono::duration<double> passed = clock::now() - begun;
    // 40 s of processors in more than the pause, and in no more than all this took.
    BOOST_TEST(found["process_cpu_utilization_percentage"] <= 4000 / pause.count() + 0.1);
    BOOST_TEST(found["process_cpu_utilization_percentage"] >= 4000 / passed.count() - 0.1);
    const double megabytes = 2000.0 * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
    BOOST_TEST(found["process_memory_usage_megabytes"] == megabytes,
               boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(what_it_reads_from_and_writes_to_disks) {
    const test::recorded_system system;
    process_usage usage;
    const std::string other = "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\n";
    system.write("/proc/self/io", other +
                                      "read_bytes: 500000\nwrite_bytes: 700000\n"
                                      "cancelled_write_bytes: 9\n");
    BOOST_TEST(system.measure(usage)["process_disk_read_megabytes"] == 0.0);
    system.write("/proc/self/io", other +
                                      "read_bytes: 1500000\nwrite_bytes: 2700000\n"
                                      "cancelled_write_bytes: 9\n");
    values found = system.measure(usage);
    BOOST_TEST(found["process_disk_read_megabytes"] == 1.0);
    BOOST_TEST(found["process_disk_write_megabytes"] == 2.0);
}

BOOST_AUTO_TEST_CASE(of_this_process) {
    mlscribe::detail::system_files files("/");
    mlscribe::detail::system_values to;
    process_usage usage;
    usage.read(files, to);
    const values found = test::recorded_system::known(to);
    BOOST_TEST(found.at("process_memory_usage_megabytes") > 1.0);
    BOOST_TEST(found.at("process_memory_usage_megabytes") < 100000.0);
}

BOOST_AUTO_TEST_CASE(texts_that_are_cut_off_or_missing_tell_nothing) {
    const test::recorded_system system;
    const std::string whole = state(100, 50, 1000);
    const std::size_t needed = whole.find(" 18446744073709551615");
    for (std::size_t size = 0; size + 4 < needed; ++size) {
        system.write("/proc/self/stat", whole.substr(0, size));
        process_usage usage;
        BOOST_REQUIRE(system.measure(usage).empty());
    }
    system.remove("/proc/self/stat");
    system.write("/proc/self/io", "read_bytes: 5\nwrite_bytes:\n");
    process_usage usage;
    BOOST_TEST(system.measure(usage, 2).empty());
}

BOOST_AUTO_TEST_SUITE_END()
