// SPDX-License-Identifier: MIT
/// \file What a model takes and gives, in MLflow's terms (docs/format.md, "The file MLmodel").
#ifndef MLSCRIBE_MODEL_MODEL_SIGNATURE_HPP
#define MLSCRIBE_MODEL_MODEL_SIGNATURE_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// One column of a table, or one tensor where `dtype` is set.
struct model_field {
    std::string name;  ///< may be empty for a single tensor
    /// Of a column: boolean, integer, long, float, double, string, binary or datetime.
    std::string type;
    bool required = true;
    std::string dtype;                ///< of a tensor: NumPy's name, as float32
    std::vector<std::int64_t> shape;  ///< of a tensor; -1 for any length

    /// A column of a table.
    static model_field column(std::string name, std::string type, bool required = true) {
        return {std::move(name), std::move(type), required, {}, {}};
    }
    /// A tensor.
    static model_field tensor(std::string dtype, std::vector<std::int64_t> shape,
                              std::string name = {}) {
        return {std::move(name), {}, true, std::move(dtype), std::move(shape)};
    }
};

/// Either side may be empty: MLflow then checks nothing.
struct model_signature {
    std::vector<model_field> inputs;
    std::vector<model_field> outputs;

    bool empty() const noexcept { return inputs.empty() && outputs.empty(); }
};

MLSCRIBE_NAMESPACE_END

#endif
