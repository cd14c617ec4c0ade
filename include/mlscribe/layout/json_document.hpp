// SPDX-License-Identifier: MIT
/// \file A JSON text into a document.
#ifndef MLSCRIBE_LAYOUT_JSON_DOCUMENT_HPP
#define MLSCRIBE_LAYOUT_JSON_DOCUMENT_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/json_scanner.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// MLflow gives up on about a thousand brackets inside each other; deeper is bad JSON here, too.
inline constexpr std::size_t max_json_depth = 1000;
/// A value of two bytes takes a hundred of memory.
inline constexpr std::size_t max_json_values = std::size_t{1} << 18;

namespace detail {

/// Adds a place to a list or map that is being read, and takes the key that stands before it.
/// \return null where there is no key
inline document* next_json_value(json_scanner& from, document& open) {
    if (open.type == document::kind::list) return &open.items.emplace_back();
    document_entry& entry = open.entries.emplace_back();
    entry.key.type = document::kind::text;
    return from.key(entry.key.text) ? &entry.value : nullptr;
}

/// Reads one value of any kind; blanks before it are skipped. Loops, never recurses.
inline bool read_json_value(json_scanner& from, document& result, std::size_t most_values) {
    // What an open one points to stays in place: its parent grows only after it.
    std::vector<document*> open;
    std::size_t values = 0;
    for (document* value = &result;;) {
        if (++values > most_values) return false;
        from.skip_blanks();
        const bool is_map = from.peek() == '{';
        if (is_map || from.peek() == '[') {
            if (open.size() == max_json_depth) return false;
            from.take(from.peek());
            value->type = is_map ? document::kind::map : document::kind::list;
            from.skip_blanks();
            if (!from.take(is_map ? '}' : ']')) {
                open.push_back(value);
                value = next_json_value(from, *value);
                if (value == nullptr) return false;
                continue;
            }
        } else if (!from.scalar(*value)) {
            return false;
        }
        // The value has ended here, and maybe what it stands in.
        for (;; open.pop_back()) {
            if (open.empty()) return true;
            document& around = *open.back();
            from.skip_blanks();
            if (from.take(',')) {
                value = next_json_value(from, around);
                if (value == nullptr) return false;
                break;
            }
            if (!from.take(around.type == document::kind::map ? '}' : ']')) return false;
            keep_last_of_each_key(around);
        }
    }
}

/// Goes behind one value of any kind and keeps nothing of it. Takes what read_json_value() takes.
inline bool skip_json_value(json_scanner& from) {
    std::string open;  // what closes each, the outermost first
    std::string text;
    for (;;) {
        from.skip_blanks();
        if (from.peek() == '{' || from.peek() == '[') {
            if (open.size() == max_json_depth) return false;
            open += from.peek() == '{' ? '}' : ']';
            from.take(from.peek());
            from.skip_blanks();
            if (!from.take(open.back())) {
                if (open.back() == '}' && !from.key(text)) return false;
                continue;
            }
            open.pop_back();
        } else if (!from.skip_scalar(text)) {
            return false;
        }
        for (;; open.pop_back()) {
            if (open.empty()) return true;
            from.skip_blanks();
            if (from.take(',')) {
                if (open.back() == '}' && !from.key(text)) return false;
                break;
            }
            if (!from.take(open.back())) return false;
        }
    }
}

}  // namespace detail

/// Reads JSON as Python's json module does: also `NaN`, `Infinity`, `-Infinity`; of members with
/// one key the last counts, at the place of the first. Numbers keep their digits, other than
/// whole ones are spelled as Python's repr() does. Halves of surrogate pairs, and bytes that are
/// not UTF-8, become U+FFFD.
/// \param  stopped_at  gets the offset of the byte that no JSON goes on with
/// \param  most_values  in lists and maps; each may take 300 bytes
/// \return nullopt where the text is no JSON, is deeper than max_json_depth or has more values
/// \cost   O(size log size), without recursion
inline std::optional<document> parse_json(std::string_view text, std::size_t* stopped_at = nullptr,
                                          std::size_t most_values = max_json_values) {
    detail::json_scanner from(text);
    document result;
    bool good = detail::read_json_value(from, result, most_values);
    if (good) from.skip_blanks();
    good = good && from.at_end();
    if (good) return result;
    if (stopped_at != nullptr) *stopped_at = from.position();
    return std::nullopt;
}

MLSCRIBE_NAMESPACE_END

#endif
