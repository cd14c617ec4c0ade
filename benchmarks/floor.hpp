// SPDX-License-Identifier: MIT
/// \file What a logged point costs at the least: its bytes stored, its text written.
#ifndef MLSCRIBE_BENCHMARKS_FLOOR_HPP
#define MLSCRIBE_BENCHMARKS_FLOOR_HPP

#include <fcntl.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

inline int open_new(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) {
        std::perror(path.c_str());
        std::exit(1);
    }
    return file;
}

/// Records of 24 bytes in a shared mapping of a file, all its pages touched.
class mapped_records {
  public:
    struct record {
        std::int64_t time;
        double value;
        std::int64_t step;
    };

    mapped_records(const std::string& path, std::size_t count)
        : bytes_(count * sizeof(record)), file_(open_new(path)) {
        void* const mapped =
            ::posix_fallocate(file_, 0, static_cast<off_t>(bytes_)) == 0
                ? ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0)
                : MAP_FAILED;
        if (mapped == MAP_FAILED) {
            std::perror(path.c_str());
            std::exit(1);
        }
        records_ = static_cast<record*>(mapped);
        std::memset(mapped, 1, bytes_);
    }
    mapped_records(const mapped_records&) = delete;
    mapped_records& operator=(const mapped_records&) = delete;
    ~mapped_records() {
        ::munmap(records_, bytes_);
        ::close(file_);
    }

    record& operator[](std::int64_t at) noexcept { return records_[at]; }

  private:
    std::size_t bytes_;
    int file_;
    record* records_ = nullptr;
};

/// Appends metric lines to a file, by one `write` for so many bytes of them.
class line_file {
  public:
    line_file(const std::string& path, std::size_t bytes_a_write)
        : bytes_a_write_(bytes_a_write),
          file_(open_new(path)),
          text_(new char[bytes_a_write + longest]) {}
    line_file(const line_file&) = delete;
    line_file& operator=(const line_file&) = delete;
    ~line_file() { ::close(file_); }

    void log(std::int64_t time, double value, std::int64_t step) noexcept {
        char* const out = text_.get() + used_;
        used_ = static_cast<std::size_t>(
            fmt::format_to(out, FMT_COMPILE("{} {} {}\n"), time, value, step) - text_.get());
        if (used_ >= bytes_a_write_) flush();
    }

    void flush() noexcept {
        if (::write(file_, text_.get(), used_) < 0) std::abort();
        used_ = 0;
    }

  private:
    static constexpr std::size_t longest = 80;

    std::size_t bytes_a_write_;
    int file_;
    std::unique_ptr<char[]> text_;
    std::size_t used_ = 0;
};

#endif
