// SPDX-License-Identifier: MIT
/// \file A value from the text of a param: the way back of param_text().
#ifndef MLSCRIBE_QUERY_TEXT_VALUE_HPP
#define MLSCRIBE_QUERY_TEXT_VALUE_HPP

#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/query/python_list.hpp>
#include <mlscribe/reflect/flatten.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class T>
bool read_text_value(std::string_view text, T& value);

template <class Integer>
bool read_integer(std::string_view text, Integer& value) {
    const char* const end = text.data() + text.size();
    Integer number{};
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc() || read.ptr != end) return false;
    value = number;
    return true;
}

template <class Real>
bool read_real(std::string_view text, Real& value) {
    using read_type = std::conditional_t<(sizeof(Real) < sizeof(double)), double, Real>;
    const auto number = parse_python_real<read_type>(text);
    if (number) value = static_cast<Real>(*number);
    return number.has_value();
}

/// By its name, else by its number.
template <class Enum>
bool read_enum(std::string_view text, Enum& value) {
    using underlying = std::underlying_type_t<Enum>;
    if (text.empty()) return false;  // the name of numbers that have none
    for (int number = enum_range<Enum>::min; number <= enum_range<Enum>::max; ++number) {
        const auto narrow = static_cast<underlying>(number);
        if (static_cast<int>(narrow) != number) continue;
        const auto candidate = static_cast<Enum>(narrow);
        if (enum_name(candidate) != text) continue;
        value = candidate;
        return true;
    }
    if constexpr (std::is_same_v<underlying, bool>) {
        return false;
    } else {
        underlying number{};
        if (!read_integer(text, number)) return false;
        value = static_cast<Enum>(number);
        return true;
    }
}

template <class T, class = void>
inline constexpr bool is_fixed_list_v = false;
template <class T>
inline constexpr bool is_fixed_list_v<T, std::void_t<decltype(std::tuple_size<T>::value)>> =
    is_range_v<T>;

/// The items of `[64, 32]` or `['a', 'b']`. \param quoted  whether they are texts
inline bool split_list(std::string_view text, bool quoted, std::vector<std::string>& items) {
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
    text = text.substr(1, text.size() - 2);
    if (text.empty()) return true;
    if (quoted) return read_python_list(text, items);
    for (bool more = true; more;) {
        const std::size_t comma = text.find(", ");
        more = comma != std::string_view::npos;
        items.emplace_back(text.substr(0, comma));
        if (more) text.remove_prefix(comma + 2);
    }
    return true;
}

template <class List>
bool read_list(std::string_view text, List& value) {
    using element = std::remove_cv_t<range_value_t<List>>;
    std::vector<std::string> items;
    if (!split_list(text, is_string_like_v<element> || std::is_enum_v<element>, items))
        return false;
    List list{};
    if constexpr (is_growing_list_v<List>) {
        for (const std::string& item : items) {
            list.push_back({});
            element read{};
            if (!read_text_value(item, read)) return false;
            list.back() = std::move(read);
        }
    } else {
        if (items.size() != list.size()) return false;
        for (std::size_t i = 0; i != items.size(); ++i) {
            if (!read_text_value(items[i], list[i])) return false;
        }
    }
    value = std::move(list);
    return true;
}

template <class T>
inline constexpr bool is_readable_v = false;

/// \return whether `text` is a value of this type; else `value` is untouched
template <class T>
bool read_text_value(std::string_view text, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        if (text != "True" && text != "False" && text != "true" && text != "false") return false;
        value = text.front() == 'T' || text.front() == 't';
        return true;
    } else if constexpr (std::is_same_v<T, char>) {
        if (text.size() == 1) value = text.front();
        return text.size() == 1;
    } else if constexpr (is_plain_integer_v<T>) {
        return read_integer(text, value);
    } else if constexpr (std::is_floating_point_v<T>) {
        return read_real(text, value);
    } else if constexpr (std::is_enum_v<T>) {
        return read_enum(text, value);
    } else if constexpr (std::is_same_v<T, std::string>) {
        value = text;
        return true;
    } else if constexpr (is_path_like_v<T>) {
        value = T(std::string(text));
        return true;
    } else if constexpr (is_optional_like_v<T>) {
        if (text == "None") {
            value.reset();
            return true;
        }
        typename T::value_type held{};
        if (!read_text_value(text, held)) return false;
        value = std::move(held);
        return true;
    } else if constexpr (is_growing_list_v<T> || is_fixed_list_v<T>) {
        return read_list(text, value);
    } else {
        static_assert(is_readable_v<T>,
                      "mlscribe: store.read() knows no way from a param to this type: numbers, "
                      "texts, enums, optionals, lists of them and described structs can be read");
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
