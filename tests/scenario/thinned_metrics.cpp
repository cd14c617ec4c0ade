// SPDX-License-Identifier: MIT
/// \file A run whose metrics keep so many points and no more: by option, over resumes, children and
/// kills, and under the eyes of a reader.
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "give_up.hpp"
#include "journal/thinning_reference.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

namespace {

constexpr std::int64_t most = 100;

/// Neither rising nor falling, and every one another.
double value_at(std::uint64_t step) {
    return static_cast<double>((step * 0x9E3779B97F4A7C15u) >> 12) / 4096.0 - 1e12;
}

std::vector<mlscribe::point> logged(std::uint64_t points) {
    std::vector<mlscribe::point> rows;
    for (std::uint64_t step = 0; step < points; ++step) {
        rows.push_back({0, value_at(step), static_cast<std::int64_t>(step)});
    }
    return rows;
}

/// The steps that stay of the first `points`.
std::vector<std::int64_t> expected_steps(std::uint64_t points) {
    std::vector<std::int64_t> steps;
    for (const mlscribe::point& row : test::thinned(logged(points), most)) {
        steps.push_back(row.step);
    }
    return steps;
}

std::string tag(const std::string& run, const std::string& name) {
    const std::string path = run + "/tags/" + name;
    return test::exists(path) ? test::read_file(path) : "none";
}

/// What a file holds in the end. Its times are as they came, its order is that of its times.
void expect_thinned(const std::string& run, const std::string& key, std::uint64_t points) {
    const std::vector<mlscribe::point> rows = test::points(run, key);
    std::vector<std::int64_t> steps;
    for (const mlscribe::point& row : rows) {
        steps.push_back(row.step);
        BOOST_TEST(row.value == value_at(static_cast<std::uint64_t>(row.step)));
    }
    std::sort(steps.begin(), steps.end());
    BOOST_TEST(steps == expected_steps(points), boost::test_tools::per_element());
    const std::uint64_t gone = points - rows.size();
    BOOST_TEST(tag(run, "mlscribe.thinned_points." + key) ==
               (gone == 0 ? "none" : std::to_string(gone)));
}

struct shared_counts {
    std::atomic<std::uint64_t> points{0};
    char folder[512] = {};
};

/// Memory that outlives a child.
class shared_memory {
  public:
    shared_memory()
        : memory_(::mmap(nullptr, sizeof(shared_counts), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (memory_ == MAP_FAILED) test::give_up("no shared memory");
        new (memory_) shared_counts;
    }
    shared_memory(const shared_memory&) = delete;
    shared_memory& operator=(const shared_memory&) = delete;
    ~shared_memory() { ::munmap(memory_, sizeof(shared_counts)); }
    shared_counts* operator->() const { return static_cast<shared_counts*>(memory_); }

  private:
    void* memory_;
};

void pause_for(std::uint64_t microseconds) {
    const timespec pause{static_cast<time_t>(microseconds / 1000000),
                         static_cast<long>(microseconds % 1000000) * 1000L};
    ::nanosleep(&pause, nullptr);
}

/// One run that is killed again and again, and goes on.
class killed_run {
  public:
    explicit killed_run(std::mt19937_64& random) : random_(random) {}

    /// Starts or resumes the run in a child, which logs until it dies.
    void live(unsigned calls, test::call_end end, long calls_before) {
        test::child_process child([&]() -> std::string {
            ::alarm(60);
            log_for_ever(calls, end, calls_before);
            return {};
        });
        if (calls == 0) {
            // Most live until they have logged so many, however slow the machine is.
            const bool dies_early = random_() % 4 == 0;
            const std::uint64_t enough = counts_->points + 1 + random_() % (8 * most);
            for (int i = 0; i < 60000 && !dies_early && counts_->points < enough; ++i) {
                pause_for(1000);
            }
            pause_for(random_() % 10000);
            child.kill();
        }
        BOOST_TEST(child.result() == "signal 9");
    }

    void recover() {
        const mlscribe::recovery done = mlscribe::recover(scratch_.store());
        BOOST_TEST(done.alive.empty());
        if (!known()) return;
        for (const std::string& path : test::tree(folder())) {
            BOOST_TEST(path.find(".mlscribe-") == std::string::npos, path << " was left");
        }
    }
    /// What was logged is known but for the point in flight.
    void check() {
        if (!known() || !test::exists(folder() + "/metrics/loss")) {
            BOOST_TEST(counts_->points.load() == 0u);
            return;
        }
        const std::uint64_t points = points_in_file();
        BOOST_TEST((points == counts_->points || points == counts_->points + 1));
        counts_->points = points;
        expect_thinned(folder(), "loss", points);
    }
    std::uint64_t points() const { return counts_->points; }

