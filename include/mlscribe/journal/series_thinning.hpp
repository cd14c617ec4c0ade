// SPDX-License-Identifier: MIT
/// \file Thins one metric's file: what need not be appended, and the file written anew without it.
#ifndef MLSCRIBE_JOURNAL_SERIES_THINNING_HPP
#define MLSCRIBE_JOURNAL_SERIES_THINNING_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/journal/journal_claim.hpp>
#include <mlscribe/journal/metric_file.hpp>
#include <mlscribe/journal/thinned_rows.hpp>
#include <mlscribe/layout/tag_about.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Holds a metric's file at its bound. Before the first row of a level is left out, a tag names the
/// level, so that whoever goes on with the run goes on from there. The file is written aside and
/// renamed, so that a reader sees the old one or the new one; and only while it is what this object
/// left, for the lines of another writer are not known here.
/// What fails leaves rows in the file that need not be there. \threadsafety one thread at a time
class series_thinning {
  public:
    /// \param given  how many rows the series has had, where a journal says it
    series_thinning(metric_file file, std::int64_t most, std::uint64_t given)
        : file_(std::move(file)), rows_(most), given_(given) {}

    /// Looks at the file, before points are taken from the journal.
    void prepare(metric_block& block) {
        if (const int failed = carry_over(block)) return tell_trouble(failed);
        if (stopped_) return;
        if (!loaded_) {
            if (const int failed = load()) tell_trouble(failed);
            return;
        }
        struct stat found {};
        const int failed = file_.run().status(file_.path(), found);
        if (failed != 0 && failed != ENOENT) return tell_trouble(failed);
        if (!is_as_left(found)) stop(another_writer);
    }

    /// Leaves out those of the rows that need not be appended. After an exception again.
    void select(std::vector<point>& rows, const journal_file& journal) {
        if (stopped_) return;
        const std::size_t before = rows.size();
        if (loaded_) rows_.take(rows);
        if (loaded_ && rows_.level() != 0 && may_leave_out(journal)) {
            const auto goes = [this](const point& row) { return !rows_.keeps(row); };
            rows.erase(std::remove_if(rows.begin(), rows.end(), goes), rows.end());
        }
        given_ += before;
    }

    /// \param before, after  the file's length
    void note_append(std::size_t rows, std::uint64_t before, std::uint64_t after) {
        file_rows_ += rows;
        if (!loaded_ || stopped_) return;
        if (before != length_) return stop(another_writer);
        length_ = after;
    }
    /// The same for rows of which some may have stood in the file before.
    void note_doubtful_append(std::size_t rows) noexcept {
        file_rows_ += rows;
        loaded_ = false;
    }

    /// Writes the file anew if it has more rows than it may, which is after each `most / 4` rows
    /// that were appended. \param last  if it has more than need be \return 0 or errno
    int hold_bound(const journal_file& journal, metric_block& block, bool last) {
        if (!loaded_ || stopped_ || rows_.level() == 0) return 0;
        int failed = 0;
        if (file_rows_ > (last ? rows_.size() : rows_.most())) {
            if (!may_leave_out(journal)) return stopped_ ? 0 : EIO;
            failed = rewrite(journal, block);
        } else if (!last) {
            return 0;
        }
        if (failed == 0 && !stopped_) failed = tell_count();
        if (failed != 0) tell_trouble(failed);
        return failed;
    }

    /// Appends what somebody wrote behind the end of the file that was replaced last.
    /// \return 0 or errno
    int carry_over(metric_block& block) {
        std::uint64_t length = 0;
        if (!replaced_) return 0;
        if (const int failed = file_length(replaced_, length)) return failed;
        if (length > replaced_length_) {
            std::vector<point> late;
            const auto take = [&late](const point& row, bool) { late.push_back(row); };
            if (const int failed = read_rows(replaced_, replaced_length_, length, take)) {
                return failed;
            }
            if (const int failed = append(late, block)) return failed;
        }
        replaced_ = descriptor();
        if (length > replaced_length_) stop(another_writer);
        return 0;
    }

    /// Whether somebody else writes the file, so that it stays as it is.
    bool is_stopped() const noexcept { return stopped_; }
    /// How many rows the series has had; 0 where it is not thinned any more.
    std::uint64_t given() const noexcept { return stopped_ ? 0 : given_; }
    std::size_t most() const noexcept { return rows_.most(); }

