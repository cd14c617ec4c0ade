// SPDX-License-Identifier: MIT
/// \file What all threads of a push share.
#ifndef MLSCRIBE_SYNC_PUSH_CONTEXT_HPP
#define MLSCRIBE_SYNC_PUSH_CONTEXT_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/store/store_root.hpp>
#include <mlscribe/sync/state_shelf.hpp>
#include <mlscribe/sync/sync_options.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether no other request can do better.
inline bool ends_push(const error& failure) noexcept {
    return failure.code == error_code::unreachable || failure.code == error_code::access_denied;
}

/// A run or model of the server.
struct remote_place {
    std::string id;
    std::string artifact_uri;
};

/// One push: from where, to where, and what is known of the other side. \threadsafety any thread
class push_context {
  public:
    push_context(const store_root& from, const sync_options& wishes)
        : store(from), options(wishes) {}
    push_context(const push_context&) = delete;
    push_context& operator=(const push_context&) = delete;

    const store_root& store;
    const sync_options& options;
    state_shelf shelf;
    bool server_has_models = false;

    /// Keeps the first failure after which nothing can be sent any more.
    void stop(const error& failure) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!stopped_) stopped_ = failure;
        is_stopped_ = true;
    }
    bool is_stopped() const noexcept { return is_stopped_; }
    /// For who tries again.
    error take_stop() {
        const std::lock_guard<std::mutex> lock(mutex_);
        is_stopped_ = false;
        return std::exchange(stopped_, error{});
    }

    /// What concerns no run.
    void note_failure(const error& failure) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto same = [&failure](const error& each) { return each.message == failure.message; };
        if (std::none_of(failures_.begin(), failures_.end(), same)) failures_.push_back(failure);
    }
    std::vector<error> take_failures() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return std::exchange(failures_, {});
    }

    /// A failure to remember is told once, and costs the next push some time.
    void save(const std::string& id, const push_state& state) {
        const int failed = shelf.save(id, state);
        if (failed == 0 || save_failed_.exchange(true)) return;
        note_failure(system_error("cannot remember what was pushed of", id, failed));
    }

    /// Totals are those of one look; what was sent stays counted.
    void begin_look() noexcept {
        runs_ = 0;
        runs_done_ = 0;
        points_ = points_done_.load();
        bytes_ = bytes_done_.load();
    }
    void expect(std::uint64_t points, std::uint64_t bytes) noexcept {
        points_ += points;
        bytes_ += bytes;
    }
    void expect_run() noexcept { ++runs_; }
    void count_run() {
        ++runs_done_;
        tell(true);
    }
    void count(std::uint64_t points, std::uint64_t bytes) {
        points_done_ += points;
        bytes_done_ += bytes;
        tell(false);
    }
    void tell(const pushed_run& run) {
        const std::lock_guard<std::mutex> lock(told_);
        if (options.on_run) options.on_run(run);
    }

  private:
    void tell(bool at_once) {
        if (!options.on_progress) return;
        constexpr std::int64_t pause = 50 * 1000000;
        const std::int64_t now = monotonic_nanoseconds();
        std::int64_t next = next_progress_;
        if (!at_once && now < next) return;
        if (!next_progress_.compare_exchange_strong(next, now + pause) && !at_once) return;
        const std::lock_guard<std::mutex> lock(told_);
        sync_progress progress{runs_done_, runs_, points_done_, points_, bytes_done_, bytes_};
        progress.points = (std::max)(progress.points, progress.points_done);
        progress.bytes = (std::max)(progress.bytes, progress.bytes_done);
        options.on_progress(progress);
    }

    std::mutex mutex_;
    std::mutex told_;
    error stopped_;
    std::vector<error> failures_;
    std::atomic<bool> is_stopped_{false};
    std::atomic<bool> save_failed_{false};
    std::atomic<std::uint64_t> runs_{0};
    std::atomic<std::uint64_t> runs_done_{0};
    std::atomic<std::uint64_t> points_{0};
    std::atomic<std::uint64_t> points_done_{0};
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<std::uint64_t> bytes_done_{0};
    std::atomic<std::int64_t> next_progress_{0};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
