// SPDX-License-Identifier: MIT
/// \file Numbers of a model, as an ONNX file holds them.
#ifndef MLSCRIBE_FLAVOR_ONNX_TENSOR_HPP
#define MLSCRIBE_FLAVOR_ONNX_TENSOR_HPP

#include <mlscribe/artifact/array_like.hpp>
#include <mlscribe/flavor/onnx_graph.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Made from a number or from any array of numbers: vectors, std::array and C arrays, such nested
/// in each other, matrices and vectors of Eigen, mlscribe::array, and mlscribe::array_view for the
/// tensors of any other library. `float` stays float, every other number becomes double.
class onnx_tensor {
  public:
    /// No numbers.
    onnx_tensor() = default;

    template <class Numbers,
              class = std::enable_if_t<detail::is_npy_number_v<Numbers> ||
                                       detail::is_array_like_v<Numbers>>>
    onnx_tensor(const Numbers& numbers) {  // NOLINT: weights are passed as they are
        using number = detail::array_value_t<Numbers>;
        std::string bytes;
        if constexpr (detail::is_array_like_v<Numbers>) {
            detail::append_shape(&numbers, shape_);
            whole_ = detail::array_bytes(shape_, bytes).add(numbers);
        } else {
            bytes.assign(reinterpret_cast<const char*>(&numbers), sizeof numbers);
        }
        if constexpr (std::is_same_v<number, float>) {
            type_ = detail::onnx_type::float32;
            take(bytes);
        } else if constexpr (std::is_same_v<number, double>) {
            take(bytes);
        } else {
            take(converted<number, double>(bytes));
        }
    }

    /// Whether it was made from anything, be it an array of no numbers.
    bool is_given() const noexcept { return !shape_.empty() || !raw_.empty(); }
    detail::onnx_type type() const noexcept { return type_; }
    const std::vector<std::size_t>& shape() const noexcept { return shape_; }
    /// Little-endian, row by row.
    const std::string& raw() const noexcept { return raw_; }
    std::size_t count() const noexcept {
        return raw_.size() / (type_ == detail::onnx_type::float32 ? sizeof(float) : sizeof(double));
    }

    /// Why these are no numbers of a model, or "". \param most  dimensions
    std::string problem(std::size_t most) const {
        if (!whole_) return "its rows have different lengths";
        if (raw_.empty()) return "there are no numbers";
        return shape_.size() > most ? "it has too many dimensions" : "";
    }

    /// `(3, 4)`
    std::string shape_text() const { return detail::npy_shape_text(shape_); }

    /// The same numbers as double.
    onnx_tensor widened() const {
        onnx_tensor wide = *this;
        if (type_ == detail::onnx_type::float64) return wide;
        wide.type_ = detail::onnx_type::float64;
        wide.take(converted<float, double>(in_order<float>(raw_)));
        return wide;
    }

  private:
    template <class From, class To>
    static std::string converted(const std::string& bytes) {
        std::string out;
        out.reserve(bytes.size() / sizeof(From) * sizeof(To));
        for (std::size_t at = 0; at + sizeof(From) <= bytes.size(); at += sizeof(From)) {
            From from;
            std::memcpy(&from, &bytes[at], sizeof from);
            const To to = static_cast<To>(from);
            out.append(reinterpret_cast<const char*>(&to), sizeof to);
        }
        return out;
    }

    /// Between the machine's order of bytes and the file's.
    template <class Number>
    static std::string in_order(std::string bytes) {
        if constexpr (detail::is_big_endian) {
            for (auto at = bytes.begin(); at != bytes.end(); at += sizeof(Number)) {
                std::reverse(at, at + sizeof(Number));
            }
        }
        return bytes;
    }

    void take(std::string bytes) {
        raw_ = type_ == detail::onnx_type::float32 ? in_order<float>(std::move(bytes))
                                                   : in_order<double>(std::move(bytes));
    }

    detail::onnx_type type_ = detail::onnx_type::float64;
    std::vector<std::size_t> shape_;
    std::string raw_;
    bool whole_ = true;
};

MLSCRIBE_NAMESPACE_END

#endif
