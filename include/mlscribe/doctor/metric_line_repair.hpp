// SPDX-License-Identifier: MIT
/// \file What is wrong with a line of a metric file, and what it should be.
#ifndef MLSCRIBE_DOCTOR_METRIC_LINE_REPAIR_HPP
#define MLSCRIBE_DOCTOR_METRIC_LINE_REPAIR_HPP

#include <mlscribe/doctor/number_repair.hpp>
#include <mlscribe/layout/metric_reader.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A line that cannot stay as it is.
struct line_damage {
    damage what;
    std::string mended;  ///< what takes its place; empty: nothing does
};

/// Digits of a time stamp in milliseconds between the years 2001 and 2286.
inline constexpr std::size_t time_digits = 13;

inline bool are_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_decimal_digit(c); });
}

/// The fields of a line, whatever blanks are between them.
inline std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    constexpr std::string_view blanks = " \t\v\f\r";
    while (true) {
        const std::size_t from = line.find_first_not_of(blanks);
        if (from == std::string_view::npos) return fields;
        line.remove_prefix(from);
        const std::size_t size = (std::min)(line.find_first_of(blanks), line.size());
        fields.push_back(line.substr(0, size));
        line.remove_prefix(size);
    }
}

inline std::string joined(std::string_view time, std::string_view value, std::string_view step) {
    std::string line(time);
    line += ' ';
    line += value;
    line += ' ';
    line += step;
    return line;
}

/// The row behind a torn one: `1700000000000 0.5 11700000000001 0.25 2` has it from the last 13
/// digits of the third field on. \return empty where there is none
inline std::string row_behind_torn(const std::vector<std::string_view>& fields) {
    if (fields.size() < 3 || fields.size() > 5) return {};
    const std::string_view seam = fields[fields.size() - 3];
    if (seam.size() <= time_digits) return {};
    const std::string_view time = seam.substr(seam.size() - time_digits);
    if (!are_digits(time) || time[0] == '0') return {};
    // Behind a point the digits may be those of the value.
    if (fields.size() == 4 && fields[0].substr(0, 2) != time.substr(0, 2)) return {};
    // A torn time stamp begins as the next one does, one in micro- or nanoseconds does not.
    const std::string_view torn = seam.substr(0, seam.size() - time_digits);
    if (fields.size() == 3 && torn != time.substr(0, torn.size())) return {};
    const std::string row = joined(time, fields[fields.size() - 2], fields[fields.size() - 1]);
    return parse_usual_metric_line(row) ? row : std::string();
}

/// Three fields, each as Python reads it. \return none where one of them is no number
inline std::optional<line_damage> mended_fields(const std::vector<std::string_view>& fields) {
    const auto time = mended_integer(fields[0]);
    const auto value = mended_value(fields[1]);
    const auto step = mended_integer(fields[2]);
    if (!time || !value || !step) return std::nullopt;
    damage what = damage::wrong_fields;  // too many blanks
    for (const auto& part : {step->why, time->why, value->why}) {
        if (part) what = *part;
    }
    return line_damage{what, joined(time->text, value->text, step->text)};
}

/// Why nothing of a line can be kept.
inline damage worst_of(const std::vector<std::string_view>& fields) {
    if (fields.size() != 3) return damage::wrong_fields;
    const auto value = mended_value(fields[1]);
    if (!value) {
        return fields[1].find(',') != std::string_view::npos ? damage::decimal_comma
                                                             : damage::number_spelling;
    }
    const bool is_number = mended_value(fields[0]) && mended_value(fields[2]);
    return is_number ? damage::float_step : damage::number_spelling;
}

/// The row that somebody appended behind the NUL bytes that a crash left. What stands before them
/// is half a line, and so may be what begins with no whole time stamp.
inline std::string row_behind_nuls(std::string_view line) {
    line.remove_prefix(line.rfind('\0') + 1);
    const auto read = parse_usual_metric_line(line);
    const bool is_whole = read && line.find(' ') >= time_digits && line[0] >= '1' && line[0] <= '9';
    return is_whole ? std::string(line) : std::string();
}

/// A line that MLflow does not read.
inline line_damage judge_refused_line(std::string_view line) {
    if (line.find('\0') != std::string_view::npos) {
        return {damage::nul_bytes, row_behind_nuls(line)};
    }
    std::string plain(line);
    if (begins_with(plain, "\xEF\xBB\xBF")) plain.erase(0, 3);
    if (!utf8::is_valid(plain)) return {damage::invalid_utf8, {}};
    const std::vector<std::string_view> fields = fields_of(plain);
    if (fields.empty()) return {damage::blank_line, {}};
    if (std::string row = row_behind_torn(fields); !row.empty()) {
        return {damage::glued_line, std::move(row)};
    }
    if (fields.size() < 3) return {damage::wrong_fields, {}};
    // Behind the row of a dataset with blanks in its name; four fields are a torn row and a half.
    if (fields.size() != 4) {
        if (auto mended = mended_fields(fields)) {
            if (fields.size() > 3) mended->what = damage::wrong_fields;
            return *mended;
        }
    }
    return {worst_of(fields), {}};
}

/// A line of five fields, each behind one blank: what MLflow 2 refuses, MLflow 3 takes for a row
/// with a dataset's name and digest, and 0 for its step.
inline line_damage judge_dataset_line(std::string_view line) {
    constexpr std::size_t count = 5;
    std::string_view rest = python_stripped(line);
    std::string_view fields[count];
    for (std::string_view& field : fields) {
        const std::size_t size = (std::min)(rest.find(' '), rest.size());
        field = rest.substr(0, size);
        rest.remove_prefix((std::min)(size + 1, rest.size()));
    }
    // Nobody writes a row without its step: these are blanks in a row.
    if (fields[2].empty()) return judge_refused_line(line);
    std::string row = row_behind_torn(fields_of(line));
    const bool is_dataset = fields[0].size() >= time_digits || !parse_python_float(fields[3]) ||
                            !parse_python_int(fields[4]);
    if (!row.empty() || !is_dataset) return {damage::glued_line, std::move(row)};
    const auto step = mended_integer(fields[2]);
    return {damage::dataset_line, joined(fields[0], fields[1], step ? step->text : "0")};
}

/// The first damage of a line. \return none for one that MLflow 2 and 3 read as it was meant
inline std::optional<line_damage> first_damage(std::string_view line,
                                               const std::optional<metric_line>& read) {
    if (!read) return judge_refused_line(line);
    if (read->fields == 5) return judge_dataset_line(line);
    constexpr std::int64_t latest = 99999999999999;  // the year 5138
    if (read->fields == 2 || read->row.timestamp <= latest) return std::nullopt;
    std::string row = row_behind_torn(fields_of(line));
    if (row.empty()) return std::nullopt;
    return line_damage{damage::glued_line, std::move(row)};
}

/// \return none for a line that both MLflow 2 and 3 read as it was meant; what mends another has no
///         damage
/// \cost   that of parse_metric_line() for a line in the usual spelling
inline std::optional<line_damage> judge_metric_line(std::string_view line,
                                                    const std::optional<metric_line>& read) {
    std::optional<line_damage> found = first_damage(line, read);
    if (!found || found->mended.empty()) return found;
    // Another writer's spelling may hide that the line was glued.
    if (auto second = first_damage(found->mended, parse_metric_line(found->mended))) {
        found->mended = std::move(second->mended);
    }
    return found;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
