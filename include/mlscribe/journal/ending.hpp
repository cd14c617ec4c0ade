// SPDX-License-Identifier: MIT
/// \file The end of a run that comes with the end of its process, as a signal handler brings it
/// about.
#ifndef MLSCRIBE_JOURNAL_ENDING_HPP
#define MLSCRIBE_JOURNAL_ENDING_HPP

#include <mlscribe/file/signal_safe_file.hpp>
#include <mlscribe/file/staged_file.hpp>
#include <mlscribe/journal/end_cause.hpp>
#include <mlscribe/journal/ledger.hpp>
#include <mlscribe/journal/run_journal.hpp>
#include <mlscribe/layout/meta_splice.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// How a run meets the end of its process.
struct ending_choices {
    bool threaded = false;         ///< the drain thread ends it
    bool may_stop_itself = false;  ///< a first signal only asks its loop to leave
    bool keeps_status = false;
    std::int64_t wait = 0;  ///< milliseconds that the drain thread is waited for
    std::int64_t start_time = 0;
};

/// Room for a meta.yaml and for what becomes of it: one handler at a time is at work.
struct ending_text {
    char before[std::size_t{64} << 10];
    char after[(std::size_t{64} << 10) + 64];
};

/// What a handler needs of one run, made ready before. Nothing that a handler may call asks for
/// memory or takes a lock. \threadsafety any thread
class ending {
  public:
    /// \param run, journal, folder  outlive it; the folder is the run's
    ending(ledger& run, run_journal& journal, const directory& folder,
           const ending_choices& choices)
        : run_(run),
          journal_(journal),
          head_(journal.header()),
          folder_(folder.get()),
          choices_(choices),
          staged_(staged_name()) {
        folder.open_below("tags", missing::fail, tags_);
    }
    ending(const ending&) = delete;
    ending& operator=(const ending&) = delete;

    const ending_choices& choices() const noexcept { return choices_; }

    /// Why the run ends, or is asked to; null while there is no reason.
    const end_cause* cause() const noexcept {
        const end_cause* const ends = cause_.load();
        return ends != nullptr ? ends : requested_.load();
    }
    bool stop_requested() const noexcept { return cause() != nullptr; }
    /// Whether its process is ending, not only asked to.
    bool has_begun() const noexcept { return cause_.load() != nullptr; }

    /// Whether one more signal may be left to the loop.
    bool waits_for_request() const noexcept {
        return choices_.may_stop_itself && !stop_requested();
    }
    void request(const end_cause& cause) noexcept {
        const end_cause* none = nullptr;
        requested_.compare_exchange_strong(none, &cause);
    }

    /// Says in the journal what the end is, should the process die before meta.yaml says it. The
    /// first cause stays. \param now  milliseconds since 1970
    void begin(const end_cause& cause, std::int64_t now) noexcept {
        const end_cause* none = nullptr;
        if (!cause_.compare_exchange_strong(none, &cause) || choices_.keeps_status) return;
        if (head_ != nullptr) head_->end_cause = cause.number;
        journal_.note_end(static_cast<std::uint32_t>(cause.status), end_time(now));
    }

    /// Ends a run that no thread drains, in the calling thread. Not for a handler.
    void end_unless_threaded(const end_cause& cause) noexcept {
        if (choices_.threaded || done_.load() || has_begun()) return;
        begin(cause, milliseconds_now());
        run_.end_with_process();
    }

    /// Whether the run itself writes its end: a handler has not, nor is at it.
    bool claim() noexcept { return claim(written_by::run); }
    bool is_written_by_handler() const noexcept { return writer_.load() == written_by::handler; }

    /// Whether a handler should wait for the drain thread.
    bool awaits_thread() const noexcept {
        return choices_.threaded && !done_.load() && !is_written_by_handler();
    }
    /// Whether nothing of it is left to do.
    bool is_done() const noexcept { return done_.load(); }
    void finish() noexcept { done_.store(true); }

    /// The handler writes the end; points stay in the journal. Where it cannot, for example because
    /// meta.yaml is unlike what it knows, the journal tells the end to recover().
    void write(std::int64_t now, ending_text& room) noexcept {
        if (done_.load() || !has_begun() || !claim(written_by::a_handler_now)) return;
        run_.stop_recording();
        const bool done = choices_.keeps_status || write_files(now, room);
        writer_.store(done ? written_by::handler : written_by::nobody);
    }

    /// The process dies at once: others may have the journal, wherever they run.
    void leave_to_others() noexcept {
        if (done_.load() || !has_begun() || head_ == nullptr) return;
        run_.stop_recording();
        // An append that is under way may still reach the file.
        if (head_->intended.load() == 0) journal_.leave(false);
    }

    /// The process exits: destructors that follow must not touch the run.
    void abandon() noexcept { abandoned_.store(true); }
    bool is_abandoned() const noexcept { return abandoned_.load(); }

  private:
    enum class written_by { nobody, a_handler_now, run, handler };

    bool claim(written_by who) noexcept {
        written_by none = written_by::nobody;
        return writer_.compare_exchange_strong(none, who);
    }

    std::int64_t end_time(std::int64_t now) const noexcept {
        return (std::max)(now, choices_.start_time);
    }

    bool write_files(std::int64_t now, ending_text& room) const noexcept {
        const ssize_t size =
            signal_safe_file::read(folder_, "meta.yaml", room.before, sizeof room.before);
        if (size < 0) return false;
        const end_cause& cause = *cause_.load();
        const meta_splice meta({room.before, static_cast<std::size_t>(size)});
        const std::size_t length =
            meta.write(cause.status, end_time(now), room.after, sizeof room.after);
        if (length == 0) return false;
        if (tags_) {
            signal_safe_file::replace(folder_, staged_.c_str(), tags_.get(), ended_by_tag,
                                      cause.name, std::char_traits<char>::length(cause.name));
        }
        return signal_safe_file::replace(folder_, staged_.c_str(), folder_, "meta.yaml", room.after,
                                         length);
    }

    ledger& run_;
    run_journal& journal_;
    journal_header* const head_;  // the rest of the journal may be growing
    const int folder_;
    const ending_choices choices_;
    const std::string staged_;
    directory tags_;
    std::atomic<const end_cause*> requested_{nullptr};
    std::atomic<const end_cause*> cause_{nullptr};
    std::atomic<written_by> writer_{written_by::nobody};
    std::atomic<bool> done_{false};
    std::atomic<bool> abandoned_{false};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
