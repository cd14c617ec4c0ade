// SPDX-License-Identifier: MIT
/// \file Choices for a model that is logged or loaded, and what is told of it.
#ifndef MLSCRIBE_MODEL_MODEL_OPTIONS_HPP
#define MLSCRIBE_MODEL_MODEL_OPTIONS_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/model/input_example.hpp>
#include <mlscribe/model/model_signature.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// How `run.log_model` writes a model.
struct model_options {
    /// What the model takes and gives; MLflow checks inputs against it. Empty: what the flavor
    /// knows.
    model_signature signature = {};
    /// Kept beside the model; MLflow shows it and `mlflow models predict` can use it.
    input_example example = {};
    /// Free texts in MLmodel.
    std::map<std::string, std::string> metadata = {};
    /// Files kept with the model beside the one that calls log_model.
    std::vector<std::string> source_files = {};
    /// Whether to keep the calling file, the commit and, of a dirty tree, its changes (from the
    /// program `git`).
    bool source = true;
    /// A folder in the repository of the source; empty: that of the program's own file.
    std::string source_directory = {};
    /// Also registers the model under this name, as `registry::register_model` does.
    std::string registered_name = {};
    /// Also writes the entity that MLflow 3 lists under Models; MLflow 2 passes over it.
    bool logged_model = false;
    /// Larger files are verified by their size alone.
    std::uint64_t checksum_up_to = (std::numeric_limits<std::uint64_t>::max)();
};

/// A model that was logged.
struct logged_model {
    std::string uri = {};       ///< `runs:/<run id>/<name>`; empty where it could not be logged
    std::string model_id = {};  ///< of MLflow 3's entity, where the options asked for one
    std::int64_t registered_version = 0;  ///< where the options named a registered model
};

/// How `load_model` reads one.
struct load_options {
    /// A folder or file: URI; empty: MLFLOW_TRACKING_URI, else ./mlruns.
    std::string tracking_uri = {};
    /// Whether the checksums are verified; costs reading every file once more.
    bool verify = true;
    /// Hears where this program differs from the one that logged the model; else stderr does.
    error_handler on_difference = {};
};

MLSCRIBE_NAMESPACE_END

#endif
