// SPDX-License-Identifier: MIT
/// \file Whether a process writes a run, as its journals tell.
#ifndef MLSCRIBE_DOCTOR_RUN_WRITERS_HPP
#define MLSCRIBE_DOCTOR_RUN_WRITERS_HPP

#include <mlscribe/run/run_recovery.hpp>

#include <cerrno>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What the journals of a run, wherever they lie, tell of its writers.
struct run_writers {
    bool has_journals = false;
    bool are_alive = false;             ///< some of them
    bool are_out_of_sight = false;      ///< journals are named that cannot be seen from here
    std::string left = {};              ///< a journal whose writer is dead, or elsewhere
    liveness left_by = liveness::dead;  ///< what is known of that one
    std::string place = {};             ///< where journals lie outside of the run

    /// Whether somebody writes the run or may.
    bool may_write() const noexcept {
        return are_alive || are_out_of_sight || (!left.empty() && left_by != liveness::dead);
    }

    run_writers() = default;
    /// \param runs  whether its meta.yaml has no end for it
    run_writers(const directory& run, const std::string& run_id, bool runs) {
        look(run, {});
        const int untold = run.read(journal_tag_path, place, 1 << 16);
        if (untold == ENOENT || untold == ENOTDIR || place == journal_in_memory) {
            place.clear();
            return;
        }
        directory elsewhere;
        const bool had = has_journals;
        if (untold == 0 && directory::open(place, elsewhere) == 0) look(elsewhere, run_id);
        are_out_of_sight = runs && has_journals == had;
    }

  private:
    void look(const directory& where, std::string_view prefix) {
        for (const placed_journal& each : find_journals(where, prefix)) {
            has_journals = true;
            if (each.writer_is == liveness::alive) {
                are_alive = true;
            } else if (left.empty() || each.writer_is != liveness::dead) {
                left = each.name;
                left_by = each.writer_is;
            }
        }
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