    /// What the user should hear of, once.
    error take_problem() noexcept { return std::exchange(problem_, error{}); }

  private:
    static constexpr const char* another_writer = "another process writes it, too";

    bool is_as_left(const struct stat& found) noexcept {
        if (inode_ == 0) inode_ = found.st_ino;  // published by the first append
        return static_cast<std::uint64_t>(found.st_size) == length_ && found.st_ino == inode_;
    }

    /// Hands every row behind the first `from` bytes to `sink(row, whether MLflow wrote no more)`.
    template <class Sink>
    static int read_rows(const descriptor& file, std::uint64_t from, std::uint64_t& length,
                         Sink&& sink) {
        std::string torn;
        std::uint64_t at = 0;
        const auto read_block = [&](std::string_view lines) {
            const std::uint64_t skipped =
                (std::min)(std::uint64_t{lines.size()}, from > at ? from - at : 0);
            at += lines.size();
            lines.remove_prefix(static_cast<std::size_t>(skipped));
            for_each_metric_line(lines, [&sink](const metric_file_line& each) {
                sink(each.line.row,
                     each.what == metric_file_line::state::row && each.line.fields <= 3);
            });
        };
        return read_whole_lines(file.get(), read_block, torn, length);
    }

    /// Takes the file's rows, and the level that they were thinned to.
    int load() {
        const auto level = static_cast<int>(
            (std::min)(read_tag("thinning_level"), std::uint64_t{thinned_rows::highest_level}));
        thinned_rows rows(static_cast<std::int64_t>(most()), (std::max)(level, rows_.level()));
        std::vector<point> some;
        std::uint64_t count = 0;
        std::uint64_t length = 0;
        bool known = true;
        descriptor file;
        struct stat found {};
        int failed = file_.run().open_file(file_.path(), O_RDONLY, file);
        if (failed != 0 && failed != ENOENT) return failed;
        if (failed == 0) {
            if (uninterrupted::fstat(file.get(), &found) != 0) return errno;
            failed = read_rows(file, 0, length, [&](const point& row, bool is_known) {
                known = known && is_known;
                ++count;
                some.push_back(row);
                if (some.size() == metric_file::max_rows) {
                    rows.take(some);
                    some.clear();
                }
            });
            if (failed != 0) return failed;
            rows.take(some);
        }
        rows_ = std::move(rows);
        told_level_ = level;
        if (!known) return stop("its file has lines of another kind"), 0;
        if (counted_ && count != file_rows_) return stop(another_writer), 0;
        if (!counted_) told_count_ = read_tag("thinned_points");
        // A journal that was lost with memory does not know all.
        if (!counted_) given_ = (std::max)(given_, told_count_ + count);
        counted_ = true;
        file_rows_ = count;
        inode_ = found.st_ino;
        length_ = length;
        loaded_ = true;
        return 0;
    }

    /// Puts a file with nothing but the rows that stay in the place of the present one.
    int rewrite(const journal_file& journal, metric_block& block) {
        descriptor old;
        struct stat found {};
        if (const int failed = file_.run().open_file(file_.path(), O_RDONLY, old)) return failed;
        if (uninterrupted::fstat(old.get(), &found) != 0) return errno;
        if (!is_as_left(found) || is_named_by_another(journal)) return stop(another_writer), 0;
        std::vector<point> kept;
        kept.reserve(rows_.size());
        row_set seen;
        std::uint64_t length = 0;
        const int unread = read_rows(old, 0, length, [&](const point& row, bool) {
            if (rows_.keeps(row) && seen.insert(row_key(row))) kept.push_back(row);
        });
        if (unread != 0) return unread;
        if (kept.size() != rows_.size()) return stop("its file has changed"), 0;
        staged_file fresh(file_.run());
        int failed = fresh.open();
        if (failed == 0) failed = write_rows(fresh, kept, block, length);
        if (failed == 0 && uninterrupted::fchmod(fresh.get(), found.st_mode & 07777) != 0)
            failed = errno;
        // Without it a power failure may leave a name without a file.
        if (failed == 0 && uninterrupted::fsync(fresh.get()) != 0) failed = errno;
        struct stat made {};
        if (failed == 0 && uninterrupted::fstat(fresh.get(), &made) != 0) failed = errno;
        if (failed != 0) return failed;
        if (uninterrupted::fstat(old.get(), &found) != 0) return errno;
        if (!is_as_left(found)) return stop(another_writer), 0;
        failed = fresh.rename_to(file_.path());
        if (failed != 0) return failed;
        replaced_ = std::move(old);
        replaced_length_ = length_;
        file_rows_ = kept.size();
        inode_ = made.st_ino;
        length_ = length;
        return 0;
    }

