// SPDX-License-Identifier: MIT
/// \file Recognises standard types by their shape, so that their headers need not be included.
#ifndef MLSCRIBE_REFLECT_SHAPE_HPP
#define MLSCRIBE_REFLECT_SHAPE_HPP

#include <mlscribe/config/config.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class, class = void>
inline constexpr bool has_param_text_hook_v = false;
/// The user's own `std::string to_param_text(const T&)`, found by argument-dependent lookup.
template <class T>
inline constexpr bool has_param_text_hook_v<
    T, std::void_t<decltype(std::string(to_param_text(std::declval<const T&>())))>> = true;

template <class T>
inline constexpr bool is_string_like_v = std::is_convertible_v<const T&, std::string_view>;

template <class, class = void>
inline constexpr bool is_optional_like_v = false;
template <class T>
inline constexpr bool
    is_optional_like_v<T, std::void_t<typename T::value_type, decltype(*std::declval<const T&>()),
                                      decltype(std::declval<const T&>().has_value())>> = true;

template <class, class = void>
inline constexpr bool is_duration_v = false;
template <class T>
inline constexpr bool
    is_duration_v<T, std::void_t<typename T::rep, typename T::period,
                                 decltype(std::declval<const T&>().count()), decltype(T::zero())>> =
        true;

template <class, class = void>
inline constexpr bool is_path_like_v = false;
template <class T>
inline constexpr bool
    is_path_like_v<T, std::void_t<decltype(std::declval<const T&>().native()),
                                  decltype(std::string(std::declval<const T&>().string()))>> = true;

template <class, class = void>
inline constexpr bool is_variant_like_v = false;
template <class T>
inline constexpr bool
    is_variant_like_v<T, std::void_t<decltype(std::declval<const T&>().index()),
                                     decltype(std::declval<const T&>().valueless_by_exception())>> =
        true;

template <class, class = void>
inline constexpr bool is_range_v = false;
template <class T>
inline constexpr bool is_range_v<T, std::void_t<decltype(std::begin(std::declval<const T&>())),
                                                decltype(std::end(std::declval<const T&>()))>> =
    true;

template <class T, class = void>
struct range_value {
    using type =
        std::remove_cv_t<std::remove_reference_t<decltype(*std::begin(std::declval<const T&>()))>>;
};
/// libc++ has a stand-in for each bit of a std::vector<bool>, also where the vector is const.
template <class T>
struct range_value<T, std::enable_if_t<std::is_same_v<typename T::value_type, bool>>> {
    using type = bool;
};
template <class T>
using range_value_t = typename range_value<T>::type;

template <class T, class = void>
inline constexpr bool is_growing_list_v = false;
template <class T>
inline constexpr bool is_growing_list_v<
    T, std::void_t<decltype(std::declval<T&>().push_back(std::declval<typename T::value_type>()),
                            std::declval<T&>().clear())>> = !is_string_like_v<T>;

template <class, class = void>
inline constexpr bool is_pair_v = false;
template <class T>
inline constexpr bool is_pair_v<T, std::void_t<typename T::first_type, typename T::second_type>> =
    true;

template <class, class = void>
inline constexpr bool is_map_like_v = false;
/// A range of pairs whose first is a text: std::map<std::string, X>, std::vector<std::pair<…>>.
template <class T>
inline constexpr bool is_map_like_v<T, std::enable_if_t<is_range_v<T>>> = [] {
    if constexpr (is_pair_v<range_value_t<T>>) {
        return is_string_like_v<typename range_value_t<T>::first_type>;
    } else {
        return false;
    }
}();

template <class, class = void>
inline constexpr bool has_mapped_type_v = false;
template <class T>
inline constexpr bool has_mapped_type_v<T, std::void_t<typename T::mapped_type>> = true;

template <class T>
constexpr bool is_monostate() noexcept {
    if constexpr (std::is_empty_v<T> && std::is_trivial_v<T>) {
        return std::is_default_constructible_v<std::hash<T>>;
    } else {
        return false;
    }
}
/// std::monostate: the empty type that can be hashed. A user's own empty struct is not `None`.
template <class T>
inline constexpr bool is_monostate_v = is_monostate<T>();

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
