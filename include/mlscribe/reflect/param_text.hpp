// SPDX-License-Identifier: MIT
/// \file One value to the text of a param, as Python's str() shows it.
#ifndef MLSCRIBE_REFLECT_PARAM_TEXT_HPP
#define MLSCRIBE_REFLECT_PARAM_TEXT_HPP

#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/reflect/enum_name.hpp>
#include <mlscribe/reflect/python_quote.hpp>
#include <mlscribe/reflect/shape.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether a text stands alone or inside a list, where Python quotes it.
enum class placement { alone, nested };

template <class T>
void append_value(std::string& out, const T& value, placement where);

inline void append_text(std::string& out, std::string_view text, placement where) {
    if (where == placement::nested) {
        append_quoted(out, text);
    } else {
        out += text;
    }
}

template <class Integer>
void append_integer(std::string& out, Integer value) {
    if constexpr (std::is_signed_v<Integer>) {
        out += std::to_string(static_cast<long long>(value));
    } else {
        out += std::to_string(static_cast<unsigned long long>(value));
    }
}

/// `250ms`, `2s`, `1.5h`; a period without a name of its own as `3[604800]s` or `3[2/7]s`.
template <class Duration>
void append_duration(std::string& out, const Duration& value) {
    constexpr std::intmax_t num = Duration::period::num;
    constexpr std::intmax_t den = Duration::period::den;
    constexpr const char* unit = num == 1 && den == 1000000000 ? "ns"
                                 : num == 1 && den == 1000000  ? "us"
                                 : num == 1 && den == 1000     ? "ms"
                                 : num == 1 && den == 1        ? "s"
                                 : num == 60 && den == 1       ? "min"
                                 : num == 3600 && den == 1     ? "h"
                                 : num == 86400 && den == 1    ? "d"
                                                               : nullptr;
    append_value(out, value.count(), placement::alone);
    if constexpr (unit != nullptr) {
        out += unit;
    } else {
        append_integer(out += '[', num);
        if constexpr (den != 1) append_integer(out += '/', den);
        out += "]s";
    }
}

template <class Range>
void append_range(std::string& out, const Range& range) {
    constexpr bool map = has_mapped_type_v<Range>;
    out += map ? '{' : '[';
    bool first = true;
    for (auto&& element : range) {
        if (!first) out += ", ";
        first = false;
        if constexpr (map) {
            append_value(out, element.first, placement::nested);
            out += ": ";
            append_value(out, element.second, placement::nested);
        } else {
            append_value(out, static_cast<const range_value_t<Range>&>(element), placement::nested);
        }
    }
    out += map ? '}' : ']';
}

template <class T>
inline constexpr bool is_char_array_v = false;
template <std::size_t Size>
inline constexpr bool is_char_array_v<char[Size]> = true;

/// Not the characters, which would look like numbers, and not the 128-bit extensions.
template <class T>
inline constexpr bool is_plain_integer_v = std::is_integral_v<T> &&
                                           sizeof(T) <= sizeof(long long) &&
                                           !std::is_same_v<T, wchar_t> &&
                                           !std::is_same_v<T, char16_t> &&
                                           !std::is_same_v<T, char32_t>
#if defined(__cpp_char8_t)
                                           && !std::is_same_v<T, char8_t>
#endif
    ;

template <class T>
inline constexpr bool has_no_param_text_v = false;

template <class T>
void append_value(std::string& out, const T& value, placement where) {
    if constexpr (std::is_same_v<T, bool>) {
        out += value ? "True" : "False";
    } else if constexpr (std::is_same_v<T, char>) {
        append_text(out, std::string_view(&value, 1), where);
    } else if constexpr (is_plain_integer_v<T>) {
        append_integer(out, value);
    } else if constexpr (std::is_floating_point_v<T>) {
        char text[float_text_capacity];
        out.append(text, write_float(text, value));
    } else if constexpr (has_param_text_hook_v<T>) {
        append_text(out, to_param_text(value), where);
    } else if constexpr (std::is_enum_v<T>) {
        const std::string_view name = enum_name(value);
        if (name.empty()) {
            append_integer(out, static_cast<std::underlying_type_t<T>>(value));
        } else {
            append_text(out, name, where);
        }
    } else if constexpr (std::is_null_pointer_v<T>) {
        out += "None";
    } else if constexpr (is_char_array_v<T>) {
        // A buffer need not be terminated.
        std::size_t length = 0;
        while (length < sizeof(T) && value[length] != '\0') ++length;
        append_text(out, std::string_view(value, length), where);
    } else if constexpr (std::is_same_v<T, const char*> || std::is_same_v<T, char*>) {
        if (value == nullptr) {
            out += "None";
        } else {
            append_text(out, value, where);
        }
    } else if constexpr (is_string_like_v<T>) {
        append_text(out, value, where);
    } else if constexpr (is_path_like_v<T>) {
        append_text(out, value.string(), where);
    } else if constexpr (is_duration_v<T>) {
        append_duration(out, value);
    } else if constexpr (is_optional_like_v<T>) {
        if (value.has_value()) {
            append_value(out, *value, where);
        } else {
            out += "None";
        }
    } else if constexpr (is_variant_like_v<T>) {
        if (value.valueless_by_exception()) {
            out += "None";
        } else {
            visit([&out, where](const auto& held) { append_value(out, held, where); }, value);
        }
    } else if constexpr (is_range_v<T>) {
        append_range(out, value);
    } else if constexpr (is_pair_v<T>) {
        out += '(';
        append_value(out, value.first, placement::nested);
        out += ", ";
        append_value(out, value.second, placement::nested);
        out += ')';
    } else if constexpr (is_monostate_v<T>) {
        out += "None";
    } else {
        static_assert(has_no_param_text_v<T>,
                      "mlscribe: this type has no text as a param: describe its struct with "
                      "MLSCRIBE_DESCRIBE(type, members...), or write std::string "
                      "to_param_text(const type&) beside it");
    }
}

}  // namespace detail

/// The text that MLflow shows for a value, the same as Python's `str()` gives, so that a Python
/// process may log the equal value again. It is `True`, `0.001` (also for 1e-3f), `[64, 32]`,
/// `['a']`, `{'k': 1}`, `None` for an empty optional; enumerators by name, durations with their
/// unit (`250ms`). A type's own `std::string to_param_text(const T&)` in its namespace comes first.
/// \threadsafety any thread; independent of the locale
template <class T>
std::string param_text(const T& value) {
    std::string out;
    detail::append_value(out, value, detail::placement::alone);
    return out;
}

MLSCRIBE_NAMESPACE_END

#endif