    static int write_rows(const staged_file& file, const std::vector<point>& rows,
                          metric_block& block, std::uint64_t& length) {
        length = 0;
        for (std::size_t done = 0; done != rows.size();) {
            done += block.render(rows.data() + done, rows.size() - done, length);
            std::size_t written = 0;
            if (const int failed = write_all(file.get(), block.bytes(), written)) return failed;
            length += written;
        }
        return 0;
    }

    int append(const std::vector<point>& rows, metric_block& block) const {
        descriptor file;
        for (std::size_t done = 0; done != rows.size();) {
            const std::size_t count = (std::min)(rows.size() - done, metric_file::max_rows);
            const auto first = rows.begin() + static_cast<std::ptrdiff_t>(done);
            const std::vector<point> some(first, first + static_cast<std::ptrdiff_t>(count));
            const int failed = file_.append(file, some, block, [](std::uint64_t) {});
            if (failed != 0) return failed;
            done += count;
        }
        return 0;
    }

    /// Whether nobody else writes the metric, and the tag names the level.
    bool may_leave_out(const journal_file& journal) {
        if (rows_.level() == told_level_) return true;
        if (is_named_by_another(journal)) {
            stop(another_writer);
            return false;
        }
        const int failed =
            replace_file(file_.run(), tag("thinning_level"), std::to_string(rows_.level()));
        if (failed != 0) return tell_trouble(failed), false;
        told_level_ = rows_.level();
        return true;
    }

    /// Whether the journal of another process is about the metric, too.
    bool is_named_by_another(const journal_file& journal) const {
        struct stat own {};
        if (journal.file()) uninterrupted::fstat(journal.file().get(), &own);
        for (const placed_journal& each : find_journals(file_.run(), {})) {
            struct stat found {};
            journal_file other;
            if (file_.run().status(each.name, found) != 0) continue;
            if (found.st_ino == own.st_ino && found.st_dev == own.st_dev) continue;
            if (other.open(file_.run(), each.name) != 0) continue;
            for (const auto& entry : other.keys()) {
                if (entry.second == file_.key()) return true;
            }
        }
        return false;
    }

    std::string tag(std::string_view subject) const {
        return "tags/" + tag_about(subject, file_.key());
    }
    /// The number that a tag is; 0 without one.
    std::uint64_t read_tag(std::string_view subject) const {
        std::string text;
        file_.run().read(tag(subject), text, 100);
        return std::strtoull(text.c_str(), nullptr, 10);
    }
    int tell_count() {
        const std::uint64_t count = given_ - (std::min)(given_, file_rows_);
        if (count == told_count_) return 0;
        const int failed = replace_file(file_.run(), tag("thinned_points"), std::to_string(count));
        if (failed == 0) told_count_ = count;
        return failed;
    }

    void stop(const char* why) {
        stopped_ = true;
        problem_ = {error_code::already_exists, 0,
                    "metric \"" + file_.key() + "\" is not thinned any more, for " + why +
                        "; what is logged from now on stays"};
        if (rows_.level() != 0) tell_count();
    }
    void tell_trouble(int failed) {
        if (std::exchange(is_in_trouble_, true)) return;
        problem_ = system_error("cannot thin metric", file_.key(), failed);
        problem_.message += "; its points stay until that can be done";
    }

    metric_file file_;
    thinned_rows rows_;
    std::uint64_t given_;
    std::uint64_t file_rows_ = 0;
    bool counted_ = false;  // given_ and file_rows_ are right
    bool loaded_ = false;   // so is what follows, and rows_
    bool stopped_ = false;
    std::uint64_t length_ = 0;  // of the file, as it was left
    ino_t inode_ = 0;
    int told_level_ = 0;
    std::uint64_t told_count_ = 0;
    descriptor replaced_;  // the file before, which somebody may have open
    std::uint64_t replaced_length_ = 0;
    bool is_in_trouble_ = false;
    error problem_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