  private:
    bool known() const { return counts_->folder[0] != '\0'; }
    std::string folder() const { return counts_->folder; }
    /// By the last one, which always stays.
    std::uint64_t points_in_file() const {
        if (!test::exists(folder() + "/metrics/loss")) return 0;
        std::int64_t last = -1;
        for (const std::int64_t step : test::steps(folder(), "loss")) last = std::max(last, step);
        return static_cast<std::uint64_t>(last + 1);
    }

    void log_for_ever(unsigned calls, test::call_end end, long calls_before) {
        test::error_log log;
        mlscribe::run run = known() ? resume(log) : start(log);
        if (!run.recording()) ::_exit(2);
        mlscribe::metric_handle loss = run.metric("loss");
        if (!known()) {
            std::strncpy(counts_->folder, test::folder(scratch_, run).c_str(),
                         sizeof counts_->folder - 1);
        } else {
            const std::uint64_t found = points_in_file();  // with the one that was in flight
            if (found != counts_->points && found != counts_->points + 1) ::_exit(5);
            counts_->points = found;
        }
        const test::plan_calls planned(calls, end, 0, calls_before, false);
        while (true) {
            loss.log(value_at(counts_->points));  // the step is the series'
            ++counts_->points;
            if (counts_->points % 8 == 0) pause_for(50);
            if (!log.all().empty()) ::_exit(4);
        }
    }
    mlscribe::run start(test::error_log& log) {
        mlscribe::run_options options = test::options(scratch_, log);
        options.flush_interval = std::chrono::milliseconds(1);
        options.thinning = mlscribe::keep{most};
        return mlscribe::start_run(options);
    }
    mlscribe::run resume(test::error_log& log) {
        mlscribe::resume_options options = test::resuming(scratch_, log);
        options.flush_interval = std::chrono::milliseconds(1);
        options.thinning = mlscribe::keep{most};
        return mlscribe::resume_run(folder().substr(folder().rfind('/') + 1), options);
    }

    std::mt19937_64& random_;
    test::scratch_directory scratch_;
    shared_memory counts_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(thinned_metrics)

BOOST_AUTO_TEST_CASE(are_none_without_the_option) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle loss = run.metric("loss");
    for (std::uint64_t step = 0; step < 5000; ++step) loss.log(value_at(step));
    run.end();
    BOOST_TEST(test::points(test::folder(scratch, run), "loss").size() == 5000u);
    BOOST_TEST(tag(test::folder(scratch, run), "mlscribe.thinned_points.loss") == "none");
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(keep_their_bound_in_the_run_its_children_and_when_it_is_resumed) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.thinning = {most};
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::run child = run.start_child("child");
    mlscribe::run_options wider = test::options(scratch, log);
    wider.thinning = {1000};
    mlscribe::run other = run.start_child(wider);
    for (std::uint64_t step = 0; step < 5000; ++step) {
        for (mlscribe::run* each : {&run, &child, &other}) {
            each->log_metric("loss", value_at(step));
            if (step < 90) each->log_metric("group/short", value_at(step));
        }
        if (step % 500 != 0) continue;
        run.flush();
        BOOST_TEST(test::points(test::folder(scratch, run), "loss").size() <= 100u);
    }
    for (mlscribe::run* each : {&other, &child, &run}) each->end();
    expect_thinned(test::folder(scratch, run), "loss", 5000);
    expect_thinned(test::folder(scratch, child), "loss", 5000);
    expect_thinned(test::folder(scratch, run), "group/short", 90);
    BOOST_TEST(test::points(test::folder(scratch, other), "loss").size() > 375u);
    BOOST_TEST(test::points(test::folder(scratch, other), "loss").size() < 1000u);

