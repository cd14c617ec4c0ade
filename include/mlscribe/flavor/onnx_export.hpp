// SPDX-License-Identifier: MIT
/// \file Linear models and perceptrons to ONNX: from their parameters to a model for
/// `run.log_model`.
#ifndef MLSCRIBE_FLAVOR_ONNX_EXPORT_HPP
#define MLSCRIBE_FLAVOR_ONNX_EXPORT_HPP

#include <mlscribe/flavor/dense_graph.hpp>
#include <mlscribe/flavor/onnx.hpp>
#include <mlscribe/flavor/parameter_pairs.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline onnx_model no_onnx_model(const std::string& problem) {
    return {{}, {error_code::invalid_value, 0, "cannot export to ONNX: " + problem}};
}

}  // namespace detail

/// A multi-layer perceptron: dense layers, one behind the other.
/// \onfailure invalid_value: layers that do not fit each other, ragged rows, no numbers; in the
/// model's `failure`, which `run.log_model` reports \cost three copies of the parameters
inline onnx_model onnx_perceptron(const std::vector<dense_layer>& layers,
                                  const onnx_options& options = {}) {
    using detail::onnx_type;
    const auto is_wide = [](const onnx_tensor& numbers) {
        return numbers.is_given() && numbers.type() == onnx_type::float64;
    };
    bool narrow = !is_wide(options.mean) && !is_wide(options.scale);
    for (const dense_layer& layer : layers) {
        narrow = narrow && !is_wide(layer.weights) && !is_wide(layer.bias);
    }
    detail::dense_graph graph(options, narrow);
    for (std::size_t i = 0; i < layers.size(); ++i) graph.add(layers[i], i + 1 == layers.size());
    onnx_model model;
    const std::string problem = graph.finish(model.bytes);
    return problem.empty() ? model : detail::no_onnx_model(problem);
}

namespace detail {

/// What makes probabilities of the sums.
inline activation class_function(const onnx_tensor& weights, const onnx_options& options) {
    const std::vector<std::size_t>& shape = weights.shape();
    const bool by_output = options.layout == weight_layout::row_per_output;
    const bool single = shape.size() < 2 || (by_output ? shape[0] : shape[1]) == 1;
    return single ? activation::sigmoid : activation::softmax;
}

}  // namespace detail

/// A linear regression: y = W x + b, with one output or several.
inline onnx_model onnx_linear_regression(const onnx_tensor& weights, const onnx_tensor& bias,
                                         const onnx_options& options = {}) {
    return onnx_perceptron({{weights, bias}}, options);
}

/// A logistic regression. Of one output it gives the probability of class 1 (sigmoid), of several
/// those of all classes (softmax).
inline onnx_model onnx_logistic_regression(const onnx_tensor& weights, const onnx_tensor& bias,
                                           const onnx_options& options = {}) {
    return onnx_perceptron({{weights, bias, detail::class_function(weights, options)}}, options);
}

/// The three of them from reflected structs, or lists of such, that have weights and biases: see
/// parameter_pairs.hpp.
/// \param functions  one for each layer
template <class Parameters, class = std::enable_if_t<detail::has_parameter_pairs_v<Parameters>>>
onnx_model onnx_perceptron(const Parameters& parameters, const std::vector<activation>& functions,
                           const onnx_options& options = {}) {
    detail::parameter_pairs pairs(parameters);
    std::vector<dense_layer> layers(pairs.all().size());
    std::string problem = pairs.problem();
    if (problem.empty() && layers.size() != functions.size()) {
        problem = std::to_string(layers.size()) + " layers and " +
                  std::to_string(functions.size()) + " activations; give one for each layer";
    }
    if (!problem.empty()) return detail::no_onnx_model(problem);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        layers[i] = {pairs.all()[i].weights, pairs.all()[i].bias, functions[i]};
    }
    return onnx_perceptron(layers, options);
}
/// From one struct that has weights and a bias.
template <class Parameters, class = std::enable_if_t<detail::has_parameter_pairs_v<Parameters>>>
onnx_model onnx_linear_regression(const Parameters& parameters, const onnx_options& options = {}) {
    return onnx_perceptron(parameters, {activation::identity}, options);
}
/// From one struct that has weights and a bias.
template <class Parameters, class = std::enable_if_t<detail::has_parameter_pairs_v<Parameters>>>
onnx_model onnx_logistic_regression(const Parameters& parameters,
                                    const onnx_options& options = {}) {
    const detail::parameter_pairs pairs(parameters);
    const onnx_tensor none;
    const onnx_tensor& weights = pairs.all().empty() ? none : pairs.all().front().weights;
    return onnx_perceptron(parameters, {detail::class_function(weights, options)}, options);
}

MLSCRIBE_NAMESPACE_END

#endif
