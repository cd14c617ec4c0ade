// SPDX-License-Identifier: MIT
/// \file A look at a run that reads none of its files: whether anything changed, and how much is
/// there.
#ifndef MLSCRIBE_SYNC_RUN_LOOK_HPP
#define MLSCRIBE_SYNC_RUN_LOOK_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/journal/writer.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline std::int64_t nanoseconds_of(const timespec& time) noexcept {
    return static_cast<std::int64_t>(time.tv_sec) * 1000000000 + time.tv_nsec;
}

/// Names, sizes, times and numbers of all files below a folder. \cost a status for each file
class run_look {
  public:
    /// \return 0, or the errno of a folder that cannot be read
    int take(const directory& run) {
        return for_each_file(
            run, "", [this](const directory& here, const std::string& path) { add(here, path); });
    }

    /// The same text means that no file changed in between; empty where one changed so lately that
    /// the next change might have the same time, or changes without a sign.
    std::string text() const {
        return has_journal_ || is_recent(last_write_ / 1000000000) ? std::string() : sum();
    }
    /// The same for files that are always replaced as a whole, which are others then.
    std::string sum() const { return std::to_string(files_) + ':' + std::to_string(sum_); }

    /// Whether a process writes the run, or one died that did.
    bool has_journal() const noexcept { return has_journal_; }
    /// Nanoseconds since 1970 by the disk's clock.
    std::int64_t last_write() const noexcept { return last_write_; }
    std::uint64_t metric_bytes() const noexcept { return metric_bytes_; }
    std::uint64_t artifacts() const noexcept { return artifacts_; }
    std::uint64_t artifact_bytes() const noexcept { return artifact_bytes_; }

  private:
    void add(const directory& here, const std::string& path) {
        const std::size_t slash = path.rfind('/');
        const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
        writer ignored;
        if (slash == std::string::npos && writer::read_name(name, ignored)) {
            // It is written by memory, which leaves no time.
            has_journal_ = true;
            return;
        }
        struct stat found {};
        if (here.status(name, found) != 0) return;
        has_journal_ = has_journal_ || path == "tags/mlscribe.journal";
        const std::int64_t time = nanoseconds_of(found.st_mtim);
        last_write_ = (std::max)(last_write_, time);
        const auto size = static_cast<std::uint64_t>(found.st_size);
        const std::string all = path + '\n' + std::to_string(size) + ' ' + std::to_string(time) +
                                ' ' + std::to_string(found.st_ino);
        sum_ += std::hash<std::string>{}(all);
        ++files_;
        if (path.compare(0, 8, "metrics/") == 0) metric_bytes_ += size;
        if (path.compare(0, 10, "artifacts/") == 0) {
            ++artifacts_;
            artifact_bytes_ += size;
        }
    }

    std::uint64_t sum_ = 0;
    std::uint64_t files_ = 0;
    std::int64_t last_write_ = 0;
    std::uint64_t metric_bytes_ = 0;
    std::uint64_t artifacts_ = 0;
    std::uint64_t artifact_bytes_ = 0;
    bool has_journal_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
