// SPDX-License-Identifier: MIT
/// \file The words of a JSON text: strings, numbers, literals, and the signs between them.
#ifndef MLSCRIBE_LAYOUT_JSON_SCANNER_HPP
#define MLSCRIBE_LAYOUT_JSON_SCANNER_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/read_float.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Takes JSON as Python's json module does: also `NaN`, `Infinity`, `-Infinity`; no byte order
/// mark, no raw control characters in strings.
class json_scanner {
  public:
    explicit json_scanner(std::string_view text) noexcept : text_(text) {}

    /// How much of the text is taken.
    std::size_t position() const noexcept { return at_; }
    bool at_end() const noexcept { return at_ == text_.size(); }
    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char c) noexcept {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    void skip_blanks() noexcept {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    /// The key of a member and its colon.
    bool key(std::string& out) {
        skip_blanks();
        if (!string(out)) return false;
        skip_blanks();
        if (!take(':')) return false;
        skip_blanks();
        return true;
    }

    /// Anything but an array or object.
    bool scalar(document& out) {
        if (peek() == '"') {
            out.type = document::kind::text;
            return string(out.text);
        }
        if (const word* const known = take_word()) {
            out.type = known->type;
            out.text = known->text;
            return true;
        }
        return number(out);
    }
    /// The same, and only a text is kept.
    bool skip_scalar(std::string& text) {
        bool is_float = false;
        if (peek() == '"') return string(text);
        return take_word() != nullptr || !take_number(is_float).empty();
    }

    bool string(std::string& out) {
        out.clear();
        if (!take('"')) return false;
        for (;;) {
            const std::size_t begin = at_;
            while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
                   static_cast<unsigned char>(text_[at_]) >= 0x20) {
                ++at_;
            }
            out += utf8::repaired(text_.substr(begin, at_ - begin));
            if (take('"')) return true;
            if (!take('\\') || !escape(out)) return false;
        }
    }

  private:
    struct word {
        std::string_view written;
        document::kind type;
        std::string_view text;
    };

    const word* take_word() noexcept {
        using kind = document::kind;
        static constexpr word words[] = {
            {"true", kind::boolean, "true"}, {"false", kind::boolean, "false"},
            {"null", kind::null, ""},        {"NaN", kind::real, "nan"},
            {"Infinity", kind::real, "inf"}, {"-Infinity", kind::real, "-inf"}};
        for (const word& known : words) {
            if (take(known.written)) return &known;
        }
        return nullptr;
    }

    bool take(std::string_view expected) noexcept {
        if (text_.substr(at_, expected.size()) != expected) return false;
        at_ += expected.size();
        return true;
    }

    std::size_t digits() noexcept {
        const std::size_t begin = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ - begin;
    }

    bool number(document& out) {
        bool is_float = false;
        const std::string_view written = take_number(is_float);
        if (written.empty()) return false;
        out.type = is_float ? document::kind::real : document::kind::integer;
        out.text = is_float ? float_spelling(written)
                            : std::string(written == "-0" ? written.substr(1) : written);
        return true;
    }

    /// \return the digits; empty where there is no number
    std::string_view take_number(bool& is_float) noexcept {
        const std::size_t begin = at_;
        take('-');
        const std::size_t whole = at_;
        const std::size_t whole_digits = digits();
        if (whole_digits == 0 || (whole_digits > 1 && text_[whole] == '0')) return {};
        // As in Python, "1." is the number 1 and a stray dot, which nothing takes afterwards.
        const std::size_t before_dot = at_;
        if (take('.')) {
            if (digits() == 0) {
                at_ = before_dot;
            } else {
                is_float = true;
            }
        }
        const std::size_t before_exponent = at_;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (digits() == 0) {
                at_ = before_exponent;
            } else {
                is_float = true;
            }
        }
        constexpr std::size_t python_digits = 4300;  // Python refuses integers beyond
        if (!is_float && whole_digits > python_digits) return {};
        return text_.substr(begin, at_ - begin);
    }

    static std::string float_spelling(std::string_view written) {
        double value = 0;
        const auto result =
            detail::from_chars(written.data(), written.data() + written.size(), value);
        if (result.ec != std::errc::result_out_of_range) return float_text(value);
        const std::string sign = written[0] == '-' ? "-" : "";
        return sign + (is_huge(written) ? "inf" : "0.0");
    }

    /// Whether a number that no double holds is too large, and not too small.
    static bool is_huge(std::string_view written) noexcept {
        const std::size_t e = (std::min)(written.find_first_of("eE"), written.size());
        if (e + 1 < written.size()) {
            const bool negative = written[e + 1] == '-';
            long long exponent = 0;
            for (const char c : written.substr(e + 1)) {
                if (c >= '0' && c <= '9' && exponent < 1'000'000'000'000) {
                    exponent = exponent * 10 + (c - '0');
                }
            }
            const std::size_t first = written.find_first_of("123456789");
            const std::size_t point = (std::min)(written.find('.'), e);
            const long long lead = first < point ? static_cast<long long>(point - first)
                                                 : -static_cast<long long>(first - point);
            return (negative ? -exponent : exponent) + lead > 0;
        }
        return written.find_first_of("123456789") < written.find('.');
    }

    /// Four hexadecimal digits.
    bool code_unit(char32_t& unit) noexcept {
        if (text_.size() - at_ < 4) return false;
        unit = 0;
        for (int i = 0; i < 4; ++i) {
            const int digit = hex_value(text_[at_++]);
            if (digit < 0) return false;
            unit = unit << 4 | static_cast<char32_t>(digit);
        }
        return true;
    }

    bool escape(std::string& out) {
        if (at_ == text_.size()) return false;
        const char letter = text_[at_++];
        constexpr std::string_view letters = "\"\\/bfnrt";
        const std::size_t which = letters.find(letter);
        if (which != std::string_view::npos) {
            out += "\"\\/\b\f\n\r\t"[which];
            return true;
        }
        char32_t code = 0;
        if (letter != 'u' || !code_unit(code)) return false;
        const std::size_t behind = at_;
        char32_t second = 0;
        if (code >= 0xD800 && code < 0xDC00 && take("\\u")) {
            if (!code_unit(second)) return false;
            if (second >= 0xDC00 && second < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00);
            } else {
                at_ = behind;
            }
        }
        utf8::append(out, code);
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
