// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/flavor/onnx_scan.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using mlscribe::detail::byte_window;
using mlscribe::detail::onnx_graph;
using mlscribe::detail::onnx_scan;
using mlscribe::detail::onnx_type;
using mlscribe::detail::protobuf_writer;

namespace {

mlscribe::error scanned(std::string_view bytes) {
    byte_window source(bytes);
    return onnx_scan(source).run("\"m\"");
}

mlscribe::model_signature signature_of(std::string_view bytes) {
    byte_window source(bytes);
    onnx_scan scan(source);
    BOOST_TEST(scan.run("\"m\"").message == "");
    return scan.signature();
}

/// A model around the fields of a graph.
std::string model_of(const protobuf_writer& graph, std::int64_t ir_version = 8) {
    return protobuf_writer()
        .number(1, ir_version)
        .message(7, graph)
        .message(8, protobuf_writer().number(2, 13))
        .str();
}

/// A ValueInfoProto without a shape.
protobuf_writer value(const std::string& name, std::int64_t type) {
    return protobuf_writer().bytes(1, name).message(
        2, protobuf_writer().message(1, protobuf_writer().number(1, type)));
}

protobuf_writer tensor_in(const std::string& file) {
    return protobuf_writer()
        .bytes(8, "w")
        .message(13, protobuf_writer().bytes(1, "location").bytes(2, file))
        .message(13, protobuf_writer().bytes(1, "offset").bytes(2, "4096"))
        .number(14, 1);
}

std::string perceptron() {
    mlscribe::onnx_options options;
    options.label = "label";
    return mlscribe::onnx_logistic_regression(std::vector<std::vector<float>>{{1, 2, 3}, {4, 5, 6}},
                                              std::vector<float>{1, 2}, options)
        .bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flavor_onnx_scan)

BOOST_AUTO_TEST_CASE(inputs_and_outputs_make_the_signature) {
    const mlscribe::model_signature found = signature_of(perceptron());
    BOOST_TEST_REQUIRE(found.inputs.size() == 1);
    BOOST_TEST(found.inputs[0].name == "");
    BOOST_TEST(found.inputs[0].dtype == "float32");
    BOOST_TEST((found.inputs[0].shape == std::vector<std::int64_t>{-1, 3}));
    BOOST_TEST_REQUIRE(found.outputs.size() == 2);
    BOOST_TEST(found.outputs[0].name == "output");
    BOOST_TEST((found.outputs[0].shape == std::vector<std::int64_t>{-1, 2}));
    BOOST_TEST(found.outputs[1].name == "label");
    BOOST_TEST(found.outputs[1].dtype == "int64");
    BOOST_TEST((found.outputs[1].shape == std::vector<std::int64_t>{-1}));
}

BOOST_AUTO_TEST_CASE(several_inputs_keep_their_names_and_constants_are_none) {
    onnx_graph graph;
    graph.add_input("a", onnx_type::float64, {});
    graph.add_input("w", onnx_type::float32, {2});
    graph.add_constant("w", onnx_type::float32, {2}, "12345678");
    graph.add_input("b", onnx_type::int64, {2, -1});
    const mlscribe::model_signature found = signature_of(graph.model());
    BOOST_TEST_REQUIRE(found.inputs.size() == 2);
    BOOST_TEST(found.inputs[0].name == "a");
    BOOST_TEST(found.inputs[0].shape.empty());
    BOOST_TEST(found.inputs[1].name == "b");
}

BOOST_AUTO_TEST_CASE(what_mlflow_cannot_describe_has_no_signature) {
    const protobuf_writer shapeless = protobuf_writer().message(11, value("x", 1));
    BOOST_TEST(signature_of(model_of(shapeless)).inputs.empty());
    onnx_graph brain_float;
    brain_float.add_input("x", onnx_type(16), {1});
    brain_float.add_output("y", onnx_type::float32, {1});
    BOOST_TEST(signature_of(brain_float.model()).inputs.empty());
    BOOST_TEST(signature_of(brain_float.model()).outputs.size() == 1);
}

BOOST_AUTO_TEST_CASE(no_front_of_a_model_is_a_model) {
    const std::string model = perceptron();
    BOOST_TEST(scanned(model).message == "");
    for (std::size_t size = 0; size < model.size(); ++size) {
        const mlscribe::error refused = scanned(std::string_view(model).substr(0, size));
        BOOST_TEST((refused.code == mlscribe::error_code::damaged), size);
        BOOST_TEST(refused.message.find("\"m\" is no whole ONNX model: ") == 0U, size);
    }
}

BOOST_AUTO_TEST_CASE(any_changed_byte_is_survived) {
    std::string model = perceptron();
    int refused = 0;
    for (char& byte : model) {
        const char before = byte;
        for (int value = 0; value < 256; value += 5) {
            byte = static_cast<char>(value);
            refused += scanned(model) ? 1 : 0;
        }
        byte = before;
    }
    BOOST_TEST(refused > 0);
}

BOOST_AUTO_TEST_CASE(other_files_are_no_models) {
    using namespace std::string_view_literals;
    for (const std::string_view foreign :
         {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv, "{\"learner\": {}}"sv, "flavors:\n  onnx:\n"sv,
          "version https://git-lfs.github.com/spec/v1\n"sv, "PK\3\4"sv, "\x08\x08"sv, "\0\0\0\0"sv,
          "\x08\x08\x3a\x00"sv, "\x3a\x00\x42\x00"sv, "\x08\x08\x38\x01\x42\x00"sv}) {
        BOOST_TEST((scanned(foreign).code == mlscribe::error_code::damaged), foreign);
    }
    BOOST_TEST(scanned(model_of({}, 0)).message.find("no graph") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(deep_graphs_end_somewhere) {
    const auto nested = [](int levels) {
        protobuf_writer graph;
        for (int level = 0; level < levels; ++level) {
            const protobuf_writer node =
                protobuf_writer().message(5, protobuf_writer().message(6, graph));
            graph = protobuf_writer().message(1, node);
        }
        return model_of(graph);
    };
    BOOST_TEST(scanned(nested(30)).message == "");
    BOOST_TEST(scanned(nested(40)).message.find("nested too deeply") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(inputs_of_inner_graphs_are_not_those_of_the_model) {
    protobuf_writer inner = protobuf_writer().message(11, value("inner", 1));
    const protobuf_writer node = protobuf_writer().message(5, protobuf_writer().message(6, inner));
    onnx_graph outer;
    outer.add_input("x", onnx_type::float32, {1});
    BOOST_TEST(signature_of(model_of(protobuf_writer().message(1, node))).inputs.empty());
}

BOOST_AUTO_TEST_CASE(weights_in_other_files_are_found_wherever_they_are_named) {
    const protobuf_writer constant =
        protobuf_writer().message(5, protobuf_writer().message(5, tensor_in("in_node")));
    const protobuf_writer sparse = protobuf_writer().message(1, tensor_in("in_sparse"));
    const protobuf_writer branch = protobuf_writer().message(
        5, protobuf_writer().message(6, protobuf_writer().message(5, tensor_in("in_branch"))));
    const std::string model = model_of(protobuf_writer()
                                           .message(1, constant)
                                           .message(1, branch)
                                           .message(5, tensor_in("plain"))
                                           .message(5, tensor_in("plain"))
                                           .message(15, sparse));
    byte_window source(model);
    onnx_scan scan(source);
    BOOST_TEST(scan.run("m").message == "");
    const std::set<std::string> expected = {"in_branch", "in_node", "in_sparse", "plain"};
    BOOST_TEST((scan.data_files() == expected));
}

BOOST_AUTO_TEST_CASE(what_is_kept_of_a_small_file_is_bounded) {
    const auto refused = [](const protobuf_writer& graph, std::string_view why) {
        return scanned(model_of(graph)).message.find(why) != std::string::npos;
    };
    protobuf_writer graph;
    for (int i = 0; i < 65536; ++i) graph.bytes(11, "");
    BOOST_TEST(scanned(model_of(graph)).message == "");
    BOOST_TEST(refused(graph.bytes(12, ""), "more than 65536 inputs, outputs and dimensions"));
    protobuf_writer shape;
    for (int i = 0; i < 65536; ++i) shape.bytes(1, "");
    const protobuf_writer tensor =
        protobuf_writer().message(1, protobuf_writer().message(2, shape));
    const protobuf_writer crowded =
        protobuf_writer().message(11, protobuf_writer().message(2, tensor));
    BOOST_TEST(refused(crowded, "more than 65536 inputs, outputs and dimensions"));
    protobuf_writer tensors;
    for (int i = 0; i <= 1 << 20; ++i) {
        tensors.message(5, protobuf_writer().bytes(8, std::to_string(i)));
    }
    BOOST_TEST(refused(tensors, "more than 1048576 tensors and files"));
}

BOOST_AUTO_TEST_CASE(names_are_utf_8) {
    BOOST_TEST(scanned(model_of(protobuf_writer().message(11, value("\xc3\xbc\"'", 1)))).message ==
               "");
    BOOST_TEST(scanned(model_of(protobuf_writer().message(11, value("\xff", 1))))
                   .message.find("a name is expected") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
