// SPDX-License-Identifier: MIT
/// \file Makes a run's directory out of sight and gives it its name when it is complete.
#ifndef MLSCRIBE_RUN_RUN_CREATION_HPP
#define MLSCRIBE_RUN_RUN_CREATION_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/file/staged_directory.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/json_object.hpp>
#include <mlscribe/run/run_options.hpp>
#include <mlscribe/run/run_recovery.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/tag/build_tags.hpp>
#include <mlscribe/tag/git_tags.hpp>
#include <mlscribe/tag/mapped_key.hpp>
#include <mlscribe/tag/run_name.hpp>
#include <mlscribe/tag/source_tags.hpp>

#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The tags of a new run: MLflow's automatic ones and the library's, over them MLFLOW_RUN_CONTEXT,
/// over these the program's. \param warning receives what MLFLOW_RUN_CONTEXT has wrong
inline tag_list initial_tags(const run_options& options, std::string& warning) {
    tag_list tags = source_tags(user_name());
    if (options.source_tags) {
        for (auto& tag : git_tags(options.source_directory)) tags.push_back(std::move(tag));
        for (auto& tag : build_tags()) tags.push_back(std::move(tag));
    }
    if (const std::string context = environment("MLFLOW_RUN_CONTEXT"); !context.empty()) {
        if (const auto extra = parse_flat_json_object(context)) {
            for (const auto& tag : *extra) put_tag(tags, tag.first, tag.second);
        } else {
            warning = "MLFLOW_RUN_CONTEXT is no JSON object of tags and is ignored: " +
                      utf8::repaired(context.substr(0, 200));
        }
    }
    if (!options.description.empty()) put_tag(tags, "mlflow.note.content", options.description);
    if (!options.parent_run_id.empty()) put_tag(tags, "mlflow.parentRunId", options.parent_run_id);
    for (const auto& tag : options.tags) put_tag(tags, tag.first, tag.second);
    if (!options.run_name.empty()) put_tag(tags, "mlflow.runName", options.run_name);
    for (const auto& tag : tags) {
        if (tag.first == "mlflow.runName" && !tag.second.empty()) return tags;
    }
    put_tag(tags, "mlflow.runName", random_run_name());
    return tags;
}

/// Fills a run's directory: the folders, the tags, then meta.yaml. \param meta its run_id and
/// artifact_uri are given, the rest is set
template <class Report>
error fill_run(const directory& folder, std::string_view path, const run_options& options,
               run_meta& meta, Report&& report) {
    for (const char* child : {"metrics", "params", "artifacts", "tags"}) {
        const int failed = folder.make(child);
        if (failed != 0) return system_error("cannot make run", path, failed);
    }
    std::string warning;
    const tag_list tags = initial_tags(options, warning);
    meta.status = run_status::running;
    meta.lifecycle_stage = lifecycle::active;
    meta.start_time = milliseconds_now();
    std::vector<error> refusals;
    {
        blocked_signals no_signals;
        unseen_tags write(folder, path, no_signals);
        for (const auto& tag : tags) {
            error refused =
                write_any_tag(write, tag.first, tag.second, options.keys == sanitize::map);
            if (refused.code == error_code::system) return refused;
            if (refused) refusals.push_back(std::move(refused));
            if (tag.first == "mlflow.runName") meta.run_name = utf8::repaired(tag.second);
            if (tag.first == "mlflow.user") meta.user_id = utf8::repaired(tag.second);
        }
        const int failed = write_unseen_file(folder, meta_name, to_document(meta).text(),
                                             no_signals, durability::synced);
        if (failed != 0) return system_error("cannot write meta.yaml of run", path, failed);
    }
    if (!warning.empty()) refusals.push_back({error_code::invalid_value, 0, std::move(warning)});
    for (const error& refused : refusals) report(refused);
    return {};
}

/// Removes the journals that a dead process made in MLSCRIBE_JOURNAL_DIR for a run that never
/// appeared. Anybody who may write in the store can make such a folder: what another process left,
/// or of a run that is there, is not its to give away.
/// \param folder  of that run \param name  that the dead process gave it
/// \param known   a run that was not there before this process made it
inline void remove_unseen_journals(const store_root& store, const directory& folder,
                                   const std::string& name, const std::string& known) {
    std::string place;
    directory elsewhere;
    meta_document document;
    if (folder.read(journal_tag_path, place) != 0 || place == journal_in_memory) return;
    if (read_meta(folder, place, document)) return;
    const std::optional<run_meta> meta = read_run_meta(document, nullptr);
    if (!meta || directory::open(place, elsewhere) != 0) return;
    found_run appeared;
    if (meta->run_id != known &&
        find_run(store, meta->run_id, appeared).code != error_code::not_found) {
        return;
    }
    const std::string process = std::to_string(staging_process(name));
    for (const placed_journal& found : find_journals(elsewhere, meta->run_id)) {
        writer of;
        const bool is_its = writer::read_name(found.name, of) && of.process == process;
        if (is_its && found.writer_is == liveness::dead) elsewhere.remove(found.name);
    }
}

/// Creates a run, which appears whole.
/// \param report   hears of tags that were refused; the run is made without them
/// \param prepare  takes the run right before it appears; after a failure it is not there
template <class Report, class Prepare>
error create_run(const store_root& store, const std::string& experiment_id,
                 const run_options& options, Report&& report, Prepare&& prepare) {
    const std::string id = options.run_id.empty() ? random_run_id() : options.run_id;
    const error taken = {error_code::already_exists, 0,
                         "run id \"" + id + "\" exists already; use resume_run or another id"};
    if (!options.run_id.empty()) {
        // In another experiment too: the migration to a database knows a run by its id alone.
        found_run other;
        error failure = find_run(store, id, other);
        if (!failure) return taken;
        if (failure.code != error_code::not_found) return failure;
    }
    directory experiment;
    const std::string shelf = store.path() + '/' + experiment_id;
    if (const int failed = store.folder().open_linked(experiment_id, experiment)) {
        return unopened_folder("cannot open experiment", shelf, failed);
    }
    const std::string path = shelf + '/' + id;
    found_run made;
    made.path = path;
    made.experiment_id = experiment_id;
    made.meta.run_id = id;
    made.meta.experiment_id = experiment_id;
    made.meta.artifact_uri = file_uri(path + "/artifacts");
    // MLflow's UI fails on a directory without meta.yaml, but not on strangers in "datasets"; there
    // the migration to a database takes every folder with a meta.yaml for a dataset.
    std::string appeared;
    const auto clear_up = [&](const directory& left, const std::string& name) {
        remove_unseen_journals(store, left, name, appeared);
    };
    staged_directory staged(experiment, "datasets/.mlscribe-starting", clear_up);
    if (const int failed = staged.open(made.folder)) {
        return system_error("cannot make run", path, failed);
    }
    if (error failure = fill_run(made.folder, path, options, made.meta, report)) return failure;
    prepare(std::move(made));
    const int failed = staged.move_to(id);
    if (failed == EEXIST) return taken;
    if (failed == 0) appeared = id;
    return failed == 0 ? error{} : system_error("cannot make run", path, failed);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
