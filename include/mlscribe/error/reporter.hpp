// SPDX-License-Identifier: MIT
/// \file Where failures go: a user's handler or stderr, at most a line a second, each text once.
#ifndef MLSCRIBE_ERROR_REPORTER_HPP
#define MLSCRIBE_ERROR_REPORTER_HPP

#include <mlscribe/error/blocked_signals.hpp>
#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/guarded.hpp>
#include <mlscribe/error/plain_text.hpp>
#include <mlscribe/error/strictness.hpp>

#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Delivers failures. With a handler each one is handed over; without, stderr gets at most one
/// write a second, a text is printed once, and what was held back is printed by close().
/// \threadsafety any thread
class reporter {
  public:
    reporter() = default;
    reporter(strictness policy, error_handler handler)
        : policy_(policy), handler_(std::move(handler)) {}

    strictness policy() const noexcept { return policy_; }
    const error_handler& handler() const noexcept { return handler_; }

    reporter(const reporter&) = delete;
    reporter& operator=(const reporter&) = delete;
    ~reporter() { close(); }

    /// For calls that never throw: under `raise` the failure is kept for the next call that may.
    void report(const error& failure) noexcept {
        MLSCRIBE_TRY {
            error plain = plain_error(failure);
            if (policy_ == strictness::raise && MLSCRIBE_HAS_EXCEPTIONS) {
                const std::lock_guard<std::mutex> lock(mutex_);
                if (!kept_) kept_ = std::move(plain);
                return;
            }
            deliver(plain);
        }
        MLSCRIBE_CATCH_ALL {
            report_without_memory(failure);
        }
    }

    /// For calls that may throw: throws under `raise`, else reports.
    void fail(const error& failure) {
#if MLSCRIBE_HAS_EXCEPTIONS
        if (policy_ == strictness::raise) throw logging_error(failure);
#endif
        report(failure);
    }

    /// For a forked child, where a thread that is gone may hold any lock: without one, at once,
    /// and under every policy. What the user's handler locks is the user's care.
    void report_in_child(const error& failure) const noexcept {
        MLSCRIBE_TRY {
            const error plain = plain_error(failure);
            if (handler_) return handler_(plain);
            print("mlscribe: " + plain.message + '\n');
        }
        MLSCRIBE_CATCH_ALL {}
    }

    /// Raises what a call that never throws had to keep. No effect under `report`.
    void raise_kept() {
#if MLSCRIBE_HAS_EXCEPTIONS
        if (policy_ != strictness::raise) return;
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!kept_) return;
        logging_error raised(kept_);  // without memory for it the error is kept
        kept_ = {};
        throw logging_error(std::move(raised));
#endif
    }

    /// Delivers what nobody raised, and prints what the limit of a line a second held back, in one
    /// write.
    void close() noexcept {
        MLSCRIBE_TRY {
            error kept;
            std::string line;
            std::string waiting;
            {
                const std::lock_guard<std::mutex> lock(mutex_);
                std::swap(kept, kept_);
                if (kept && !handler_) line = "mlscribe: " + kept.message + '\n';
                waiting = take_held_back();
            }
            print(line);
            print(waiting);
            if (kept && handler_) handler_(kept);
        }
        MLSCRIBE_CATCH_ALL {}
    }

  private:
    void deliver(const error& failure) {
        if (handler_) {
            handler_(failure);
            return;
        }
        // Without the lock: a stderr that takes nothing, as a stopped terminal, holds up one
        // thread.
        print(line_for_now(failure.message));
    }

    /// \return empty for a text that was told before, or is held back
    std::string line_for_now(const std::string& message) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const std::size_t text = std::hash<std::string>{}(message);
        if (printed_.size() < max_texts_ && !printed_.insert(text).second) return {};
        const std::int64_t now = milliseconds();
        if (last_print_ != 0 && now - last_print_ < 1000) {
            if (held_back_.size() < max_held_back_) {
                held_back_ += "mlscribe: " + message + '\n';
            } else {
                ++untold_count_;
            }
            ++held_back_count_;
            return {};
        }
        std::string line = "mlscribe: " + message;
        if (held_back_count_ != 0) {
            line += " (and " + std::to_string(held_back_count_) + " more, told when the run ends)";
        }
        line += '\n';
        last_print_ = now;
        return line;
    }

    /// The caller has the lock.
    std::string take_held_back() {
        if (untold_count_ != 0) {
            held_back_ += "mlscribe: " + std::to_string(untold_count_) + " more failures\n";
        }
        held_back_count_ = 0;
        untold_count_ = 0;
        return std::exchange(held_back_, {});
    }

    /// What could not be told whole: a user's handler has had its chance, stderr takes pieces.
    void report_without_memory(const error& failure) noexcept {
        if (!is_told_without_memory()) return;
        for (const std::string_view piece :
             {std::string_view("mlscribe: "), std::string_view(failure.message),
              std::string_view("\n")}) {
            print(piece.data(), piece.size());
        }
    }

    bool is_told_without_memory() noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (policy_ == strictness::raise && MLSCRIBE_HAS_EXCEPTIONS) {
            // The copy may have got as far as the code.
            if (!kept_ || kept_.message.empty()) kept_ = out_of_memory();
            return false;
        }
        if (handler_) return false;
        const std::int64_t now = milliseconds();
        if (last_print_ != 0 && now - last_print_ < 1000) {
            ++held_back_count_;
            ++untold_count_;
            return false;
        }
        last_print_ = now;
        return true;
    }

    static std::int64_t milliseconds() noexcept {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
    }

    static void print(const std::string& text) noexcept {
        print(text.data(), text.size());
    }
    static void print(const char* text, std::size_t size) noexcept {
        if (size == 0) return;
        blocked_signals no_sigpipe;
        if (::write(STDERR_FILENO, text, size) < 0) no_sigpipe.heed(errno);
    }

    static constexpr std::size_t max_texts_ = 256;
    static constexpr std::size_t max_held_back_ = 8192;

    strictness policy_ = strictness::report;
    error_handler handler_;
    std::mutex mutex_;
    error kept_;
    std::unordered_set<std::size_t> printed_;
    std::string held_back_;
    std::size_t held_back_count_ = 0;
    std::size_t untold_count_ = 0;
    std::int64_t last_print_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
