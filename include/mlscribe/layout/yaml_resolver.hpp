// SPDX-License-Identifier: MIT
/// \file Which type YAML 1.1, as PyYAML reads it, gives to an unquoted scalar.
#ifndef MLSCRIBE_LAYOUT_YAML_RESOLVER_HPP
#define MLSCRIBE_LAYOUT_YAML_RESOLVER_HPP

#include <mlscribe/layout/byte_set.hpp>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

enum class plain_type {
    null,
    boolean,
    integer,
    real,
    date,     ///< a date or a time stamp; PyYAML makes it a Python date
    special,  ///< `=` and `<<`, which PyYAML refuses as values
    string
};

/// What begins with none of these is a string, in PyYAML as well.
inline constexpr byte_set yaml_leading_of_words("~nNyYtTfFoO=<");
inline constexpr byte_set yaml_leading_of_numbers("+-.0123456789");
inline constexpr byte_set yaml_digits("0123456789");
inline constexpr byte_set yaml_decimals("0123456789_");
inline constexpr byte_set yaml_hexadecimals("0123456789abcdefABCDEF_");
inline constexpr byte_set yaml_octals("01234567_");
inline constexpr byte_set yaml_binaries("01_");
inline constexpr byte_set yaml_blanks(" \t");

/// A reader of a few characters; every member advances only over what it accepts.
class plain_matcher {
  public:
    explicit constexpr plain_matcher(std::string_view text) noexcept : text_(text) {}

    constexpr bool done() const noexcept { return at_ == text_.size(); }
    constexpr char peek() const noexcept { return done() ? '\0' : text_[at_]; }

    constexpr bool one_of(const byte_set& set) noexcept {
        if (done() || !set.has(text_[at_])) return false;
        ++at_;
        return true;
    }
    constexpr bool one_of(char first, char second) noexcept {
        if (peek() != first && peek() != second) return false;
        ++at_;
        return true;
    }
    constexpr bool one(char only) noexcept { return one_of(only, only); }
    constexpr bool digit() noexcept { return one_of(yaml_digits); }

    constexpr std::size_t many_of(const byte_set& set) noexcept {
        const std::size_t from = at_;
        while (one_of(set)) {
        }
        return at_ - from;
    }
    constexpr bool digits(std::size_t least, std::size_t most) noexcept {
        std::size_t count = 0;
        while (count < most && digit()) ++count;
        return count >= least;
    }
    /// `(:[0-5]?[0-9])+`, the base 60 of YAML 1.1. \return how many groups
    constexpr std::size_t sixties() noexcept {
        std::size_t count = 0;
        for (; one(':'); ++count) {
            const bool tens = peek() >= '0' && peek() <= '5';
            if (!digit()) return 0;
            if (tens) digit();
        }
        return count;
    }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

template <std::size_t Size>
constexpr bool is_any_of(std::string_view text, const std::string_view (&words)[Size]) noexcept {
    for (const std::string_view word : words) {
        if (text == word) return true;
    }
    return false;
}

constexpr bool is_plain_integer(std::string_view text) noexcept {
    plain_matcher at(text);
    at.one_of('+', '-');
    if (at.one('0')) {
        if (at.done()) return true;
        if (at.one('b')) return at.many_of(yaml_binaries) != 0 && at.done();
        if (at.one('x')) return at.many_of(yaml_hexadecimals) != 0 && at.done();
        return at.many_of(yaml_octals) != 0 && at.done();
    }
    if (!at.digit()) return false;
    at.many_of(yaml_decimals);
    return at.done() || (at.sixties() != 0 && at.done());
}

constexpr bool is_plain_real(std::string_view text) noexcept {
    plain_matcher at(text);
    const bool sign = at.one_of('+', '-');
    const std::string_view rest = text.substr(sign ? 1 : 0);
    if (is_any_of(rest, {".inf", ".Inf", ".INF"})) return true;
    if (!sign && is_any_of(rest, {".nan", ".NaN", ".NAN"})) return true;
    if (at.digit()) {
        at.many_of(yaml_decimals);
        if (at.peek() == ':') {
            if (at.sixties() == 0 || !at.one('.')) return false;
            at.many_of(yaml_decimals);
            return at.done();
        }
        if (!at.one('.')) return false;
    } else if (sign || !at.one('.') || !at.digit()) {
        return false;
    }
    at.many_of(yaml_decimals);
    if (!at.one_of('e', 'E')) return at.done();
    return at.one_of('+', '-') && at.many_of(yaml_digits) != 0 && at.done();
}

constexpr bool is_plain_date(std::string_view text) noexcept {
    plain_matcher at(text);
    if (!at.digits(4, 4) || !at.one('-')) return false;
    if (!at.digits(1, 2) || !at.one('-') || !at.digits(1, 2)) return false;
    if (at.done()) return text.size() == 10;
    if (!at.one_of('t', 'T') && at.many_of(yaml_blanks) == 0) return false;
    if (!at.digits(1, 2) || !at.one(':') || !at.digits(2, 2)) return false;
    if (!at.one(':') || !at.digits(2, 2)) return false;
    if (at.one('.')) at.many_of(yaml_digits);
    at.many_of(yaml_blanks);
    if (at.one('Z')) return at.done();
    if (at.one_of('+', '-')) {
        if (!at.digits(1, 2)) return false;
        if (at.one(':') && !at.digits(2, 2)) return false;
    } else if (text.back() == ' ' || text.back() == '\t') {
        return false;
    }
    return at.done();
}

/// Whether a text of type date is one that exists; Python raises for the 30th of February.
constexpr bool is_real_date(std::string_view text) noexcept {
    int parts[8] = {};  // year, month, day, hour, minute, second, zone's hours and minutes
    std::size_t part = 0;
    for (std::size_t at = 0; at < text.size() && part < 8; ++part) {
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            parts[part] = parts[part] * 10 + (text[at++] - '0');
        }
        if (part == 5 && at < text.size() && text[at] == '.') {
            for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9';) ++at;
        }
        while (at < text.size() && (text[at] < '0' || text[at] > '9')) ++at;
    }
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = parts[0];
    const int month = parts[1];
    if (year < 1 || month < 1 || month > 12) return false;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int last = days[month - 1] + (month == 2 && leap ? 1 : 0);
    return parts[2] >= 1 && parts[2] <= last && parts[3] < 24 && parts[4] < 60 && parts[5] < 60 &&
           parts[6] * 60 + parts[7] < 24 * 60;
}

/// The type of one that begins as a word of YAML's does.
constexpr plain_type resolve_word(std::string_view text) noexcept {
    constexpr std::size_t longest = 5;
    if (text.size() > longest) return plain_type::string;
    if (is_any_of(text, {"~", "null", "Null", "NULL"})) return plain_type::null;
    if (is_any_of(text, {"yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false",
                         "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF"})) {
        return plain_type::boolean;
    }
    return is_any_of(text, {"=", "<<"}) ? plain_type::special : plain_type::string;
}

/// The type of an unquoted scalar. `1e3` is a string, `yes` a boolean, `1:30` an integer.
constexpr plain_type resolve_plain(std::string_view text) noexcept {
    if (text.empty()) return plain_type::null;
    if (yaml_leading_of_words.has(text.front())) return resolve_word(text);
    if (!yaml_leading_of_numbers.has(text.front())) return plain_type::string;
    if (is_plain_integer(text)) return plain_type::integer;
    if (is_plain_real(text)) return plain_type::real;
    if (is_plain_date(text)) return plain_type::date;
    return plain_type::string;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
