// SPDX-License-Identifier: MIT
/// \file What an ONNX file tells of itself, without its weights; any other file is refused.
#ifndef MLSCRIBE_FLAVOR_ONNX_SCAN_HPP
#define MLSCRIBE_FLAVOR_ONNX_SCAN_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/flavor/protobuf_reader.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/model/model_signature.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The messages of onnx.proto that lead to an input, an output or a tensor.
enum class onnx_part {
    other,
    model,
    function,
    graph,
    node,
    attribute,
    sparse_tensor,
    tensor,
    data_entry,
    value,
    type,
    tensor_type,
    shape,
    dimension,
};

/// What the field of a message is.
constexpr onnx_part part_of(onnx_part whole, std::uint32_t field) noexcept {
    using part = onnx_part;
    switch (whole) {
        case part::model:
            return field == 7 ? part::graph : field == 25 ? part::function : part::other;
        case part::function:
            return field == 7 ? part::node : field == 11 ? part::attribute : part::other;
        case part::graph:
            return field == 1                   ? part::node
                   : field == 5                 ? part::tensor
                   : field == 15                ? part::sparse_tensor
                   : field == 11 || field == 12 ? part::value
                                                : part::other;
        case part::node:
            return field == 5 ? part::attribute : part::other;
        case part::attribute:
            return field == 5 || field == 10    ? part::tensor
                   : field == 6 || field == 11  ? part::graph
                   : field == 22 || field == 23 ? part::sparse_tensor
                                                : part::other;
        case part::sparse_tensor:
            return field == 1 || field == 2 ? part::tensor : part::other;
        case part::tensor:
            return field == 13 ? part::data_entry : part::other;
        case part::value:
            return field == 2 ? part::type : part::other;
        case part::type:
            return field == 1 ? part::tensor_type : part::other;
        case part::tensor_type:
            return field == 2 ? part::shape : part::other;
        case part::shape:
            return field == 1 ? part::dimension : part::other;
        default:
            return part::other;
    }
}

/// NumPy's name of a TensorProto.DataType; "" where MLflow has none.
inline const char* numpy_name(std::int64_t onnx_type) noexcept {
    constexpr const char* names[] = {
        "",    "float32", "uint8",   "int8",    "uint16", "int16",  "int32",     "int64",
        "str", "bool",    "float16", "float64", "uint32", "uint64", "complex64", "complex128"};
    return onnx_type < 0 || onnx_type > 15 ? "" : names[onnx_type];
}

/// Reads a ModelProto once, front to back.
class onnx_scan {
  public:
    explicit onnx_scan(byte_window& source) : source_(source) {}

    /// \param name  how messages call the model
    error run(const std::string& name) {
        const bool whole = walk(onnx_part::model, 0, source_.size(), 0);
        if (source_.failure() != 0) {
            return {error_code::system, source_.failure(), "cannot read " + name};
        }
        const auto refused = [&name](const std::string& why) {
            return error{error_code::damaged, 0,
                         name + " is no whole ONNX model: " + why + "; export it again"};
        };
        if (source_.size() >> 31 != 0) return refused("it has more than the 2 GiB of protobuf");
        if (!whole) return refused(problem_ + " at byte " + std::to_string(place_));
        if (!has_graph_ || ir_version_ < 1) return refused("it has no graph");
        // They stand behind the graph in files of every known writer.
        if (!has_operators_ && ir_version_ >= 3) return refused("it names no version of operators");
        settle();
        return {};
    }

    std::int64_t ir_version() const noexcept { return ir_version_; }
    /// A side with a value that MLflow cannot describe is left empty.
    const model_signature& signature() const noexcept { return signature_; }
    /// The files beside the model that hold weights.
    const std::set<std::string>& data_files() const noexcept { return data_files_; }

  private:
    /// Two bytes of a file may be a value, a dimension or the name of a tensor, which take a
    /// hundred.
    static constexpr std::size_t most_values_ = 65536;
    static constexpr std::size_t most_names_ = std::size_t{1} << 20;

    bool walk(onnx_part whole, std::uint64_t begin, std::uint64_t end, int depth) {
        // As deep as protobuf's own readers go.
        if (depth > 100) return refuse("it is nested too deeply", begin);
        protobuf_reader reader(source_, begin, end);
        protobuf_field field;
        while (reader.next(field)) {
            const onnx_part part = part_of(whole, field.number);
            if (part != onnx_part::other) {
                if (!field.has_bytes) return refuse("a message is expected", reader.place());
                if (!enter(whole, part, field, depth)) return false;
            } else if (!note(whole, field)) {
                return refuse("a name is expected", reader.place());
            }
        }
        return !reader.damaged() || refuse("it breaks off or is damaged", reader.place());
    }

