// SPDX-License-Identifier: MIT
/// \file What one child of the kill campaign logs, and when it dies: all of it drawn from a seed.
#ifndef MLSCRIBE_TESTS_CAMPAIGN_CAMPAIGN_PLAN_HPP
#define MLSCRIBE_TESTS_CAMPAIGN_CAMPAIGN_PLAN_HPP

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "scenario/planned_calls.hpp"

namespace campaign {

/// How a series is logged. Only the main thread may log by the step of a range.
enum class style { counted, named, stepped, named_and_stepped, timed };

/// One stream of points of one thread.
struct lane_plan {
    int key = 0;
    int thread = 0;  ///< 0 is the main thread
    style how = style::counted;
};

/// A SIGKILL from outside after a time, or from within at a system call.
struct death {
    int microseconds = 0;
    unsigned calls = 0;  ///< bits of test::planned_call; none: from outside
    test::call_end end = test::call_end::died_after;
    long calls_before = 0;
};

enum class aftermath { recovered, recoveries_at_once, resumed };

struct child_plan {
    std::uint64_t seed = 0;
    int keys = 1;
    std::vector<lane_plan> lanes;
    bool ranged = false;  ///< the main thread logs inside nested ranges
    bool inline_drain = false;
    bool elsewhere = false;  ///< MLSCRIBE_JOURNAL_DIR
    bool throttled = true;
    bool during_start = false;
    int flush_milliseconds = 1;
    int pause_microseconds = 100;
    death end;
    aftermath after = aftermath::recovered;
    std::vector<death> helpers;  ///< deaths of those who recover before one succeeds
};

inline std::string key_name(int key) {
    return key % 2 == 0 ? "key" + std::to_string(key) : "group/key" + std::to_string(key);
}

/// A value says which point it is; as many digits as doubles have make lines of all lengths.
inline double value_of(std::size_t lane, std::uint64_t index) {
    const double whole = static_cast<double>(index * 64 + lane);
    return index % 3 == 0 ? whole : whole + 0.123456789;
}
inline bool read_value(double value, std::size_t& lane, std::uint64_t& index) {
    const auto whole = static_cast<std::uint64_t>(value);
    lane = static_cast<std::size_t>(whole % 64);
    index = whole / 64;
    return value_of(lane, index) == value;
}

inline std::int64_t step_of(std::uint64_t index) {
    return static_cast<std::int64_t>(index * 3 + 5);
}
/// Given times repeat and jump back.
inline std::int64_t time_of(std::uint64_t index) {
    return 1600000000000 + static_cast<std::int64_t>((index / 3) ^ 5);
}

class drawing {
  public:
    explicit drawing(std::uint64_t seed) : engine_(seed) {}

    int up_to(int most) { return std::uniform_int_distribution<int>(0, most)(engine_); }
    bool one_in(int n) { return up_to(n - 1) == 0; }

    death draw_death(int longest, unsigned calls, int most_calls) {
        death drawn;
        drawn.microseconds = up_to(longest);
        if (one_in(2)) {
            drawn.calls = calls;
            drawn.calls_before = up_to(most_calls);
            constexpr test::call_end ends[] = {
                test::call_end::died_before, test::call_end::died_after, test::call_end::half_died};
            drawn.end = ends[up_to(2)];
        }
        return drawn;
    }

  private:
    std::mt19937_64 engine_;
};

inline child_plan draw_plan(std::uint64_t seed) {
    drawing draw(seed);
    child_plan plan;
    plan.seed = seed;
    plan.keys = 1 + draw.up_to(4);
    plan.ranged = draw.one_in(3);
    plan.inline_drain = draw.one_in(4);
    plan.elsewhere = draw.one_in(10);
    plan.throttled = !draw.one_in(40);
    plan.during_start = draw.one_in(8);
    plan.flush_milliseconds = 1 + draw.up_to(3);
    plan.pause_microseconds = 20 + draw.up_to(150);
    for (int key = 0; key < plan.keys; ++key) {
        const auto how = static_cast<style>(draw.up_to(4));
        const bool by_range = plan.ranged && (how == style::counted || how == style::named);
        const int lanes = by_range || how == style::timed ? 1 : 1 + draw.up_to(1);
        for (int i = 0; i < lanes; ++i) {
            plan.lanes.push_back({key, by_range ? 0 : draw.up_to(2), how});
        }
    }
    constexpr unsigned drain_calls = test::call_write | test::call_linkat | test::call_unlinkat;
    plan.end = draw.draw_death(20000, drain_calls, 60);
    if (plan.during_start) {
        plan.end =
            draw.draw_death(4000, drain_calls | test::call_fallocate | test::call_renameat, 30);
    }
    const int after = draw.up_to(5);
    plan.after = after < 3   ? aftermath::recovered
                 : after < 4 ? aftermath::recoveries_at_once
                             : aftermath::resumed;
    constexpr unsigned recovery_calls = test::call_write | test::call_linkat | test::call_renameat |
                                        test::call_unlinkat | test::call_fsync;
    while (draw.one_in(3) && plan.helpers.size() < 4) {
        plan.helpers.push_back(draw.draw_death(4000, recovery_calls, 12));
    }
    return plan;
}

}  // namespace campaign

#endif
