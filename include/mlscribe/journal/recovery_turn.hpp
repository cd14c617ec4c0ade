// SPDX-License-Identifier: MIT
/// \file Recoveries of one run take turns.
#ifndef MLSCRIBE_JOURNAL_RECOVERY_TURN_HPP
#define MLSCRIBE_JOURNAL_RECOVERY_TURN_HPP

#include <mlscribe/file/directory.hpp>

#include <sys/file.h>
#include <time.h>

#include <cerrno>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// While it lives other recoveries of the run wait, so that whoever comes second sees all journals
/// that are left. That is a kindness and no more: after two seconds, or where the file system
/// refuses locks, a recovery goes on without, and claims keep its journals apart.
class recovery_turn {
  public:
    /// \param run  outlives the turn
    explicit recovery_turn(const directory& run) noexcept : run_(run) {
        for (int tries = 0; tries < 200; ++tries) {
            held_ = ::flock(run.get(), LOCK_EX | LOCK_NB) == 0;
            others_ = !held_ && errno == EWOULDBLOCK;
            if (held_ || (!others_ && errno != EINTR)) return;
            const timespec pause{0, 10 * 1000000};
            ::nanosleep(&pause, nullptr);
        }
    }
    recovery_turn(const recovery_turn&) = delete;
    recovery_turn& operator=(const recovery_turn&) = delete;
    /// Explicit: a process that was forked meanwhile has the descriptor, too.
    ~recovery_turn() {
        if (held_) ::flock(run_.get(), LOCK_UN);
    }

    bool is_held() const noexcept { return held_; }
    /// Whether somebody else has had it for too long.
    bool is_others() const noexcept { return others_; }

  private:
    const directory& run_;
    bool held_ = false;
    bool others_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
