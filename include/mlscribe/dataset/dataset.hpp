// SPDX-License-Identifier: MIT
/// \file What a run was trained or tested with, as MLflow describes it.
#ifndef MLSCRIBE_DATASET_DATASET_HPP
#define MLSCRIBE_DATASET_DATASET_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/layout/json_text.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// The description of a dataset, without its data: for `run.log_input`. Made by dataset_of_file(),
/// dataset_of(), or filled in by hand. Datasets of one name and digest are the same one.
struct dataset {
    std::string name = "dataset";  ///< at most 500 characters
    /// A fingerprint of the content, at most 36 characters; empty: one is made of name and source.
    std::string digest = {};
    std::string source = "{}";         ///< a JSON object; see set_source()
    std::string source_type = "code";  ///< where MLflow looks for it: local, http, s3, …
    std::string schema = {};           ///< JSON; empty for none
    std::string profile = {};          ///< JSON: how much it is; empty for none
    /// Why it could not be described; `run.log_input` tells it and logs nothing.
    error failure = {};

    /// Says where it came from. \param uri  a path, or a URI as `s3://bucket/train.csv`
    void set_source(std::string_view uri) {
        const std::size_t colon = uri.find("://");
        source_type = colon == uri.npos ? std::string_view("local") : uri.substr(0, colon);
        if (source_type == "file") source_type = "local";
        if (source_type == "https") source_type = "http";
        source = source_type == "http" ? "{\"url\": " : "{\"uri\": ";
        detail::append_json_string(source, uri);
        source += '}';
    }
};

namespace detail {

/// Does `task`, which fills in `result`. What it throws is kept there.
/// \param call  what the user called
template <class Task>
void describe(dataset& result, [[maybe_unused]] const char* call, Task&& task) {
    MLSCRIBE_TRY {
        task();
    }
    MLSCRIBE_CATCH_ALL {
        result.failure = caught_error(call);
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
