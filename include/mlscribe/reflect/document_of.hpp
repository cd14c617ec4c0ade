// SPDX-License-Identifier: MIT
/// \file Any value that a param may have, as a tree: structs and maps stay maps, lists stay lists.
#ifndef MLSCRIBE_REFLECT_DOCUMENT_OF_HPP
#define MLSCRIBE_REFLECT_DOCUMENT_OF_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/reflect/flatten.hpp>
#include <mlscribe/reflect/param_text.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class T>
void fill_document(document& out, const T& value);

template <class T>
void fill_member(document& out, const void* value) {
    fill_document(out, *static_cast<const T*>(value));
}

/// A member without its type, so that every struct shares one loop.
struct document_member {
    const void* value;
    void (*fill)(document& out, const void* value);
};

inline document& add_entry(document& map, document key) {
    map.entries.push_back({std::move(key), {}});
    return map.entries.back().value;
}

/// What the description of a struct calls.
class member_collector {
  public:
    explicit member_collector(document& out) noexcept : out_(out) {}

    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        const document_member values[] = {{&members, &fill_member<Members>}...};
        for (const document_member& member : values) {
            document key;
            key.type = document::kind::text;
            key.text = names.next();
            member.fill(add_entry(out_, std::move(key)), member.value);
        }
    }

  private:
    document& out_;
};

template <class T>
void fill_members(document& out, const T& object) {
    out.type = document::kind::map;
    member_collector collector(out);
    visit_members(object, collector);
}

/// A key of a map: a scalar, or the text of what is none.
template <class T>
document key_of(const T& key) {
    document out;
    fill_document(out, key);
    if (out.type == document::kind::map || out.type == document::kind::list) {
        out = {};
        out.type = document::kind::text;
        out.text = param_text(key);
    }
    return out;
}

template <class Range>
void fill_range(document& out, const Range& range) {
    constexpr bool map = is_map_like_v<Range> || has_mapped_type_v<Range>;
    out.type = map ? document::kind::map : document::kind::list;
    for (auto&& element : range) {
        if constexpr (map) {
            fill_document(add_entry(out, key_of(element.first)), element.second);
        } else {
            out.items.emplace_back();
            fill_document(out.items.back(), static_cast<const range_value_t<Range>&>(element));
        }
    }
    if constexpr (map) keep_last_of_each_key(out);
}

template <class T>
void fill_document(document& out, const T& value) {
    const auto set = [&out](document::kind type, std::string text) {
        out.type = type;
        out.text = std::move(text);
    };
    if constexpr (std::is_same_v<T, document>) {
        out = value;
    } else if constexpr (std::is_same_v<T, bool>) {
        set(document::kind::boolean, value ? "true" : "false");
    } else if constexpr (std::is_floating_point_v<T>) {
        set(document::kind::real, float_text(value));
    } else if constexpr (is_plain_integer_v<T> && !std::is_same_v<T, char>) {
        set(document::kind::integer, param_text(value));
    } else if constexpr (std::is_null_pointer_v<T>) {
        out = {};
    } else if constexpr (std::is_same_v<T, const char*> || std::is_same_v<T, char*>) {
        if (value != nullptr) set(document::kind::text, value);
    } else if constexpr (has_param_text_hook_v<T>) {
        set(document::kind::text, param_text(value));
    } else if constexpr (is_reflected_v<T>) {
        fill_members(out, value);
    } else if constexpr (std::is_enum_v<T>) {
        const bool named = !enum_name(value).empty();
        set(named ? document::kind::text : document::kind::integer, param_text(value));
    } else if constexpr (is_string_like_v<T> || is_path_like_v<T> || is_duration_v<T>) {
        set(document::kind::text, param_text(value));
    } else if constexpr (is_optional_like_v<T>) {
        if (value.has_value()) fill_document(out, *value);
    } else if constexpr (is_variant_like_v<T>) {
        if (value.valueless_by_exception()) return;
        visit([&out](const auto& held) { fill_document(out, held); }, value);
    } else if constexpr (is_char_array_v<T>) {
        set(document::kind::text, param_text(value));
    } else if constexpr (is_range_v<T>) {
        fill_range(out, value);
    } else if constexpr (is_pair_v<T>) {
        out.type = document::kind::list;
        out.items.resize(2);
        fill_document(out.items[0], value.first);
        fill_document(out.items[1], value.second);
    } else if constexpr (is_monostate_v<T>) {
        out = {};
    } else {
        set(document::kind::text, param_text(value));
    }
}

}  // namespace detail

/// The tree behind a value. Structs (as flatten() knows them) and maps stay maps in their order,
/// ranges and pairs lists; an empty optional is null; numbers keep every digit; enumerators,
/// durations, paths and types with a to_param_text() are the text that param_text() gives. Keys
/// that are numbers stay numbers, which JSON quotes and YAML does not.
/// \threadsafety any thread
template <class T>
document document_of(const T& value) {
    document out;
    if constexpr (is_reflected_v<T> && !std::is_same_v<T, document>) {
        detail::fill_members(out, value);
    } else {
        detail::fill_document(out, value);
    }
    return out;
}

namespace detail {

/// Adds `key: value` at the end of a map; what is none yet becomes one.
template <class T>
void add_member(document& map, std::string_view key, const T& value) {
    map.type = document::kind::map;
    add_entry(map, document_of(key)) = document_of(value);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
