// SPDX-License-Identifier: MIT
/// \file What counts as an array of numbers: its type, its shape and its values, row by row.
#ifndef MLSCRIBE_ARTIFACT_ARRAY_LIKE_HPP
#define MLSCRIBE_ARTIFACT_ARRAY_LIKE_HPP

#include <mlscribe/artifact/array.hpp>
#include <mlscribe/layout/npy_header.hpp>
#include <mlscribe/reflect/shape.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class T>
inline constexpr bool is_character_v = std::is_same_v<T, char> || std::is_same_v<T, wchar_t> ||
                                       std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

/// What .npy has a type for that every reader knows.
template <class T>
inline constexpr bool is_npy_number_v = std::is_same_v<T, bool> || std::is_same_v<T, float> ||
                                        std::is_same_v<T, double> ||
                                        (std::is_integral_v<T> && !is_character_v<T> &&
                                         sizeof(T) <= 8);

template <class T>
constexpr npy_type npy_type_of() noexcept {
    static_assert(sizeof(bool) == 1, "mlscribe: a bool of .npy is one byte");
    return {std::is_same_v<T, bool>       ? 'b'
            : std::is_floating_point_v<T> ? 'f'
            : std::is_signed_v<T>         ? 'i'
                                          : 'u',
            sizeof(T), is_big_endian};
}

template <class, class = void>
inline constexpr bool is_matrix_like_v = false;
/// Eigen's dense matrices, vectors, arrays and blocks of them.
template <class T>
inline constexpr bool is_matrix_like_v<
    T, std::void_t<typename T::Scalar, decltype(T::IsVectorAtCompileTime),
                   decltype(std::declval<const T&>().rows()),
                   decltype(std::declval<const T&>()(std::declval<const T&>().rows(),
                                                     std::declval<const T&>().cols()))>> = true;

template <class, class = void>
inline constexpr bool is_shaped_v = false;
/// mlscribe::array and array_view.
template <class T>
inline constexpr bool
    is_shaped_v<T, std::enable_if_t<std::is_same_v<T, array<typename T::value_type>> ||
                                    std::is_same_v<T, array_view<typename T::value_type>>>> = true;

template <class T>
struct type_of {
    using type = T;
};

template <class T>
constexpr auto array_value_of() {
    if constexpr (is_matrix_like_v<T>) {
        return type_of<typename T::Scalar>{};
    } else if constexpr (is_shaped_v<T>) {
        return type_of<typename T::value_type>{};
    } else if constexpr (is_range_v<T>) {
        return array_value_of<range_value_t<T>>();
    } else {
        return type_of<T>{};
    }
}
/// Of the numbers in an array-like.
template <class T>
using array_value_t = typename decltype(array_value_of<T>())::type;

/// std::vector, std::array and C arrays of numbers, such nested in each other (as long as all parts
/// have one shape), Eigen's matrices and vectors, mlscribe::array and array_view.
template <class T>
inline constexpr bool is_array_like_v = (is_range_v<T> || is_matrix_like_v<T> ||
                                         is_shaped_v<T>)&&is_npy_number_v<array_value_t<T>>;

template <class T, class = void>
inline constexpr bool is_contiguous_v = false;
template <class T>
inline constexpr bool is_contiguous_v<
    T, std::enable_if_t<std::is_same_v<decltype(std::data(std::declval<const T&>())),
                                       const range_value_t<T>*>>> = true;

/// Collects the shape of an array-like; of several parts the first one's.
template <class T>
void append_shape(const T* part, std::vector<std::size_t>& shape) {
    if constexpr (is_matrix_like_v<T>) {
        const auto rows = part == nullptr ? 0 : static_cast<std::size_t>(part->rows());
        const auto columns = part == nullptr ? 0 : static_cast<std::size_t>(part->cols());
        if (T::IsVectorAtCompileTime) {
            shape.push_back(rows * columns);
        } else {
            shape.insert(shape.end(), {rows, columns});
        }
    } else if constexpr (is_shaped_v<T>) {
        if (part != nullptr) shape.insert(shape.end(), part->shape.begin(), part->shape.end());
    } else if constexpr (is_range_v<T>) {
        shape.push_back(part == nullptr ? 0
                                        : static_cast<std::size_t>(
                                              std::distance(std::begin(*part), std::end(*part))));
        if constexpr (!is_npy_number_v<range_value_t<T>>) {
            const bool has_first = part != nullptr && shape.back() != 0;
            append_shape<range_value_t<T>>(has_first ? &*std::begin(*part) : nullptr, shape);
        }
    }
}

/// Collects the bytes of the values, row by row.
class array_bytes {
  public:
    array_bytes(const std::vector<std::size_t>& shape, std::string& bytes)
        : shape_(shape), bytes_(bytes) {}

    /// \param depth  how many of the dimensions lead to this part
    /// \return false where the part has not the shape that the first one has
    template <class T>
    bool add(const T& part, std::size_t depth = 0) {
        if constexpr (is_matrix_like_v<T>) {
            return add_matrix(part, depth);
        } else if constexpr (is_shaped_v<T>) {
            std::size_t count = 0;
            if (!is_rest(part.shape.begin(), part.shape.end(), depth) ||
                !count_npy_values(part.shape, count)) {
                return false;
            }
            if constexpr (std::is_same_v<T, array_view<typename T::value_type>>) {
                append(part.values, count);
                return true;
            } else {
                return part.values.size() == count && add_numbers(part.values);
            }
        } else {
            const auto length = std::distance(std::begin(part), std::end(part));
            if (shape_[depth] != static_cast<std::size_t>(length)) return false;
            if constexpr (is_npy_number_v<range_value_t<T>>) {
                return add_numbers(part);
            } else {
                for (const auto& below : part) {
                    if (!add(below, depth + 1)) return false;
                }
                return true;
            }
        }
    }

  private:
    template <class Iterator>
    bool is_rest(Iterator begin, Iterator end, std::size_t depth) const {
        if (depth > shape_.size()) return false;
        const auto skipped = static_cast<std::ptrdiff_t>(depth);
        return std::equal(shape_.begin() + skipped, shape_.end(), begin, end);
    }

    template <class Number>
    void append(const Number* values, std::size_t count) {
        if (count == 0) return;
        bytes_.append(reinterpret_cast<const char*>(values), count * sizeof(Number));
    }

    template <class Range>
    bool add_numbers(const Range& part) {
        if constexpr (is_contiguous_v<Range>) {
            append(std::data(part), std::size(part));
        } else {
            for (const range_value_t<Range> number : part) append(&number, 1);
        }
        return true;
    }

    template <class Matrix>
    bool add_matrix(const Matrix& part, std::size_t depth) {
        std::vector<std::size_t> own;
        append_shape(&part, own);
        if (!is_rest(own.begin(), own.end(), depth)) return false;
        for (decltype(part.rows()) row = 0; row < part.rows(); ++row) {
            for (decltype(part.cols()) column = 0; column < part.cols(); ++column) {
                const typename Matrix::Scalar number = part(row, column);
                append(&number, 1);
            }
        }
        return true;
    }

    const std::vector<std::size_t>& shape_;
    std::string& bytes_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
