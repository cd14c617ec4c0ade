// SPDX-License-Identifier: MIT
/// \file Dense layers as the nodes of an ONNX graph.
#ifndef MLSCRIBE_FLAVOR_DENSE_GRAPH_HPP
#define MLSCRIBE_FLAVOR_DENSE_GRAPH_HPP

#include <mlscribe/flavor/dense_layer.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Checks as it builds; the first problem is kept, and the rest is left out.
class dense_graph {
  public:
    dense_graph(const onnx_options& options, bool narrow)
        : options_(options), type_(narrow ? onnx_type::float32 : onnx_type::float64) {
        for (const std::string* name : {&options.input, &options.output, &options.label}) {
            if (!utf8::is_valid(*name)) refuse("a name is not valid UTF-8");
        }
        if (options.input.empty() || options.output.empty()) refuse("a name is empty");
        if (options.input == options.output || options.input == options.label ||
            options.output == options.label) {
            refuse("the input and the outputs need different names");
        }
    }

    void add(const dense_layer& layer, bool last) {
        ++layers_;
        place_ = "layer " + std::to_string(layers_) + ": ";
        std::size_t rows = 1;
        std::size_t columns = 1;
        if (!measure(layer, rows, columns)) return;
        const bool by_output =
            layer.weights.shape().size() == 2 && options_.layout == weight_layout::row_per_output;
        const std::size_t inputs = by_output ? columns : rows;
        outputs_ = by_output ? rows : columns;
        if (layers_ == 1) begin(inputs);
        if (problem_.empty() && layers_ != 1 && inputs != width_) {
            refuse("its weights of shape " + layer.weights.shape_text() + " take " +
                   std::to_string(inputs) + " inputs, and the layer before gives " +
                   std::to_string(width_) + hint());
        }
        if (layer.bias.is_given() && layer.bias.count() != outputs_) {
            refuse("its weights of shape " + layer.weights.shape_text() + " give " +
                   std::to_string(outputs_) + " outputs, and its bias has shape " +
                   layer.bias.shape_text() + hint());
        }
        width_ = outputs_;
        if (!problem_.empty()) return;
        const bool plain = layer.function == activation::identity;
        const std::string sums = plain && last ? options_.output : fresh();
        const std::string weights = constant(layer.weights, {rows, columns});
        const std::string bias = layer.bias.is_given() ? constant(layer.bias, {outputs_}) : "";
        multiply(weights, bias, sums, by_output);
        value_ = plain ? sums : last ? options_.output : fresh();
        activate(layer, sums);
        last_ = layer.function;
    }

    /// \param bytes  of the model, where there is no problem
    /// \return the problem, or ""
    std::string finish(std::string& bytes) {
        if (layers_ == 0) refuse("it has no layer");
        place_.clear();
        if (problem_.empty()) {
            graph_.add_output(options_.output, type_, {-1, static_cast<std::int64_t>(outputs_)});
            if (!options_.label.empty()) add_label();
        }
        if (problem_.empty()) bytes = graph_.model();
        return problem_;
    }

  private:
    void refuse(const std::string& problem) {
        if (problem_.empty()) problem_ = place_ + problem;
    }

    void refuse(const std::string& what, const onnx_tensor& numbers, const std::string& problem) {
        if (!problem.empty()) refuse(what + numbers.shape_text() + ": " + problem);
    }

    const char* hint() const noexcept {
        return options_.layout == weight_layout::row_per_output
                   ? " (the rows belong to outputs; see weight_layout::row_per_input)"
                   : " (the rows belong to inputs; see weight_layout::row_per_output)";
    }

    /// The shape of the weights as a matrix; those of one output stand in a column.
    bool measure(const dense_layer& layer, std::size_t& rows, std::size_t& columns) {
        std::string found = layer.weights.problem(2);
        refuse("its weights of shape ", layer.weights, found);
        if (layer.bias.is_given()) {
            // A matrix of one row or one column is as good as a vector.
            found = layer.bias.problem(2);
            const std::vector<std::size_t>& shape = layer.bias.shape();
            if (found.empty() && shape.size() == 2 && shape[0] != 1 && shape[1] != 1) {
                found = "it is no vector";
            }
            refuse("its bias of shape ", layer.bias, found);
        }
        if (!problem_.empty()) return false;
        const std::vector<std::size_t>& shape = layer.weights.shape();
        if (!shape.empty()) rows = shape[0];
        if (shape.size() == 2) columns = shape[1];
        return true;
    }

    /// A name that nobody else has taken.
    std::string fresh() {
        std::string name;
        do {
            name = std::to_string(++names_);
        } while (name == options_.input || name == options_.output || name == options_.label);
        return name;
    }

