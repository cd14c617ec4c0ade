// SPDX-License-Identifier: MIT
/// \file Reads what stands between the parentheses of `IN (…)`: texts as Python spells them.
#ifndef MLSCRIBE_QUERY_PYTHON_LIST_HPP
#define MLSCRIBE_QUERY_PYTHON_LIST_HPP

#include <mlscribe/layout/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Takes the items of a Python tuple of texts off a text. \threadsafety one thread at a time
class python_list_reader {
  public:
    explicit python_list_reader(std::string_view text) noexcept : rest_(text) {}

    /// \return whether the text is a list of at least one text
    bool read(std::vector<std::string>& items) {
        while (true) {
            skip_blanks();
            if (rest_.empty()) return !items.empty();
            std::string item;
            if (!read_text(item)) return false;
            // Texts side by side are one.
            for (skip_blanks(); !rest_.empty() && rest_.front() != ','; skip_blanks()) {
                if (!read_text(item)) return false;
            }
            items.push_back(std::move(item));
            if (!rest_.empty()) rest_.remove_prefix(1);
        }
    }

  private:
    void skip_blanks() noexcept {
        const std::size_t end = rest_.find_first_not_of(" \t\n\r\f");
        rest_.remove_prefix((std::min)(end, rest_.size()));
    }

    bool read_text(std::string& out) {
        const char quote = rest_.front();
        if (quote != '\'' && quote != '"') return false;
        if (rest_.size() > 2 && rest_[1] == quote && rest_[2] == quote) return false;
        rest_.remove_prefix(1);
        while (!rest_.empty() && rest_.front() != '\n' && rest_.front() != '\r') {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == quote) return true;
            if (c != '\\') {
                out += c;
            } else if (!read_escape(out)) {
                return false;
            }
        }
        return false;
    }

    bool read_escape(std::string& out) {
        if (rest_.empty()) return false;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        constexpr std::pair<char, char> plain[] = {
            {'\\', '\\'}, {'\'', '\''}, {'"', '"'},  {'a', '\a'}, {'b', '\b'},
            {'f', '\f'},  {'n', '\n'},  {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};
        for (const auto& each : plain) {
            if (each.first != c) continue;
            out += each.second;
            return true;
        }
        if (c == '\r' && !rest_.empty() && rest_.front() == '\n') rest_.remove_prefix(1);
        if (c == '\n' || c == '\r') return true;
        if (c >= '0' && c <= '7') {
            read_octal(c, out);
            return true;
        }
        const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (digits != 0) return read_code(digits, out);
        if (c == 'N') return false;
        // Python keeps what it does not know.
        out += '\\';
        out += c;
        return true;
    }

    void read_octal(char first, std::string& out) {
        char32_t code = static_cast<char32_t>(first - '0');
        for (int more = 2; more != 0 && !rest_.empty(); --more) {
            if (rest_.front() < '0' || rest_.front() > '7') break;
            code = code * 8 + static_cast<char32_t>(rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        utf8::append(out, code);
    }

    bool read_code(std::size_t digits, std::string& out) {
        if (rest_.size() < digits) return false;
        std::uint32_t code = 0;
        const char* const end = rest_.data() + digits;
        const auto read = std::from_chars(rest_.data(), end, code, 16);
        if (read.ec != std::errc() || read.ptr != end || code > 0x10FFFF) return false;
        rest_.remove_prefix(digits);
        if (code >= 0xD800 && code < 0xE000) {
            // No text has a surrogate, and these bytes are none of a text.
            out += '\xED';
        } else {
            utf8::append(out, code);
        }
        return true;
    }

    std::string_view rest_;
};

/// Texts side by side are one, and `\n`, `\x41`, `\u00e9` and their like are known; prefixes such
/// as r'…', three quotes, `\N{…}`, lists inside lists and comments are refused.
/// \param text  between the parentheses
/// \return whether it is a list of at least one text
inline bool read_python_list(std::string_view text, std::vector<std::string>& items) {
    // Python takes no source with a zero byte.
    return text.find('\0') == std::string_view::npos && python_list_reader(text).read(items);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
