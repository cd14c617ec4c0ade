// SPDX-License-Identifier: MIT
/// \file Takes the place of signal handlers, calls those that were there, and leaves again.
#ifndef MLSCRIBE_JOURNAL_SIGNAL_HOOKS_HPP
#define MLSCRIBE_JOURNAL_SIGNAL_HOOKS_HPP

#include <mlscribe/journal/end_cause.hpp>

#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

#include <cstddef>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a signal did before it was hooked.
using signal_action = struct sigaction;

/// The hooks of one handler on all ending signals.
/// \threadsafety install() and remove() one at a time, and not while a handler may call previous()
class signal_hooks {
  public:
    using handler = void (*)(int, siginfo_t*, void*);

    /// Hooks every ending signal that is not ignored. One whose hook somebody replaced by a handler
    /// of theirs is left to them from then on: it may call ours, which must not call it.
    void install(handler ours) noexcept {
        for (std::size_t i = 0; i < ending_signal_count; ++i) {
            signal_action found;
            ::sigaction(ending_signals[i].number, nullptr, &found);
            if (is(found, ours)) continue;
            const bool is_default = !has_handler(found) && found.sa_handler == SIG_DFL;
            if (!is_default && (replaced_[i] || !has_handler(found))) continue;
            previous_[i] = found;
            signal_action hook{};
            hook.sa_sigaction = ours;
            // Calls that a signal without a handler never interrupted, since it ended the process,
            // go on.
            const int restart = is_default ? SA_RESTART : found.sa_flags & SA_RESTART;
            hook.sa_flags = SA_SIGINFO | SA_ONSTACK | restart;
            ::sigfillset(&hook.sa_mask);
            hooked_[i] = ::sigaction(ending_signals[i].number, &hook, nullptr) == 0;
        }
    }

    /// Puts back what was there, where the hook still is.
    void remove(handler ours) noexcept {
        for (std::size_t i = 0; i < ending_signal_count; ++i) {
            signal_action found;
            ::sigaction(ending_signals[i].number, nullptr, &found);
            if (is(found, ours)) {
                ::sigaction(ending_signals[i].number, &previous_[i], nullptr);
            } else if (hooked_[i] && has_handler(found)) {
                replaced_[i] = true;
            }
            hooked_[i] = false;
        }
    }

    const signal_action& previous(std::size_t index) const noexcept { return previous_[index]; }

    static bool ends_process(const signal_action& previous) noexcept {
        return !has_handler(previous) && previous.sa_handler == SIG_DFL;
    }

    /// Does what the signal would have done without the hook. Called by the handler, as the last.
    static void pass_on(const signal_action& previous, const ending_signal& which, siginfo_t* info,
                        void* context) {
        if (has_handler(previous)) return call(previous, which.number, info, context);
        if (!ends_process(previous)) return;
        signal_action fatal{};
        fatal.sa_handler = SIG_DFL;
        ::sigaction(which.number, &fatal, nullptr);
        // The instruction is done again: so the core is that of the fault.
        if (which.is_fault && info->si_code > 0) return;
        sigset_t own;
        ::sigemptyset(&own);
        ::sigaddset(&own, which.number);
        ::raise(which.number);
        ::pthread_sigmask(SIG_UNBLOCK, &own, nullptr);
    }

  private:
    static bool has_handler(const signal_action& action) noexcept {
        return (action.sa_flags & SA_SIGINFO) != 0 ||
               (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN);
    }
    static bool is(const signal_action& action, handler ours) noexcept {
        return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == ours;
    }

    /// With the signals blocked that would be if the kernel had called it.
    static void call(const signal_action& previous, int number, siginfo_t* info, void* context) {
        sigset_t mask = static_cast<const ucontext_t*>(context)->uc_sigmask;
        for (int each = 1; each < NSIG; ++each) {
            if (::sigismember(&previous.sa_mask, each) == 1) ::sigaddset(&mask, each);
        }
        if ((previous.sa_flags & SA_NODEFER) == 0) ::sigaddset(&mask, number);
        if ((static_cast<unsigned>(previous.sa_flags) & SA_RESETHAND) != 0) {
            signal_action once{};
            once.sa_handler = SIG_DFL;
            ::sigaction(number, &once, nullptr);
        }
        ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
        if ((previous.sa_flags & SA_SIGINFO) != 0) {
            previous.sa_sigaction(number, info, context);
        } else {
            previous.sa_handler(number);
        }
    }

    signal_action previous_[ending_signal_count]{};
    bool hooked_[ending_signal_count]{};
    bool replaced_[ending_signal_count]{};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
