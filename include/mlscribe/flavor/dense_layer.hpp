// SPDX-License-Identifier: MIT
/// \file What the exporters of onnx_export.hpp are given.
#ifndef MLSCRIBE_FLAVOR_DENSE_LAYER_HPP
#define MLSCRIBE_FLAVOR_DENSE_LAYER_HPP

#include <mlscribe/flavor/onnx_tensor.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// What a layer does to its sums.
enum class activation {
    identity,
    relu,
    leaky_relu,  ///< max(x, slope * x)
    sigmoid,
    tanh,
    softmax,  ///< over the outputs of a row
    gelu,     ///< x/2 * (1 + erf(x/√2)); only of float, since onnxruntime has no erf of double
};

/// What the rows of weights belong to.
enum class weight_layout {
    row_per_output,  ///< as PyTorch and scikit-learn keep them: y = W x + b
    row_per_input,   ///< as Keras does: y = x W + b
};

/// Weights of one dimension belong to one output.
struct dense_layer {
    onnx_tensor weights;
    onnx_tensor bias = {};  ///< one number for each output; none for a layer without
    activation function = activation::identity;
    double slope = 0.01;  ///< of leaky_relu
};

/// How a model is exported. Its numbers are float where all of its parameters are, else double.
struct onnx_options {
    weight_layout layout = weight_layout::row_per_output;
    /// What the features are brought to one scale by: (x - mean) / scale. One number for each
    /// feature, or one for all; the model then predicts from raw features.
    onnx_tensor mean = {};
    onnx_tensor scale = {};
    std::string input = "input";
    std::string output = "output";
    /// The name of one more output: the class of a row as an int64, counted from 0. "" for none.
    std::string label = {};
};

MLSCRIBE_NAMESPACE_END

#endif
