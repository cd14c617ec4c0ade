// SPDX-License-Identifier: MIT
/// \file Writes a metric file again without its damages.
#ifndef MLSCRIBE_DOCTOR_METRIC_REWRITE_HPP
#define MLSCRIBE_DOCTOR_METRIC_REWRITE_HPP

#include <mlscribe/doctor/metric_file_check.hpp>
#include <mlscribe/doctor/open_writers.hpp>
#include <mlscribe/doctor/treatment.hpp>
#include <mlscribe/file/append.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Gathers what is to be written into large writes.
class gathered_bytes {
  public:
    void open(int file) noexcept { file_ = file; }
    void add(std::string_view bytes) {
        waiting_ += bytes;
        if (waiting_.size() >= std::size_t{1} << 20) flush();
    }
    /// Copies a piece of another file.
    void add_piece(const descriptor& from, std::uint64_t offset, std::uint64_t size) {
        std::string bytes;
        while (size != 0 && failed_ == 0) {
            bytes.resize(static_cast<std::size_t>((std::min)(size, std::uint64_t{1} << 20)));
            const ssize_t count =
                ::pread(from.get(), &bytes[0], bytes.size(), static_cast<off_t>(offset));
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) failed_ = count < 0 ? errno : EAGAIN;
            if (count <= 0) return;
            add(std::string_view(bytes).substr(0, static_cast<std::size_t>(count)));
            offset += static_cast<std::uint64_t>(count);
            size -= static_cast<std::uint64_t>(count);
        }
    }
    /// \return 0 or errno of anything so far
    int flush() {
        std::size_t written = 0;
        if (failed_ == 0 && !waiting_.empty()) failed_ = write_all(file_, waiting_, written);
        waiting_.clear();
        return failed_;
    }

  private:
    int file_ = -1;
    int failed_ = 0;
    std::string waiting_;
};

/// One metric file of a run. \threadsafety one thread at a time
class metric_rewrite {
  public:
    /// \param what  any finding of the file
    metric_rewrite(const treatment& taken, const directory& run, std::string below,
                   const descriptor& file, const finding& what)
        : taken_(taken), run_(run), below_(std::move(below)), file_(file), what_(what) {}

    /// Rewrites it beside the old one and takes that one's place. What another writer appends
    /// meanwhile is kept. \param kept  gets where the removed bytes are
    error run(metric_file_check& check, quarantine& away, std::string& kept) {
        struct stat before {};
        if (::fstat(file_.get(), &before) != 0) return refused(errno);
        descriptor pieces;
        if (error failure = away.open_pieces(what_, pieces, kept)) return failure;
        staged_file staged(run_);
        if (const int failed = staged.open()) return refused(failed);
        written_.open(staged.get());
        removed_.open(pieces.get());
        error unnoted;
        const auto note = [&] {
            if (size_ != 0 && !unnoted)
                unnoted = away.note(piece_, kept, piece_.line, offset_, size_);
            size_ = 0;
        };
        const int failed = check.for_each_line(
            taken_.mends(damage::duplicate_row),
            [&](const seen_line& line, const line_damage* what) {
                read_ = line.offset + line.size;
                if (what == nullptr || !taken_.mends(what->what)) {
                    return written_.add_piece(file_, line.offset, line.size);
                }
                if (!what->mended.empty()) written_.add(what->mended + '\n');
                removed_.add_piece(file_, line.offset, line.size);
                if (size_ == 0 || piece_.what != what->what || offset_ + size_ != line.offset) {
                    note();
                    piece_ = what_;
                    piece_.what = what->what;
                    piece_.line = line.number;
                    offset_ = line.offset;
                }
                size_ += line.size;
            });
        note();
        if (failed != 0) return refused(failed);
        if (unnoted) return unnoted;
        return put_in_place(before, staged, pieces);
    }

  private:
    error put_in_place(const struct stat& before, staged_file& staged, const descriptor& pieces) {
        int failed = written_.flush();
        if (failed == 0) failed = removed_.flush();
        if (failed == 0 && ::fsync(pieces.get()) != 0) failed = errno;
        if (failed == 0 && ::fchmod(staged.get(), before.st_mode & 07777) != 0) failed = errno;
        // Only root can give files away; who else mends a file owns it from now on.
        const bool is_given = ::fchown(staged.get(), before.st_uid, before.st_gid) == 0;
        static_cast<void>(is_given);
        if (failed == 0 && ::fsync(staged.get()) != 0) failed = errno;
        struct stat now {};
        if (failed == 0 && ::fstat(file_.get(), &now) != 0) failed = errno;
        if (failed != 0) return refused(failed);
        if (static_cast<std::uint64_t>(now.st_size) != read_) return is_written();
        struct stat named {};
        if (run_.status(below_, named) != 0 || named.st_ino != now.st_ino) return is_written();
        if (has_writers(file_)) return is_written();
        if (::lseek(staged.get(), 0, SEEK_END) == 0) return remove_empty(staged);
        failed = staged.rename_to(below_);
        return failed != 0 ? refused(failed) : follow();
    }

    /// Nothing of the file is left, and MLflow fails on an empty one.
    error remove_empty(staged_file& staged) {
        staged.discard();
        const int failed = run_.remove(below_);
        return failed != 0 ? refused(failed) : follow();
    }

    /// A writer that had opened the old file a moment ago may append to that.
    error follow() {
        for (int tries = 0; tries < 2000 && has_writers(file_); ++tries) {
            const timespec pause{0, 1000000};
            ::nanosleep(&pause, nullptr);
        }
        struct stat now {};
        if (::fstat(file_.get(), &now) != 0) return refused(errno);
        const auto size = static_cast<std::uint64_t>(now.st_size);
        if (size <= read_) return {};
        descriptor file;
        directory::place to;
        int failed = run_.locate(below_, missing::create, to);
        if (failed == 0) {
            file =
                descriptor(::openat(to.folder, to.leaf.c_str(),
                                    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
            if (!file) failed = errno;
        }
        if (failed != 0) return refused(failed);
        gathered_bytes late;
        late.open(file.get());
        late.add_piece(file_, read_, size - read_);
        failed = late.flush();
        return failed != 0 ? refused(failed) : error{};
    }

    error is_written() const {
        return {error_code::system, EAGAIN, "somebody writes it; repair it again later"};
    }
    error refused(int failed) const {
        return system_error("cannot write it again", what_.path, failed);
    }

    const treatment& taken_;
    const directory& run_;
    const std::string below_;
    const descriptor& file_;
    const finding& what_;
    gathered_bytes written_;
    gathered_bytes removed_;
    finding piece_;
    std::uint64_t offset_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t read_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
