// SPDX-License-Identifier: MIT
/// \file Writes a metric file again without its damages.
#ifndef MLSCRIBE_DOCTOR_METRIC_REWRITE_HPP
#define MLSCRIBE_DOCTOR_METRIC_REWRITE_HPP

#include <mlscribe/doctor/metric_file_check.hpp>
#include <mlscribe/doctor/open_writers.hpp>
#include <mlscribe/doctor/treatment.hpp>

#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One metric file of a run. \threadsafety one thread at a time
class metric_rewrite {
  public:
    /// \param what         any finding of the file
    /// \param leaves_torn  whether a line without an end may be one that is being written
    metric_rewrite(const treatment& taken, const directory& run, std::string below,
                   const descriptor& file, const finding& what, bool leaves_torn)
        : taken_(taken),
          run_(run),
          below_(std::move(below)),
          file_(file),
          what_(what),
          leaves_torn_(leaves_torn) {}

    /// Rewrites it beside the old one and takes that one's place. What another writer appends
    /// meanwhile is kept. \param kept  gets where the removed bytes are
    error run(const metric_file_check& check, quarantine& away, std::string& kept) {
        struct stat before {};
        if (uninterrupted::fstat(file_.get(), &before) != 0) return refused(errno);
        if (error failure = refuse_written(file_, what_.path, taken_.silence())) return failure;
        descriptor pieces;
        if (error failure = away.open_pieces(what_, pieces, kept)) return failure;
        staged_file staged(run_);
        int failed = staged.open();
        if (failed == 0) failed = split(check, staged, pieces);
        error failure = failed != 0 ? refused(failed) : put_in_place(before, staged);
        if (failure) {
            away.discard(kept);
            return failure;
        }
        failure = list_pieces(check, away, kept);
        error late = keep_late_bytes(file_, read_, run_, below_, what_.path);
        return late ? late : failure;
    }

  private:
    /// Lines of one damage, one behind the other.
    struct removed_piece {
        damage what;
        std::uint64_t line;
        std::uint64_t offset;
        std::uint64_t size;
    };

    /// Writes what stays into one file and what goes into the other.
    int split(const metric_file_check& check, const staged_file& staged, const descriptor& pieces) {
        gathered_bytes stays;
        gathered_bytes goes;
        stays.open(staged.get());
        goes.open(pieces.get());
        std::uint64_t sound = 0;  // bytes up to the end of what was read that stay as they are
        const auto keep_sound = [&] {
            stays.add_piece(file_, read_ - sound, sound);
            sound = 0;
        };
        const auto take = [&](const seen_line& line, const line_damage* what) {
            if (what == nullptr) {
                sound += line.size;
            } else {
                keep_sound();
                if (!what->mended.empty()) stays.add(what->mended + '\n');
                goes.add_piece(file_, line.offset, line.size);
            }
            read_ = line.offset + line.size;
        };
        int failed = check.for_each_line([this](damage what) { return mends(what); }, take);
        keep_sound();
        if (failed == 0) failed = stays.flush();
        if (failed == 0) failed = goes.flush();
        if (failed == 0 && uninterrupted::fsync(pieces.get()) != 0) failed = errno;
        return failed;
    }

    bool mends(damage what) const {
        return taken_.mends(what) && !(leaves_torn_ && what == damage::torn_line);
    }

    /// Reads the old file again: there may be as many pieces as lines.
    error list_pieces(const metric_file_check& check, quarantine& away, const std::string& kept) {
        error failure;
        finding piece = what_;
        removed_piece last{};
        const auto list_last = [&] {
            if (last.size == 0 || failure) return;
            piece.what = last.what;
            failure = away.note(piece, kept, last.line, last.offset, last.size);
        };
        const auto take = [&](const seen_line& line, const line_damage* what) {
            // What came meanwhile was not taken away.
            if (what == nullptr || line.offset >= read_) return;
            const std::uint64_t size = (std::min)(std::uint64_t{line.size}, read_ - line.offset);
            if (last.size != 0 && last.what == what->what &&
                last.offset + last.size == line.offset) {
                last.size += size;
                return;
            }
            list_last();
            last = {what->what, line.number, line.offset, size};
        };
        const int failed = check.for_each_line([this](damage what) { return mends(what); }, take);
        list_last();
        return failed == 0 || failure ? failure : refused(failed);
    }

    error put_in_place(const struct stat& before, staged_file& staged) {
        // Only root can give files away; who else mends a file owns it from now on.
        const bool is_given = ::fchown(staged.get(), before.st_uid, before.st_gid) == 0;
        static_cast<void>(is_given);
        if (uninterrupted::fchmod(staged.get(), before.st_mode & 07777) != 0) return refused(errno);
        // The time of its last write tells whether the run lives.
        const timespec times[2] = {before.st_atim, before.st_mtim};
        if (uninterrupted::futimens(staged.get(), times) != 0) return refused(errno);
        if (uninterrupted::fsync(staged.get()) != 0) return refused(errno);
        struct stat now {};
        struct stat named {};
        if (uninterrupted::fstat(file_.get(), &now) != 0) return refused(errno);
        if (static_cast<std::uint64_t>(now.st_size) != read_ || run_.status(below_, named) != 0 ||
            named.st_ino != now.st_ino) {
            return {error_code::system, EAGAIN, "somebody writes it; repair it again later"};
        }
        if (error failure = refuse_written(file_, what_.path, taken_.silence())) return failure;
        // MLflow fails on a file without a row.
        const bool is_empty = ::lseek(staged.get(), 0, SEEK_END) == 0;
        const int failed = is_empty ? run_.remove(below_) : staged.rename_to(below_);
        return failed != 0 ? refused(failed) : error{};
    }

    error refused(int failed) const {
        return system_error("cannot write it again", what_.path, failed);
    }

    const treatment& taken_;
    const directory& run_;
    const std::string below_;
    const descriptor& file_;
    const finding& what_;
    const bool leaves_torn_;
    std::uint64_t read_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
