// SPDX-License-Identifier: MIT
/// \file Reads one flat JSON object, as MLflow takes extra tags from MLFLOW_RUN_CONTEXT.
#ifndef MLSCRIBE_LAYOUT_JSON_OBJECT_HPP
#define MLSCRIBE_LAYOUT_JSON_OBJECT_HPP

#include <mlscribe/layout/json_document.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads one value as the text that MLflow would store: str() of it, but an empty text for None.
/// \param text  what `from` reads
inline bool read_tag_value(std::string_view text, json_scanner& from, std::string& out) {
    const std::size_t begin = from.position();
    if (from.peek() == '[' || from.peek() == '{') {
        if (!skip_json_value(from)) return false;
        out = utf8::repaired(text.substr(begin, from.position() - begin));
        return true;
    }
    document value;
    if (!from.scalar(value)) return false;
    if (value.type == document::kind::boolean) {
        out = value.text == "true" ? "True" : "False";
    } else {
        out = std::move(value.text);
    }
    return true;
}

}  // namespace detail

/// The members of a JSON object with each value as the text that MLflow stores for it as a tag:
/// strings unescaped, integers as written, other numbers as Python's repr(), `True`, `False`,
/// an empty text for null. Arrays and objects keep their JSON text.
///
/// Of members with one key the last counts, at the place of the first. Halves of surrogate pairs,
/// and bytes that are not UTF-8, become U+FFFD (MLflow would fail to write them). Keys are not
/// checked: key_problem() tells which may be tags.
///
/// \param most_members  what has more is refused
/// \return nullopt also where the text is no JSON object; MLflow then takes no tag from it
/// \cost   O(size log size), without recursion
inline std::optional<std::vector<std::pair<std::string, std::string>>> parse_flat_json_object(
    std::string_view text, std::size_t most_members = SIZE_MAX) {
    detail::json_scanner from(text);
    document object;
    from.skip_blanks();
    if (!from.take('{')) return std::nullopt;
    from.skip_blanks();
    if (!from.take('}')) {
        do {
            if (object.entries.size() == most_members) return std::nullopt;
            document_entry& member = object.entries.emplace_back();
            if (!from.key(member.key.text) ||
                !detail::read_tag_value(text, from, member.value.text)) {
                return std::nullopt;
            }
            from.skip_blanks();
        } while (from.take(','));
        if (!from.take('}')) return std::nullopt;
    }
    from.skip_blanks();
    if (!from.at_end()) return std::nullopt;
    detail::keep_last_of_each_key(object);
    std::vector<std::pair<std::string, std::string>> members;
    members.reserve(object.entries.size());
    for (document_entry& member : object.entries) {
        members.emplace_back(std::move(member.key.text), std::move(member.value.text));
    }
    return members;
}

MLSCRIBE_NAMESPACE_END

#endif
