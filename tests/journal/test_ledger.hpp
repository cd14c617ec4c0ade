// SPDX-License-Identifier: MIT
/// \file A run's inside for tests of what stands between the loop and the disk.
#ifndef MLSCRIBE_TESTS_JOURNAL_TEST_LEDGER_HPP
#define MLSCRIBE_TESTS_JOURNAL_TEST_LEDGER_HPP

#include <mlscribe/journal/lane.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace test {

class test_ledger final : public mlscribe::detail::ledger {
  public:
    explicit test_ledger(bool recording = true) : ledger(recording) {}

    void drain_all() noexcept override {
        ++all_drains;
        if (on_drain_all) on_drain_all();
    }
    void hurry() noexcept override { ++hurries; }
    bool reclaim() noexcept override {
        ++reclaims;
        return on_reclaim && on_reclaim();
    }
    void refuse(const mlscribe::detail::series&, mlscribe::detail::refusal why) noexcept override {
        refused.push_back(why);
        lose(1);
    }
    void tell_disowned() noexcept override { ++disowned_told; }
    using ledger::set_due;

    std::atomic<int> all_drains{0};
    std::atomic<int> disowned_told{0};
    std::atomic<int> hurries{0};
    std::atomic<int> reclaims{0};
    std::function<void()> on_drain_all;
    std::function<bool()> on_reclaim;
    std::vector<mlscribe::detail::refusal> refused;
};

/// A series whose blocks stay in memory until the test takes their points.
class test_series final : public mlscribe::detail::series {
  public:
    using series::log;
    using series::series;

    void log(double value, std::int64_t step, std::int64_t time) noexcept override {
        if (!owner().recording()) return owner().lose(1);
        const std::lock_guard<std::mutex> lock(mutex_);
        by_name_.push_back({time, value, take_step(step, true)});
    }
    bool make_room(mlscribe::detail::lane& full) noexcept override {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++asked;
        if (!owner().recording() || blocks_.size() >= most_blocks) return false;
        blocks_.emplace_back(new mlscribe::detail::journal_block());
        full.fill(blocks_.back().get());
        return true;
    }
    void enter(mlscribe::detail::lane& opened) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        lanes_.push_back(&opened);
        if (lanes_.size() == 1) return;
        for (mlscribe::detail::lane* const each : lanes_) each->share();
    }
    void leave(mlscribe::detail::lane& closed) noexcept override {
        const std::lock_guard<std::mutex> lock(mutex_);
        lanes_.erase(std::remove(lanes_.begin(), lanes_.end(), &closed), lanes_.end());
    }

    std::size_t lanes() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return lanes_.size();
    }
    std::size_t blocks() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return blocks_.size();
    }

    /// The points that were not taken before: block by block, then those by name.
    std::vector<mlscribe::point> taken() {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::vector<mlscribe::point> points;
        for (const auto& block : blocks_) {
            const std::uint32_t count = block->count.load(std::memory_order_acquire);
            points.insert(points.end(), block->points + block->drained.load(),
                          block->points + count);
            block->drained.store(count);
        }
        points.insert(points.end(), by_name_.begin(), by_name_.end());
        by_name_.clear();
        return points;
    }

    std::size_t most_blocks = SIZE_MAX;
    std::size_t asked = 0;  ///< for room

  private:
    mutable std::mutex mutex_;
    std::vector<mlscribe::detail::lane*> lanes_;
    std::vector<std::unique_ptr<mlscribe::detail::journal_block>> blocks_;
    std::vector<mlscribe::point> by_name_;
};

/// One metric of one ledger.
struct logged_series {
    mlscribe::detail::reference<test_ledger> owner{new test_ledger};
    mlscribe::detail::reference<test_series> metric{new test_series(
        mlscribe::detail::reference<mlscribe::detail::ledger>(owner.get()), "loss", 0)};
};

}  // namespace test

#endif
