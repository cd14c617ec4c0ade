// SPDX-License-Identifier: MIT
/// \file Which datasets a run was given (docs/format.md, "Datasets").
#ifndef MLSCRIBE_QUERY_DATASET_INPUTS_HPP
#define MLSCRIBE_QUERY_DATASET_INPUTS_HPP

#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/store/meta_file.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a filter can ask of a dataset.
struct dataset_input {
    std::string name;
    std::string digest;
    std::vector<std::string> contexts;  ///< values of the tag `mlflow.data.context`
};

/// Refuses what is longer than MLflow's: the texts of all inputs of a run are kept.
inline error check_length(const char* what, const std::string& text, std::size_t most,
                          const std::string& path) {
    if (utf8::length(text) <= most) return {};
    return {error_code::system, EFBIG,
            '"' + path + "/meta.yaml\": " + what + " has more than " + std::to_string(most) +
                " characters; MLflow writes no such file: restore or remove it"};
}

/// Reads what `inputs/` of a run names. \param path  of the run, for messages
inline error read_dataset_inputs(const directory& experiment, const directory& run,
                                 const std::string& path, std::vector<dataset_input>& inputs) {
    std::vector<std::string> names;
    const int unread = run.for_each_entry(
        "inputs", [&names](std::string name, bool) { names.push_back(std::move(name)); });
    if (unread == ENOENT) return {};
    if (unread != 0) return system_error("cannot read", path + "/inputs", unread);
    directory datasets;
    if (experiment.open_below("datasets", missing::fail, datasets) != 0) return {};
    for (const std::string& name : names) {
        const std::string shown = path + "/inputs/" + name;
        directory folder;
        meta_document document;
        if (const int failed = run.open_below("inputs/" + name, missing::fail, folder)) {
            return {error_code::damaged, failed,
                    '"' + shown + "\" is no folder: MLflow's search fails on it; move it away"};
        }
        if (error failure = read_meta(folder, shown, document)) return failure;
        if (text_of(document, "source_type") != "DATASET") continue;
        directory source;
        const std::string id = text_of(document, "source_id");
        // MLflow leaves those out that it does not find.
        const bool is_name =
            !id.empty() && id.find('/') == std::string::npos && id != "." && id != "..";
        if (!is_name || datasets.open_below(id, missing::fail, source) != 0) continue;
        meta_document dataset;
        if (error failure = read_meta(source, "datasets/" + id, dataset, max_dataset_meta_bytes))
            return failure;
        dataset_input input{text_of(dataset, "name"), text_of(dataset, "digest"), {}};
        if (const yaml_value* const tags = document.find("tags")) {
            if (const yaml_value* const context = tags->find("mlflow.data.context")) {
                input.contexts.push_back(context->text);
            }
        }
        error failure = check_length("the name", input.name, 500, "datasets/" + id);
        if (!failure) failure = check_length("the digest", input.digest, 36, "datasets/" + id);
        for (const std::string& context : input.contexts) {
            if (!failure) failure = check_length("the context", context, 500, shown);
        }
        if (failure) return failure;
        inputs.push_back(std::move(input));
    }
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
