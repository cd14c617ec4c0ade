// SPDX-License-Identifier: MIT
/// \file What the store has of one experiment, and of the artifacts of a run.
#ifndef MLSCRIBE_QUERY_EXPERIMENT_RECORD_HPP
#define MLSCRIBE_QUERY_EXPERIMENT_RECORD_HPP

#include <mlscribe/layout/meta_yaml.hpp>

#include <cstdint>
#include <map>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// What its meta.yaml says, and its tags.
struct experiment_record : experiment_meta {
    std::map<std::string, std::string> tags;
};

/// A file or folder among the artifacts of a run.
struct artifact_record {
    std::string path;  ///< below the run's artifacts
    bool is_directory = false;
    std::uint64_t bytes = 0;  ///< of a file
};

MLSCRIBE_NAMESPACE_END

#endif
