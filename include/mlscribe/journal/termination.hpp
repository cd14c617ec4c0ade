// SPDX-License-Identifier: MIT
/// \file The hooks on the end of a process, while runs are open that want to end with it.
#ifndef MLSCRIBE_JOURNAL_TERMINATION_HPP
#define MLSCRIBE_JOURNAL_TERMINATION_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/journal/ending.hpp>
#include <mlscribe/journal/signal_hooks.hpp>

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <memory>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Ends the runs of this process when a signal, std::terminate or std::exit does. Without a run
/// that asks for it nothing is hooked. Never destroyed, so that it works at any time.
/// \threadsafety what is not for any thread is called under the drain registry's lock
class __attribute__((visibility("default"))) termination {
  public:
    static constexpr std::size_t most_runs = 256;

    static termination& instance() {
        static termination* const made = new termination;
        return *made;
    }

    /// Hooks everything, for the first run. \return false where there is no room for one more
    bool add(ending& run) {
        std::atomic<ending*>* const slot = std::find(runs_, runs_ + most_runs, nullptr);
        if (slot == runs_ + most_runs) return false;
        if (!text_) text_.reset(new ending_text);
        if (count_++ == 0) install();
        slot->store(&run);
        return true;
    }

    /// Its memory is safe from handlers after wait_for_handlers().
    void remove(const ending& run) noexcept {
        std::atomic<ending*>* const slot = std::find(runs_, runs_ + most_runs, &run);
        if (slot == runs_ + most_runs) return;
        slot->store(nullptr);
        if (--count_ == 0) uninstall();
    }

    bool is_armed() const noexcept { return count_ != 0; }

    /// Until the handlers that may know of a run that was removed are done: at most as long as
    /// they wait for the drain thread. \threadsafety any thread
    void wait_for_handlers() const noexcept {
        while (handlers_.load() != 0) pause();
    }

    /// In a forked child: what was hooked is as it was; no run of the parent's is ended.
    void forget_parent() noexcept {
        std::fill(runs_, runs_ + most_runs, nullptr);
        if (count_ != 0) uninstall();
        count_ = 0;
        handlers_ = 0;
        leading_ = false;
        wanted_ = false;
        ::sem_init(&woken_, 0, 0);
    }