    std::string constant(const onnx_tensor& numbers, const std::vector<std::size_t>& shape) {
        std::string name = fresh();
        const std::vector<std::int64_t> lengths(shape.begin(), shape.end());
        graph_.add_constant(name, type_, lengths,
                            type_ == onnx_type::float64 ? numbers.widened().raw() : numbers.raw());
        return name;
    }
    std::string constant(double number) {
        return type_ == onnx_type::float64 ? constant(onnx_tensor(number), {})
                                           : constant(onnx_tensor(static_cast<float>(number)), {});
    }

    void begin(std::size_t features) {
        value_ = options_.input;
        width_ = features;
        graph_.add_input(value_, type_, {-1, static_cast<std::int64_t>(features)});
        for (const auto& [numbers, operation] :
             {std::pair(&options_.mean, "Sub"), std::pair(&options_.scale, "Div")}) {
            if (!numbers->is_given()) continue;
            std::string found = numbers->problem(1);
            if (found.empty() && numbers->count() != 1 && numbers->count() != features) {
                found = "it does not fit " + std::to_string(features) + " features";
            }
            refuse(numbers == &options_.mean ? "the mean of shape " : "the scale of shape ",
                   *numbers, found);
            if (!problem_.empty()) return;
            const std::string from = std::exchange(value_, fresh());
            graph_.add_node(operation, {from, constant(*numbers, {numbers->count()})}, value_);
        }
    }

    void multiply(const std::string& weights, const std::string& bias, const std::string& sums,
                  bool by_output) {
        if (by_output && !bias.empty()) {
            graph_.add_node("Gemm", {value_, weights, bias}, sums, {{"transB", 1}});
        } else if (by_output) {
            graph_.add_node("Gemm", {value_, weights}, sums, {{"transB", 1}});
        } else if (!bias.empty()) {
            graph_.add_node("Gemm", {value_, weights, bias}, sums);
        } else {
            graph_.add_node("MatMul", {value_, weights}, sums);
        }
    }

    void activate(const dense_layer& layer, const std::string& sums) {
        const auto apply = [this, &sums](std::string_view operation) {
            graph_.add_node(operation, {sums}, value_);
        };
        switch (layer.function) {
            case activation::identity:
                return;
            case activation::relu:
                return apply("Relu");
            case activation::sigmoid:
                return apply("Sigmoid");
            case activation::tanh:
                return apply("Tanh");
            case activation::softmax:
                return apply("Softmax");
            case activation::leaky_relu: {
                if (!(layer.slope >= 0 && layer.slope <= 1)) {
                    return refuse("the slope of a leaky ReLU is from 0 to 1");
                }
                // onnxruntime has LeakyRelu of float only.
                const std::string scaled = fresh();
                graph_.add_node("Mul", {sums, constant(layer.slope)}, scaled);
                return graph_.add_node("Max", {sums, scaled}, value_);
            }
            case activation::gelu: {
                if (type_ != onnx_type::float32) {
                    return refuse(
                        "onnxruntime has gelu of float only; export all numbers as float");
                }
                const std::string scaled = fresh();
                const std::string error_function = fresh();
                const std::string factor = fresh();
                const std::string half = fresh();
                graph_.add_node("Mul", {sums, constant(0.70710678118654752)}, scaled);
                graph_.add_node("Erf", {scaled}, error_function);
                graph_.add_node("Add", {error_function, constant(1)}, factor);
                graph_.add_node("Mul", {sums, constant(0.5)}, half);
                return graph_.add_node("Mul", {half, factor}, value_);
            }
        }
    }

    void add_label() {
        if (outputs_ == 1 && last_ != activation::sigmoid) {
            return refuse("a label needs several outputs, or one of a sigmoid");
        }
        graph_.add_output(options_.label, onnx_type::int64, {-1});
        if (outputs_ != 1) {
            return graph_.add_node("ArgMax", {value_}, options_.label,
                                   {{"axis", 1}, {"keepdims", 0}});
        }
        const std::string above = fresh();
        const std::string number = fresh();
        const std::string axis = fresh();
        graph_.add_constant(axis, onnx_type::int64, {1}, std::string("\1\0\0\0\0\0\0\0", 8));
        graph_.add_node("Greater", {value_, constant(0.5)}, above);
        graph_.add_node("Cast", {above}, number, {{"to", static_cast<int>(onnx_type::int64)}});
        graph_.add_node("Squeeze", {number, axis}, options_.label);
    }

    const onnx_options& options_;
    onnx_type type_;
    onnx_graph graph_;
    std::size_t layers_ = 0;
    std::size_t width_ = 0;    ///< of what the next layer takes
    std::size_t outputs_ = 0;  ///< of the last layer
    activation last_ = activation::identity;
    std::string value_;
    std::size_t names_ = 0;
    std::string place_;
    std::string problem_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
