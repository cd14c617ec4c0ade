// SPDX-License-Identifier: MIT
/// \file The entity by which MLflow 3 lists a model beside its run (docs/format.md, "Models of
/// MLflow 3").
#ifndef MLSCRIBE_MODEL_MODEL_ENTITY_HPP
#define MLSCRIBE_MODEL_MODEL_ENTITY_HPP

#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/config/clock.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/meta_document.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/model/mlmodel.hpp>
#include <mlscribe/store/experiment_of_run.hpp>
#include <mlscribe/store/publish_folder.hpp>

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The characters that MLflow 3 refuses in the name of such a model.
inline error check_entity_name(std::string_view name) {
    if (name.find_first_of("/:.%\"'") == std::string_view::npos) return {};
    return {error_code::invalid_value, 0,
            "MLflow 3 lists no model whose name has one of / : . % \" '; rename it, or leave "
            "model_options::logged_model out"};
}

/// Copies the files of a folder of texts, as params and tags are; a key with slashes is a path.
inline int copy_texts(const directory& from, const std::string& folder, const directory& to) {
    std::vector<std::string> names;
    if (const int unread = list_files(from, folder, names)) return unread;
    for (const std::string& name : names) {
        const std::string path = folder + '/' + name;
        std::string text;
        int failed = from.read(path, text);
        if (failed == 0) failed = replace_file(to, path, text);
        if (failed != 0) return failed;
    }
    return 0;
}

/// The run's own side of it.
inline int link_entity(const directory& run, const std::string& id) {
    meta_document meta;
    meta.set_string("destination_id", id);
    meta.set_string("destination_type", "MODEL_OUTPUT");
    meta.set_string("source_id", id);
    meta.set_string("source_type", "RUN_OUTPUT");
    meta.set_integer("step", 0);
    meta.set("tags", yaml_value{yaml_value::kind::mapping, {}, {}, {}, false});
    const int failed = publish_folder(run, run, "outputs", id, meta);
    return failed == EEXIST ? 0 : failed;
}

/// Lists the model with the run's params.
inline error write_model_entity(const run_place& run, const model_identity& model) {
    const std::string& name = model.artifact_path;
    const std::string& id = model.model_id;
    directory experiment;
    if (error failure = open_experiment_of(run.folder, run.path, run.experiment_id, experiment)) {
        return failure;
    }
    const std::int64_t now = milliseconds_now();
    meta_document meta;
    meta.set_string("artifact_location", file_uri(run.path + "/artifacts/" + name));
    meta.set_integer("creation_timestamp", now);
    meta.set_string("experiment_id", run.experiment_id);
    meta.set_integer("last_updated_timestamp", now);
    meta.set_string("model_id", id);
    meta.set_null("model_type");
    meta.set_string("name", name);
    meta.set_string("source_run_id", run.run_id);
    constexpr std::int64_t ready = 2;
    meta.set_integer("status", ready);
    meta.set_null("status_message");
    int failed = publish_folder(
        run.folder, experiment, "models", id, meta,
        [&run](const directory& made) { return copy_texts(run.folder, "params", made); });
    // That of a model which is replaced stays.
    if (failed == 0 || failed == EEXIST) failed = link_entity(run.folder, id);
    return failed == 0 ? error{} : system_error("cannot list model", run.path + '/' + name, failed);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