    /// The drain thread waits here while runs are hooked. \threadsafety any thread
    void sleep(std::int64_t milliseconds) noexcept {
        constexpr std::int64_t longest = 60 * 1000;
        const std::int64_t length = (std::min)((std::max)(milliseconds, std::int64_t{0}), longest);
        const auto end_by = [length](clockid_t clock) {
            const std::int64_t until = read_clock(clock) + length;
            return timespec{static_cast<time_t>(until / 1000),
                            static_cast<long>(until % 1000) * 1000000};
        };
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 30)
        const timespec end = end_by(CLOCK_MONOTONIC);
        ::sem_clockwait(&woken_, CLOCK_MONOTONIC, &end);
#else
        const timespec end = end_by(CLOCK_REALTIME);
        ::sem_timedwait(&woken_, &end);
#endif
    }
    void wake() noexcept {
        ::sem_post(&woken_);
    }

    /// Whether the drain thread, which is to say so, is asked to end all runs.
    bool take_request() noexcept {
        return wanted_.load() && wanted_.exchange(false);
    }
    void set_drain_thread() noexcept {
        drain_thread_.store(::pthread_self());
    }
    bool is_drain_thread() const noexcept {
        return ::pthread_equal(drain_thread_.load(), ::pthread_self()) != 0;
    }

  private:
    termination() noexcept {
        ::sem_init(&woken_, 0, 0);
    }

    /// While it lives no signal comes between, and what a handler looks at stays.
    class visit {
      public:
        explicit visit(termination& hooks) noexcept : hooks_(hooks) {
            sigset_t all;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_SETMASK, &all, &before_);
            hooks_.handlers_.fetch_add(1);
        }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;
        ~visit() {
            hooks_.handlers_.fetch_sub(1);
            ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        }

        /// Whether the thread blocked none of the signals: it is not in a handler of theirs.
        bool may_lock() const noexcept {
            return std::none_of(std::begin(ending_signals), std::end(ending_signals),
                                [this](const ending_signal& each) {
                                    return ::sigismember(&before_, each.number) == 1;
                                });
        }

      private:
        termination& hooks_;
        sigset_t before_;
    };

    static void pause() noexcept {
        const timespec little{0, 1000000};
        ::nanosleep(&little, nullptr);
    }

    void install() noexcept {
        process_.store(::getpid());
        hooks_.install(&termination::on_signal);
        const std::terminate_handler present = std::get_terminate();
        // As with signals: who took our place may call us, and must not be called by us.
        const bool is_theirs = terminate_replaced_ && present != previous_terminate_.load();
        if (present != &termination::on_terminate && !is_theirs) {
            previous_terminate_.store(present);
            std::set_terminate(&termination::on_terminate);
        }
        // It cannot be taken away again, and finds nothing to do.
        if (exit_hooked_) return;
        exit_hooked_ = true;
#if defined(__GLIBC__)
        ::on_exit([](int status, void*) { on_exit(status); }, nullptr);
#else
        std::atexit([] { on_exit(EXIT_FAILURE); });
#endif
    }

    void uninstall() noexcept {
        hooks_.remove(&termination::on_signal);
        if (std::get_terminate() == &termination::on_terminate) {
            std::set_terminate(previous_terminate_.load());
        } else {
            terminate_replaced_ = true;
        }
    }

    bool is_own_process() const noexcept {
        return process_.load() == ::getpid();
    }

    template <class Action>
    void for_each(Action&& action) noexcept {
        for (std::atomic<ending*>& slot : runs_) {
            if (ending* const run = slot.load()) action(*run);
        }
    }

    /// \return whether the signal is left to a loop, which will stop
    bool request(const end_cause& cause) noexcept {
        bool waits = false;
        for_each([&](ending& run) { waits = waits || run.waits_for_request(); });
        if (waits) for_each([&](ending& run) { run.request(cause); });
        return waits;
    }

    /// Ends all runs: by the drain thread, or what that does not manage here.
    void end_runs(const end_cause& cause) noexcept {
        std::int64_t wait = 0;
        for_each([&](ending& run) { wait = (std::max)(wait, run.choices().wait); });
        const std::int64_t deadline = read_clock(CLOCK_MONOTONIC) + wait;
        const auto is_late = [deadline] { return read_clock(CLOCK_MONOTONIC) >= deadline; };
        // Two threads may be hit at once.
        while (leading_.exchange(true)) {
            if (is_late()) return;
            pause();
        }
        const std::int64_t now = milliseconds_now();
        for_each([&](ending& run) { run.begin(cause, now); });
        if (!is_drain_thread() && awaits_thread()) {
            wanted_.store(true);
            wake();
            while (awaits_thread() && !is_late()) pause();
        }
        for_each([&](ending& run) { run.write(now, *text_); });
        leading_.store(false);
    }

    bool awaits_thread() noexcept {
        bool awaits = false;
        for_each([&](ending& run) { awaits = awaits || run.awaits_thread(); });
        return awaits;
    }

    static void on_signal(int number, siginfo_t* info, void* context) {
        const int error_before = errno;
        termination& self = instance();
        const std::size_t index = index_of_ending_signal(number);
        const ending_signal& which = ending_signals[index];
        signal_action previous = self.hooks_.previous(index);
        bool ends = true;
        if (self.is_own_process()) {
            const visit visiting(self);
            previous = self.hooks_.previous(index);
            const bool asks = which.cause.status == run_status::killed;
            ends = !asks || !self.request(which.cause);
            if (ends) self.end_runs(which.cause);
            if (ends && signal_hooks::ends_process(previous)) {
                self.for_each([](ending& run) { run.leave_to_others(); });
            }
        }
        if (ends || !signal_hooks::ends_process(previous)) {
            signal_hooks::pass_on(previous, which, info, context);
        }
        errno = error_before;
    }

    [[noreturn]] static void on_terminate() noexcept {
        termination& self = instance();
        const std::terminate_handler previous = self.previous_terminate_.load();
        if (self.is_own_process()) {
            const visit visiting(self);
            self.end_runs(ended_by_terminate);
        }
        if (previous != nullptr) previous();
        std::abort();
    }

    static void on_exit(int status) noexcept {
        termination& self = instance();
        if (!self.is_own_process()) return;
        const visit visiting(self);
        const end_cause& cause = status == EXIT_SUCCESS ? ended_by_exit : ended_by_failed_exit;
        if (visiting.may_lock()) {
            self.for_each([&cause](ending& run) { run.end_unless_threaded(cause); });
        }
        self.end_runs(cause);
        self.for_each([](ending& run) {
            run.leave_to_others();
            run.abandon();
        });
    }

    std::atomic<ending*> runs_[most_runs]{};
    std::size_t count_ = 0;
    bool exit_hooked_ = false;
    bool terminate_replaced_ = false;
    std::unique_ptr<ending_text> text_;
    signal_hooks hooks_;
    std::atomic<std::terminate_handler> previous_terminate_{nullptr};
    std::atomic<pid_t> process_{0};
    std::atomic<int> handlers_{0};  // that are at work
    std::atomic<bool> leading_{false};
    std::atomic<bool> wanted_{false};
    std::atomic<pthread_t> drain_thread_{};
    sem_t woken_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
