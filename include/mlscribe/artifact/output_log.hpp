// SPDX-License-Identifier: MIT
/// \file The bounded log of one stream: its beginning, and of the rest the newest.
#ifndef MLSCRIBE_ARTIFACT_OUTPUT_LOG_HPP
#define MLSCRIBE_ARTIFACT_OUTPUT_LOG_HPP

#include <mlscribe/artifact/process_copy.hpp>
#include <mlscribe/file/staged_file.hpp>

#if defined(__linux__)

#    include <fcntl.h>
#    include <sys/stat.h>
#    include <unistd.h>

#    include <charconv>
#    include <cstddef>
#    include <cstdint>
#    include <string>
#    include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opened by the run's process, written by another one, which has a copy of it.
class output_log {
  public:
    output_log() = default;
    output_log(const output_log&) = delete;
    output_log& operator=(const output_log&) = delete;
    ~output_log() {
        for (const int file : {head_, rest_}) {
            if (file >= 0) ::close(file);
        }
    }

    /// Goes on with the log that a run has already.
    /// \param root, logs  the run's folder and `artifacts/logs` of it; they outlive this
    /// \param name  "stdout" or "stderr" \return 0 or errno
    int open(const directory& root, const directory& logs, std::string_view name,
             std::uint64_t limit) {
        root_ = root.get();
        logs_ = logs.get();
        half_ = limit / 2;
        rest_name_.fill(std::string(name) + ".rest.log");
        staged_.fill(staged_origin());
        if (const int failed = take(logs, std::string(name) + ".log", O_CREAT, head_, head_size_)) {
            return failed;
        }
        const int failed = take(logs, rest_name_.text, 0, rest_, rest_size_);
        if (failed != 0 && failed != ENOENT) return failed;
        if (failed == 0) read_note();
        return 0;
    }

    /// For the one that writes: the descriptors that it needs. \return behind the last
    MLSCRIBE_IN_COPY int* list_files(int* out) const noexcept {
        *out++ = head_;
        *out++ = rest_;
        *out++ = root_;
        *out++ = logs_;
        return out;
    }

    /// \threadsafety async-signal-safe, as all that follow
    MLSCRIBE_IN_COPY void write(const char* bytes, std::size_t count) noexcept {
        if (rest_ < 0 && count != 0 && head_size_ < half_) {
            const std::size_t taken = fitting(bytes, count, half_ - head_size_);
            head_size_ += append(head_, bytes, taken);
            bytes += taken;
            count -= taken;
            if (count != 0) head_size_ = half_;
        }
        while (count != 0) {
            if (failure_ == 0 && rest_ < 0) begin_rest();
            if (failure_ == 0 && rest_size_ >= half_) shorten();
            if (failure_ != 0) {
                unlogged_ += count;
                return;
            }
            const std::uint64_t room = half_ - rest_size_;
            const std::size_t taken = count < room ? count : static_cast<std::size_t>(room);
            rest_size_ += append(rest_, bytes, taken);
            bytes += taken;
            count -= taken;
        }
    }

    MLSCRIBE_IN_COPY void close() noexcept {
        process_copy::close(head_);
        process_copy::close(rest_);
        process_copy::close(root_);
        process_copy::close(logs_);
    }

    /// Why it stopped; 0 while the disk takes all.
    MLSCRIBE_IN_COPY int failure() const noexcept { return failure_; }
    /// Bytes that the disk refused, and all after them.
    MLSCRIBE_IN_COPY std::uint64_t unlogged() const noexcept { return unlogged_; }

  private:
    struct short_text {
        char text[64] = {};
        std::size_t length = 0;

        void fill(std::string_view value) noexcept {
            for (const char c : value) {
                if (length + 1 < sizeof text) add(c);
            }
        }
        MLSCRIBE_IN_COPY void add(char c) noexcept {
            text[length++] = c;
            text[length] = '\0';
        }
        MLSCRIBE_IN_COPY void add_literal(const char* value) noexcept {
            while (*value != '\0') add(*value++);
        }
        MLSCRIBE_IN_COPY void add_number(std::uint64_t value) noexcept {
            char digits[20];
            std::size_t count = 0;
            do {
                digits[count++] = static_cast<char>('0' + value % 10);
                value /= 10;
            } while (value != 0);
            while (count != 0) add(digits[--count]);
        }
    };

    static constexpr const char* note_begin = "[mlscribe: ";
    static constexpr const char* note_end = " bytes are left out here]\n";
    static constexpr int append_flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

    static int take(const directory& logs, const std::string& name, int flags, int& number,
                    std::uint64_t& size) {
        descriptor file;
        if (const int failed = logs.open_file(name, O_RDWR | O_APPEND | flags, file)) return failed;
        struct stat found {};
        if (::fstat(file.get(), &found) != 0) return errno;
        if (!S_ISREG(found.st_mode)) return EINVAL;
        size = static_cast<std::uint64_t>(found.st_size);
        number = file.release();
        return 0;
    }

