// SPDX-License-Identifier: MIT
/// \file Reads one flat JSON object, as MLflow takes extra tags from MLFLOW_RUN_CONTEXT.
#ifndef MLSCRIBE_LAYOUT_JSON_OBJECT_HPP
#define MLSCRIBE_LAYOUT_JSON_OBJECT_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <mlscribe/config/config.hpp>
#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// MLflow gives up on about a thousand brackets inside each other; deeper is bad JSON here, too.
inline constexpr std::size_t max_json_depth = 1000;

namespace detail {

/// Reads JSON as Python's json module does: also `NaN`, `Infinity`, `-Infinity`; no byte order
/// mark, no raw control characters in strings. Loops, never recurses.
class json_reader {
  public:
    explicit json_reader(std::string_view text) noexcept : text_(text) {}

    std::optional<std::vector<std::pair<std::string, std::string>>> flat_object() {
        std::vector<std::pair<std::string, std::string>> members;
        skip_blanks();
        if (!take('{')) return std::nullopt;
        skip_blanks();
        if (!take('}')) {
            do {
                std::pair<std::string, std::string> member;
                skip_blanks();
                if (!string(&member.first) || !colon() || !tag_value(member.second)) {
                    return std::nullopt;
                }
                members.push_back(std::move(member));
                skip_blanks();
            } while (take(','));
            if (!take('}')) return std::nullopt;
        }
        skip_blanks();
        if (at_ != text_.size()) return std::nullopt;
        return members;
    }

  private:
    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    bool take(char c) noexcept {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    bool take(std::string_view word) noexcept {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }

    void skip_blanks() noexcept {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    bool colon() noexcept {
        skip_blanks();
        if (!take(':')) return false;
        skip_blanks();
        return true;
    }

    /// Reads one value as the text that MLflow would store.
    bool tag_value(std::string& out) {
        if (peek() == '"') return string(&out);
        if (peek() == '{' || peek() == '[') {
            const std::size_t begin = at_;
            if (!skip_nested()) return false;
            out = utf8::repaired(text_.substr(begin, at_ - begin));
            return true;
        }
        return scalar(&out);
    }

    /// `out` may be null: then the value is only checked.
    bool scalar(std::string* out) {
        // MLflow stores str() of each, but an empty text for None.
        constexpr std::pair<std::string_view, std::string_view> words[] = {
            {"true", "True"}, {"false", "False"},  {"null", ""},
            {"NaN", "nan"},   {"Infinity", "inf"}, {"-Infinity", "-inf"}};
        for (const auto& [word, stored] : words) {
            if (!take(word)) continue;
            if (out != nullptr) *out = stored;
            return true;
        }
        return number(out);
    }

    std::size_t digits() noexcept {
        const std::size_t begin = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ - begin;
    }

    bool number(std::string* out) {
        const std::size_t begin = at_;
        take('-');
        const std::size_t whole = at_;
        const std::size_t whole_digits = digits();
        if (whole_digits == 0 || (whole_digits > 1 && text_[whole] == '0')) return false;
        bool is_float = false;
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
        const std::string_view written = text_.substr(begin, at_ - begin);
        constexpr std::size_t python_digits = 4300;  // Python refuses integers beyond
        if (!is_float && whole_digits > python_digits) return false;
        if (out != nullptr) {
            *out = is_float ? float_spelling(written)
                            : std::string(written == "-0" ? written.substr(1) : written);
        }
        return true;
    }

    static std::string float_spelling(std::string_view written) {
        double value = 0;
        const auto result = std::from_chars(written.data(), written.data() + written.size(), value);
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
            const char c = text_[at_++];
            const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
            const bool is_digit = c >= '0' && c <= '9';
            if (!is_digit && (lower < 'a' || lower > 'f')) return false;
            unit = unit << 4 | static_cast<char32_t>(is_digit ? c - '0' : lower - 'a' + 10);
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

    /// `out` may be null: then the string is only checked.
    bool string(std::string* out) {
        if (!take('"')) return false;
        std::string content;
        for (;;) {
            const std::size_t begin = at_;
            while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
                   static_cast<unsigned char>(text_[at_]) >= 0x20) {
                ++at_;
            }
            if (out != nullptr) content += utf8::repaired(text_.substr(begin, at_ - begin));
            if (take('"')) break;
            if (!take('\\') || !escape(content)) return false;
            if (out == nullptr) content.clear();
        }
        if (out != nullptr) *out = std::move(content);
        return true;
    }

    /// Checks an array or object of any content.
    bool skip_nested() {
        std::string open;  // the brackets we are in
        for (;;) {
            // One value begins here.
            skip_blanks();
            if (peek() == '{' || peek() == '[') {
                if (open.size() == max_json_depth) return false;
                open += text_[at_++];
                skip_blanks();
                if (!take(open.back() == '{' ? '}' : ']')) {
                    if (open.back() == '{' && !(string(nullptr) && colon())) return false;
                    continue;
                }
                open.pop_back();
            } else if (peek() == '"' ? !string(nullptr) : !scalar(nullptr)) {
                return false;
            }
            // It has ended here, and maybe what it stands in.
            for (;;) {
                if (open.empty()) return true;
                skip_blanks();
                if (take(',')) {
                    skip_blanks();
                    if (open.back() == '{' && !(string(nullptr) && colon())) return false;
                    break;
                }
                if (!take(open.back() == '{' ? '}' : ']')) return false;
                open.pop_back();
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace detail

/// The members of a JSON object with each value as the text that MLflow stores for it as a tag:
/// strings unescaped, integers as written, other numbers as Python's repr(), `True`, `False`,
/// an empty text for null. Arrays and objects keep their JSON text.
///
/// Of members with one key the last counts, at the place of the first. Halves of surrogate pairs,
/// and bytes that are not UTF-8, become U+FFFD (MLflow would fail to write them). Keys are not
/// checked: key_problem() tells which may be tags.
///
/// \return nullopt where the text is no JSON object; MLflow then takes no tag from it
/// \cost   O(size log size), without recursion
inline std::optional<std::vector<std::pair<std::string, std::string>>> parse_flat_json_object(
    std::string_view text) {
    auto members = detail::json_reader(text).flat_object();
    if (!members) return members;
    std::vector<std::size_t> order(members->size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&members](std::size_t a, std::size_t b) {
        const int compared = (*members)[a].first.compare((*members)[b].first);
        return compared != 0 ? compared < 0 : a < b;
    });
    std::vector<bool> repeated(members->size(), false);
    for (std::size_t i = 0, first = 0; i < order.size(); ++i) {
        if ((*members)[order[i]].first != (*members)[order[first]].first) first = i;
        if (i == first) continue;
        (*members)[order[first]].second = std::move((*members)[order[i]].second);
        repeated[order[i]] = true;
    }
    std::vector<std::pair<std::string, std::string>> unique;
    unique.reserve(members->size());
    for (std::size_t i = 0; i < members->size(); ++i) {
        if (!repeated[i]) unique.push_back(std::move((*members)[i]));
    }
    return unique;
}

MLSCRIBE_NAMESPACE_END

#endif
