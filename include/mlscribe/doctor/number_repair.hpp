// SPDX-License-Identifier: MIT
/// \file Numbers that some writer spelled so that Python cannot read them, in Python's spelling.
#ifndef MLSCRIBE_DOCTOR_NUMBER_REPAIR_HPP
#define MLSCRIBE_DOCTOR_NUMBER_REPAIR_HPP

#include <mlscribe/doctor/damage.hpp>
#include <mlscribe/layout/metric_line.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/layout/uri.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A number as it should be written, and what was wrong with it.
struct mended_number {
    std::string text;
    std::optional<damage> why;  ///< none: it was right
};

inline bool begins_with(std::string_view text, std::string_view front) noexcept {
    return text.substr(0, front.size()) == front;
}

/// NaN and infinity of the C libraries: `nan(0x8)`, `-nan(ind)`, `1.#INF`, `-1.#IND`.
inline std::optional<std::string> mended_special(std::string_view text) {
    const bool negative = begins_with(text, "-");
    if (negative || begins_with(text, "+")) text.remove_prefix(1);
    const std::string word = ascii_lowered(text);
    const bool is_nan = (begins_with(word, "nan(") && word.back() == ')') ||
                        begins_with(word, "1.#qnan") || begins_with(word, "1.#snan") ||
                        begins_with(word, "1.#nan") || begins_with(word, "1.#ind");
    if (is_nan) return "nan";
    if (begins_with(word, "1.#inf")) return negative ? "-inf" : "inf";
    return std::nullopt;
}

/// `0x1.8p3`.
inline std::optional<std::string> mended_hexadecimal(std::string_view text) {
    const bool negative = begins_with(text, "-");
    if (negative || begins_with(text, "+")) text.remove_prefix(1);
    if (ascii_lowered(text.substr(0, 2)) != "0x") return std::nullopt;
    text.remove_prefix(2);
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = detail::from_chars(text.data(), end, value, std::chars_format::hex);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    char spelled[32];
    return std::string(spelled, write_python_repr(spelled, negative ? -value : value));
}

/// A metric's value.
/// \return none for what is no number at all
inline std::optional<mended_number> mended_value(std::string_view text) {
    if (parse_python_float(text)) return mended_number{std::string(text), std::nullopt};
    if (auto special = mended_special(text)) {
        return mended_number{std::move(*special), damage::number_spelling};
    }
    if (auto hexadecimal = mended_hexadecimal(text)) {
        return mended_number{std::move(*hexadecimal), damage::number_spelling};
    }
    std::string other(text);
    damage why = damage::number_spelling;
    const std::size_t comma = other.find(',');
    if (comma != std::string::npos) {
        // `1,234,5` or `1,234.5` may mean two things.
        if (other.find_first_of(",.", comma + 1) != std::string::npos ||
            other.find('.') != std::string::npos) {
            return std::nullopt;
        }
        other[comma] = '.';
        why = damage::decimal_comma;
    }
    // C's 1.0f and 1.0L, Fortran's 1d5.
    if (!other.empty() && std::string_view("fFlL").find(other.back()) != std::string_view::npos) {
        other.pop_back();
    }
    for (char& c : other) {
        if (c == 'd' || c == 'D') c = 'e';
    }
    const bool is_plain = other.find_first_not_of("0123456789.eE+-") == std::string::npos;
    if (!is_plain || !parse_python_float(other)) return std::nullopt;
    return mended_number{std::move(other), why};
}

/// A step or a time stamp.
/// \return none for what is no whole number of 64 bits
inline std::optional<mended_number> mended_integer(std::string_view text) {
    if (parse_python_int(text)) return mended_number{std::string(text), std::nullopt};
    // `1,000` is a thousand to some and one to others.
    const std::size_t comma = text.find(',');
    if (comma != std::string_view::npos && text.size() - comma == 4) return std::nullopt;
    const std::optional<mended_number> value = mended_value(text);
    const std::optional<double> number =
        value ? parse_python_float(value->text) : std::optional<double>();
    constexpr double most = 9007199254740992.0;  // above, doubles skip whole numbers
    if (!number || !(std::fabs(*number) <= most)) return std::nullopt;
    const auto whole = static_cast<std::int64_t>(*number);
    if (static_cast<double>(whole) != *number) return std::nullopt;
    return mended_number{std::to_string(whole), damage::float_step};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
