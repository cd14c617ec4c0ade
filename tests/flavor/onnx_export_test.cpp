// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/reflect/describe.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

using mlscribe::activation;
using mlscribe::onnx_linear_regression;
using mlscribe::onnx_logistic_regression;
using mlscribe::onnx_options;
using mlscribe::onnx_perceptron;
using mlscribe::weight_layout;

namespace {

/// What the exporters ask of a matrix of Eigen's, column by column in memory.
struct column_matrix {
    using Scalar = double;
    static constexpr bool IsVectorAtCompileTime = false;
    std::ptrdiff_t height;
    std::vector<double> values;

    std::ptrdiff_t rows() const { return height; }
    std::ptrdiff_t cols() const { return static_cast<std::ptrdiff_t>(values.size()) / height; }
    double operator()(std::ptrdiff_t row, std::ptrdiff_t column) const {
        return values[static_cast<std::size_t>(column * height + row)];
    }
};

struct layer {
    std::vector<std::vector<double>> weights;
    std::vector<double> bias;
};
MLSCRIBE_DESCRIBE(layer, weights, bias)

struct network {
    layer hidden;
    layer last;
    int epochs = 100;
    std::string solver = "sgd";
};
MLSCRIBE_DESCRIBE(network, hidden, last, epochs, solver)

struct flat_network {
    float W1[3][2];
    float b1[3];
    std::array<std::array<float, 3>, 1> W2;
    float b2;
};
MLSCRIBE_DESCRIBE(flat_network, W1, b1, W2, b2)

struct regression {
    double intercept_;
    std::vector<double> coefficients_;
};
MLSCRIBE_DESCRIBE(regression, intercept_, coefficients_)

struct ridge {
    std::vector<double> weights;
    double bias;
    double penalty;
};
MLSCRIBE_DESCRIBE(ridge, weights, bias, penalty)

const std::vector<std::vector<double>> two_by_three = {{1, 2, 3}, {4, 5, 6}};
const std::vector<double> two = {7, 8};

std::string refusal(const mlscribe::onnx_model& model) {
    BOOST_TEST(model.bytes.empty());
    BOOST_TEST((model.failure.code == mlscribe::error_code::invalid_value));
    return model.failure.message;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flavor_onnx_export)

BOOST_AUTO_TEST_CASE(models_are_as_short_as_by_hand) {
    const std::array<float, 3> weights = {1, 2, 3};
    BOOST_TEST(onnx_linear_regression(weights, 0.5F).bytes.size() <= 170);
    const float hidden[3][4] = {};
    const float last[1][3] = {};
    const auto perceptron = onnx_perceptron(
        {{hidden, std::vector<float>(3), activation::relu}, {last, 0.0F, activation::sigmoid}});
    BOOST_TEST(perceptron.bytes.size() <= 340);
}

BOOST_AUTO_TEST_CASE(every_kind_of_array_gives_the_same_model) {
    const std::string expected = onnx_linear_regression(two_by_three, two).bytes;
    BOOST_TEST(!expected.empty());
    const double plain[2][3] = {{1, 2, 3}, {4, 5, 6}};
    const std::array<std::array<double, 3>, 2> arrays = {{{{1, 2, 3}}, {{4, 5, 6}}}};
    const std::vector<double> values = {1, 2, 3, 4, 5, 6};
    const int whole[2][3] = {{1, 2, 3}, {4, 5, 6}};
    const double row[1][2] = {{7, 8}};
    BOOST_TEST((onnx_linear_regression(plain, row).bytes == expected));
    BOOST_TEST((onnx_linear_regression(arrays, two).bytes == expected));
    BOOST_TEST((onnx_linear_regression(whole, two).bytes == expected));
    BOOST_TEST(
        (onnx_linear_regression(mlscribe::array<double>{{2, 3}, values}, two).bytes == expected));
    BOOST_TEST(
        (onnx_linear_regression(mlscribe::array_view<double>{values.data(), {2, 3}}, two).bytes ==
         expected));
    BOOST_TEST(
        (onnx_linear_regression(column_matrix{2, {1, 4, 2, 5, 3, 6}}, two).bytes == expected));
}

BOOST_AUTO_TEST_CASE(one_double_makes_all_of_them_double) {
    const std::vector<float> weights = {1, 2};
    const std::vector<double> wide = {1, 2};
    BOOST_TEST(
        (onnx_linear_regression(weights, 0.5).bytes == onnx_linear_regression(wide, 0.5).bytes));
    BOOST_TEST(onnx_linear_regression(weights, 0.5F).bytes.size() <
               onnx_linear_regression(wide, 0.5).bytes.size());
    onnx_options options;
    options.mean = 3.0F;
    const auto narrow = onnx_linear_regression(weights, 0.5F, options);
    options.mean = 3.0;
    BOOST_TEST(onnx_linear_regression(weights, 0.5F, options).bytes.size() > narrow.bytes.size());
}

BOOST_AUTO_TEST_CASE(structs_are_gone_through_for_weights_and_biases) {
    const network nested = {{two_by_three, two}, {{{1, 2}}, {3}}};
    const std::vector<activation> functions = {activation::tanh, activation::identity};
    BOOST_TEST((onnx_perceptron(nested, functions).bytes ==
                onnx_perceptron({{two_by_three, two, activation::tanh},
                                 {nested.last.weights, nested.last.bias}})
                    .bytes));
    const std::vector<layer> list = {nested.hidden, nested.last};
    BOOST_TEST(
        (onnx_perceptron(list, functions).bytes == onnx_perceptron(nested, functions).bytes));
    const flat_network flat = {{{1, 2}, {3, 4}, {5, 6}}, {1, 2, 3}, {{{{1, 2, 3}}}}, 4};
    BOOST_TEST((onnx_perceptron(flat, functions).bytes ==
                onnx_perceptron({{flat.W1, flat.b1, activation::tanh}, {flat.W2, flat.b2}}).bytes));
    const regression fitted = {1, {2, 3}};
    BOOST_TEST((onnx_linear_regression(fitted).bytes ==
                onnx_linear_regression(fitted.coefficients_, fitted.intercept_).bytes));
    BOOST_TEST((onnx_logistic_regression(nested.hidden).bytes ==
                onnx_logistic_regression(two_by_three, two).bytes));
}

BOOST_AUTO_TEST_CASE(members_that_are_no_pairs_are_named) {
    BOOST_TEST(
        has(refusal(onnx_linear_regression(ridge{{1, 2}, 3, 4})), "\"penalty\" has no bias"));
    const network nested = {{two_by_three, two}, {{{1, 2}}, {3}}};
    BOOST_TEST(
        has(refusal(onnx_perceptron(nested, {activation::relu})), "2 layers and 1 activations"));
    BOOST_TEST(has(refusal(onnx_linear_regression(nested)), "2 layers"));
}

BOOST_AUTO_TEST_CASE(names_of_biases) {
    using mlscribe::detail::is_bias_name;
    for (const char* name : {"b", "b1", "b_", "m_b", "m_b2", "B", "bias", "hidden_bias", "Bias1",
                             "biasHidden", "intercept_", "m_intercept"}) {
        BOOST_TEST(is_bias_name(name), name);
    }
    for (const char* name : {"", "w", "W1", "weights", "beta", "coef_", "_", "kernel", "web"}) {
        BOOST_TEST(!is_bias_name(name), name);
    }
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_told) {
    using nested = std::vector<std::vector<double>>;
    BOOST_TEST(has(refusal(onnx_linear_regression(nested{{1, 2}, {3}}, two)),
                   "layer 1: its weights of shape (2, 2): its rows have different lengths"));
    BOOST_TEST(has(refusal(onnx_linear_regression(nested{}, two)), "there are no numbers"));
    BOOST_TEST(has(refusal(onnx_linear_regression(nested{{}, {}}, two)), "there are no numbers"));
    BOOST_TEST(
        has(refusal(onnx_linear_regression(std::vector<double>{}, 0.0)), "there are no numbers"));
    BOOST_TEST(
        has(refusal(onnx_linear_regression(two, std::vector<double>{})), "there are no numbers"));
    BOOST_TEST(has(refusal(onnx_linear_regression(two_by_three, 1.0)),
                   "give 2 outputs, and its bias has shape ()"));
    BOOST_TEST(has(refusal(onnx_linear_regression(two_by_three, std::vector<double>(3))),
                   "weight_layout::row_per_input"));
    BOOST_TEST(has(refusal(onnx_linear_regression(two_by_three, two_by_three)), "is no vector"));
    BOOST_TEST(has(refusal(onnx_linear_regression(std::vector<nested>{two_by_three}, two)),
                   "too many dimensions"));
    BOOST_TEST(has(refusal(onnx_perceptron({{two_by_three, two}, {two_by_three, two}})),
                   "layer 2: its weights of shape (2, 3) take 3 inputs, and the layer before "
                   "gives 2"));
    BOOST_TEST(has(refusal(onnx_perceptron(std::vector<mlscribe::dense_layer>{})), "no layer"));
    onnx_options options;
    options.mean = two;
    BOOST_TEST(has(refusal(onnx_linear_regression(two_by_three, two, options)),
                   "the mean of shape (2,): it does not fit 3 features"));
}

BOOST_AUTO_TEST_CASE(what_onnxruntime_cannot_compute_is_refused) {
    BOOST_TEST(has(refusal(onnx_perceptron({{two_by_three, two, activation::gelu}})),
                   "gelu of float only"));
    BOOST_TEST(has(refusal(onnx_perceptron({{two_by_three, two, activation::leaky_relu, 2.0}})),
                   "from 0 to 1"));
    BOOST_TEST(has(refusal(onnx_perceptron({{two_by_three, two, activation::leaky_relu,
                                             std::numeric_limits<double>::quiet_NaN()}})),
                   "from 0 to 1"));
}

BOOST_AUTO_TEST_CASE(names_that_clash_are_refused) {
    onnx_options options;
    options.input = options.output;
    BOOST_TEST(has(refusal(onnx_linear_regression(two, 1.0, options)), "different names"));
    options.input = "";
    BOOST_TEST(has(refusal(onnx_linear_regression(two, 1.0, options)), "empty"));
    options.input = "\xff";
    BOOST_TEST(has(refusal(onnx_linear_regression(two, 1.0, options)), "UTF-8"));
    options.input = "1";  // what the exporter would have called a value
    options.label = "output";
    BOOST_TEST(has(refusal(onnx_linear_regression(two, 1.0, options)), "different names"));
    options.label = "label";
    BOOST_TEST(has(refusal(onnx_linear_regression(two, 1.0, options)), "label needs"));
}

BOOST_AUTO_TEST_CASE(what_onnxruntime_has_no_operation_for_is_made_of_others) {
    const std::vector<std::vector<float>> narrow = {{1, 2, 3}, {4, 5, 6}};
    const auto has_all = [](const mlscribe::onnx_model& model,
                            const std::vector<const char*>& operations) {
        BOOST_TEST(model.failure.message == "");
        for (const char* const each : operations) BOOST_TEST(has(model.bytes, each), each);
    };
    has_all(onnx_perceptron({{narrow, {}, activation::leaky_relu}}), {"Gemm", "Mul", "Max"});
    has_all(onnx_perceptron({{two_by_three, two, activation::leaky_relu}}), {"Gemm", "Mul", "Max"});
    has_all(onnx_perceptron({{narrow, {}, activation::gelu}}), {"Gemm", "Erf", "Add", "Mul"});
    onnx_options options;
    options.label = "label";
    const std::vector<float> one = {1, 2};
    has_all(onnx_perceptron({{one, 0.5F, activation::sigmoid}}, options),
            {"Sigmoid", "Greater", "Cast", "Squeeze"});
    options.layout = weight_layout::row_per_input;
    has_all(onnx_perceptron({{narrow, {}, activation::softmax}}, options),
            {"MatMul", "Softmax", "ArgMax"});
}

BOOST_AUTO_TEST_SUITE_END()
