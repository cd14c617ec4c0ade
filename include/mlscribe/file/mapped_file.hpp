// SPDX-License-Identifier: MIT
/// \file Memory that outlives the process: a file mapped shared, whose pages exist before use.
#ifndef MLSCRIBE_FILE_MAPPED_FILE_HPP
#define MLSCRIBE_FILE_MAPPED_FILE_HPP

#include <mlscribe/file/directory.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A range of addresses of which the first `size()` bytes may be used. Calls give 0 or errno.
/// \threadsafety grow() by one thread at a time; addresses never move
class mapped_file {
  public:
    mapped_file() noexcept = default;
    mapped_file(mapped_file&& other) noexcept
        : file_(std::move(other.file_)),
          address_(std::exchange(other.address_, nullptr)),
          capacity_(std::exchange(other.capacity_, 0)),
          size_(std::exchange(other.size_, 0)),
          lasting_(std::exchange(other.lasting_, 0)),
          refused_(std::exchange(other.refused_, 0)),
          stuck_(std::exchange(other.stuck_, false)) {}
    mapped_file& operator=(mapped_file&& other) noexcept {
        std::swap(file_, other.file_);
        std::swap(address_, other.address_);
        std::swap(capacity_, other.capacity_);
        std::swap(size_, other.size_);
        std::swap(lasting_, other.lasting_);
        std::swap(refused_, other.refused_);
        std::swap(stuck_, other.stuck_);
        return *this;
    }
    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;
    ~mapped_file() {
        if (address_ != nullptr) ::munmap(address_, capacity_);
    }

    /// Makes the file `name`, which must not exist, with `bytes` zeroed bytes.
    static int create(const directory& root, const std::string& name, std::size_t bytes,
                      std::size_t capacity, mapped_file& result) {
        mapped_file made;
        made.file_ = descriptor(uninterrupted::openat(
            root.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
        if (!made.file_) return errno;
        int failed = made.map(MAP_SHARED, capacity);
        if (failed == 0) failed = made.grow(bytes);
        if (failed != 0) {
            root.remove(name);
            return failed;
        }
        result = std::move(made);
        return 0;
    }

    /// Maps a file that exists, at its present size.
    static int open(const directory& root, const std::string& name, mapped_file& result) {
        mapped_file opened;
        if (const int failed = root.open_file(name, O_RDWR, opened.file_)) return failed;
        struct stat found {};
        if (uninterrupted::fstat(opened.file_.get(), &found) != 0) return errno;
        if (!S_ISREG(found.st_mode) || found.st_size <= 0) return EINVAL;
        const auto size = static_cast<std::size_t>(found.st_size);
        if (const int failed = opened.map(MAP_SHARED, size)) return failed;
        opened.size_ = size;
        opened.lasting_ = size;
        result = std::move(opened);
        return 0;
    }

    /// Memory of this process alone, for where no file can be had.
    static int anonymous(std::size_t capacity, mapped_file& result) {
        mapped_file made;
        if (const int failed = made.map(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, capacity)) {
            return failed;
        }
        result = std::move(made);
        return 0;
    }

    /// Makes the first `bytes` bytes usable. Blocks of the disk are taken now: a store to a page
    /// that the file system cannot back would end the process (SIGBUS). What the disk refuses of a
    /// file that is in use becomes memory of this process alone.
    /// \return ENOSPC, EDQUOT, EOPNOTSUPP… for the first bytes; ENOMEM beyond the capacity
    int grow(std::size_t bytes) noexcept {
        if (bytes <= size_) return 0;
        if (bytes > capacity_ || stuck_) return ENOMEM;
        if (file_ && refused_ == 0) {
            const int failed = allocate(bytes);
            if (failed != 0 && size_ == 0) return failed;
            if (failed != 0 && !forsake_file()) return failed;
            refused_ = failed;
            if (failed == 0) lasting_ = bytes;
        }
        size_ = bytes;
        return 0;
    }

    /// Gives up the descriptor and all but the first bytes, for good: the rest is the file's alone.
    void keep_first(std::size_t bytes) noexcept {
        file_ = descriptor();
        const std::size_t kept = whole_pages(bytes);
        if (kept >= capacity_ || ::munmap(data() + kept, capacity_ - kept) != 0) return;
        capacity_ = kept;
        size_ = (std::min)(size_, kept);
        lasting_ = (std::min)(lasting_, kept);
    }

    char* data() const noexcept { return static_cast<char*>(address_); }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    /// So many of the first bytes outlive the process.
    std::size_t lasting() const noexcept { return lasting_; }
    /// Why not all do; 0 for a file that the disk has refused nothing.
    int refused() const noexcept { return refused_; }
    const descriptor& file() const noexcept { return file_; }

  private:
    static std::size_t whole_pages(std::size_t bytes) noexcept {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        return (bytes + page - 1) / page * page;
    }

    int map(int flags, std::size_t capacity) noexcept {
        void* mapped = MAP_FAILED;
        retried([&] {
            mapped = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, flags, file_.get(), 0);
            return mapped == MAP_FAILED ? -1 : 0;
        });
        if (mapped == MAP_FAILED) return errno;
        address_ = mapped;
        capacity_ = capacity;
        return 0;
    }

    int allocate(std::size_t bytes) noexcept {
        blocked_signals no_sigxfsz;
        const int result = retried([&] {
            return ::fallocate(file_.get(), 0, static_cast<off_t>(size_),
                               static_cast<off_t>(bytes - size_));
        });
        return no_sigxfsz.heed(result == 0 ? 0 : errno);
    }

    /// Puts plain memory in the place of what the file does not reach.
    bool forsake_file() noexcept {
        const std::size_t kept = whole_pages(size_);
        // The disk may have given a part.
        uninterrupted::ftruncate(file_.get(), static_cast<off_t>(size_));
        if (kept >= capacity_) return true;
        // What it replaces may be gone even where it fails.
        stuck_ =
            ::mmap(data() + kept, capacity_ - kept, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED;
        return !stuck_;
    }

    descriptor file_;
    void* address_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
    std::size_t lasting_ = 0;
    int refused_ = 0;
    bool stuck_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
