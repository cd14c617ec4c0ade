// SPDX-License-Identifier: MIT
/// \file A run's inside for tests of what stands between the loop and the disk.
#ifndef MLSCRIBE_TESTS_JOURNAL_TEST_LEDGER_HPP
#define MLSCRIBE_TESTS_JOURNAL_TEST_LEDGER_HPP

#include <mlscribe/journal/series.hpp>

#include <atomic>
#include <functional>
#include <utility>
#include <vector>

namespace test {

class test_ledger final : public mlscribe::detail::ledger {
  public:
    explicit test_ledger(bool recording = true) : ledger(recording) {}

    bool drain(mlscribe::detail::series& full) noexcept override {
        ++drains;
        return on_drain && on_drain(full);
    }
    void drain_all() noexcept override {
        ++all_drains;
        if (on_drain_all) on_drain_all();
    }
    void refuse(const mlscribe::detail::series&, mlscribe::detail::refusal why) noexcept override {
        refused.push_back(why);
        lose(1);
    }
    using ledger::set_due;

    std::atomic<int> drains{0};
    std::atomic<int> all_drains{0};
    std::function<bool(mlscribe::detail::series&)> on_drain;
    std::function<void()> on_drain_all;
    std::vector<mlscribe::detail::refusal> refused;
};

/// A series whose points the test takes.
class test_series final : public mlscribe::detail::series {
  public:
    using series::series;
    std::vector<mlscribe::point> taken(bool close = false) {
        std::vector<mlscribe::point> points;
        take(points, close);
        return points;
    }
};

}  // namespace test

#endif
