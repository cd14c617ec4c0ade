// SPDX-License-Identifier: MIT
/// \file What the store has of one experiment, and of the artifacts of a run.
#ifndef MLSCRIBE_QUERY_EXPERIMENT_RECORD_HPP
#define MLSCRIBE_QUERY_EXPERIMENT_RECORD_HPP

#include <mlscribe/layout/run_status.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// Times are milliseconds since 1970-01-01 UTC.
struct experiment_record {
    std::string experiment_id;
    std::string name;
    std::string artifact_location;
    lifecycle lifecycle_stage = lifecycle::active;
    std::optional<std::int64_t> creation_time;
    std::optional<std::int64_t> last_update_time;
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
