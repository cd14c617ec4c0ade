// SPDX-License-Identifier: MIT
/// \file Reading what a server answers in JSON, whoever it is.
#ifndef MLSCRIBE_SYNC_SERVER_JSON_HPP
#define MLSCRIBE_SYNC_SERVER_JSON_HPP

#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/sync/remote_run.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

using server_json = nlohmann::json;

/// Whether a text can become a small tree at most: some bytes of JSON take a hundred of memory.
inline bool is_modest_json(std::string_view text) noexcept {
    constexpr std::size_t deepest = 100;
    constexpr std::size_t most_values = 1'000'000;
    std::size_t depth = 0;
    std::size_t values = 1;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c == '\\') ++at;
            if (c == '"') quoted = false;
            continue;
        }
        if (c == '"') quoted = true;
        if (c == '[' || c == '{') ++depth;
        if ((c == ']' || c == '}') && depth != 0) --depth;
        if (c == '[' || c == '{' || c == ',') ++values;
        if (depth > deepest || values > most_values) return false;
    }
    return true;
}

/// An object. \return nullopt for another value, a text that is no JSON, and an immodest one
inline std::optional<server_json> parse_server_json(std::string_view text) {
    if (!is_modest_json(text)) return std::nullopt;
    server_json read = server_json::parse(text, nullptr, false);
    if (!read.is_object()) return std::nullopt;
    return std::optional<server_json>(std::move(read));
}

/// The bytes to send; what is not UTF-8 becomes U+FFFD.
inline std::string body_text(const server_json& value) {
    return value.dump(-1, ' ', true, server_json::error_handler_t::replace);
}

/// A member. \return null where there is none, or `from` is no object
inline const server_json* member_of(const server_json& from, const char* key) {
    if (!from.is_object()) return nullptr;
    const auto found = from.find(key);
    return found == from.end() ? nullptr : &*found;
}

/// A member that is a text; empty where there is none.
inline std::string text_of(const server_json& from, const char* key) {
    const server_json* const value = member_of(from, key);
    if (value == nullptr || !value->is_string()) return {};
    return *value->get_ptr<const std::string*>();
}

/// A member that is a whole number, as such or as a text, which is how protobuf writes 64 bits.
inline std::optional<std::int64_t> integer_of(const server_json& from, const char* key) {
    const server_json* const value = member_of(from, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return parse_python_int(*value->get_ptr<const std::string*>());
    if (value->is_number_unsigned()) {
        const std::uint64_t number = *value->get_ptr<const std::uint64_t*>();
        if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value->is_number_integer()) return *value->get_ptr<const std::int64_t*>();
    return std::nullopt;
}

/// Calls `visit` with each item of a member that is a list.
template <class Visit>
void for_each_item(const server_json& from, const char* key, Visit&& visit) {
    const server_json* const list = member_of(from, key);
    if (list == nullptr || !list->is_array()) return;
    for (const server_json& item : *list) visit(item);
}

/// A list of `{"key": …, "value": …}`.
inline std::vector<named_value> named_values_of(const server_json& from, const char* key) {
    std::vector<named_value> found;
    for_each_item(from, key, [&found](const server_json& item) {
        found.push_back({text_of(item, "key"), text_of(item, "value")});
    });
    return found;
}
inline server_json json_of(const std::vector<named_value>& values) {
    server_json list = server_json::array();
    for (const named_value& each : values) {
        server_json item;
        item["key"] = each.key;
        item["value"] = each.value;
        list.push_back(std::move(item));
    }
    return list;
}

/// An id goes into later requests: one that is more than a word is none of a tracking server's.
inline bool is_server_id(std::string_view id) noexcept {
    constexpr std::size_t longest = 250;
    if (id.empty() || id.size() > longest) return false;
    for (const char c : id) {
        if (!is_ascii_letter(c) && !is_ascii_digit(c) && c != '-' && c != '_') return false;
    }
    return true;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
