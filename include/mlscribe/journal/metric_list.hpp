// SPDX-License-Identifier: MIT
/// \file Which metrics a run has on disk.
#ifndef MLSCRIBE_JOURNAL_METRIC_LIST_HPP
#define MLSCRIBE_JOURNAL_METRIC_LIST_HPP

#include <mlscribe/file/file_list.hpp>
#include <mlscribe/layout/key_rules.hpp>

#include <algorithm>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The keys of the metrics that have a file, sorted. \return 0 or errno
inline int list_metrics(const directory& run, std::vector<std::string>& keys) {
    const int failed = list_files(run, "metrics", keys);
    // What MLflow would not read is not the library's.
    keys.erase(std::remove_if(keys.begin(), keys.end(),
                              [](const std::string& key) {
                                  return key_problem(key_kind::metric, key).has_value();
                              }),
               keys.end());
    return failed;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
