// SPDX-License-Identifier: MIT
/// \file A run's journal: where it lies, what a drain of it needs, and how it is left.
#ifndef MLSCRIBE_JOURNAL_RUN_JOURNAL_HPP
#define MLSCRIBE_JOURNAL_RUN_JOURNAL_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/journal_file.hpp>
#include <mlscribe/journal/writer.hpp>
#include <mlscribe/layout/metric_line.hpp>

#include <time.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where a journal came to lie, and what refused it before.
struct journal_place {
    enum class where { run, elsewhere, memory };
    where lies = where::run;
    int refused_elsewhere = 0;
    int refused_by_run = 0;
};

class run_journal {
  public:
    journal_file& file() noexcept { return file_; }
    /// None where not even memory could be had.
    journal_header* header() const noexcept { return file_.is_open() ? &file_.header() : nullptr; }

    /// Held while points of any series are written: the file has room for one intent.
    std::mutex& draining() noexcept { return draining_; }
    /// The same for a call that must not wait for a disk that hangs.
    std::unique_lock<std::mutex> try_draining() {
        std::unique_lock<std::mutex> lock(draining_, std::defer_lock);
        wait_for([&lock] { return lock.try_lock(); });
        return lock;
    }
    /// Held while blocks are taken away from lanes: by one thread at a time.
    std::mutex& taking() noexcept { return taking_; }
    /// Waits until nobody drains or a block is free. \return false when that takes too long
    bool wait_for_drain_or_room() {
        return wait_for([this] {
            return std::unique_lock<std::mutex>(draining_, std::try_to_lock) ||
                   !file_.is_exhausted();
        });
    }
    /// Grows while the disk takes points.
    std::uint64_t progress() const noexcept { return file_.commits(); }

    /// Room for the text of one write. Under draining().
    metric_block& text() noexcept { return *text_; }

    /// Makes the journal: in the directory `elsewhere` if that is named, else or if that is refused
    /// in the run's, else in memory. \param run outlives the journal
    /// \return 0, or errno when not even memory can be had
    int open(const directory& run, const std::string& run_id, const std::string& elsewhere,
             std::size_t capacity, journal_place& result) {
        if (!elsewhere.empty()) {
            name_ = run_id + writer::current().new_name();
            int failed = directory::open(elsewhere, elsewhere_);
            if (failed == 0) failed = file_.create(elsewhere_, name_, capacity);
            result.refused_elsewhere = failed;
            result.lies = journal_place::where::elsewhere;
            place_ = &elsewhere_;
            if (failed == 0) return 0;
        }
        name_ = writer::current().new_name();
        place_ = &run;
        result.lies = journal_place::where::run;
        result.refused_by_run = file_.create(run, name_, capacity);
        if (result.refused_by_run == 0) return 0;
        result.lies = journal_place::where::memory;
        place_ = nullptr;
        if (const int failed = file_.create_in_memory(capacity)) return failed;
        // An empty journal: should the process die, others see that the run has no end.
        const descriptor mark(uninterrupted::openat(
            run.get(), name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
        if (mark) place_ = &run;
        return 0;
    }

    /// Says what the run's end is, should the process die before meta.yaml says it.
    void note_end(std::uint32_t status, std::int64_t time) noexcept {
        if (!is_kept()) return;
        file_.header().end_time = time;
        file_.header().status.store(status);
    }

    /// Others see that this process lives.
    void beat() const noexcept {
        if (!is_kept()) return;
        uninterrupted::utimensat(place_->get(), name_.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
    }

    /// Whether what is left in it can be found again: not in memory, nor in a deleted file.
    bool outlives() const noexcept {
        if (!is_kept()) return false;
        struct stat found {};
        if (uninterrupted::fstat(file_.file().get(), &found) == 0) return found.st_nlink != 0;
        // The file system does not answer: what the name still leads to is there.
        return static_cast<bool>(descriptor(uninterrupted::openat(
            place_->get(), name_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)));
    }

    /// The end. \param done  false when somebody has to finish what the disk refused
    void leave(bool done) noexcept {
        if (!is_kept() || left_.exchange(true)) return;
        if (done) {
            place_->remove(name_);
        } else {
            file_.header().left.store(1);
        }
    }

  private:
    bool is_kept() const noexcept { return place_ != nullptr && !left_; }

    /// At most 50 ms; when these were not enough, for a second not at all: a disk that hangs must
    /// not cost every point a wait.
    template <class Done>
    bool wait_for(Done&& done) {
        if (done()) return true;
        const std::int64_t now = milliseconds_now();
        const std::uint64_t before = progress();
        const std::int64_t gave_up = gave_up_at_.load(std::memory_order_relaxed);
        if (now >= gave_up && now - gave_up < 1000) return false;
        for (int tries = 0; tries < 50; ++tries) {
            const timespec pause{0, 1000000};
            ::nanosleep(&pause, nullptr);
            if (done()) return true;
        }
        if (progress() == before) gave_up_at_.store(milliseconds_now(), std::memory_order_relaxed);
        return false;
    }

    journal_file file_;
    const directory* place_ = nullptr;  // none where no file can be had
    std::atomic<bool> left_{false};
    std::atomic<std::int64_t> gave_up_at_{INT64_MIN / 2};
    directory elsewhere_;
    std::string name_;
    std::mutex draining_;
    std::mutex taking_;
    // On the heap: a logging thread may have a small stack.
    const std::unique_ptr<metric_block> text_{new metric_block};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
