// SPDX-License-Identifier: MIT
/// \file One metric's file: what stands in it, and appending to it without a torn line.
#ifndef MLSCRIBE_JOURNAL_METRIC_FILE_HPP
#define MLSCRIBE_JOURNAL_METRIC_FILE_HPP

#include <mlscribe/file/append.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/whole_lines.hpp>
#include <mlscribe/layout/metric_line.hpp>
#include <mlscribe/layout/metric_reader.hpp>
#include <mlscribe/layout/sanitize.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a metric's file held when the run was opened again.
struct metric_file_state {
    bool exists = false;
    std::int64_t highest_timestamp = INT64_MIN;
    std::int64_t last_step = -1;
    std::string torn;  ///< bytes behind the last newline, which were cut off
    std::string kept;  ///< the artifact that holds them
};

/// `metrics/<key>` of one run. Calls give 0 or errno. \threadsafety one thread at a time
class metric_file {
  public:
    metric_file(const directory& run, std::string_view key)
        : run_(run), key_(key), path_("metrics/" + key_) {}

    const std::string& path() const noexcept { return path_; }

    /// Reads the file if there is one, and cuts a torn last line off: without the newline a line is
    /// not committed, and MLflow would read its beginning as a wrong value or fail. An artifact
    /// keeps what is cut.
    int open_existing(metric_file_state& found) {
        descriptor file;
        const int failed = run_.open_file(path_, O_RDWR, file);
        if (failed == ENOENT) return 0;
        if (failed != 0) return failed;
        std::uint64_t length = 0;
        const int unread = read_rows(file, found.torn, length, [&found](const point& row) {
            if (row.timestamp > found.highest_timestamp) found.highest_timestamp = row.timestamp;
            found.last_step = row.step;
        });
        if (unread != 0) return unread;
        found.exists = length != 0;
        if (!found.torn.empty()) {
            found.kept = "torn_lines/" + text_file_of_key(key_);
            const int lost =
                replace_file(run_, "artifacts/" + found.kept, utf8::repaired(found.torn) + '\n');
            if (lost != 0) return lost;
        }
        // MLflow fails on an empty file as well.
        if (length == 0) return run_.remove(path_);
        return found.torn.empty() ? 0 : cut_file(file, length);
    }

    /// Hands every row to `sink(const point&)`.
    template <class Sink>
    int for_each_row(Sink&& sink) const {
        descriptor file;
        if (const int failed = run_.open_file(path_, O_RDONLY, file)) return failed;
        std::string torn;
        std::uint64_t length = 0;
        return read_rows(file, torn, length, sink);
    }

    /// Appends rows. On failure no part of a line stays behind.
    /// \param written  how many rows reached the file, also on failure
    int append(const point* rows, std::size_t count, std::size_t& written) {
        // On the heap: a logging thread may have a small stack.
        const std::unique_ptr<metric_block> block(new metric_block);
        written = 0;
        while (written < count) {
            descriptor file;
            int failed = run_.open_file(path_, O_WRONLY | O_APPEND, file);
            if (failed == ENOENT) {
                // The file is born with its first lines: MLflow fails on an empty one.
                const std::size_t rendered = block->render(rows + written, count - written, 0);
                failed = publish_file(run_, path_, block->bytes());
                if (failed == 0) written += rendered;
                if (failed == EEXIST) failed = 0;
                if (failed != 0) return failed;
                continue;
            }
            if (failed != 0) return failed;
            return append_to(file, rows, count, *block, written);
        }
        return 0;
    }

  private:
    static int append_to(const descriptor& file, const point* rows, std::size_t count,
                         metric_block& block, std::size_t& written) {
        while (written < count) {
            std::uint64_t length = 0;
            if (const int failed = file_length(file, length)) return failed;
            const std::size_t rendered = block.render(rows + written, count - written, length);
            if (const int failed = append_block(file, length, block.bytes())) return failed;
            written += rendered;
        }
        return 0;
    }

    template <class Sink>
    static int read_rows(const descriptor& file, std::string& torn, std::uint64_t& length,
                         Sink&& sink) {
        return read_whole_lines(
            file.get(),
            [&sink](std::string_view lines) {
                for_each_metric_line(lines, [&sink](const metric_file_line& line) {
                    if (line.what == metric_file_line::state::row) sink(line.line.row);
                });
            },
            torn, length);
    }

    const directory& run_;
    std::string key_;
    std::string path_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
