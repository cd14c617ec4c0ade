// SPDX-License-Identifier: MIT
/// \file A series with its way to the disk: lanes get blocks, blocks become rows of a file.
#ifndef MLSCRIBE_JOURNAL_WRITTEN_SERIES_HPP
#define MLSCRIBE_JOURNAL_WRITTEN_SERIES_HPP

#include <mlscribe/journal/file_synchronisation.hpp>
#include <mlscribe/journal/lane.hpp>
#include <mlscribe/journal/processors.hpp>
#include <mlscribe/journal/run_journal.hpp>
#include <mlscribe/journal/series_drain.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Why a drain is asked for: by the clock, by a full journal, by the user, or for the last time.
enum class drain_reason { due, room, flush, end };

/// What the disk refuses stays in the blocks and is tried again once a second.
/// \threadsafety any thread
class written_series final : public series {
  public:
    /// \param drain  none for a key that was refused: all its points are lost
    written_series(reference<ledger> owner, std::string key, std::int64_t next_step,
                   run_journal& journal, std::optional<series_drain> drain)
        : series(std::move(owner), std::move(key), next_step),
          journal_(journal),
          drain_(std::move(drain)) {}

    using series::log;
    void log(double value, std::int64_t step, std::int64_t time) noexcept override {
        MLSCRIBE_TRY {
            // Whoever makes room may report, and a report may log by this name.
            for (int attempt = 0; drain_ && attempt < most_attempts; ++attempt) {
                if (!owner().recording()) break;
                bool took_block = false;
                const bool logged = log_by_name(value, step, time, took_block);
                if (took_block) hurry_if_pressed();
                if (logged) return;
                if (!owner().reclaim()) break;
            }
        }
        MLSCRIBE_CATCH_ALL {}
        owner().lose(1);
    }

    bool make_room(lane& full) noexcept override {
        MLSCRIBE_TRY {
            for (int attempt = 0; drain_ && attempt < most_attempts; ++attempt) {
                if (!owner().recording()) break;
                if (give_block(full) == 0) {
                    hurry_if_pressed();
                    return true;
                }
                if (!owner().reclaim()) break;
            }
        }
        MLSCRIBE_CATCH_ALL {}
        return false;
    }

    void enter(lane& opened) override {
        if (owner().is_disowned()) return;
        const std::lock_guard<std::mutex> lock(lock_);
        lanes_.push_back(&opened);
        held_.reserve(2 * lanes_.capacity());
        if (shared_) return opened.share();
        if (lanes_.size() == 1) return;
        shared_ = true;
        for (lane* const each : lanes_) each->share();
        synchronise_processors();
        wait_outside();
    }

    void leave(lane& closed) noexcept override {
        if (owner().is_disowned()) return;
        const std::lock_guard<std::mutex> lock(lock_);
        lanes_.erase(std::remove(lanes_.begin(), lanes_.end(), &closed), lanes_.end());
        if (journal_block* const left = closed.empty()) put_aside(*left);
    }

    void thin(std::int64_t points) noexcept override {
        if (points < 0) return owner().refuse_thinning(*this, points);
        keep_.store(points, std::memory_order_relaxed);
    }

    /// Writes what is stored. \return 0 or errno; EAGAIN while a refusing disk is left alone
    int drain(drain_reason reason) {
        if (!drain_) return 0;
        std::size_t parts = 1;
        {
            const std::lock_guard<std::mutex> lock(lock_);
            parts += 2 * blocks_.size() / part(lanes_.size());
        }
        // So that who waits for a block gets one soon.
        int failed = 0;
        if (reason == drain_reason::room) parts = 1;
        while (parts-- != 0 && failed == 0) failed = drain_part(reason);
        if (failed == 0 && reason == drain_reason::end) finish_thinning();
        return failed;
    }
    /// After the last drain: what somebody wrote into a thinned file meanwhile is kept.
    void look_back() noexcept {
        MLSCRIBE_TRY {
            const std::lock_guard<std::mutex> draining(journal_.draining());
            if (drain_) drain_->carry_over(journal_.text());
        }
        MLSCRIBE_CATCH_ALL {}
    }
    /// What the user should hear of the thinning, once.
    error take_problem() {
        const std::lock_guard<std::mutex> lock(lock_);
        return std::exchange(problem_, error{});
    }

    /// Writes what is stored and tells where the rows end. See series_drain::mark().
    /// \return 0 or errno, where points still wait
    int mark(rows_tail& tail) {
        if (!drain_) return 0;
        if (const int failed = drain(drain_reason::flush)) return failed;
        const std::lock_guard<std::mutex> draining(journal_.draining());
        return drain_->mark(tail);
    }

    /// Has what was written reach the disk; what is refused is tried again the next time.
    /// \param failed  receives 0 or errno \return whether there was anything
    bool synchronise(int& failed) noexcept {
        return drain_ && synchronisation_.carry_out(drain_->file(), failed);
    }
    int refused_synchronisation() const noexcept { return synchronisation_.refused(); }

