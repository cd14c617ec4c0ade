// SPDX-License-Identifier: MIT
/// \file The one thread of a process that writes points to disk while a run is open.
#ifndef MLSCRIBE_JOURNAL_DRAIN_THREAD_HPP
#define MLSCRIBE_JOURNAL_DRAIN_THREAD_HPP

#include <mlscribe/journal/termination.hpp>

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The open runs of this process and the thread that drains them. It starts with the first run
/// that wants it, has every signal blocked, and ends with the last such run. It is the library's
/// only state outside a run; never destroyed, so that a static run may end at any time.
/// \threadsafety any thread
class __attribute__((visibility("default"))) drain_registry {
  public:
    static drain_registry& instance() {
        static drain_registry* const registry = [] {
            auto* made = new drain_registry;
            termination::instance();  // a forked child should not have to make it
            static drain_registry* forked = made;
            ::pthread_atfork([] { forked->mutex_.lock(); }, [] { forked->mutex_.unlock(); },
                             [] { forked->forget_parent(); });
            return made;
        }();
        return *registry;
    }

    /// Before a run is seen: what add() needs for it.
    void make_room() {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (runs_.size() == runs_.capacity()) runs_.reserve(2 * runs_.size() + 1);
    }

    /// \param interval  how often the thread drains it; zero for a run that drains itself
    /// \return whether the thread does
    bool add(const reference<ledger>& run, std::chrono::milliseconds interval) {
        const std::lock_guard<std::mutex> lock(mutex_);
        runs_.push_back({run, interval, clock::now() + interval});
        if (interval.count() == 0) return false;
        if (threaded_ == 0 && !start()) {
            runs_.back().interval = std::chrono::milliseconds(0);
            return false;
        }
        ++threaded_;
        notify();
        return true;
    }

