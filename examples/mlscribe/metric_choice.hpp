// SPDX-License-Identifier: MIT
/// \file What to say of a metric that a run does not have.
#ifndef MLSCRIBE_TOOL_METRIC_CHOICE_HPP
#define MLSCRIBE_TOOL_METRIC_CHOICE_HPP

#include <mlscribe/query/run_record.hpp>

#include <string>

namespace tool {

/// Names the run, the key, and the keys that there are.
std::string no_metric(const mlscribe::run_record& run, const std::string& key);

}  // namespace tool

#endif