    /// Takes the blocks away from all lanes, which then look for others. Between the two calls
    /// comes synchronise_processors().
    void begin_taking() {
        const std::lock_guard<std::mutex> lock(lock_);
        for (lane* const each : lanes_) {
            if (journal_block* const left = each->empty()) taken_.push_back(left);
        }
    }
    /// \param frees  under the journal's draining(): gives back what is drained
    void finish_taking(bool frees) {
        const std::lock_guard<std::mutex> lock(lock_);
        wait_outside();
        for (journal_block* const each : taken_) put_aside(*each);
        taken_.clear();
        if (frees) free_drained(blocks_.size());
    }

    /// The run does not record any more and all processors know it: waits for the last points.
    void close() {
        reference<lane> by_name;
        {
            const std::lock_guard<std::mutex> lock(by_name_lock_);
            std::swap(by_name, by_name_);
            closed_ = true;
        }
        const std::lock_guard<std::mutex> lock(lock_);
        wait_outside();
    }

    /// A point that was logged last by one of the lanes. \return false when none is at hand
    bool latest(point& found) {
        const std::lock_guard<std::mutex> lock(lock_);
        found.timestamp = INT64_MIN;
        for (const lane* const each : lanes_) {
            point last{};
            if (each->latest(last) && last.timestamp > found.timestamp) found = last;
        }
        return found.timestamp != INT64_MIN;
    }

    /// Points that wait for the disk. \param lasting  those that outlive the process, or the others
    std::uint64_t waiting(bool lasting) {
        const std::lock_guard<std::mutex> lock(lock_);
        std::uint64_t points = 0;
        for (const journal_block* const each : blocks_) {
            if (journal_.file().lasts(*each) == lasting) points += undrained(*each);
        }
        return points;
    }

    /// When the oldest block that discard() could empty was handed out; UINT64_MAX without one.
    std::uint64_t oldest_order() {
        const std::lock_guard<std::mutex> lock(lock_);
        const journal_block* const oldest = oldest_block();
        return oldest == nullptr ? UINT64_MAX : oldest->order.load(std::memory_order_relaxed);
    }
    /// Forgets the points of the oldest block. Under the journal's draining().
    /// \return how many
    std::uint64_t discard_oldest() {
        const std::lock_guard<std::mutex> lock(lock_);
        journal_block* const oldest = oldest_block();
        if (oldest == nullptr) return 0;
        const std::uint32_t count = oldest->count.load(std::memory_order_acquire);
        const std::uint32_t lost = count - oldest->drained.load(std::memory_order_relaxed);
        oldest->drained.store(count, std::memory_order_release);
        free_drained(blocks_.size());
        return lost;
    }

  private:
    // Other threads may take what was reclaimed.
    static constexpr int most_attempts = 50;

    bool log_by_name(double value, std::int64_t step, std::int64_t time, bool& took_block) {
        const std::lock_guard<std::mutex> lock(by_name_lock_);
        if (!by_name_ && !closed_) by_name_ = open_lane(*this);
        if (!by_name_) return false;
        by_name_->set_owner(this_thread());
        if (by_name_->store(value, step, time)) return true;
        took_block = give_block(*by_name_) == 0;
        return took_block && by_name_->store(value, step, time);
    }

    void hurry_if_pressed() {
        if (journal_.file().is_pressed()) owner().hurry();
    }

    /// \return ENOMEM or another reason why there is no block
    int give_block(lane& full) {
        const std::lock_guard<std::mutex> lock(lock_);
        if (!spares_.empty()) {
            journal_block* const spare = spares_.back();
            spares_.pop_back();
            journal_.file().hand_out_again(*spare);
            full.fill(spare);
            return 0;
        }
        if (!named_) {
            if (const int failed = journal_.file().add_key(key(), id_)) return failed;
            // Before there are points: whoever recovers them thins them. Else the drain adds it.
            const std::int64_t keep = keep_.load(std::memory_order_relaxed);
            if (keep != 0) journal_.file().add_thinned(id_, keep, thinned_);
            named_ = true;
        }
        // Before the block is taken: memory may be out, and what follows must not ask for any.
        if (blocks_.size() == blocks_.capacity()) blocks_.reserve(2 * blocks_.size() + 4);
        for (auto* const each : {&spares_, &taken_, &freed_}) each->reserve(blocks_.capacity());
        journal_block* taken = nullptr;
        if (const int failed = journal_.file().take(id_, taken)) return failed;
        blocks_.push_back(taken);
        full.fill(taken);
        return 0;
    }

    /// A block that no lane fills any more is for the next one.
    void put_aside(journal_block& left) {
        if (left.count.load(std::memory_order_acquire) < journal_block::capacity) {
            spares_.push_back(&left);
        }
    }

    void wait_outside() const noexcept {
        for (const lane* const each : lanes_) {
            while (each->inside()) ::sched_yield();
        }
    }

