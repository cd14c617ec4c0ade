// SPDX-License-Identifier: MIT
/// \file The end of a run put into the text of its meta.yaml where no memory may be asked for.
#ifndef MLSCRIBE_LAYOUT_META_SPLICE_HPP
#define MLSCRIBE_LAYOUT_META_SPLICE_HPP

#include <mlscribe/layout/run_status.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Replaces the values of `status` and `end_time`; every other byte stays. It knows the shape that
/// MLflow and this library give the file, a key and its value on one line, with simple lines below
/// a key that it does not know. Whatever may mean more than it seems to is refused: quotes that
/// stay open, other line ends, a key twice, a file that is not whole.
/// \threadsafety any thread, and a signal handler: no memory, no lock
class meta_splice {
  public:
    explicit meta_splice(std::string_view text) noexcept : text_(text), known_(read()) {}

    /// Whether the text has the shape that write() can deal with.
    bool is_known() const noexcept { return known_; }

    /// \param time  milliseconds since 1970-01-01 UTC, 0 or more
    /// \return the length of the new text; 0 when the old one is not known or the room too small
    std::size_t write(run_status status, std::int64_t time, char* out,
                      std::size_t room) const noexcept {
        // Two numbers and two blanks more, at most.
        if (!known_ || time < 0 || room < text_.size() + 2 * longest_number) return 0;
        const bool status_first = status_.data() < end_time_.data();
        const std::string_view first = status_first ? status_ : end_time_;
        const std::string_view second = status_first ? end_time_ : status_;
        const auto number = static_cast<std::int64_t>(status);
        char* at = out;
        const char* from = text_.data();
        for (const std::string_view value : {first, second}) {
            at = copy(from, value.data(), at);
            *at++ = ' ';
            const bool is_status = value.data() == status_.data();
            at = std::to_chars(at, out + room, is_status ? number : time).ptr;
            from = value.data() + value.size();
        }
        at = copy(from, text_.data() + text_.size(), at);
        return static_cast<std::size_t>(at - out);
    }

  private:
    static constexpr std::size_t longest_number = 21;

    static char* copy(const char* from, const char* to, char* at) noexcept {
        const auto length = static_cast<std::size_t>(to - from);
        std::memcpy(at, from, length);
        return at + length;
    }

    static bool is_one_of(std::string_view text,
                          std::initializer_list<std::string_view> many) noexcept {
        for (const std::string_view each : many) {
            if (text == each) return true;
        }
        return false;
    }
    static bool is_digits(std::string_view text) noexcept {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    }
    static std::string_view trimmed(std::string_view text) noexcept {
        const std::size_t begin = text.find_first_not_of(' ');
        if (begin == std::string_view::npos) return {};
        return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
    }

    /// YAML knows more ends of a line than '\n'.
    static bool has_other_breaks(std::string_view text) noexcept {
        for (const char c : text) {
            if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return true;
        }
        for (const std::string_view mark : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
            if (text.find(mark) != std::string_view::npos) return true;
        }
        return false;
    }

    /// Whether a value begins and ends in its line.
    static bool is_whole_value(std::string_view value) noexcept {
        if (value.empty() || value == "[]" || value == "{}" || value == "~") return true;
        if (value[0] == '"') {
            std::size_t at = 1;
            while (at < value.size() && value[at] != '"') at += value[at] == '\\' ? 2u : 1u;
            return at == value.size() - 1;
        }
        if (value[0] == '\'') {
            std::size_t at = 1;
            while (at < value.size()) {
                if (value[at] != '\'') {
                    ++at;
                } else if (value.substr(at, 2) == "''") {
                    at += 2;
                } else {
                    break;
                }
            }
            return at == value.size() - 1;
        }
        return std::string_view("[]{}|>&*!%@`,?#-").find(value[0]) == std::string_view::npos;
    }

    /// A line of the value of a key above: no quote and no mark that could reach further.
    static bool is_simple_continuation(std::string_view line) noexcept {
        if (line[0] == '-' && line.size() > 1 && line[1] != ' ') return false;
        return line.find_first_of("\"'|>{}[]&*!%@`") == std::string_view::npos;
    }

    /// Notes a key of the top level. \return false when the file is not what it seems to be
    bool note(std::string_view key, std::string_view rest) noexcept {
        const std::string_view value = trimmed(rest);
        if (!is_whole_value(value)) return false;
        if (key == "status") {
            if (!status_.empty() || value.size() != 1 || value[0] < '1' || value[0] > '5')
                return false;
            status_ = rest;
        } else if (key == "end_time") {
            const bool empty = is_one_of(value, {"", "null", "Null", "NULL", "~", "''", "\"\""});
            if (has_end_time_ || (!empty && !is_digits(value))) return false;
            has_end_time_ = true;
            end_time_ = rest;
        }
        // With these it is whole: they are written in the order of the alphabet.
        if (is_one_of(key, {"run_id", "run_uuid"})) seen_ |= 1;
        if (key == "experiment_id") seen_ |= 2;
        if (key == "start_time") seen_ |= 4;
        if (key == "user_id") seen_ |= 8;
        return true;
    }

    bool read() noexcept {
        if (text_.empty() || text_.back() != '\n' || has_other_breaks(text_)) return false;
        bool may_continue = false;
        for (std::size_t begin = 0; begin < text_.size();) {
            const std::size_t end = text_.find('\n', begin);
            const std::string_view line = text_.substr(begin, end - begin);
            begin = end + 1;
            if (line.empty() || line[0] == '#') continue;
            if (line[0] == ' ' || line[0] == '-') {
                if (!may_continue || !is_simple_continuation(line)) return false;
                continue;
            }
            const std::size_t colon = line.find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
            if (colon == 0 || colon == std::string_view::npos || line[colon] != ':') return false;
            const std::string_view key = line.substr(0, colon);
            const std::string_view rest = line.substr(colon + 1);
            if (!rest.empty() && rest[0] != ' ') return false;
            if (!note(key, rest)) return false;
            may_continue = !is_one_of(key, {"status", "end_time"});
        }
        return !status_.empty() && has_end_time_ && seen_ == 15;
    }

    std::string_view text_;
    std::string_view status_;    // with the blanks around it
    std::string_view end_time_;  // may be empty
    bool has_end_time_ = false;
    unsigned seen_ = 0;
    bool known_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