    /// What the first line of the rest tells of an earlier process of the run.
    void read_note() noexcept {
        char line[64] = {};
        const ssize_t length = ::pread(rest_, line, sizeof line, 0);
        const std::string_view text(line, length < 0 ? 0 : static_cast<std::size_t>(length));
        const std::string_view begin(note_begin);
        if (text.substr(0, begin.size()) != begin) return;
        std::from_chars(line + begin.size(), line + text.size(), left_out_);
        note_length_ = text.find('\n') + 1;
    }

    /// How many of the bytes to write where `room` ends: whole lines, if there are any.
    MLSCRIBE_IN_COPY static std::size_t fitting(const char* bytes, std::size_t count,
                                                std::uint64_t room) noexcept {
        if (count <= room) return count;
        std::size_t taken = static_cast<std::size_t>(room);
        while (taken != 0 && bytes[taken - 1] != '\n') --taken;
        return taken != 0 ? taken : static_cast<std::size_t>(room);
    }

    MLSCRIBE_IN_COPY std::size_t append(int file, const char* bytes, std::size_t count) noexcept {
        std::size_t written = 0;
        if (failure_ == 0) written = process_copy::write(file, bytes, count, failure_);
        unlogged_ += count - written;
        return written;
    }

    MLSCRIBE_IN_COPY void begin_rest() noexcept {
        const long opened = process_copy::call(SYS_openat, logs_, rest_name_.text,
                                               append_flags | O_CREAT | O_EXCL, 0666);
        if (opened < 0) failure_ = static_cast<int>(-opened);
        if (opened >= 0) rest_ = static_cast<int>(opened);
    }

    /// Keeps the newer half of the rest: beside it first, so that who reads it sees whole texts.
    MLSCRIBE_IN_COPY void shorten() noexcept {
        short_text name;
        long opened = -EEXIST;
        for (int attempt = 0; attempt < 100 && opened == -EEXIST; ++attempt) {
            name = staged_;
            name.add_number(static_cast<std::uint64_t>(process_copy::call(SYS_getpid)));
            name.add_literal("-");
            name.add_number(shortened_++);
            opened = process_copy::call(SYS_openat, root_, name.text,
                                        append_flags | O_CREAT | O_EXCL, 0666);
        }
        if (opened < 0) {
            failure_ = static_cast<int>(-opened);
            return;
        }
        int fresh = static_cast<int>(opened);
        std::uint64_t size = 0;
        copy_newest(fresh, size);
        if (failure_ == 0) {
            failure_ = static_cast<int>(
                -process_copy::call(SYS_renameat2, root_, name.text, logs_, rest_name_.text, 0));
        }
        if (failure_ != 0) {
            process_copy::call(SYS_unlinkat, root_, name.text, 0);
            process_copy::close(fresh);
            return;
        }
        process_copy::close(rest_);
        rest_ = fresh;
        rest_size_ = size;
    }

    MLSCRIBE_IN_COPY void copy_newest(int fresh, std::uint64_t& size) noexcept {
        char block[4096];
        std::uint64_t from = rest_size_ - half_ / 2;
        process_copy::call(SYS_lseek, rest_, static_cast<long>(from), SEEK_SET);
        long count = process_copy::call(SYS_read, rest_, block, sizeof block);
        std::size_t begin = 0;
        for (long i = 0; i < count; ++i) {
            if (block[i] != '\n') continue;
            begin = static_cast<std::size_t>(i) + 1;
            break;
        }
        from += begin;
        left_out_ += from - note_length_;
        short_text note;
        note.add_literal(note_begin);
        note.add_number(left_out_);
        note.add_literal(note_end);
        note_length_ = note.length;
        size = process_copy::write(fresh, note.text, note.length, failure_);
        while (count > 0 && failure_ == 0) {
            size += process_copy::write(fresh, block + begin,
                                        static_cast<std::size_t>(count) - begin, failure_);
            begin = 0;
            count = process_copy::call(SYS_read, rest_, block, sizeof block);
        }
        if (count < 0) failure_ = static_cast<int>(-count);
    }

    int root_ = -1;
    int logs_ = -1;
    std::uint64_t half_ = 0;
    int head_ = -1;
    int rest_ = -1;
    std::uint64_t head_size_ = 0;
    std::uint64_t rest_size_ = 0;
    std::uint64_t left_out_ = 0;
    std::uint64_t note_length_ = 0;
    std::uint64_t unlogged_ = 0;
    std::uint64_t shortened_ = 0;
    int failure_ = 0;
    short_text rest_name_;
    short_text staged_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
