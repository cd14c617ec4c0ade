// SPDX-License-Identifier: MIT
/// \file The folders of a store that may be runs.
#ifndef MLSCRIBE_QUERY_RUN_SHELVES_HPP
#define MLSCRIBE_QUERY_RUN_SHELVES_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/query/search_query.hpp>
#include <mlscribe/query/stored_run.hpp>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An experiment whose runs are looked at. Opened for each of them: there may be more experiments
/// than a process may have files open.
struct run_shelf {
    std::string experiment_id;
    bool in_trash;
    std::string path;
};

/// A folder that may be a run.
struct shelved_run {
    const run_shelf* shelf;
    std::string name;
};

/// The experiments that a search names, and what stands in them. \threadsafety reading: any
class run_shelves {
  public:
    /// \param store  outlives this
    explicit run_shelves(const store_root& store) : store_(store) {}

    /// \return not_found for an experiment that the store does not have
    error open(const search_query& query) {
        const store_scan scan = store_.scan();
        const std::vector<found_experiment>& found = scan.experiments;
        for (const error& each : scan.damaged) damaged_.push_back({{}, {}, each});
        for (const std::string& wanted : query.experiments) {
            const bool known = std::any_of(found.begin(), found.end(), [&](const auto& each) {
                return each.id == wanted || each.meta.name == wanted;
            });
            if (known) continue;
            if (scan.unread) return scan.unread;
            return {error_code::not_found, 0,
                    "no experiment \"" + wanted + "\" in \"" + store_.path() + '"'};
        }
        for (const found_experiment& each : found) {
            if (is_wanted(each, query)) add(each);
        }
        return {};
    }

    const std::vector<shelved_run>& runs() const noexcept { return runs_; }
    /// Experiments whose runs cannot be told.
    const std::vector<damaged_run>& damaged() const noexcept { return damaged_; }

    /// Reads the meta.yaml of a run. \param text  outlives the run
    /// \param result  none where there is no run of this view
    error open_run(const shelved_run& which, run_view view, metric_text_file& text,
                   std::unique_ptr<stored_run>& result) const {
        directory experiment;
        directory folder;
        const run_shelf& shelf = *which.shelf;
        const std::string path = shelf.path + '/' + which.name;
        int failed = store_.open_experiment(shelf.experiment_id, shelf.in_trash, experiment);
        if (failed == 0) failed = experiment.open_linked(which.name, folder);
        if (failed != 0) {
            const bool gone = failed == ENOENT || failed == ENOTDIR;
            return gone ? error{} : unopened_folder("cannot open", path, failed);
        }
        meta_document document;
        error failure = read_meta(folder, path, document);
        // A folder without one is no run; one that is half written is whole in a moment.
        if (failure.code == error_code::not_found) return {};
        if (failure && is_new(folder)) failure = read_settled_meta(folder, path, document);
        if (failure) return failure;
        std::string why;
        std::optional<run_meta> meta = read_run_meta(document, &why);
        if (!meta) return {error_code::damaged, 0, '"' + path + "/meta.yaml\": " + why};
        if (meta->run_id != which.name || meta->experiment_id != shelf.experiment_id) {
            return {error_code::damaged, 0,
                    '"' + path + "/meta.yaml\" is that of run \"" + shown(meta->run_id) +
                        "\" in experiment " + shown(meta->experiment_id) + "; move the copy away"};
        }
        const bool deleted = meta->lifecycle_stage == lifecycle::deleted;
        if (view != run_view::all && deleted != (view == run_view::deleted)) return {};
        result = std::make_unique<stored_run>(std::move(experiment), std::move(folder), path,
                                              std::move(*meta), text);
        return {};
    }

  private:
    /// Whether a writer may still be at it: who finds old damage does not wait for it to heal.
    static bool is_new(const directory& folder) noexcept {
        struct stat found {};
        return folder.status(std::string(meta_name), found) == 0 && is_recent(found.st_mtime);
    }

    static bool is_wanted(const found_experiment& found, const search_query& query) {
        if (query.experiments.empty()) return !found.in_trash || query.view != run_view::active;
        return std::any_of(
            query.experiments.begin(), query.experiments.end(),
            [&](const auto& wanted) { return found.id == wanted || found.meta.name == wanted; });
    }

    void add(const found_experiment& found) {
        directory folder;
        const std::string path = store_.path() + '/' + found.path();
        int failed = store_.open_experiment(found.id, found.in_trash, folder);
        if (failed == ENOENT) return;  // removed meanwhile
        shelves_.push_back({found.id, found.in_trash, path});
        const run_shelf& shelf = shelves_.back();
        if (failed == 0) {
            failed = folder.for_each_entry(".", [&](std::string name, bool) {
                if (is_run_id(name)) runs_.push_back({&shelf, std::move(name)});
            });
        }
        if (failed == 0) return;
        damaged_.push_back({found.id, {}, unopened_folder("cannot list experiment", path, failed)});
    }

    const store_root& store_;
    std::deque<run_shelf> shelves_;
    std::vector<shelved_run> runs_;
    std::vector<damaged_run> damaged_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
