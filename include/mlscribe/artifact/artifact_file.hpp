// SPDX-License-Identifier: MIT
/// \file The file behind an artifact that is written bit by bit.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_FILE_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_FILE_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/staged_file.hpp>

#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Grows under a temporary name in the run's directory; publish() gives it its own. What is not
/// published is removed. \threadsafety one thread at a time
class artifact_file {
  public:
    /// \param run  outlives the file
    artifact_file(const directory& run, std::string path)
        : staged_(run), path_(std::move(path)), owner_(::getpid()) {}
    artifact_file(const artifact_file&) = delete;
    artifact_file& operator=(const artifact_file&) = delete;
    ~artifact_file() {
        if (is_foreign()) staged_.forget();
    }

    const std::string& path() const noexcept { return path_; }
    const std::string& staged_name() const noexcept { return staged_.name(); }
    bool good() const noexcept { return failed_ == 0; }

    /// Whether this is a forked child's copy: the file is the parent's, whose bytes must not be
    /// mixed.
    bool is_foreign() const noexcept { return ::getpid() != owner_; }

    error open() {
        if (error failure = check_artifact_path(path_, false)) return failure;
        failed_ = staged_.open();
        return failed_ == 0 ? error{} : refusal();
    }

    void write(std::string_view bytes) noexcept {
        if (is_foreign()) return;
        if (buffer_.size() + bytes.size() > buffer_size) flush();
        if (failed_ != 0) return;
        MLSCRIBE_TRY {
            if (bytes.size() < buffer_size) {
                buffer_.append(bytes);
                return;
            }
        }
        MLSCRIBE_CATCH_ALL {}  // without memory for a buffer the file takes the bytes directly
        put(bytes);
    }

    /// Gives the file its name. \onfailure system: also of the first write that failed
    error publish() {
        flush();
        if (failed_ == 0) failed_ = staged_.rename_to("artifacts/" + path_);
        if (failed_ == 0) return {};
        staged_.discard();
        error failure = refusal();
        if (failed_ == EISDIR || failed_ == ENOTDIR) failure.message += "; use another path";
        return failure;
    }

    void discard() noexcept {
        if (!is_foreign()) staged_.discard();
        failed_ = ECANCELED;
    }

  private:
    static constexpr std::size_t buffer_size = 65536;

    error refusal() const { return system_error("cannot write artifact", path_, failed_); }

    void flush() noexcept {
        if (failed_ == 0) put(buffer_);
        buffer_.clear();
    }

    void put(std::string_view bytes) noexcept {
        std::size_t written = 0;
        failed_ = write_all(staged_.get(), bytes, written);
        if (failed_ != 0) staged_.discard();  // the disk may be full: give the room back now
    }

    staged_file staged_;
    std::string path_;
    std::string buffer_;
    pid_t owner_;
    int failed_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
