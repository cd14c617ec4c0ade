// SPDX-License-Identifier: MIT
/// \file A model's signature as MLmodel keeps it: JSON in texts.
#ifndef MLSCRIBE_MODEL_SIGNATURE_TEXT_HPP
#define MLSCRIBE_MODEL_SIGNATURE_TEXT_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/model/model_signature.hpp>
#include <mlscribe/reflect/document_of.hpp>

#include <algorithm>
#include <iterator>
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

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
