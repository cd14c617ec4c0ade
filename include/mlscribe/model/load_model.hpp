// SPDX-License-Identifier: MIT
/// \file Models on the way back.
#ifndef MLSCRIBE_MODEL_LOAD_MODEL_HPP
#define MLSCRIBE_MODEL_LOAD_MODEL_HPP

#include <mlscribe/error/reporter.hpp>
#include <mlscribe/model/build_environment.hpp>
#include <mlscribe/model/environment_differences.hpp>
#include <mlscribe/model/manifest.hpp>
#include <mlscribe/model/members_io.hpp>
#include <mlscribe/model/mlmodel_reader.hpp>
#include <mlscribe/model/model_options.hpp>
#include <mlscribe/registry/model_uri.hpp>
#include <mlscribe/store/tracking.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A model's directory, opened and verified.
struct opened_model {
    model_place place;
    yaml_value description;  ///< MLmodel
};

/// Where the URI leads. The store is asked only by the URIs that name something in it.
inline error find_model(std::string_view uri, const load_options& options, model_place& place) {
    store_root store;
    const std::string_view scheme = scheme_of(uri);
    if (scheme == "runs" || scheme == "models") {
        const tracking_location location = find_tracking_location(options.tracking_uri);
        if (location.where != tracking_location::kind::local) {
            return {error_code::unsupported_uri, 0, location.message};
        }
        if (error failure = store_root::open(location.path, store)) return failure;
    }
    return resolve_model_uri(store, uri, place);
}

inline error open_model(std::string_view uri, const load_options& options, opened_model& model) {
    if (error failure = find_model(uri, options, model.place)) return failure;
    const std::string& path = model.place.path;
    if (error failure = read_mlmodel(model.place.folder, path, model.description)) return failure;
    if (error failure = check_model_format(model.description, path)) return failure;
    if (!options.verify || !is_own_model(model.description)) return {};
    error failure = verify_manifest(model.place.folder);
    if (failure) failure.message = "model \"" + path + "\": " + failure.message;
    return failure;
}

/// Tells where this program differs from the one that logged the model.
inline void tell_differences(const opened_model& model, const load_options& options) {
    std::string text;
    if (model.place.folder.read(environment_path, text, max_meta_bytes) != 0) return;
    const std::optional<document> saved = parse_json(text);
    if (!saved) return;
    std::string all;
    for (const std::string& each : environment_differences(*saved, build_environment())) {
        all += (all.empty() ? "" : "; ") + each;
    }
    if (all.empty()) return;
    reporter(strictness::report, options.on_difference)
        .report({error_code::other_build, 0,
                 "model \"" + model.place.path + "\" was logged by another build: " + all});
}

/// What a load function threw, as a failure of its call.
inline error load_failure(const std::string& path, const char* what) {
    return {error_code::damaged, 0, "model \"" + path + "\": its load function failed: " + what};
}

/// Whether another model has taken the place of the one that was opened, whose files are going.
inline bool is_replaced(const model_place& place) noexcept {
    return place.folder && !place.folder.is_at(".", place.path);
}

/// \param result  what was loaded
template <class Model>
error load_opened(const opened_model& opened, const load_options& options,
                  std::optional<Model>& result) {
    const std::string& path = opened.place.path;
    model_files files(opened.place.folder, path, opened.description);
    // First: it may be why the load fails.
    tell_differences(opened, options);
    error failure;
    MLSCRIBE_TRY {
        result.emplace(model_io<Model>::load(files));
        failure = files.failure();
    }
#if MLSCRIBE_HAS_EXCEPTIONS
    catch (const std::exception& thrown) {
        failure = load_failure(path, thrown.what());
    }
    catch (...) {
        failure = load_failure(path, "it threw something unknown");
    }
#endif
    return failure;
}

}  // namespace detail

/// Loads a model that log_model() wrote, or one of MLflow's where the type's load function knows
/// how. Checksums are verified first; where the program that logged it was built differently in
/// what may matter, that is said on stderr or to the options' handler.
/// \param uri  `runs:/<run id>/<name>`, `models:/<name>/<version>`, `models:/<name>@<alias>`, a
///             file: URI or a path of the model's directory
/// \onfailure logging_error: not_found, damaged (also a newer format, and what the load function
///            throws), unsupported_uri, system; std::bad_alloc where memory is out before that
///            (under -fno-exceptions it reports on stderr and gives a Model{})
/// \threadsafety any thread; of a model that is replaced meanwhile it gives one or the other
/// \cost reads every file of the model once more than the load itself; takes memory for one file at
///       a time, of at most 1 GiB, and for the model
template <class Model>
Model load_model(std::string_view uri, const load_options& options = {}) {
    error failure;
    constexpr int most_attempts = 10;
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        detail::opened_model opened;
        std::optional<Model> loaded;
        failure = detail::open_model(uri, options, opened);
        if (!failure) failure = detail::load_opened(opened, options, loaded);
        if (!failure) return std::move(*loaded);
        if (!detail::is_replaced(opened.place)) break;
    }
#if MLSCRIBE_HAS_EXCEPTIONS
    throw logging_error(failure);
#else
    detail::reporter(strictness::report, {}).report(failure);
    return Model{};
#endif
}

MLSCRIBE_NAMESPACE_END

#endif
