// SPDX-License-Identifier: MIT
/// \file What whoever drains a run asks at an interval, for numbers that nobody's loop logs.
#ifndef MLSCRIBE_JOURNAL_SAMPLER_HPP
#define MLSCRIBE_JOURNAL_SAMPLER_HPP

#include <mlscribe/journal/reference.hpp>

#include <atomic>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class sampler : public counted {
  public:
    /// Logs what it measures. One thread at a time, never in a signal handler nor in a forked
    /// child. The drain waits for it: it should not.
    virtual void sample() noexcept = 0;

    /// It is not asked any more; a sample that another thread takes at the moment goes on.
    /// \threadsafety any thread, also in a forked child
    void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }
    bool is_stopped() const noexcept { return stopped_.load(std::memory_order_relaxed); }

  private:
    std::atomic<bool> stopped_{false};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
