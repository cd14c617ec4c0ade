// SPDX-License-Identifier: MIT
/// \file Where the directory of a model lies, also in a store that was moved.
#ifndef MLSCRIBE_REGISTRY_MODEL_PLACE_HPP
#define MLSCRIBE_REGISTRY_MODEL_PLACE_HPP

#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/store/store_root.hpp>

#include <limits.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A model's directory, and what is known of where it comes from.
struct model_place {
    directory folder;          ///< open
    std::string path;          ///< of `folder`, absolute
    std::string name;          ///< of the registered model; empty where the URI names none
    std::int64_t version = 0;  ///< of the registered model; 0 where the URI names none
    std::string run_id;        ///< of the run that made it, where known
    std::string model_id;      ///< of a model that MLflow 3 logged
};

/// Opens `<experiment>/<below>`; below the experiment no link is followed.
inline int open_in_experiment(const store_root& store, const std::string& experiment,
                              const std::string& below, model_place& result) {
    directory shelf;
    int failed = store.open_experiment(experiment, false, shelf);
    if (failed == 0) failed = shelf.open_below(below, missing::fail, result.folder);
    if (failed == 0) result.path = store.path() + '/' + experiment + '/' + below;
    return failed;
}

/// What to say where that failed.
inline error unopened_model(const store_root& store, const std::string& experiment,
                            const std::string& path, int failed) {
    if (failed != EPERM) return system_error("cannot open the model", path, failed);
    return unopened_folder("cannot open the model's experiment", store.path() + '/' + experiment,
                           failed);
}

/// A path as `<experiment>/<run>/artifacts/…` or `<experiment>/models/<model>/artifacts/…`.
struct path_in_store {
    std::string experiment;
    std::string below;
};

/// Every way in which the end of an absolute path may be one in a store, the longest first.
inline std::vector<path_in_store> ends_in_store(const std::string& path) {
    std::vector<std::size_t> slashes;
    std::vector<path_in_store> ends;
    const auto part = [&](std::size_t i) {
        const std::size_t begin = slashes[i] + 1;
        return path.substr(begin, path.find('/', begin) - begin);
    };
    for (std::size_t at = 0; at != std::string::npos; at = path.find('/', at + 1)) {
        slashes.push_back(at);
        const std::size_t last = slashes.size() - 1;
        if (last < 2 || part(last) != "artifacts") continue;
        const std::size_t first = last > 2 && part(last - 2) == models_name ? last - 3 : last - 2;
        if (!is_experiment_id(part(first))) continue;
        ends.push_back({part(first), path.substr(slashes[first + 1] + 1)});
    }
    return ends;
}

/// Opens the directory that a location in a meta.yaml means. What this store has at the end of that
/// path comes before the path itself: of a store that was copied or moved, the copy is meant.
inline error open_location(const store_root& store, const std::string& location,
                           model_place& result) {
    const std::optional<std::string> written = path_of_uri(location);
    if (!written || written->front() != '/') {
        return {error_code::unsupported_uri, 0,
                "the model lies at \"" + shown_uri(location) +
                    "\", which is no directory of this machine; download it and name its path"};
    }
    result.path = resolved_path("/", *written);
    // No program opens a path of such a length, and each of its ends is a text.
    if (result.path.size() >= PATH_MAX) {
        return {error_code::damaged, 0,
                "the model's location has " + std::to_string(result.path.size()) +
                    " bytes, a path less than " + std::to_string(PATH_MAX) +
                    "; log or register the model again"};
    }
    const std::string path = result.path;
    for (const path_in_store& end : ends_in_store(path)) {
        const int failed = open_in_experiment(store, end.experiment, end.below, result);
        if (failed == 0) return {};
        if (failed != ENOENT) return unopened_model(store, end.experiment, path, failed);
    }
    const int failed = directory::open(path, result.folder);
    if (failed == ENOENT || failed == ENOTDIR) {
        return {error_code::not_found, 0,
                "no directory \"" + path + "\", nor one of its end in the store \"" + store.path() +
                    "\": it was deleted, or moved without its store"};
    }
    return failed == 0 ? error{} : system_error("cannot open the model", path, failed);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
