// SPDX-License-Identifier: MIT
/// \file Runs as JSON, with the names that MLflow's REST interface has for their parts.
#ifndef MLSCRIBE_TOOL_RUN_JSON_HPP
#define MLSCRIBE_TOOL_RUN_JSON_HPP

#include <mlscribe/query.hpp>

#include <string>
#include <vector>

namespace tool {

/// `{"info": {…}, "data": {"params": {…}, "metrics": {…}, "tags": {…}}}`
std::string run_json(const mlscribe::run_record& run, const std::string& experiment_name);
std::string info_json(const mlscribe::run_info& info, const std::string& experiment_name);
/// `[{"experiment_id": …, "run_id": …, "message": …}, …]`
std::string damage_json(const std::vector<mlscribe::damaged_run>& damaged);
/// `{"step": …, "timestamp": …, "value": …}`
std::string point_json(const mlscribe::point& row);

}  // namespace tool

#endif
