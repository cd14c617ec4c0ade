// SPDX-License-Identifier: MIT
/// \file Somebody reads a metric's file all the time while it is written at full speed: what he
/// reads ends between two lines, on every file system that this machine can mount.
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "mounted_disk.hpp"
#include "scratch_directory.hpp"
#include "skipped.hpp"

namespace {

constexpr std::size_t most_bytes = std::size_t{48} << 20;
/// Points that nobody has read yet: the journal has room for these, however long the disk stalls.
constexpr std::uint64_t most_unread = 1500000;

std::int64_t milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

/// Reads what was appended since, again and again, as `tail -f` or MLflow would.
struct reader {
    std::string path;
    std::atomic<bool> stopped{false};
    std::atomic<std::uint64_t> reads{0};
    std::uint64_t torn = 0;
    std::uint64_t bad = 0;
    std::atomic<std::uint64_t> rows{0};

    void read_all_the_time() {
        std::string block(1 << 20, '\0');
        off_t offset = 0;
        while (true) {
            const bool last = stopped;
            const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
            if (file < 0) continue;
            while (true) {
                const ssize_t count = ::pread(file, &block[0], block.size(), offset);
                if (count <= 0) break;
                const std::string_view seen(block.data(), static_cast<std::size_t>(count));
                const std::size_t end = seen.rfind('\n') + 1;
                ++reads;
                // A read that fills the buffer may end anywhere.
                if (end != seen.size() && seen.size() != block.size()) ++torn;
                check_lines(seen.substr(0, end));
                offset += static_cast<off_t>(end);
                if (end == 0) break;
            }
            ::close(file);
            if (last) return;
        }
    }

  private:
    double last_value = -1;

    void check_lines(std::string_view lines) {
        while (!lines.empty()) {
            const std::size_t end = lines.find('\n');
            const auto line = mlscribe::parse_metric_line(lines.substr(0, end));
            const bool right = line && line->fields == 3 &&
                               line->row.step == static_cast<std::int64_t>(rows) &&
                               line->row.value > last_value;
            if (!right) ++bad;
            if (line) last_value = line->row.value;
            ++rows;
            lines.remove_prefix(end + 1);
        }
    }
};

void write_under_eyes(const std::string& name, const std::string& store) {
    test::error_log log;
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = "test";
    options.on_error = log.handler();
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    BOOST_REQUIRE(run.recording());
    mlscribe::metric_handle loss = run.metric("loss");
    reader reads;
    reads.path = store + '/' + std::string(run.experiment_id()) + '/' + std::string(run.id()) +
                 "/metrics/loss";
    std::thread reading([&reads] { reads.read_all_the_time(); });
    std::uint64_t logged = 0;
    const std::int64_t end = milliseconds() + 2000;
    while (milliseconds() < end || reads.reads <= 10) {
        if (logged - reads.rows > most_unread) {
            ::usleep(1000);
            continue;
        }
        for (int i = 0; i < 1000; ++i) loss.log(static_cast<double>(logged++) / 3.0);
        struct stat found {};
        if (::stat(reads.path.c_str(), &found) == 0 &&
            static_cast<std::size_t>(found.st_size) > most_bytes && reads.reads > 10) {
            break;
        }
    }
    run.end();
    reads.stopped = true;
    reading.join();
    std::printf("%s: %llu points written under %llu reads\n", name.c_str(),
                static_cast<unsigned long long>(logged),
                static_cast<unsigned long long>(reads.reads));
    BOOST_TEST(reads.torn == 0u);
    BOOST_TEST(reads.bad == 0u);
    BOOST_TEST(reads.rows.load() == logged);
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_readers)

BOOST_AUTO_TEST_CASE(see_whole_lines) {
    {
        const test::scratch_directory scratch;
        BOOST_TEST_CONTEXT("the temporary directory") {
            write_under_eyes("temporary directory", scratch.store());
        }
    }
    struct wanted {
        const char* kind;
        std::uint64_t mebibytes;
        bool is_usual;  ///< a Debian's smallest installation makes it
    };
    for (const wanted& each : {wanted{"tmpfs", 256, true}, wanted{"ext4", 256, true},
                               wanted{"xfs", 320, false}, wanted{"btrfs", 320, false}}) {
        const std::string kind = each.kind;
        const std::uint64_t bytes = each.mebibytes << 20;
        const auto disk = kind == "tmpfs" ? std::make_unique<test::mounted_disk>(bytes)
                                          : std::make_unique<test::mounted_disk>(kind, bytes);
        if (!disk->why_not().empty()) {
            if (each.is_usual) {
                test::skipped(kind + ": " + disk->why_not());
            } else {
                std::printf("%s is left out: %s\n", kind.c_str(), disk->why_not().c_str());
            }
            continue;
        }
        BOOST_TEST_CONTEXT(kind) {
            write_under_eyes(kind, disk->store());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
