// SPDX-License-Identifier: MIT
/// \file A loop that logs while there is no memory left: it goes on, and every point is accounted
/// for.
#include <boost/test/unit_test.hpp>

#include <sys/resource.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

// Sanitizers need more addresses than any limit; without exceptions `new` itself ends the program.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(__cpp_exceptions)

namespace {

/// A compiler may take an allocation that nobody uses for one that was granted.
void* (*const volatile allocate)(std::size_t) = std::malloc;

/// Takes all memory of this process but so many bytes. \return whether more is refused
bool use_up_memory(std::size_t spare) {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = pages * 4096;
    ::setrlimit(RLIMIT_AS, &limit);
    for (const std::size_t size : {65536u, 4096u, 512u, 64u, 16u}) {
        while (allocate(size) != nullptr) {
        }
    }
    limit.rlim_cur += spare;
    ::setrlimit(RLIMIT_AS, &limit);
    return allocate(spare + 65536) == nullptr;
}

void give_memory_back() {
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_AS, &limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(out_of_memory)

BOOST_AUTO_TEST_CASE(the_loop_goes_on) {
    bool refused = false;
    for (std::size_t spare = 0; spare != 8; ++spare) {
        for (const auto drain : {mlscribe::drain_mode::thread, mlscribe::drain_mode::inline_}) {
            const test::scratch_directory scratch;
            const std::string told = test::in_child([&]() -> std::string {
                mlscribe::run_options options;
                options.tracking_uri = scratch.store();
                options.journal_bytes = 1 << 20;
                options.flush_interval = std::chrono::milliseconds(1);
                options.sync_interval = std::chrono::milliseconds(1);
                options.drain = drain;
                options.on_error = [](const mlscribe::error&) {};
                mlscribe::run run = mlscribe::start_run(options);
                mlscribe::metric_handle loss = run.metric("loss");
                loss.log(-1.0);
                run.log_metric("named", -1.0);
                test::write_file(scratch / "folder", test::folder(scratch, run));
                if (!use_up_memory(spare * 16384)) return "memory is left";
                for (int i = 0; i < 20000; ++i) loss.log(i);
                for (int i = 0; i < 20000; ++i) run.log_metric("named", i);
                const mlscribe::metric_handle copy = loss;
                for (int i = 0; i < 100; ++i) run.log_metric("new", i);
                give_memory_back();
                run.end();
                return std::to_string(run.lost_points());
            });
            BOOST_REQUIRE_MESSAGE(told.find_first_not_of("0123456789") == std::string::npos, told);
            const std::string folder = test::read_file(scratch / "folder");
            std::size_t rows = 0;
            for (const char* const key : {"loss", "named", "new"}) {
                if (!test::exists(folder + "/metrics/" + key)) continue;
                std::set<double> values;
                const auto found = test::points(folder, key);
                for (const mlscribe::point& row : found) values.insert(row.value);
                BOOST_TEST(values.size() == found.size());
                rows += found.size();
            }
            const std::size_t lost = std::strtoul(told.c_str(), nullptr, 10);
            BOOST_TEST(rows + lost == 40102u);
            BOOST_TEST(test::meta(folder, "status") == "3");
            refused = refused || lost != 0;
        }
    }
    BOOST_TEST(refused);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
