// SPDX-License-Identifier: MIT
/// \file A model's signature as MLmodel keeps it: JSON in texts (FORMAT.md section 10.3).
#ifndef MLSCRIBE_MODEL_SIGNATURE_TEXT_HPP
#define MLSCRIBE_MODEL_SIGNATURE_TEXT_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/yaml_value.hpp>
#include <mlscribe/model/model_signature.hpp>
#include <mlscribe/reflect/document.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One column or tensor with its keys in MLflow's order.
inline document field_document(const model_field& field) {
    document out;
    if (field.dtype.empty()) {
        add_member(out, "type", field.type);
        if (!field.name.empty()) add_member(out, "name", field.name);
        add_member(out, "required", field.required);
        return out;
    }
    document tensor;
    add_member(tensor, "dtype", field.dtype);
    add_member(tensor, "shape", field.shape);
    if (!field.name.empty()) add_member(out, "name", field.name);
    add_member(out, "type", "tensor");
    add_member(out, "tensor-spec", tensor);
    return out;
}

/// MLflow's JSON of one side of a signature, on one line.
inline std::string schema_text(const std::vector<model_field>& fields) {
    document list;
    list.type = document::kind::list;
    for (const model_field& field : fields) list.items.push_back(field_document(field));
    return json_line(list);
}

/// The key `signature` of MLmodel: a side without fields is null. An empty signature has no such
/// key: MLflow refuses one in which all is null.
inline document signature_map(const model_signature& signature) {
    document out;
    const auto add_side = [&out](const char* key, const std::vector<model_field>& fields) {
        add_member(out, key, fields.empty() ? document{} : document_of(schema_text(fields)));
    };
    add_side("inputs", signature.inputs);
    add_side("outputs", signature.outputs);
    add_member(out, "params", document{});
    return out;
}

/// What MLflow would refuse, and the model with it.
inline error check_schema(const std::vector<model_field>& fields) {
    constexpr std::string_view types[] = {"boolean", "integer", "long",   "float",
                                          "double",  "string",  "binary", "datetime"};
    for (const model_field& field : fields) {
        const auto refused = [&field](std::string rule) {
            return error{error_code::invalid_value, 0,
                         "signature, field \"" + shown(field.name) + "\": " + std::move(rule)};
        };
        if (field.dtype.empty() != fields.front().dtype.empty()) {
            return refused("columns and tensors do not go together");
        }
        if (field.name.empty() != fields.front().name.empty()) {
            return refused("either all fields have names or none");
        }
        if (!field.dtype.empty()) {
            if (!field.name.empty() || fields.size() == 1) continue;
            return refused("of several tensors each needs a name");
        }
        if (std::find(std::begin(types), std::end(types), field.type) == std::end(types)) {
            return refused(
                "\"" + shown(field.type) +
                "\" is no type of MLflow's; write boolean, integer, long, float, double, "
                "string, binary or datetime");
        }
    }
    return {};
}
inline error check_signature(const model_signature& signature) {
    error failure = check_schema(signature.inputs);
    return failure ? failure : check_schema(signature.outputs);
}

inline std::string member_text(const document* value) {
    return value != nullptr && value->type == document::kind::text ? value->text : std::string();
}

inline std::optional<std::vector<std::int64_t>> read_shape(const document* list) {
    if (list == nullptr || list->type != document::kind::list) return std::nullopt;
    std::vector<std::int64_t> shape;
    for (const document& item : list->items) {
        std::int64_t length = 0;
        const char* const end = item.text.data() + item.text.size();
        const auto read = std::from_chars(item.text.data(), end, length);
        if (item.type != document::kind::integer || read.ec != std::errc() || read.ptr != end) {
            return std::nullopt;
        }
        shape.push_back(length);
    }
    return shape;
}

inline std::optional<model_field> parse_field(const document& from) {
    model_field field;
    field.name = member_text(from.find("name"));
    field.type = member_text(from.find("type"));
    if (field.type.empty()) return std::nullopt;
    if (field.type == "tensor") {
        const document* const tensor = from.find("tensor-spec");
        if (tensor == nullptr) return std::nullopt;
        auto shape = read_shape(tensor->find("shape"));
        field.dtype = member_text(tensor->find("dtype"));
        if (!shape || field.dtype.empty()) return std::nullopt;
        field.type.clear();
        field.shape = std::move(*shape);
        return field;
    }
    // MLflow before 2.6 wrote `optional`.
    const document* const required = from.find("required");
    const document* const optional = from.find("optional");
    if (required != nullptr) {
        field.required = required->text == "true";
    } else if (optional != nullptr) {
        field.required = optional->text != "true";
    }
    return field;
}

/// Reads what schema_text() or MLflow wrote. Of the types that consist of others (`array`,
/// `object`, `map`) only that word is kept.
/// \return nullopt where the text is no list of columns or tensors
inline std::optional<std::vector<model_field>> parse_schema(std::string_view text) {
    const std::optional<document> list = parse_json(text);
    if (!list || list->type != document::kind::list) return std::nullopt;
    std::vector<model_field> fields;
    for (const document& item : list->items) {
        std::optional<model_field> field = parse_field(item);
        if (!field) return std::nullopt;
        fields.push_back(std::move(*field));
    }
    return fields;
}

/// The signature in MLmodel; empty where there is none.
/// \param description  MLmodel \return nullopt where a side is damaged
inline std::optional<model_signature> read_signature(const yaml_value& description) {
    model_signature signature;
    const yaml_value* const map = description.find("signature");
    if (map == nullptr) return signature;
    const auto read_side = [map](const char* key, std::vector<model_field>& fields) {
        const yaml_value* const side = map->find(key);
        if (side == nullptr || side->type == yaml_value::kind::null) return true;
        auto read = parse_schema(side->text);
        if (read) fields = std::move(*read);
        return read.has_value();
    };
    if (!read_side("inputs", signature.inputs) || !read_side("outputs", signature.outputs)) {
        return std::nullopt;
    }
    return signature;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