    mlscribe::resume_options again = test::resuming(scratch, log);
    again.thinning = {most};
    mlscribe::run resumed = mlscribe::resume_run(std::string(run.id()), again);
    mlscribe::metric_handle loss = resumed.metric("loss");
    for (std::uint64_t step = 5000; step < 7000; ++step) loss.log(value_at(step));
    resumed.end();
    expect_thinned(test::folder(scratch, run), "loss", 7000);
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(refuse_a_number_below_none) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.thinning = {-1};
    mlscribe::run run = mlscribe::start_run(options);
    BOOST_TEST(log.count(mlscribe::error_code::invalid_value) == 1u);
    BOOST_TEST(log.tells({"-1", "0 for all"}));
    for (std::uint64_t step = 0; step < 500; ++step) run.log_metric("loss", value_at(step));
    run.end();
    BOOST_TEST(test::points(test::folder(scratch, run), "loss").size() == 500u);
    BOOST_TEST(run.lost_points() == 0u);
}

BOOST_AUTO_TEST_CASE(stay_whole_where_another_process_logs_too) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.thinning = {most};
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    for (std::uint64_t step = 0; step < 90; ++step) loss.log(value_at(step));
    run.flush();
    const std::string of_other = test::in_child([&]() -> std::string {
        mlscribe::resume_options same = test::resuming(scratch, log);
        same.keep_status = true;
        mlscribe::run other = mlscribe::resume_run(std::string(run.id()), same);
        for (int i = 0; i < 300; ++i) other.log_metric("loss", 0.5, 100000 + i);
        other.end();
        return log.all().empty() ? "written" : log.all()[0].message;
    });
    BOOST_TEST(of_other == "written");
    for (std::uint64_t step = 90; step < 1000; ++step) loss.log(value_at(step));
    run.flush();
    for (std::uint64_t step = 1000; step < 1100; ++step) loss.log(value_at(step));
    run.end();
    BOOST_TEST(test::points(test::folder(scratch, run), "loss").size() == 1400u);
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.tells({"\"loss\"", "not thinned", "another process"}));
    BOOST_TEST(tag(test::folder(scratch, run), "mlscribe.thinned_points.loss") == "none");
}

BOOST_AUTO_TEST_CASE(are_whole_whenever_somebody_reads) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.thinning = {most};
    options.flush_interval = std::chrono::milliseconds(1);
    mlscribe::run run = mlscribe::start_run(options);
    mlscribe::metric_handle loss = run.metric("loss");
    loss.log(value_at(0));
    run.flush();
    const std::string path = test::folder(scratch, run) + "/metrics/loss";
    std::atomic<bool> stopped{false};
    std::atomic<std::uint64_t> reads{0};
    std::uint64_t bad = 0;
    std::atomic<std::uint64_t> versions{0};
    std::thread reader([&] {
        std::size_t fewest = 1;
        ino_t before = 0;
        while (!stopped) {
            const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
            struct stat found {};
            std::string text(1 << 20, '\0');
            const ssize_t count = file < 0 ? -1 : ::pread(file, &text[0], text.size(), 0);
            if (count <= 0 || ::fstat(file, &found) != 0) {
                ++bad;
                continue;
            }
            text.resize(static_cast<std::size_t>(count));
            const auto summary = mlscribe::for_each_metric_line(text, [&](const auto& line) {
                const auto step = static_cast<std::uint64_t>(line.line.row.step);
                if (line.line.row.value != value_at(step)) ++bad;
            });
            if (summary.damaged != 0 || summary.torn_bytes != 0 || summary.rows < fewest) ++bad;
            if (summary.rows >= most * 3 / 4) fewest = most * 3 / 8;
            if (found.st_ino != before) ++versions;
            before = found.st_ino;
            ::close(file);
            ++reads;
        }
    });
    std::uint64_t step = 1;
    for (; step < 20000 || reads < 100 || versions < 10; ++step) {
        loss.log(value_at(step));
        if (step % 64 == 0) pause_for(1);
    }
    run.end();
    stopped = true;
    reader.join();
    BOOST_TEST(bad == 0u);
    expect_thinned(test::folder(scratch, run), "loss", step);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(are_those_of_an_unkilled_run_after_kills_at_any_time) {
    std::mt19937_64 random(test::seed(4711));
    std::uint64_t points = 0;
    for (int run = 0; run < 6; ++run) {
        killed_run killed(random);
        for (int life = 0; life < 6; ++life) {
            BOOST_TEST_CONTEXT("run " << run << ", life " << life) {
                killed.live(0, test::call_end::died_before, 0);
                if (random() % 2 == 0) continue;  // whoever resumes the run recovers it
                killed.recover();
                killed.check();
            }
        }
        killed.recover();
        killed.check();
        points += killed.points();
    }
    BOOST_TEST(points > 6u * most);
}

BOOST_AUTO_TEST_CASE(are_those_of_an_unkilled_run_after_a_death_at_every_call) {
    std::mt19937_64 random(test::seed(1));
    const unsigned calls =
        test::call_write | test::call_renameat | test::call_linkat | test::call_fsync;
    long next = 0;
    for (const test::call_end end :
         {test::call_end::died_before, test::call_end::half_died, test::call_end::died_after}) {
        killed_run killed(random);
        for (int life = 0; life < 12; ++life) {
            BOOST_TEST_CONTEXT("life " << life << ", call " << next) {
                killed.live(calls, end, next);
                next = (next + 7) % 61;
                if (life % 3 == 2) continue;
                killed.recover();
                killed.check();
            }
        }
        killed.recover();
        killed.check();
        BOOST_TEST(killed.points() > most);
    }
}

BOOST_AUTO_TEST_SUITE_END()
