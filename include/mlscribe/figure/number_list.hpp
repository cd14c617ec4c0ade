// SPDX-License-Identifier: MIT
/// \file What a figure takes as numbers, as texts and as a matrix, and how it is read.
#ifndef MLSCRIBE_FIGURE_NUMBER_LIST_HPP
#define MLSCRIBE_FIGURE_NUMBER_LIST_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class>
inline constexpr bool is_bit_list_v = false;
/// libc++ has a stand-in for each of its bits, also where it is const.
template <class Allocator>
inline constexpr bool is_bit_list_v<std::vector<bool, Allocator>> = true;

template <class, class = void>
struct range_element {
    using type = void;
};
template <class T>
struct range_element<T, std::void_t<decltype(*std::begin(std::declval<const T&>())),
                                    decltype(std::end(std::declval<const T&>()))>> {
    using type = std::conditional_t<
        is_bit_list_v<T>, bool,
        std::remove_cv_t<std::remove_reference_t<decltype(*std::begin(std::declval<const T&>()))>>>;
};
template <class T>
using range_element_t = typename range_element<T>::type;

template <class T>
inline constexpr bool is_plotted_number_v =
    std::is_arithmetic_v<T> && !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t> &&
    !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

/// A range of numbers; a text is none.
template <class T>
inline constexpr bool is_number_list_v = is_plotted_number_v<range_element_t<T>>;
template <class T>
using if_number_list = std::enable_if_t<is_number_list_v<T>, int>;

/// A range of texts.
template <class T>
inline constexpr bool is_text_list_v = std::is_convertible_v<range_element_t<T>, std::string_view>;
template <class T>
using if_text_list = std::enable_if_t<is_text_list_v<T>, int>;

template <class, class = void>
inline constexpr bool has_cells_v = false;
/// Eigen's matrices, and what is read like them.
template <class T>
inline constexpr bool
    has_cells_v<T, std::void_t<decltype(std::declval<const T&>()(
                       std::declval<const T&>().rows(), std::declval<const T&>().cols()))>> = true;

template <class, class = void>
inline constexpr bool has_shape_v = false;
/// mlscribe::array and array_view.
template <class T>
inline constexpr bool has_shape_v<T, std::void_t<decltype(std::declval<const T&>().shape.size()),
                                                 decltype(std::declval<const T&>().values[0])>> =
    true;

template <class T>
std::vector<double> number_list(const T& numbers) {
    std::vector<double> list;
    for (const auto& number : numbers) list.push_back(static_cast<double>(number));
    return list;
}

template <class T>
std::vector<std::string> text_list(const T& texts) {
    std::vector<std::string> list;
    for (const auto& text : texts) list.emplace_back(std::string_view(text));
    return list;
}

/// The rows of a matrix, which may be of different lengths.
template <class T>
std::vector<std::vector<double>> number_rows(const T& matrix) {
    std::vector<std::vector<double>> rows;
    if constexpr (has_cells_v<T>) {
        for (decltype(matrix.rows()) row = 0; row < matrix.rows(); ++row) {
            rows.emplace_back();
            for (decltype(matrix.cols()) column = 0; column < matrix.cols(); ++column) {
                rows.back().push_back(static_cast<double>(matrix(row, column)));
            }
        }
    } else if constexpr (has_shape_v<T>) {
        const std::size_t columns = matrix.shape.size() == 2 ? std::size_t(matrix.shape[1]) : 0;
        const std::size_t count = columns == 0 ? 0 : std::size_t(matrix.shape[0]);
        for (std::size_t row = 0; row < count; ++row) {
            rows.emplace_back();
            for (std::size_t column = 0; column < columns; ++column) {
                rows.back().push_back(static_cast<double>(matrix.values[row * columns + column]));
            }
        }
    } else {
        static_assert(is_number_list_v<range_element_t<T>>,
                      "mlscribe: this is no matrix of numbers: rows of numbers nested in each "
                      "other, a matrix of Eigen, mlscribe::array or array_view");
        for (const auto& row : matrix) rows.push_back(number_list(row));
    }
    return rows;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
