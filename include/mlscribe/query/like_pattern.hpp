// SPDX-License-Identifier: MIT
/// \file LIKE and ILIKE as MLflow's file store means them: a pattern that becomes a Python regex.
#ifndef MLSCRIBE_QUERY_LIKE_PATTERN_HPP
#define MLSCRIBE_QUERY_LIKE_PATTERN_HPP

#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/query/letter_case.hpp>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether `text` matches `pattern`: `%` stands for any characters and `_` for one, but for neither
/// a line feed; a `%` at the end lets anything follow, and else one line feed may. There is no
/// escape for `%` and `_`.
/// \cost  the length of the text times that of the longest piece between two `%` at worst
inline bool matches_like(std::string_view text, std::string_view pattern, bool any_case) noexcept {
    const auto same = [any_case](char32_t left, char32_t right) {
        return left == right || (any_case && without_case(left) == without_case(right));
    };
    const bool open_end = !pattern.empty() && pattern.back() == '%';
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t retry_at = std::string_view::npos;
    std::size_t retry_in_pattern = 0;
    while (true) {
        if (in_pattern == pattern.size()) {
            if (open_end || at == text.size() || text.substr(at) == "\n") return true;
        } else if (pattern[in_pattern] == '%') {
            retry_in_pattern = ++in_pattern;
            retry_at = at;
            continue;
        } else if (at < text.size()) {
            const utf8::step wanted = utf8::first(pattern.substr(in_pattern));
            const utf8::step found = utf8::first(text.substr(at));
            const bool any = wanted.code == '_';
            if (any ? found.code != '\n' : same(wanted.code, found.code)) {
                in_pattern += wanted.size;
                at += found.size;
                continue;
            }
        }
        // The last % takes one character more; no other way of the ones before leads further.
        if (retry_at >= text.size() || text[retry_at] == '\n') return false;
        retry_at += utf8::first(text.substr(retry_at)).size;
        at = retry_at;
        in_pattern = retry_in_pattern;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
