// SPDX-License-Identifier: MIT
/// \file One metric's file: what stands in it, and appending to it without a torn line.
#ifndef MLSCRIBE_JOURNAL_METRIC_FILE_HPP
#define MLSCRIBE_JOURNAL_METRIC_FILE_HPP

#include <mlscribe/file/append.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/file/whole_lines.hpp>
#include <mlscribe/journal/row_set.hpp>
#include <mlscribe/journal/rows_tail.hpp>
#include <mlscribe/layout/metric_line.hpp>
#include <mlscribe/layout/metric_reader.hpp>
#include <mlscribe/layout/sanitize.hpp>
#include <mlscribe/layout/value_extremes.hpp>

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a metric's file held when the run was opened again.
struct metric_file_state {
    bool exists = false;
    std::int64_t highest_timestamp = INT64_MIN;
    std::int64_t highest_step = -1;  ///< copies of a handle may write a lower one behind it
    value_extremes values;
    rows_tail tail;
    std::string torn;  ///< bytes behind the last newline, which were cut off
    std::string kept;  ///< the artifact that holds them
};

/// `metrics/<key>` of one run. Calls give 0 or errno. \threadsafety one thread at a time
class metric_file {
  public:
    metric_file(const directory& run, std::string_view key)
        : run_(run), key_(key), path_("metrics/" + key_) {}

