// SPDX-License-Identifier: MIT
/// \file Describes data in memory as a dataset: an array of numbers, or rows of a struct.
#ifndef MLSCRIBE_DATASET_DATASET_OF_HPP
#define MLSCRIBE_DATASET_DATASET_OF_HPP

#include <mlscribe/artifact/npy_bytes.hpp>
#include <mlscribe/config/environment.hpp>
#include <mlscribe/dataset/column_schema.hpp>
#include <mlscribe/dataset/content_digest.hpp>
#include <mlscribe/dataset/dataset.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/tag/source_tags.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A JSON list of lengths. \param any_first  whether -1 stands for the first
inline std::string json_lengths(const std::vector<std::size_t>& lengths, bool any_first) {
    std::string text = "[";
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (i != 0) text += ", ";
        text += any_first && i == 0 ? "-1" : std::to_string(lengths[i]);
    }
    return text + ']';
}

template <class Array>
error describe_array(const Array& array, dataset& result) {
    std::string bytes;
    if (error failure = npy_bytes(array, bytes)) {
        failure.message = "dataset \"" + shown(result.name) + "\": " + failure.message;
        return failure;
    }
    const npy_type type = npy_type_of<array_value_t<Array>>();
    std::vector<std::size_t> shape;
    std::size_t count = 0;
    append_shape(&array, shape);
    count_npy_values(shape, count);
    result.digest = md5_text(bytes).substr(0, 8);
    result.schema = "{\"mlflow_tensorspec\": {\"features\": ";
    append_json_string(result.schema, "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"" +
                                          npy_type_name(type) +
                                          "\", \"shape\": " + json_lengths(shape, true) + "}}]");
    result.schema += ", \"targets\": null}}";
    result.profile = "{\"features_shape\": " + json_lengths(shape, false) +
                     ", \"features_size\": " + std::to_string(count) +
                     ", \"features_nbytes\": " + std::to_string(count * type.size) + '}';
    return {};
}

template <class Rows>
void describe_rows(const Rows& rows, dataset& result) {
    using row = range_value_t<Rows>;
    content_digest digest;
    column_collector columns(false);
    std::uint64_t count = 0;
    const row* const first = std::begin(rows) == std::end(rows) ? nullptr : &*std::begin(rows);
    if (visit_sample(first, columns)) {
        result.schema = "{\"mlflow_colspec\": [" + columns.text() + "]}";
    }
    digest.add_text(result.schema);
    for (const row& each : rows) {
        digest.add(each);
        ++count;
    }
    result.digest = digest.finish();
    result.profile = "{\"num_rows\": " + std::to_string(count) +
                     ", \"num_elements\": " + std::to_string(count * columns.count()) + '}';
}

inline void describe_program(std::string_view name, dataset& result) {
    result.name = name;
    result.source = "{\"tags\": {";
    const char* separator = "";
    for (const auto& tag : source_tags(user_name())) {
        append_json_string(result.source += separator, tag.first);
        append_json_string(result.source += ": ", tag.second);
        separator = ", ";
    }
    result.source += "}}";
}

}  // namespace detail

/// Describes an array of numbers (whatever `run.log_array` takes) or a list of reflected structs,
/// with the schema and profile that MLflow gives a NumPy array or a DataFrame. The digest is of the
/// whole content: an array's is the MD5 of its .npy file. As its source stands the program; see
/// set_source(). With MLSCRIBE_MODE=disabled the data are not looked at.
///
///     std::vector<flower> flowers = …;
///     run.log_input(mlscribe::dataset_of(flowers, "iris"), "training");
///
/// \onfailure invalid_value (an array whose parts differ in shape): kept in the dataset, told by
///            `run.log_input`
/// \threadsafety any thread \cost some 2 ns a byte; of an array a copy while it is looked at
template <class Data>
dataset dataset_of(const Data& data, std::string_view name = "dataset") {
    dataset result;
    detail::describe(result, "dataset_of", [&] {
        detail::describe_program(name, result);
        if constexpr (detail::is_array_like_v<Data>) {
            const bool off = !MLSCRIBE_ENABLED || detail::is_disabled();
            if (!off) result.failure = detail::describe_array(data, result);
        } else if constexpr (detail::is_range_v<Data>) {
            static_assert(is_reflected_v<detail::range_value_t<Data>>,
                          "mlscribe: the rows of a dataset are structs whose members are known: "
                          "describe them with MLSCRIBE_DESCRIBE(type, members...)");
            const bool off = !MLSCRIBE_ENABLED || detail::is_disabled();
            if (!off) detail::describe_rows(data, result);
        } else {
            static_assert(detail::is_range_v<Data>,
                          "mlscribe: a dataset is an array of numbers or a list of structs");
        }
    });
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
