// SPDX-License-Identifier: MIT
/// \file A logger that wrote each point by itself slowed training down on a cluster's file system.
#include <boost/test/unit_test.hpp>

#include <string>

#include "scratch_directory.hpp"

namespace {

/// The write calls of this process so far; 0 where the system does not count them.
std::uint64_t write_calls() {
    if (!test::exists("/proc/self/io")) return 0;
    const std::string counts = test::read_file("/proc/self/io");
    const std::size_t at = counts.find("syscw: ");
    return at == std::string::npos ? 0 : std::stoull(counts.substr(at + 7));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(few_writes)

BOOST_AUTO_TEST_CASE(for_many_points) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle loss = run.metric("loss");
    const std::uint64_t before = write_calls();
    for (int i = 0; i < 100000; ++i) loss.log(0.1 * i);
    run.flush();
    const std::uint64_t after = write_calls();
    BOOST_TEST(after - before < 200u);
    run.end();
    BOOST_TEST(test::points(test::folder(scratch, run), "loss").size() == 100000u);
}

BOOST_AUTO_TEST_SUITE_END()
