// SPDX-License-Identifier: MIT
/// \file Where below `artifacts/` a table may go.
#ifndef MLSCRIBE_TABLE_TABLE_PATH_HPP
#define MLSCRIBE_TABLE_TABLE_PATH_HPP

#include <mlscribe/artifact/artifact_path.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Checks a path as MLflow's log_table() does, which looks the name up in a list of JSON.
inline error check_table_path(std::string_view path) {
    if (error failure = check_artifact_path(path, false)) return failure;
    const auto refused = [path](const std::string& rule) {
        return error{error_code::invalid_path, 0, "table \"" + shown(path) + "\": " + rule};
    };
    const auto ends_in = [path](std::string_view ending) {
        return path.size() >= ending.size() && path.substr(path.size() - ending.size()) == ending;
    };
    if (ends_in(".parquet")) {
        return refused("tables are written as JSON, not as Parquet; end its name in \".json\"");
    }
    if (!ends_in(".json")) return refused("a table's name ends in \".json\"");
    const std::size_t forbidden = path.find_first_of("\"',:[]{}");
    if (forbidden == std::string_view::npos) return {};
    return refused(std::string("MLflow finds no table with '") + path[forbidden] +
                   "' in its name; use another name");
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
