// SPDX-License-Identifier: MIT
/// \file Copies a file's bytes by the cheapest way the system has, and keeps its holes.
#ifndef MLSCRIBE_FILE_COPY_BYTES_HPP
#define MLSCRIBE_FILE_COPY_BYTES_HPP

#include <mlscribe/file/system_calls.hpp>

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdint>
#include <memory>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Copies into an empty file what the source holds now: bytes that are appended meanwhile are not
/// waited for, and a source that is cut ends there. \cost 128 KiB of memory, disk for data only
class byte_copy {
  public:
    byte_copy(int source, int target) noexcept : source_(source), target_(target) {}

    /// \return 0 or errno
    int run() {
        struct stat found {};
        if (uninterrupted::fstat(source_, &found) != 0) return errno;
        blocked_signals no_sigxfsz;
#if defined(__linux__) && defined(_IOW)
        const unsigned long clone_file = _IOW(0x94, 9, int);  // FICLONE: the blocks are shared
        if (found.st_size != 0 && ::ioctl(target_, clone_file, source_) == 0) return 0;
        no_sigxfsz.heed(errno);
#endif
        // Files of /proc have no length and end all the same.
        return no_sigxfsz.heed(found.st_size == 0 ? copy_data(0, off_t{1} << 28)
                                                  : copy_segments(found.st_size));
    }

  private:
    int copy_segments(off_t size) {
        off_t at = 0;
        while (at < size && !ended_) {
            off_t data = at;
            off_t hole = size;
#if defined(SEEK_DATA) && defined(SEEK_HOLE)
            data = ::lseek(source_, at, SEEK_DATA);
            if (data < 0 && errno == ENXIO) break;  // only a hole is left, or the file was cut
            if (data < 0) data = at;
            if (data >= size) break;
            hole = ::lseek(source_, data, SEEK_HOLE);
            hole = hole < 0 ? size : (std::min)(hole, size);
            if (hole <= data) break;
#endif
            if (const int failed = copy_data(data, hole)) return failed;
            at = hole;
        }
        if (ended_) return 0;
        struct stat now {};
        if (uninterrupted::fstat(source_, &now) != 0) return errno;
        return uninterrupted::ftruncate(target_, (std::min)(now.st_size, size)) == 0 ? 0 : errno;
    }

    /// Copies [from, to); the end of the source before that sets ended_.
    int copy_data(off_t from, off_t to) {
#if defined(__linux__) && defined(SYS_copy_file_range)
        while (by_kernel_ && from < to) {
            std::int64_t in = from;
            std::int64_t out = from;
            const std::size_t most = std::size_t{1} << 30;
            const std::size_t wanted = (std::min)(static_cast<std::size_t>(to - from), most);
            const long count =
                ::syscall(SYS_copy_file_range, source_, &in, target_, &out, wanted, 0U);
            if (signals_.repeats(count)) continue;
            if (count < 0 && (errno == ENOSPC || errno == EFBIG || errno == EDQUOT)) return errno;
            // Some file systems refuse, others give 0 for what read() can: it has the last word.
            if (count <= 0) {
                by_kernel_ = false;
                break;
            }
            from += count;
        }
#endif
        constexpr std::size_t block_size = std::size_t{1} << 17;
        if (from < to && !block_) block_.reset(new char[block_size]);
        while (from < to) {
            const std::size_t wanted = (std::min)(static_cast<std::size_t>(to - from), block_size);
            const ssize_t count = ::pread(source_, block_.get(), wanted, from);
            if (signals_.repeats(count)) continue;
            if (count < 0) return errno;
            if (count == 0) {
                ended_ = true;
                return uninterrupted::ftruncate(target_, from) == 0 ? 0 : errno;
            }
            if (const int failed = write_at(from, static_cast<std::size_t>(count))) return failed;
            from += count;
        }
        return 0;
    }

    int write_at(off_t place, std::size_t size) noexcept {
        for (std::size_t done = 0; done < size;) {
            const ssize_t count = ::pwrite(target_, block_.get() + done, size - done,
                                           place + static_cast<off_t>(done));
            if (signals_.repeats(count)) continue;
            if (count < 0) return errno;
            if (count == 0) return EIO;
            done += static_cast<std::size_t>(count);
        }
        return 0;
    }

    int source_;
    int target_;
    interruptions signals_;
    bool by_kernel_ = true;
    bool ended_ = false;
    std::unique_ptr<char[]> block_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
