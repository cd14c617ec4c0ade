// SPDX-License-Identifier: MIT
/// \file Which values a model may be made of without a save function of its own.
#ifndef MLSCRIBE_MODEL_MODEL_VALUE_HPP
#define MLSCRIBE_MODEL_MODEL_VALUE_HPP

#include <mlscribe/artifact/array_like.hpp>
#include <mlscribe/reflect/flatten.hpp>
#include <mlscribe/reflect/shape.hpp>

#include <string>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A text that a model can be loaded into again, which a view or a pointer is not.
template <class T>
inline constexpr bool is_model_text_v = std::is_same_v<T, std::string>;

template <class T>
constexpr bool is_text_map() noexcept {
    if constexpr (has_mapped_type_v<T> && is_map_like_v<T>) {
        return is_model_text_v<typename T::key_type>;
    } else {
        return false;
    }
}
/// std::map<std::string, X> and the like.
template <class T>
inline constexpr bool is_text_map_v = is_text_map<T>();

/// What log_model() saves as JSON and .npy files. No function could give a C array back.
template <class T>
inline constexpr bool is_model_value_v =
    !std::is_array_v<T> &&
    (is_reflected_v<T> || is_range_v<T> || is_array_like_v<T> || std::is_arithmetic_v<T>);

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
