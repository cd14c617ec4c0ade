// SPDX-License-Identifier: MIT
/// \file The values of an array into whatever type holds numbers: the way back of array_bytes.
#ifndef MLSCRIBE_MODEL_ARRAY_FILLING_HPP
#define MLSCRIBE_MODEL_ARRAY_FILLING_HPP

#include <mlscribe/artifact/array_like.hpp>

#include <cstddef>
#include <iterator>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Goes through an array once. \tparam Number  the type of its values
template <class Number>
class array_filling {
  public:
    explicit array_filling(const array<Number>& from) noexcept : from_(from) {}

    /// \param depth  how many of the dimensions lead to this part
    /// \return false where the array has another shape than the part can have
    template <class T>
    bool fill(T& part, std::size_t depth = 0) {
        if constexpr (std::is_same_v<T, Number>) {
            if (depth != from_.shape.size()) return false;
            part = from_.values[next_++];
            return true;
        } else if (depth >= from_.shape.size()) {
            return false;
        } else if constexpr (is_matrix_like_v<T>) {
            return fill_matrix(part, depth);
        } else {
            return fill_list(part, depth);
        }
    }

    bool fill(array<Number>& part) {
        part = from_;
        return true;
    }

  private:
    template <class List>
    bool fill_list(List& part, std::size_t depth) {
        const std::size_t length = from_.shape[depth];
        // An array of nothing can claim any number of empty parts.
        if (from_.values.empty()) {
            if (length > empty_parts_left_) return false;
            empty_parts_left_ -= length;
        }
        if constexpr (is_growing_list_v<List>) {
            part.clear();
            for (std::size_t i = 0; i < length; ++i) {
                range_value_t<List> below{};
                if (!fill(below, depth + 1)) return false;
                part.push_back(std::move(below));
            }
        } else {
            if (length != std::size(part)) return false;
            for (auto& below : part) {
                if (!fill(below, depth + 1)) return false;
            }
        }
        return true;
    }

    template <class Matrix>
    bool fill_matrix(Matrix& part, std::size_t depth) {
        using index = decltype(part.rows());
        constexpr bool vector = Matrix::IsVectorAtCompileTime;
        if (from_.shape.size() != depth + (vector ? 1 : 2)) return false;
        for (std::size_t i = depth; i < from_.shape.size(); ++i) {
            constexpr index most = (std::numeric_limits<index>::max)();
            if (from_.shape[i] > static_cast<std::size_t>(most)) return false;
        }
        const auto length = [this, depth](std::size_t i) {
            return static_cast<index>(from_.shape[depth + i]);
        };
        constexpr bool standing = vector && Matrix::ColsAtCompileTime == 1;
        const index rows = vector && !standing ? 1 : length(0);
        const index columns = standing ? 1 : length(vector ? 0 : 1);
        if (!is_possible(Matrix::RowsAtCompileTime, rows) ||
            !is_possible(Matrix::ColsAtCompileTime, columns)) {
            return false;
        }
        part.resize(rows, columns);
        // Of no columns there may be any number of rows.
        if (from_.values.empty()) return true;
        for (index row = 0; row < rows; ++row) {
            for (index column = 0; column < columns; ++column) {
                part(row, column) = from_.values[next_++];
            }
        }
        return true;
    }

    /// Eigen writes -1 for a size that is not fixed.
    template <class Index>
    static constexpr bool is_possible(int fixed, Index size) noexcept {
        return fixed < 0 || fixed == size;
    }

    const array<Number>& from_;
    std::size_t next_ = 0;
    std::size_t empty_parts_left_ = 1000000;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
