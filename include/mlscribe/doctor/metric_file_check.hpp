// SPDX-License-Identifier: MIT
/// \file Judges every line of a metric file, repeated rows included.
#ifndef MLSCRIBE_DOCTOR_METRIC_FILE_CHECK_HPP
#define MLSCRIBE_DOCTOR_METRIC_FILE_CHECK_HPP

#include <mlscribe/doctor/metric_line_repair.hpp>
#include <mlscribe/doctor/metric_lines.hpp>
#include <mlscribe/journal/row_set.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Which rows of a file come more than once, as a database sees them. It is shown the file twice
/// where rows go back in step or time, so that only those are kept in memory. \threadsafety one
/// thread at a time
class repeated_rows {
  public:
    /// Of the first look.
    void look(const point& row) {
        const bool follows = row.step > step_ || (row.step == step_ && row.timestamp > time_);
        if (follows || is_first_) {
            step_ = row.step;
            time_ = row.timestamp;
            is_first_ = false;
            return;
        }
        suspects_.insert(row_key(row));
        has_suspects_ = true;
    }
    bool has_suspects() const noexcept { return has_suspects_; }
    /// Of the second look. \return whether the row stands before this place, too
    bool is_repeated(const point& row) {
        const row_key key(row);
        return suspects_.contains(key) && !seen_.insert(key);
    }

  private:
    row_set suspects_;
    row_set seen_;
    std::int64_t step_ = 0;
    std::int64_t time_ = 0;
    bool is_first_ = true;
    bool has_suspects_ = false;
};

/// Whether `mlflow migrate-filestore` reads a line: it takes the first three fields of any number.
inline bool is_migrated_line(std::string_view line) {
    if (!utf8::is_valid(line)) return false;
    line = python_stripped(line);
    const auto take = [&line] {
        const std::size_t size = (std::min)(line.find(' '), line.size());
        const std::string_view field = line.substr(0, size);
        line.remove_prefix((std::min)(size + 1, line.size()));
        return field;
    };
    if (!parse_python_int(take()) || line.empty() || !parse_python_float(take())) return false;
    return line.empty() || parse_python_int(take());
}

/// One damage of a metric file.
struct counted_lines {
    std::uint64_t first = 0;  ///< from 1
    std::uint64_t count = 0;
    bool migrates = true;  ///< whether a migration reads all of them
    bool is_read = true;   ///< whether MLflow 3 reads all of them, in some way
    std::string text;      ///< of the first, for messages
    std::string mended;    ///< what that becomes; empty: it is removed
};

/// What stands in a metric file. \threadsafety one thread at a time
class metric_file_check {
  public:
    explicit metric_file_check(const descriptor& file) noexcept : file_(file) {}

    /// \return 0 or errno
    int look() {
        repeated_rows rows;
        const int failed = walk([&](const seen_line& line, std::optional<line_damage>& what) {
            note(line, what);
            if (const auto row = row_of(line, what)) rows.look(*row);
        });
        if (failed != 0 || !rows.has_suspects()) return failed;
        return walk([&](const seen_line& line, std::optional<line_damage>& what) {
            const auto row = row_of(line, what);
            if (!row || !rows.is_repeated(*row)) return;
            what = line_damage{damage::duplicate_row, {}};
            note(line, what);
        });
    }

    /// The damages by kind, after look().
    const std::map<damage, counted_lines>& found() const noexcept { return found_; }
    std::uint64_t rows() const noexcept { return rows_; }

    /// Hands every line to `sink(const seen_line&, const line_damage*)`: null for a line that stays
    /// as it is. \param mends  `bool(damage)` \return 0 or errno
    template <class Mends, class Sink>
    int for_each_line(Mends&& mends, Sink&& sink) const {
        repeated_rows rows;
        int failed = 0;
        if (mends(damage::duplicate_row) && found_.count(damage::duplicate_row) != 0) {
            failed = walk([&](const seen_line& line, std::optional<line_damage>& what) {
                if (const auto row = row_of(line, what)) rows.look(*row);
            });
        }
        if (failed != 0) return failed;
        return walk([&](const seen_line& line, std::optional<line_damage>& what) {
            const auto row = row_of(line, what);
            if (row && rows.is_repeated(*row)) what = line_damage{damage::duplicate_row, {}};
            sink(line, what && mends(what->what) ? &*what : nullptr);
        });
    }

  private:
    template <class Sink>
    int walk(Sink&& sink) const {
        metric_lines lines(file_);
        return lines.for_each([&](const seen_line& line) {
            std::optional<line_damage> what;
            const bool is_monster = line.size > line.text.size() + 3;
            if (is_monster) {
                what = judge_monster(line);
            } else if (!line.ended) {
                // Its last digits may be missing.
                const bool nuls = line.text.find_first_not_of('\0') == std::string_view::npos;
                what = line_damage{nuls ? damage::nul_bytes : damage::torn_line, {}};
            } else {
                what = judge_metric_line(line.text, line.read);
            }
            sink(line, what);
        });
    }

    /// A line that is longer than any row: most are the NUL bytes of a crash.
    static line_damage judge_monster(const seen_line& line) {
        if (line.text.find('\0') == std::string_view::npos) return {damage::wrong_fields, {}};
        const std::string_view end = line.text.substr(metric_lines::block);
        const bool has_end = line.ended && end.find('\0') != std::string_view::npos;
        return {damage::nul_bytes,
                has_end ? row_behind_nuls(end.substr(0, end.size() - 1)) : std::string()};
    }

    static std::optional<point> row_of(const seen_line& line,
                                       const std::optional<line_damage>& what) {
        if (!what) return line.read->row;
        if (what->mended.empty()) return std::nullopt;
        const auto mended = parse_metric_line(what->mended);
        return mended ? std::optional<point>(mended->row) : std::nullopt;
    }

    void note(const seen_line& line, const std::optional<line_damage>& what) {
        if (!what || !what->mended.empty()) ++rows_;
        if (!what) return;
        if (what->what == damage::duplicate_row) --rows_;
        counted_lines& lines = found_[what->what];
        lines.is_read = lines.is_read && line.read.has_value();
        lines.migrates = lines.migrates && what->what != damage::duplicate_row &&
                         line.size <= line.text.size() + 3 && is_migrated_line(line.text);
        if (lines.count++ != 0) return;
        lines.first = line.number;
        lines.text = line.text.substr(0, 100);
        lines.mended = what->mended;
    }

    const descriptor& file_;
    std::map<damage, counted_lines> found_;
    std::uint64_t rows_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
