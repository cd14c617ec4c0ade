// SPDX-License-Identifier: MIT
/// \file Finds weights and biases among the members of reflected structs.
#ifndef MLSCRIBE_FLAVOR_PARAMETER_PAIRS_HPP
#define MLSCRIBE_FLAVOR_PARAMETER_PAIRS_HPP

#include <mlscribe/flavor/onnx_tensor.hpp>
#include <mlscribe/reflect/flatten.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class T>
constexpr bool has_parameter_pairs() noexcept {
    if constexpr (is_array_like_v<T> || std::is_arithmetic_v<T> || is_string_like_v<T>) {
        return false;
    } else if constexpr (is_range_v<T>) {
        return has_parameter_pairs<range_value_t<T>>();
    } else {
        return is_reflected_v<T>;
    }
}
/// A reflected struct, or a list of such.
template <class T>
inline constexpr bool has_parameter_pairs_v = has_parameter_pairs<T>();

/// `b`, `b1`, `m_b`, `bias`, `hidden_bias`, `intercept_`
inline bool is_bias_name(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') {
            letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    while (!letters.empty() && letters.back() == '_') letters.pop_back();
    const std::string_view last = std::string_view(letters).substr(letters.rfind('_') + 1);
    return last == "b" || letters.find("bias") != std::string::npos ||
           letters.find("intercept") != std::string::npos;
}

/// One layer of a struct.
struct parameter_pair {
    onnx_tensor weights;
    onnx_tensor bias;
};

/// In the order of the members: weights and the bias that stands beside them, be it before or
/// behind. Structs in structs are gone through; whole numbers and texts are no parameters.
class parameter_pairs {
  public:
    template <class Parameters>
    explicit parameter_pairs(const Parameters& parameters) {
        add("", parameters);
        if (problem_.empty() && !waiting_.empty()) refuse(waiting_);
    }

    const std::vector<parameter_pair>& all() const noexcept { return pairs_; }
    /// What keeps the members from being pairs, or "".
    const std::string& problem() const noexcept { return problem_; }

    /// What the description of a struct calls.
    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        (add(std::string(names.next()), members), ...);
    }

  private:
    template <class T>
    void add(const std::string& name, const T& value) {
        if constexpr (is_array_like_v<T>) {
            if constexpr (std::is_floating_point_v<array_value_t<T>>) take(name, value);
        } else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
            take(name, value);
        } else if constexpr (has_parameter_pairs_v<T>) {
            if constexpr (is_range_v<T>) {
                for (const auto& part : value) add(name, part);
            } else {
                visit_members(value, *this);
            }
        }
    }

    void take(const std::string& name, onnx_tensor numbers) {
        const bool bias = is_bias_name(name);
        if (waiting_.empty()) {
            waiting_ = name;
            waiting_bias_ = bias;
            pairs_.emplace_back();
        } else if (bias != waiting_bias_) {
            waiting_.clear();
        } else {
            refuse(waiting_);
        }
        (bias ? pairs_.back().bias : pairs_.back().weights) = std::move(numbers);
    }

    void refuse(const std::string& name) {
        if (!problem_.empty()) return;
        problem_ = "\"" + name + "\" has no " + (waiting_bias_ ? "weights" : "bias") +
                   " beside it (a bias is called b, bias or intercept); pass weights and bias by "
                   "themselves";
    }

    std::vector<parameter_pair> pairs_;
    std::string waiting_;  ///< the first of a pair
    bool waiting_bias_ = false;
    std::string problem_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
