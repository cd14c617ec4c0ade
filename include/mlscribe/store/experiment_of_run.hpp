// SPDX-License-Identifier: MIT
/// \file From a run's directory to that of its experiment.
#ifndef MLSCRIBE_STORE_EXPERIMENT_OF_RUN_HPP
#define MLSCRIBE_STORE_EXPERIMENT_OF_RUN_HPP

#include <mlscribe/layout/meta_yaml.hpp>
#include <mlscribe/store/meta_file.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opens the experiment that a run lies in now, wherever somebody moved it.
/// \param path  of `run`, for messages
/// \onfailure not_found: the run lies somewhere else than in its experiment; damaged, system
inline error open_experiment_of(const directory& run, const std::string& path,
                                std::string_view experiment_id, directory& experiment) {
    meta_document document;
    const int failed = run.open_linked("..", experiment);
    if (failed != 0) return system_error("cannot open the experiment of", path, failed);
    if (error failure = read_settled_meta(experiment, path + "/..", document)) return failure;
    const auto meta = read_experiment_meta(document);
    if (meta && meta->experiment_id == experiment_id) return {};
    return {error_code::not_found, 0,
            "run \"" + path + "\" does not lie in its experiment " + std::string(experiment_id) +
                " any more; move it back"};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
