// SPDX-License-Identifier: MIT
/// \file What a tracking server holds, and what it is asked to make.
#ifndef MLSCRIBE_SYNC_REMOTE_RUN_HPP
#define MLSCRIBE_SYNC_REMOTE_RUN_HPP

#include <mlscribe/layout/run_status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The tag by which a run of the server is found again that was pushed from a store.
inline constexpr const char* local_run_id_tag = "mlscribe.local_run_id";
/// The same of a model that MLflow 3 lists.
inline constexpr const char* local_model_id_tag = "mlscribe.local_model_id";

/// A tag or param.
struct named_value {
    std::string key;
    std::string value;
};

/// An experiment of the server.
struct remote_experiment {
    std::string experiment_id;
    std::string name;
    lifecycle stage = lifecycle::active;
    std::int64_t creation_time = 0;  ///< milliseconds since 1970; 0 where the server does not say
    std::vector<named_value> tags;
};

/// A run of the server. Ids and URIs are the server's words: never a path of this machine.
struct remote_run {
    std::string run_id;
    std::string experiment_id;
    std::string name;
    run_status status = run_status::running;
    lifecycle stage = lifecycle::active;
    std::int64_t start_time = 0;           ///< milliseconds since 1970
    std::optional<std::int64_t> end_time;  ///< likewise; none while it runs
    std::string artifact_uri;
    std::vector<named_value> tags;
    std::vector<std::string> model_outputs;  ///< ids of the models it says it made
};

/// A run to make. The tag `mlscribe.local_run_id` is added.
struct new_run {
    std::string experiment_id;    ///< the server's
    std::string local_run_id;     ///< the store's
    std::string name;             ///< empty: the server thinks of one
    std::string user_id;          ///< empty for none
    std::int64_t start_time = 0;  ///< milliseconds since 1970
    std::vector<named_value> tags;
};

/// A model that MLflow 3 lists beside its run.
struct remote_model {
    std::string model_id;
    std::string experiment_id;
    std::string name;
    std::string source_run_id;
    std::string status;  ///< "LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", …
    std::string artifact_uri;
    std::vector<named_value> tags;
};

/// A model to make. The tag `mlscribe.local_model_id` is added.
struct new_model {
    std::string experiment_id;   ///< the server's
    std::string local_model_id;  ///< the store's
    std::string name;
    std::string model_type;     ///< empty for none
    std::string source_run_id;  ///< the server's; empty for none
    std::vector<named_value> params;
    std::vector<named_value> tags;
};

/// A dataset as runs/log-inputs takes it.
struct remote_input {
    std::string name;
    std::string digest;
    std::string source_type;
    std::string source;
    std::string schema;             ///< empty for none
    std::string profile;            ///< empty for none
    std::vector<named_value> tags;  ///< `mlflow.data.context`
};

/// A model that a run made, at a step.
struct remote_output {
    std::string model_id;  ///< the server's
    std::int64_t step = 0;
};

/// A file or folder among the artifacts.
struct remote_artifact {
    std::string path;  ///< below the artifact root, with slashes
    bool directory = false;
    std::int64_t size = 0;  ///< bytes; 0 also where the server does not say
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
