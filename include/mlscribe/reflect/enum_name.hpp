// SPDX-License-Identifier: MIT
/// \file The name of an enumerator, found by the compiler.
#ifndef MLSCRIBE_REFLECT_ENUM_NAME_HPP
#define MLSCRIBE_REFLECT_ENUM_NAME_HPP

#include <mlscribe/reflect/identifier.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// The values whose names are looked for; a value outside is logged as a number.
/// Specialise it in namespace mlscribe for an enum with larger values:
///
///     template <> struct mlscribe::enum_range<pixel_format> {
///         static constexpr int min = 0, max = 600;
///     };
///
/// \cost  the compiler names every value of the range once per enum and file, about 30 bytes each
template <class Enum>
struct enum_range {
    static constexpr int min = -128;
    static constexpr int max = 127;
};

namespace detail {

// Values that are no enumerator are probed on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#if defined(__clang__)
#    pragma GCC diagnostic ignored "-Wunknown-warning-option"
// From clang 16 to 19 a warning that is an error, and yet no failure of a substitution.
#    pragma GCC diagnostic ignored "-Wenum-constexpr-conversion"
#endif

/// One signature lists the names of a whole range: one instantiation per enum instead of 256.
template <class Enum, Enum... Values>
constexpr const char* enum_signature() noexcept {
    return __PRETTY_FUNCTION__;
}

template <class Enum, int Value, class = void>
inline constexpr bool is_enum_value_v = false;
template <class Enum, int Value>
inline constexpr bool is_enum_value_v<
    Enum, Value, std::void_t<std::integral_constant<Enum, static_cast<Enum>(Value)>>> = true;

/// Enums whose underlying type is fixed hold each of its values; the others hold only as many
/// bits as their enumerators need, and newer compilers refuse a constant beyond those.
template <class Enum, class = void>
inline constexpr bool has_fixed_type_v = false;
template <class Enum>
inline constexpr bool has_fixed_type_v<Enum, std::void_t<decltype(Enum{0})>> = true;

template <class Enum>
constexpr int largest_probed() noexcept {
    constexpr int wanted = enum_range<Enum>::max;
    if constexpr (std::is_same_v<std::underlying_type_t<Enum>, bool>) {
        return 1;
    } else if constexpr (sizeof(Enum) == 1) {
        constexpr int limit = std::is_signed_v<std::underlying_type_t<Enum>> ? 127 : 255;
        return wanted < limit ? wanted : limit;
    } else if constexpr (has_fixed_type_v<Enum> || is_enum_value_v<Enum, wanted>) {
        return wanted;
    } else {
        constexpr int bits = is_enum_value_v<Enum, 8191>   ? 8191
                             : is_enum_value_v<Enum, 1023> ? 1023
                             : is_enum_value_v<Enum, 511>  ? 511
                             : is_enum_value_v<Enum, 255>  ? 255
                             : is_enum_value_v<Enum, 127>  ? 127
                             : is_enum_value_v<Enum, 63>   ? 63
                             : is_enum_value_v<Enum, 31>   ? 31
                             : is_enum_value_v<Enum, 15>   ? 15
                             : is_enum_value_v<Enum, 7>    ? 7
                             : is_enum_value_v<Enum, 3>    ? 3
                                                           : 1;
        return wanted < bits ? wanted : bits;
    }
}

template <class Enum>
constexpr int smallest_probed() noexcept {
    constexpr int wanted = enum_range<Enum>::min;
    if constexpr (std::is_unsigned_v<std::underlying_type_t<Enum>>) {
        return wanted > 0 ? wanted : 0;
    } else if constexpr (sizeof(Enum) == 1) {
        return wanted > -128 ? wanted : -128;
    } else if constexpr (has_fixed_type_v<Enum> || is_enum_value_v<Enum, wanted>) {
        return wanted;
    } else {
        constexpr int bits = is_enum_value_v<Enum, -64>   ? -64
                             : is_enum_value_v<Enum, -32> ? -32
                             : is_enum_value_v<Enum, -16> ? -16
                             : is_enum_value_v<Enum, -8>  ? -8
                             : is_enum_value_v<Enum, -4>  ? -4
                             : is_enum_value_v<Enum, -2>  ? -2
                             : is_enum_value_v<Enum, -1>  ? -1
                                                          : 0;
        return wanted > bits ? wanted : bits;
    }
}

template <class Enum, int... Offsets>
constexpr const char* enum_signature(std::integer_sequence<int, Offsets...>) noexcept {
    return enum_signature<Enum, static_cast<Enum>(Offsets + smallest_probed<Enum>())...>();
}

#pragma GCC diagnostic pop

/// The name at `index` in the value list of an enum_signature(): "E::a, E::b, (E)2".
inline std::string_view name_in_signature(std::string_view signature, std::size_t index) noexcept {
#if defined(__clang__)
    constexpr std::string_view list = "Values = <";
#else
    constexpr std::string_view list = "Values = {";
#endif
    const std::size_t start = signature.rfind(list);
    if (start == std::string_view::npos) return {};
    const std::string_view values = signature.substr(start + list.size());
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const char letter = values[i];
        const bool closes = letter == ')' || letter == '>' || letter == '}' || letter == ']';
        if (letter == '(' || letter == '<' || letter == '{' || letter == '[') ++depth;
        if (depth == 0 && (letter == ',' || closes)) {
            if (index-- == 0) return last_identifier(values.substr(begin, i - begin));
            begin = i + 1;
        }
        if (closes && --depth < 0) return {};
    }
    return {};
}

}  // namespace detail

/// The enumerator's name without its scope, or an empty view where the value has none or lies
/// outside enum_range. Of two enumerators with one value the compiler's choice is returned.
///
/// \cost  linear in the length of enum_range; no allocation
template <class Enum>
std::string_view enum_name(Enum value) noexcept {
    static_assert(std::is_enum_v<Enum>, "mlscribe: enum_name takes an enumeration");
    constexpr int min = detail::smallest_probed<Enum>();
    constexpr int max = detail::largest_probed<Enum>();
    using number = std::underlying_type_t<Enum>;
    const auto plain = static_cast<number>(value);
    if constexpr (std::is_unsigned_v<number>) {
        using wide = unsigned long long;
        if (wide{plain} < wide{min} || wide{plain} > wide{max}) return {};
    } else {
        using wide = long long;
        if (wide{plain} < wide{min} || wide{plain} > wide{max}) return {};
    }
    constexpr const char* signature =
        detail::enum_signature<Enum>(std::make_integer_sequence<int, max - min + 1>());
    return detail::name_in_signature(signature,
                                     static_cast<std::size_t>(static_cast<long long>(plain) - min));
}

MLSCRIBE_NAMESPACE_END

#endif