    /// Has a run end when its process is ended. \return false where too many runs are open
    bool hook(ending& run) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const bool hooked = termination::instance().add(run);
        notify();  // the thread waits in another way now
        return hooked;
    }
    /// The run has its end. Its `ending` is safe from handlers after
    /// termination::wait_for_handlers().
    void unhook(const ending& run) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        termination::instance().remove(run);
        notify();
    }

    /// Has the thread drain a run now.
    void wake(const ledger& run) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (entry& candidate : runs_) {
            if (candidate.run.get() == &run) candidate.due = clock::now();
        }
        notify();
    }

    /// After it the thread does not touch the run any more.
    void remove(const ledger& run) noexcept {
        std::unique_lock<std::mutex> lock(mutex_);
        const auto found = std::find_if(runs_.begin(), runs_.end(), [&run](const entry& candidate) {
            return candidate.run.get() == &run;
        });
        if (found == runs_.end()) return;
        const bool threaded = found->interval.count() != 0;
        runs_.erase(found);
        // A user's error handler may end the run from the thread itself.
        const bool inside = std::this_thread::get_id() == thread_.get_id();
        if (!inside) idle_.wait(lock, [this, &run] { return !is_drained(run); });
        if (!threaded || --threaded_ != 0) return;
        std::thread ended;
        ended.swap(thread_);
        ++generation_;
        notify();
        lock.unlock();
        if (inside) {
            ended.detach();
        } else if (ended.joinable()) {
            ended.join();
        }
    }

    /// True once: MLFLOW_RUN_ID resumes one run of a process, as MLflow's client does it.
    bool claim_environment_run() noexcept { return !environment_run_claimed_.exchange(true); }

  private:
    using clock = std::chrono::steady_clock;

    struct entry {
        reference<ledger> run;
        std::chrono::milliseconds interval;
        clock::time_point due;

        bool wakes_before(const entry& other) const noexcept {
            const bool wakes = interval.count() != 0;
            const bool other_wakes = other.interval.count() != 0;
            return wakes != other_wakes ? wakes : due < other.due;
        }
    };

    /// What a thread drains. One that ended its last run from the inside may be at it yet when the
    /// next thread has begun.
    struct work_in_hand {
        const ledger* run = nullptr;
        work_in_hand* next = nullptr;
    };
    bool is_drained(const ledger& run) const noexcept {
        const work_in_hand* each = in_hand_;
        while (each != nullptr && each->run != &run) each = each->next;
        return each != nullptr;
    }

    /// \return false where no thread can be had
    bool start() {
        sigset_t all;
        sigset_t before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        MLSCRIBE_TRY {
            thread_ = std::thread(&drain_registry::work, this, generation_);
        }
        MLSCRIBE_CATCH_ALL {}
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return thread_.joinable();
    }

    void work(std::size_t generation) noexcept {
#if defined(__linux__)
        ::pthread_setname_np(::pthread_self(), "mlscribe");
#endif
        std::unique_lock<std::mutex> lock(mutex_);
        termination::instance().set_drain_thread();
        work_in_hand mine{nullptr, in_hand_};
        in_hand_ = &mine;
        while (generation == generation_) {
            if (termination::instance().take_request()) {
                end_with_process(lock);
                continue;
            }
            const clock::time_point now = clock::now();
            const auto next =
                std::min_element(runs_.begin(), runs_.end(),
                                 [](const entry& a, const entry& b) { return a.wakes_before(b); });
            if (next == runs_.end() || next->interval.count() == 0) {
                wait(lock, (clock::time_point::max)());
                continue;
            }
            if (next->due > now) {
                wait(lock, next->due);
                continue;
            }
            next->due = now + next->interval;
            const reference<ledger> run = next->run;
            mine.run = run.get();
            lock.unlock();
            run->drain_all();
            lock.lock();
            mine.run = nullptr;
            idle_.notify_all();
        }
        work_in_hand** place = &in_hand_;
        while (*place != &mine) place = &(*place)->next;
        *place = mine.next;
    }

    void notify() noexcept {
        changed_.notify_all();
        if (sleeping_ != 0) termination::instance().wake();
    }

    /// Until `due` or notify(); a signal handler, which cannot notify(), wakes from a sleep only.
    void wait(std::unique_lock<std::mutex>& lock, clock::time_point due) {
        termination& hooks = termination::instance();
        if (!hooks.is_armed()) {
            if (due == (clock::time_point::max)()) return changed_.wait(lock);
            changed_.wait_until(lock, due);
            return;
        }
        // Rounded up, or it would wake too early to find anything due.
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due - clock::now());
        ++sleeping_;
        lock.unlock();
        hooks.sleep(left.count() + 1);
        lock.lock();
        // The thread of before, which has to see its end, may sleep yet.
        if (--sleeping_ != 0) hooks.wake();
    }

    /// Ends the runs that leave it to the thread. A handler waits for it, but not for ever.
    void end_with_process(std::unique_lock<std::mutex>& lock) noexcept {
        MLSCRIBE_TRY {
            std::vector<reference<ledger>> ended;
            ended.reserve(runs_.size());
            for (const entry& each : runs_) {
                if (each.interval.count() != 0) ended.push_back(each.run);
            }
            lock.unlock();
            for (const reference<ledger>& run : ended) run->end_with_process();
        }
        MLSCRIBE_CATCH_ALL {}
        if (!lock.owns_lock()) lock.lock();
    }

    /// In a forked child: the thread is gone and what the parent's handles log is not ours. Its
    /// runs stay held, since their destructors would act on the parent's run.
    void forget_parent() noexcept {
        for (entry& inherited : runs_) {
            inherited.run->disown();
            inherited.interval = std::chrono::milliseconds(0);
        }
        new (&thread_) std::thread;
        new (&changed_) std::condition_variable;
        new (&idle_) std::condition_variable;
        threaded_ = 0;
        in_hand_ = nullptr;
        sleeping_ = 0;
        ++generation_;
        termination::instance().forget_parent();
        mutex_.unlock();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable idle_;
    std::vector<entry> runs_;
    std::size_t threaded_ = 0;
    std::size_t generation_ = 0;
    std::size_t sleeping_ = 0;         // threads that sleep, where they might wait
    work_in_hand* in_hand_ = nullptr;  // of each thread
    std::thread thread_;
    std::atomic<bool> environment_run_claimed_{false};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