    /// Blocks that are drained at once. A lane's present block fills again meanwhile.
    static constexpr std::size_t part(std::size_t lanes) noexcept { return 128 + 2 * lanes; }

    static std::uint32_t undrained(const journal_block& block) noexcept {
        return block.count.load(std::memory_order_acquire) -
               block.drained.load(std::memory_order_relaxed);
    }

    /// Not one that the drain has taken rows from, which it will write when the disk lets it.
    journal_block* oldest_block() const noexcept {
        journal_block* oldest = nullptr;
        for (journal_block* const each : blocks_) {
            if (undrained(*each) == 0 || drain_->holds(journal_.file().index_of(*each))) continue;
            if (oldest == nullptr || each->order.load(std::memory_order_relaxed) <
                                         oldest->order.load(std::memory_order_relaxed)) {
                oldest = each;
            }
        }
        return oldest;
    }

    int drain_part(drain_reason reason) {
        const bool waits = reason == drain_reason::flush || reason == drain_reason::end;
        auto draining =
            waits ? std::unique_lock<std::mutex>(journal_.draining()) : journal_.try_draining();
        if (!draining) return EAGAIN;
        // The journal of an ended run may be somebody else's by now.
        if (reason != drain_reason::end && !owner().recording()) return 0;
        const std::int64_t now = milliseconds_now();
        if (!waits && now < retry_at_ && now > retry_at_ - 2000) return EAGAIN;
        std::size_t seen = 0;
        thinned_series* thinned = nullptr;
        {
            const std::lock_guard<std::mutex> lock(lock_);
            thinned = thinned_;
            drained_now_.clear();
            const std::size_t most = part(lanes_.size());
            for (seen = 0; seen != blocks_.size() && drained_now_.size() != most; ++seen) {
                if (undrained(*blocks_[seen]) != 0) drained_now_.push_back(blocks_[seen]);
            }
            if (drained_now_.empty()) {
                if (blocks_.size() > lanes_.size()) free_drained(blocks_.size());
                return 0;
            }
        }
        drain_->thin(keep_.load(std::memory_order_relaxed), thinned);
        std::uint64_t repeated = 0;
        const int failed =
            drain_->write(journal_.file(), id_, drained_now_, journal_.text(), repeated);
        owner().repeat(repeated);
        synchronisation_.owe();
        if (failed != 0) retry_at_ = now + 1000;
        const std::lock_guard<std::mutex> lock(lock_);
        note_problem();
        free_drained(seen);
        return failed;
    }

    void finish_thinning() {
        const std::lock_guard<std::mutex> draining(journal_.draining());
        {
            const std::lock_guard<std::mutex> lock(lock_);
            if (!named_) return;
        }
        drain_->finish_thinning(journal_.file(), id_, journal_.text());
        const std::lock_guard<std::mutex> lock(lock_);
        note_problem();
    }
    void note_problem() noexcept {
        if (error problem = drain_->take_problem()) problem_ = std::move(problem);
    }

    /// Gives back those of the first `among` blocks that are drained and full or spare. Blocks come
    /// to the end and leave under the journal's draining() only.
    void free_drained(std::size_t among) {
        // A lane may be inside the block that it has, or had when it was taken away: it leaves that
        // for another one by itself, or whoever takes it away waits.
        held_ = taken_;
        for (const lane* const each : lanes_) held_.push_back(each->present());
        std::sort(held_.begin(), held_.end());
        freed_.clear();
        const auto is_free = [this](journal_block* each) {
            const std::uint32_t count = each->count.load(std::memory_order_acquire);
            if (count != each->drained.load(std::memory_order_relaxed)) return false;
            if (std::binary_search(held_.begin(), held_.end(), each)) return false;
            const auto spare = std::find(spares_.begin(), spares_.end(), each);
            if (spare == spares_.end() && count != journal_block::capacity) return false;
            freed_.push_back(each);
            if (spare != spares_.end()) spares_.erase(spare);
            return true;
        };
        const auto end = blocks_.begin() + static_cast<std::ptrdiff_t>(among);
        blocks_.erase(std::remove_if(blocks_.begin(), end, is_free), end);
        for (journal_block* const each : freed_) journal_.file().give_back(*each);
    }

    run_journal& journal_;
    std::optional<series_drain> drain_;
    std::int64_t retry_at_ = 0;
    file_synchronisation synchronisation_;
    std::atomic<std::int64_t> keep_{0};
    std::vector<journal_block*> drained_now_;

    std::mutex by_name_lock_;
    reference<lane> by_name_;
    bool closed_ = false;

    std::mutex lock_;  // for what follows
    std::vector<lane*> lanes_;
    bool shared_ = false;
    std::vector<journal_block*> blocks_;
    std::vector<journal_block*> spares_;  // of these, that no lane fills
    std::vector<journal_block*> taken_;
    std::vector<journal_block*> held_;
    std::vector<journal_block*> freed_;
    error problem_;
    thinned_series* thinned_ = nullptr;
    std::uint32_t id_ = 0;
    bool named_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