    const directory& run() const noexcept { return run_; }
    const std::string& key() const noexcept { return key_; }
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
            if (row.step > found.highest_step) found.highest_step = row.step;
            found.values.look(row);
            found.tail.note(row);
        });
        if (unread != 0) return unread;
        found.exists = length != 0;
        if (!found.torn.empty()) {
            found.kept = "torn_lines/" + text_file_of_key(key_);
            const int lost =
                replace_file(run_, "artifacts/" + found.kept, utf8::repaired(found.torn) + '\n');
            if (lost != 0) return lost;
        }
        if (length == 0) {
            // MLflow fails on an empty file as well.
            if (!found.torn.empty()) return run_.remove(path_);
            bool filled = is_filled_soon(path_);
            if (!filled) {
                if (const int lost = remove_empty(filled)) return lost;
            }
            return filled ? open_existing(found) : 0;
        }
        return found.torn.empty() ? 0 : cut_file(file, length);
    }

    /// Cuts a torn last line off that is the beginning of the line of one of `rows`: its writer
    /// died while it wrote them.
    int cut_torn(const std::vector<point>& rows) const {
        descriptor file;
        const int failed = run_.open_file(path_, O_RDWR, file);
        if (failed != 0) return failed == ENOENT ? 0 : failed;
        std::string torn;
        std::uint64_t length = 0;
        const int unread = read_whole_lines(
            file.get(), [](std::string_view) {}, torn, length);
        if (unread != 0) return unread;
        torn.erase(torn.find_last_not_of(' ') + 1);  // padding up to the border of a page
        char line[metric_line_capacity];
        for (const point& row : rows) {
            const char* const end = write_metric_line(line, row) - 1;
            const std::string_view text(line, static_cast<std::size_t>(end - line));
            if (!torn.empty() && text.substr(0, torn.size()) == torn) {
                return cut_file(file, length);
            }
        }
        return 0;
    }

    /// Erases those of `rows` that stand in the file. The rows of a metric are unique, so that a
    /// row that is there is the same one, whatever another writer appended in between.
    int drop_present(std::vector<point>& rows) {
        if (const int failed = cut_torn(rows)) return failed;
        // A torn line of another writer would swallow the first row.
        metric_file_state found;
        if (const int failed = open_existing(found)) return failed;
        // Of the file, which may be longer than memory is large, only those rows are kept.
        row_set wanted;
        row_set present;
        for (const point& row : rows) wanted.insert(row_key(row));
        const int failed = for_each_row([&](const point& row) {
            if (wanted.contains(row_key(row))) present.insert(row_key(row));
        });
        if (failed != 0 && failed != ENOENT) return failed;
        const auto is_present = [&present](const point& row) {
            return present.contains(row_key(row));
        };
        rows.erase(std::remove_if(rows.begin(), rows.end(), is_present), rows.end());
        return 0;
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

    /// Rows that always fit into one block, and so into one write.
    static constexpr std::size_t max_rows =
        (metric_block::capacity - metric_block::border) /
        (metric_line_capacity + metric_line_capacity * metric_line_capacity / metric_block::border +
         1);

    /// Appends rows by one write. On failure no part of them stays behind, unless another writer
    /// has appended something meanwhile.
    /// \param file    what the call before opened, or none
    /// \param rows    at least one, at most max_rows
    /// \param intend  called with the file's length before bytes are written behind it
    /// \param left_behind  receives whether a part may stand there all the same
    template <class Intend>
    int append(descriptor& file, const std::vector<point>& rows, metric_block& block,
               Intend&& intend, bool& left_behind) const {
        left_behind = false;
        while (true) {
            int failed = file ? 0 : run_.open_file(path_, O_WRONLY | O_APPEND, file);
            if (failed == ENOENT) {
                // The file is born with its first lines: MLflow fails on an empty one.
                block.render(rows.data(), rows.size(), 0);
                intend(std::uint64_t{0});
                failed = publish_file(run_, path_, block.bytes());
                if (failed == EEXIST) continue;
                left_behind = failed != 0 && length() != 0;
                return failed;
            }
            struct stat found {};
            if (failed == 0 && uninterrupted::fstat(file.get(), &found) != 0) failed = errno;
            if (failed != 0) return failed;
            if (found.st_nlink == 0) {
                file = descriptor();
                continue;
            }
            const auto length = static_cast<std::uint64_t>(found.st_size);
            block.render(rows.data(), rows.size(), length);
            intend(length);
            failed = append_block(file, length, block.bytes(), left_behind);
            if (failed != 0) return failed;
            failed = settle(file);
            left_behind = failed != 0;
            return failed;
        }
    }

    template <class Intend>
    int append(descriptor& file, const std::vector<point>& rows, metric_block& block,
               Intend&& intend) const {
        bool left_behind = false;
        return append(file, rows, block, intend, left_behind);
    }

    /// In bytes; 0 without a file.
    std::uint64_t length() const {
        struct stat found {};
        return run_.status(path_, found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
    }

    /// Has what was written reach the disk.
    int synchronise() const {
        std::uint64_t safe = 0;
        return synchronise(safe, false);
    }
    /// \param safe   so many bytes have reached it; becomes all of them
    /// \param again  it refused the bytes behind them before, which the kernel counts as written
    ///               since: so that there is something to synchronise they are written once more
    int synchronise(std::uint64_t& safe, bool again) const {
        descriptor file;
        std::uint64_t length = 0;
        int failed = run_.open_file(path_, O_RDWR, file);
        if (failed == 0) failed = file_length(file, length);
        if (failed == 0 && again) failed = write_again(file, safe <= length ? safe : 0, length);
        if (failed != 0) return failed;
        if (uninterrupted::fdatasync(file.get()) != 0) return errno;
        safe = length;
        return 0;
    }

  private:
    /// MLflow makes the file, then writes its first line: to remove it in between loses that line.
    bool is_filled_soon(const std::string& path) const noexcept {
        for (int waited = 0; waited < 5; ++waited) {
            const timespec pause{0, 5 * 1000000};
            ::nanosleep(&pause, nullptr);
            struct stat found {};
            if (run_.status(path, found) == 0 && found.st_size != 0) return true;
        }
        return false;
    }
    /// Who has opened it before it went aside may yet write. \param filled  whether one has: then
    /// it is where it was
    int remove_empty(bool& filled) const {
        staged_file aside(run_);
        if (const int failed = aside.take(path_)) return failed == ENOENT ? 0 : failed;
        filled = is_filled_soon(aside.name());
        if (!filled) return 0;
        int failed = aside.link_to(path_);
        if (failed == EEXIST) {  // another one has made the file anew
            std::string lines;
            descriptor file;
            std::size_t written = 0;
            failed = run_.read(aside.name(), lines);
            if (failed == 0) failed = run_.open_file(path_, O_WRONLY | O_APPEND, file);
            if (failed == 0) failed = write_all(file.get(), lines, written);
            if (failed == 0) failed = settle(file);
        }
        if (failed != 0) aside.forget();  // rather there than nowhere
        return failed;
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
