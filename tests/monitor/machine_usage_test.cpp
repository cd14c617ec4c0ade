// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/monitor/machine_usage.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "monitor/recorded_system.hpp"

using mlscribe::detail::machine_usage;
using values = std::map<std::string, double>;

namespace {

const std::string memory =
    "MemTotal:       24683656 kB\nMemFree:        22681808 kB\nMemAvailable:   24252264 kB\n"
    "Buffers:           40692 kB\nCached:          1597064 kB\nSReclaimable:      1000 kB\n";
const std::string network_heading =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n";

/// A line of /proc/net/dev.
std::string interface_line(const std::string& name, long in, long out) {
    return name + ": " + std::to_string(in) + " 1 0 0 0 0 0 0 " + std::to_string(out) +
           " 2 0 0 0 0 0 0\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monitor_machine_usage)

BOOST_AUTO_TEST_CASE(processors_by_what_went_since_the_sample_before) {
    const test::recorded_system system;
    machine_usage usage;
    system.write("/proc/stat", "cpu  1000 100 500 5000 400 10 20 30 300 50\ncpu0 1 1 1 1\n");
    BOOST_TEST(system.measure(usage).count("cpu_utilization_percentage") == 0u);
    // 100 idle and 50 waiting of 600; guests are part of the first two.
    system.write("/proc/stat", "cpu  1300 150 580 5100 450 12 23 45 500 90\ncpu0 1 1 1 1\n");
    BOOST_TEST(system.measure(usage)["cpu_utilization_percentage"] == 75.0);
    // Nothing went: nothing to tell.
    BOOST_TEST(system.measure(usage).count("cpu_utilization_percentage") == 0u);
    // The waiting time of some kernels goes back.
    system.write("/proc/stat", "cpu  1400 150 580 5200 440 12 23 45 500 90\n");
    BOOST_TEST(system.measure(usage)["cpu_utilization_percentage"] == 50.0);
}

BOOST_AUTO_TEST_CASE(processors_of_an_old_kernel_have_fewer_numbers) {
    const test::recorded_system system;
    machine_usage usage;
    system.write("/proc/stat", "cpu  100 0 100 200\n");
    system.measure(usage);
    system.write("/proc/stat", "cpu  125 0 100 275\n");
    BOOST_TEST(system.measure(usage)["cpu_utilization_percentage"] == 25.0);
}

BOOST_AUTO_TEST_CASE(memory_that_no_other_program_could_have) {
    const test::recorded_system system;
    machine_usage usage;
    system.write("/proc/meminfo", memory);
    values found = system.measure(usage);
    BOOST_TEST(found["system_memory_usage_megabytes"] == 441.7);  // 431392 KiB
    BOOST_TEST(found["system_memory_usage_percentage"] == 1.7);
    // Before Linux 3.14.
    system.write("/proc/meminfo",
                 "MemTotal: 1000 kB\nMemFree: 300 kB\nBuffers: 100 kB\nCached: 50 kB\n"
                 "SReclaimable: 20 kB\n");
    found = system.measure(usage);
    BOOST_TEST(found["system_memory_usage_percentage"] == 53.0);
    // A container that shows its own total and the host's rest.
    system.write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 400 kB\nMemAvailable: 9000 kB\n");
    found = system.measure(usage);
    BOOST_TEST(found["system_memory_usage_percentage"] == 60.0);
}

BOOST_AUTO_TEST_CASE(the_disk_of_the_root) {
    const test::recorded_system system;
    machine_usage usage;
    const values found = system.measure(usage);
    const std::filesystem::space_info disk = std::filesystem::space(system.root());
    const double used = static_cast<double>(disk.capacity - disk.free) / 1e6;
    const double available = static_cast<double>(disk.available) / 1e6;
    // Other programs write meanwhile.
    const auto nearly = boost::test_tools::tolerance(0.02);
    BOOST_TEST(found.at("disk_usage_megabytes") == used, nearly);
    BOOST_TEST(found.at("disk_available_megabytes") == available, nearly);
    BOOST_TEST(found.at("disk_usage_percentage") == used / (used + available) * 100, nearly);
}

BOOST_AUTO_TEST_CASE(the_network_from_the_first_sample_on) {
    const test::recorded_system system;
    machine_usage usage;
    const auto write = [&](const std::string& lines) {
        system.write("/proc/net/dev", network_heading + lines);
    };
    write(interface_line("    lo", 1000, 1000) + interface_line("  eth0", 5000000, 7000000));
    values found = system.measure(usage);
    BOOST_TEST(found["network_receive_megabytes"] == 0.0);
    write(interface_line("    lo", 2000, 2000) + interface_line("  eth0", 6500000, 7250000) +
          interface_line("veth0:1", 1000, 0));
    found = system.measure(usage);
    BOOST_TEST(found["network_receive_megabytes"] == 1.502);
    BOOST_TEST(found["network_transmit_megabytes"] == 0.251);
    // An interface went: what it did stays done.
    write(interface_line("    lo", 2000, 2000));
    found = system.measure(usage);
    BOOST_TEST(found["network_receive_megabytes"] == 1.502);
    write(interface_line("    lo", 502000, 2000));
    found = system.measure(usage);
    BOOST_TEST(found["network_receive_megabytes"] == 2.002);
    BOOST_TEST(found["network_transmit_megabytes"] == 0.251);
}

BOOST_AUTO_TEST_CASE(blocks_of_disks_from_the_first_sample_on) {
    const test::recorded_system system;
    machine_usage usage;
    system.write("/proc/vmstat", "nr_free_pages 1\npgpgin 1000\npgpgout 50\npgpgin_x 3\n");
    system.measure(usage);
    system.write("/proc/vmstat", "nr_free_pages 1\npgpgin 3000\npgpgout 1050\npgpgin_x 3\n");
    const values found = system.measure(usage);
    BOOST_TEST(found.at("disk_read_megabytes") == 2.048);
    BOOST_TEST(found.at("disk_write_megabytes") == 1.024);
}

BOOST_AUTO_TEST_CASE(a_point_has_the_mean_of_its_samples_but_of_what_grows_the_last) {
    mlscribe::detail::system_values to;
    for (const double value : {10.0, 20.0, 40.04}) {
        to.add("mean", value);
        to.set("grows", value);
    }
    to.add("no number", std::nan(""));
    const values found = test::recorded_system::known(to);
    BOOST_TEST(found.at("mean") == 23.3);
    BOOST_TEST(found.at("grows") == 40.04);
    BOOST_TEST(found.size() == 2u);
    to.begin_point();
    BOOST_TEST(test::recorded_system::known(to).empty());
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_unreadable_leaves_the_rest) {
    const std::map<std::string, std::string> whole = {
        {"/proc/stat", "cpu  1000 100 500 5000 400 10 20 30 300 50\n"},
        {"/proc/meminfo", memory},
        {"/proc/net/dev", network_heading + interface_line("lo", 1, 1)},
        {"/proc/vmstat", "pgpgin 1\npgpgout 1\n"}};
    const test::recorded_system system;
    for (const auto& [path, text] : whole) system.write(path, text);
    machine_usage usage;
    const std::size_t all = system.measure(usage).size();
    BOOST_TEST(all == 9u);  // no processors at the first sample
    for (const auto& [path, text] : whole) {
        for (const std::string& bad :
             {std::string(), std::string("\n"), std::string("cpu"), std::string("cpu x y\n"),
              std::string("MemTotal: 0 kB\nMemFree:\n"), std::string(":\n: :\n::::"),
              std::string("lo: -1 2"), std::string(100000, '7'), std::string(70000, '\n'),
              std::string("pgpgin 99999999999999999999999\npgpgout \n"),
              std::string("cpu 18446744073709551615 1 1 1\n"), text.substr(0, text.size() / 2),
              std::string("\0\xFF cpu\0", 7)}) {
            system.write(path, bad);
            machine_usage fresh;
            BOOST_TEST(system.measure(fresh, 2).count("disk_usage_megabytes") == 1u);
        }
        system.remove(path);
        machine_usage fresh;
        BOOST_TEST(system.measure(fresh).size() >= all - 2);
        system.write(path, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
