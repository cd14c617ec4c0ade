// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/start_run.hpp>

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "cut_points.hpp"
#include "scratch_directory.hpp"
#include "seed.hpp"

using mlscribe::error_code;
using mlscribe::from_checkpoint;
using mlscribe::from_step;

namespace {

using steps = std::vector<std::int64_t>;

struct ended_run {
    test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    std::string folder;

    template <class Body>
    explicit ended_run(Body&& body) {
        mlscribe::run_options options = test::options(scratch, log);
        options.time_passes = false;
        mlscribe::run run = mlscribe::start_run(options);
        id = run.id();
        folder = test::folder(scratch, run);
        body(run);
    }
    template <class From>
    mlscribe::run resume(From from) {
        return mlscribe::resume_run(id, from, test::resuming(scratch, log));
    }
    std::string tag() const { return test::read_file(folder + "/tags/mlscribe.cut_points"); }
    bool has(const std::string& path) const { return test::exists(folder + '/' + path); }
};

}  // namespace

#define STEPS(key, ...)                                                                 \
    BOOST_TEST(test::steps(run.folder, key) == (std::vector<std::int64_t> __VA_ARGS__), \
               boost::test_tools::per_element())

BOOST_AUTO_TEST_SUITE(run_roll_back)

BOOST_AUTO_TEST_CASE(to_a_checkpoint) {
    ended_run run([](mlscribe::run& logged) {
        for (auto epoch : logged.epochs(6)) {
            logged.log_metric("before", 1.0);
            if (epoch == 3) logged.checkpoint("c");
            logged.log_metric("behind", 1.0);
            if (epoch > 3) logged.log_metric("late/one", 1.0);
        }
        logged.log_metric("final", 1.0);
    });
    run.resume(from_checkpoint{"c"}).log_metric("before", 2.0);
    STEPS("before", {0, 1, 2, 3, 4});
    STEPS("behind", {0, 1, 2, 3});
    BOOST_TEST(!run.has("metrics/late/one"));
    BOOST_TEST(!run.has("metrics/final"));
    BOOST_TEST(run.tag() == "7");
    BOOST_TEST((test::cut_steps(run.folder, 1, "behind") == steps{4, 5}));
    BOOST_TEST((test::cut_steps(run.folder, 1, "late/one") == steps{4, 5}));
    BOOST_TEST(run.log.all().empty());
    BOOST_TEST(test::meta(run.folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(what_is_logged_once_behind_the_loop_is_not_of_its_first_pass) {
    ended_run run([](mlscribe::run& logged) {
        for (auto epoch : logged.epochs(3)) {
            logged.log_metric("loss", 1.0);
            if (epoch == 0) logged.checkpoint("c");
        }
        BOOST_TEST(::usleep(20000) == 0);  // the clock moves on
        logged.log_metric("final", 1.0);
    });
    run.resume(from_checkpoint{"c"});
    STEPS("loss", {0});
    BOOST_TEST(!run.has("metrics/final"));
}

BOOST_AUTO_TEST_CASE(to_a_step) {
    ended_run run([](mlscribe::run& logged) {
        for ([[maybe_unused]] auto epoch : logged.epochs(6)) {
            logged.log_metric("loss", 1.0);
            logged.log_metric("val/loss", 1.0);
            logged.flush();
        }
        logged.log_metric("zero", 1.0, 0);
        logged.checkpoint("late");
    });
    const std::string weights = run.folder + "/artifacts/checkpoints/weights.bin";
    test::write_file(weights, "");
    std::filesystem::resize_file(weights, std::uintmax_t{2} << 30);
    BOOST_TEST(run.resume(from_step{3}).recording());
    BOOST_TEST(test::exists(weights));
    STEPS("loss", {0, 1, 2});
    STEPS("val/loss", {0, 1, 2});
    STEPS("zero", {0});
    BOOST_TEST(run.tag() == "6");
    BOOST_TEST(!run.has("artifacts/checkpoints/late.json"));
    BOOST_TEST(run.has("artifacts/cut_points/1/checkpoints/late.json"));
    BOOST_TEST(run.resume(from_step{3}).recording());
    BOOST_TEST(!run.has("artifacts/cut_points/2"));
    BOOST_TEST(run.resume(from_step{{"val/", 1}, {"zer", 0}}).recording());
    STEPS("loss", {0, 1, 2});
    STEPS("val/loss", {0});
    BOOST_TEST(!run.has("metrics/zero"));
    BOOST_TEST(run.tag() == "9");
    BOOST_TEST((test::cut_steps(run.folder, 2, "val/loss") == steps{1, 2}));
    BOOST_TEST(run.log.all().empty());
}

BOOST_AUTO_TEST_CASE(what_is_sampled_goes_by_time) {
    ended_run run([](mlscribe::run& logged) {
        const std::int64_t start = mlscribe::detail::milliseconds_now();
        for (std::int64_t i = 0; i < 10; ++i) {
            logged.log_metric("loss", 1.0, i / 2, mlscribe::timestamp{start + 10 * i});
            logged.log_metric("system/cpu", 1.0, 100 + i, mlscribe::timestamp{start + 10 * i - 1});
        }
        logged.log_metric("orbit", 1.0, 0, mlscribe::timestamp{17});
        logged.log_metric("orbit", 1.0, 9, mlscribe::timestamp{18});
    });
    run.resume(from_step{3});
    STEPS("loss", {0, 0, 1, 1, 2, 2});
    STEPS("orbit", {0});
    STEPS("system/cpu", {100, 101, 102, 103, 104, 105, 106});
}

BOOST_AUTO_TEST_CASE(a_run_without_points) {
    ended_run run([](mlscribe::run& logged) { logged.checkpoint("c"); });
    BOOST_TEST(run.resume(from_checkpoint{"c"}).recording());
    BOOST_TEST(run.resume(from_step{0}).recording());
    BOOST_TEST(!run.has("tags/mlscribe.cut_points"));
    BOOST_TEST(!run.has("artifacts/cut_points"));
    BOOST_TEST(run.log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read) {
    ended_run run([](mlscribe::run& logged) {
        logged.log_metric("a", 1.0);
        logged.log_metric("b", 1.0);
    });
    std::filesystem::remove(run.folder + "/metrics/a");
    std::filesystem::create_symlink("/dev/null", run.folder + "/metrics/a");
    BOOST_TEST(!run.resume(from_step{0}).recording());
    BOOST_TEST(run.log.count(error_code::system) == 1u);
    STEPS("b", {0});
    std::filesystem::remove(run.folder + "/metrics/a");
    BOOST_TEST(run.resume(from_step{0}).recording());
    BOOST_TEST(!run.has("metrics/b"));
}

// Random programs against the simplest model of a checkpoint: a copy of all files.
BOOST_AUTO_TEST_CASE(every_metric_is_as_it_was) {
    std::mt19937 random(test::seed(20));
    const auto draw = [&random](std::size_t below) {
        return static_cast<std::size_t>(random()) % below;
    };
    for (int round = 0; round < 12; ++round) {
        test::scratch_directory scratch;
        test::error_log log;
        mlscribe::run run;
        auto options = test::options(scratch, log);
        auto again = test::resuming(scratch, log);
        options.sync_interval = again.sync_interval = std::chrono::milliseconds(0);
        run = mlscribe::start_run(options);
        const std::string id(run.id());
        const std::string folder = test::folder(scratch, run);
        using snapshot = std::map<std::string, std::vector<std::string>>;
        std::vector<std::pair<std::string, snapshot>> checkpoints;
        std::size_t made = 0;
        double value = 0;
        for (int life = 0; life < 4; ++life) {
            const auto keep = [&] {
                const std::string name = "c" + std::to_string(made++);
                run.checkpoint(name);
                checkpoints.emplace_back(name, test::all_lines(folder + "/metrics"));
            };
            for (std::size_t parts = 1 + draw(6); parts != 0; --parts) {
                auto handle = run.metric("loss");
                if (draw(2) == 0) keep();
                for (std::size_t i = draw(300); i != 0; --i) handle.log(1.0);  // many repeat
                const bool twice = draw(2) == 0;
                for (auto epoch : run.epochs(2 + draw(4))) {
                    handle.log(++value);
                    run.log_metric("val/loss", ++value);
                    run.log_metric("system/cpu", ++value);
                    const auto own = static_cast<std::int64_t>(++value);
                    run.log_metric("own count", value, own);
                    run.log_metric("own time", 1.0, own, mlscribe::timestamp{own});
                    if (draw(3) == 0 && epoch > 0) keep();
                }
                if (twice) {
                    // Not the step of a pass, which would be one of that pass.
                    const auto far = 1000000 + static_cast<std::int64_t>(++value);
                    run.log_metric("seldom/" + std::to_string(draw(3)), value, far);
                }
                if (draw(3) == 0) run.flush();
            }
            run.end();
            BOOST_REQUIRE(log.all().empty());
            if (checkpoints.empty()) break;
            const snapshot before = test::all_lines(folder + "/metrics");
            const std::size_t cut_before = test::cut_rows(folder);
            // Those behind it are gone after it.
            checkpoints.resize(1 + draw(checkpoints.size()));
            const auto& [name, expected] = checkpoints.back();
            run = mlscribe::resume_run(id, from_checkpoint{name}, again);
            BOOST_REQUIRE(run.recording());
            const snapshot after = test::all_lines(folder + "/metrics");
            BOOST_TEST_CONTEXT("round " << round << " life " << life << ' ' << name) {
                for (const auto& [key, lines] : expected) {
                    BOOST_TEST_CONTEXT(key) {
                        BOOST_REQUIRE(after.count(key) == 1u);
                        BOOST_TEST(after.at(key) == lines, boost::test_tools::per_element());
                    }
                }
                BOOST_REQUIRE(after == expected);
                BOOST_REQUIRE(test::cut_rows(folder) - cut_before ==
                              test::count(before) - test::count(after));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
