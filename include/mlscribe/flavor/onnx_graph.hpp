// SPDX-License-Identifier: MIT
/// \file An ONNX graph that is being built, and its ModelProto (onnx/onnx.proto, IR version 8).
#ifndef MLSCRIBE_FLAVOR_ONNX_GRAPH_HPP
#define MLSCRIBE_FLAVOR_ONNX_GRAPH_HPP

#include <mlscribe/flavor/protobuf_writer.hpp>
#include <mlscribe/tag/build_tags.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// TensorProto.DataType
enum class onnx_type { float32 = 1, int64 = 7, float64 = 11 };

/// An int of a node; AttributeProto's other types are not needed.
struct onnx_attribute {
    std::string_view name;
    std::int64_t value;
};

/// Values are known by name; each is given once, before it is used.
class onnx_graph {
  public:
    /// \param shape  -1 for any number of rows
    void add_input(std::string_view name, onnx_type type, const std::vector<std::int64_t>& shape) {
        interface_.message(11, value_info(name, type, shape));
    }
    void add_output(std::string_view name, onnx_type type, const std::vector<std::int64_t>& shape) {
        interface_.message(12, value_info(name, type, shape));
    }

    /// A tensor of known numbers. \param raw  little-endian, row by row
    void add_constant(std::string_view name, onnx_type type, const std::vector<std::int64_t>& shape,
                      std::string_view raw) {
        protobuf_writer tensor;
        for (const std::int64_t length : shape) tensor.number(1, length);
        tensor.number(2, static_cast<int>(type)).bytes(8, name).bytes(9, raw);
        constants_.message(5, tensor);
    }

    void add_node(std::string_view operation, std::initializer_list<std::string_view> inputs,
                  std::string_view output, std::initializer_list<onnx_attribute> attributes = {}) {
        protobuf_writer node;
        for (const std::string_view input : inputs) node.bytes(1, input);
        node.bytes(2, output).bytes(4, operation);
        for (const onnx_attribute& attribute : attributes) {
            constexpr int type_of_int = 2;
            node.message(5, protobuf_writer()
                                .bytes(1, attribute.name)
                                .number(3, attribute.value)
                                .number(20, type_of_int));
        }
        nodes_.message(1, node);
    }

    /// The bytes of the ModelProto.
    std::string model() const {
        // The checker wants a name.
        const protobuf_writer graph =
            protobuf_writer(nodes_).bytes(2, "graph").append(constants_).append(interface_);
        return protobuf_writer()
            .number(1, 8)
            .bytes(2, "mlscribe")
            .bytes(3, version_text(MLSCRIBE_VERSION_MAJOR, MLSCRIBE_VERSION_MINOR,
                                   MLSCRIBE_VERSION_PATCH))
            .message(7, graph)
            .message(8, protobuf_writer().bytes(1, "").number(2, 13))
            .str();
    }

  private:
    static protobuf_writer value_info(std::string_view name, onnx_type type,
                                      const std::vector<std::int64_t>& shape) {
        protobuf_writer lengths;
        for (const std::int64_t length : shape) {
            protobuf_writer dimension;
            if (length < 0) {
                dimension.bytes(2, "N");
            } else {
                dimension.number(1, length);
            }
            lengths.message(1, dimension);
        }
        const protobuf_writer tensor =
            protobuf_writer().number(1, static_cast<int>(type)).message(2, lengths);
        return protobuf_writer().bytes(1, name).message(2, protobuf_writer().message(1, tensor));
    }

    protobuf_writer nodes_;
    protobuf_writer constants_;
    protobuf_writer interface_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