    bool enter(onnx_part whole, onnx_part part, const protobuf_field& field, int depth) {
        if (part == onnx_part::value) {
            // Those of an inner graph are not the model's.
            if (depth != 1) return true;
            value_ = {};
            has_shape_ = false;
        }
        if ((part == onnx_part::value || part == onnx_part::dimension) &&
            ++values_ > most_values_) {
            return refuse("it has more than " + std::to_string(most_values_) +
                              " inputs, outputs and dimensions of them",
                          field.begin);
        }
        if (part == onnx_part::shape) has_shape_ = true;
        if (part == onnx_part::dimension) value_.shape.push_back(-1);
        if (part == onnx_part::tensor) name_.clear();
        if (part == onnx_part::data_entry) key_.clear();
        if (!walk(part, field.begin, field.end, depth + 1)) return false;
        if (part == onnx_part::graph && depth == 0) has_graph_ = true;
        if (part == onnx_part::tensor && depth == 1) constants_.insert(name_);
        if (part == onnx_part::data_entry && key_ == "location") data_files_.insert(location_);
        if (constants_.size() + data_files_.size() > most_names_) {
            return refuse(
                "it names more than " + std::to_string(most_names_) + " tensors and files",
                field.begin);
        }
        if (part == onnx_part::value) {
            // What has no dtype or shape is no tensor.
            if (!has_shape_) value_.dtype.clear();
            (whole == onnx_part::graph && field.number == 11 ? signature_.inputs
                                                             : signature_.outputs)
                .push_back(value_);
        }
        return true;
    }

    /// Keeps what is asked for among the fields that are no messages.
    bool note(onnx_part whole, const protobuf_field& field) {
        const std::uint32_t number = field.number;
        switch (whole) {
            case onnx_part::model:
                if (number == 1) ir_version_ = field.value;
                if (number == 8) has_operators_ = true;
                return true;
            case onnx_part::tensor:
                return number != 8 || read(field, name_);
            case onnx_part::data_entry:
                return number == 1 ? read(field, key_) : number != 2 || read(field, location_);
            case onnx_part::value:
                return number != 1 || read(field, value_.name);
            case onnx_part::tensor_type:
                if (number == 1) value_.dtype = numpy_name(field.value);
                return true;
            case onnx_part::dimension:
                if (number == 1 && field.value >= 0) value_.shape.back() = field.value;
                return true;
            default:
                return true;
        }
    }

    bool read(const protobuf_field& field, std::string& text) {
        constexpr std::uint64_t longest = 1 << 20;
        const std::uint64_t size = field.end - field.begin;
        if (!field.has_bytes || size > longest) return false;
        text = source_.at(field.begin, static_cast<std::size_t>(size));
        return text.size() == size && utf8::is_valid(text);
    }

    bool refuse(std::string problem, std::uint64_t place) {
        problem_ = std::move(problem);
        place_ = place;
        return false;
    }

    /// The signature as MLflow makes it: a single input needs no name, so that it takes an array.
    void settle() {
        auto& inputs = signature_.inputs;
        // Before IR version 4 constants had to be inputs too.
        inputs.erase(std::remove_if(inputs.begin(), inputs.end(),
                                    [this](const model_field& input) {
                                        return constants_.count(input.name) != 0;
                                    }),
                     inputs.end());
        if (inputs.size() == 1) inputs.front().name.clear();
        for (auto* const side : {&signature_.inputs, &signature_.outputs}) {
            for (const model_field& value : *side) {
                if (!value.dtype.empty()) continue;
                side->clear();
                break;
            }
        }
    }

    byte_window& source_;
    std::int64_t ir_version_ = 0;
    bool has_graph_ = false;
    bool has_operators_ = false;
    model_signature signature_;
    std::set<std::string> constants_;
    std::set<std::string> data_files_;
    std::size_t values_ = 0;  // and their dimensions
    // Of the message that is being read.
    model_field value_;
    bool has_shape_ = false;
    std::string name_;
    std::string key_;
    std::string location_;
    std::string problem_;
    std::uint64_t place_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
