// SPDX-License-Identifier: MIT
/// \file The way back: what stands in a store, read without a server and without a change.
#ifndef MLSCRIBE_QUERY_STORE_HPP
#define MLSCRIBE_QUERY_STORE_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/query/experiment_record.hpp>
#include <mlscribe/query/run_comparison.hpp>
#include <mlscribe/query/run_search.hpp>
#include <mlscribe/query/struct_reader.hpp>
#include <mlscribe/store/tracking.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Reads a store that MLflow or mlscribe wrote, also one that is read-only or being written to:
/// points that a live run has not yet written to its files are read from its journal. Nothing is
/// ever changed.
///
///     for (const auto& run : mlscribe::store("mlruns").search_runs("metrics.loss < 0.1")) …
///
/// \onfailure every call throws logging_error, whose reason() tells a missing run from a damaged
///            one, and where memory is out std::bad_alloc or logging_error with ENOMEM
///            (under -fno-exceptions it reports on stderr and gives an empty record)
/// \cost memory for what is returned, and for each thread that reads some MiB beside its file: a
///       param or tag of up to 16 MiB, a meta.yaml of 1 MiB, a dataset's of 18 MiB
/// \threadsafety any thread
class store {
  public:
    /// \param root  a folder or file: URI; empty: MLFLOW_TRACKING_URI, else ./mlruns
    explicit store(std::string_view root = {}) {
        const tracking_location location = detail::find_tracking_location(root);
        if (location.where != tracking_location::kind::local) {
            fail({error_code::unsupported_uri, 0, location.message});
        } else {
            fail(detail::store_root::open(location.path, root_));
        }
    }

    /// The folder that is read, absolute; empty where there is none.
    const std::string& path() const noexcept { return root_.path(); }

    /// Those of the view, the youngest first, as MLflow lists them. Damaged ones are left out.
    std::vector<experiment_record> experiments(run_view view = run_view::active) const {
        std::vector<experiment_record> result;
        if (!root_.folder()) return result;
        detail::store_scan scan = root_.scan();
        for (detail::found_experiment& each : scan.experiments) {
            const bool deleted = each.meta.lifecycle_stage == lifecycle::deleted;
            if (view != run_view::all && deleted != (view == run_view::deleted)) continue;
            result.push_back({std::move(each.meta), tags_of(each)});
        }
        std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
            return a.creation_time != b.creation_time ? a.creation_time > b.creation_time
                                                      : a.experiment_id < b.experiment_id;
        });
        return result;
    }

    /// \param id  of an active or deleted run
    run_record get_run(const std::string& id) const {
        run_record result;
        detail::metric_text_file text;
        if (const auto run = open(id, text)) fail(run->load(result));
        return result;
    }

    /// Runs that a query matches, in its order. Damaged ones are listed beside them.
    /// \onfailure query_error for a filter or order that MLflow refuses, with the position
    /// \cost     reads meta.yaml of each run and the files that the query names; the rest of those
    ///           that are returned
    found_runs search_runs(const search_query& query) const {
        found_runs result;
        if (!root_.folder()) return result;
        detail::run_search search;
        if (const detail::query_problem problem = search.parse(query)) {
#if MLSCRIBE_HAS_EXCEPTIONS
            throw query_error(problem.why, problem.position);
#else
            fail({error_code::invalid_value, 0, problem.why});
            return result;
#endif
        }
        fail(search.run(root_, query, result));
        return result;
    }
    found_runs search_runs(std::string_view filter = {}) const {
        search_query query;
        query.filter = filter;
        return search_runs(query);
    }

    /// All points of a metric in the order of its file, then those of the journal; none for a key
    /// that the run does not have. \param sink  called with `const point&`
    /// \cost memory does not grow with the number of points
    template <class Sink>
    void for_each_point(const std::string& id, const std::string& key, Sink&& sink) const {
        detail::metric_text_file text;
        if (const auto run = open(id, text)) {
            fail(run->metrics().for_each_row(key, sink));
        }
    }
    /// The same in a list. \cost 24 bytes a point; for_each_point() takes none
    std::vector<point> metric_history(const std::string& id, const std::string& key) const {
        std::vector<point> points;
        for_each_point(id, key, [&points](const point& row) { points.push_back(row); });
        return points;
    }

    /// What stands in a folder of the run's artifacts, sorted by path. They are looked for in the
    /// run's own folder, wherever the store was moved to. \param path  empty: all of them
    std::vector<artifact_record> artifacts(const std::string& id,
                                           std::string_view path = {}) const {
        std::vector<artifact_record> result;
        detail::metric_text_file text;
        const auto run = open(id, text);
        if (!run) return result;
        std::string below = "artifacts";
        if (!path.empty()) {
            if (fail(detail::check_artifact_path(path, false))) return result;
            below += '/' + std::string(path);
        }
        detail::directory folder;
        const int failed = run->folder().open_below(below, detail::missing::fail, folder);
        if (failed == ENOENT || failed == ENOTDIR) return result;
        if (failed != 0) {
            fail(detail::system_error("cannot read", run->path() + '/' + below, failed));
            return result;
        }
        folder.for_each_entry(".", [&](const std::string& name, bool is_directory) {
            struct stat found {};
            if (folder.status(name, found) != 0) return;
            const std::string full = path.empty() ? name : std::string(path) + '/' + name;
            result.push_back(
                {full, is_directory, is_directory ? 0 : static_cast<std::uint64_t>(found.st_size)});
        });
        std::sort(result.begin(), result.end(),
                  [](const auto& a, const auto& b) { return a.path < b.path; });
        return result;
    }

    /// The run that this one is nested in, if any.
    std::optional<run_record> parent(const std::string& id) const {
        detail::metric_text_file text;
        const auto run = open(id, text);
        if (!run) return std::nullopt;
        const std::string* const tag = run->tag("mlflow.parentRunId");
        if (fail(run->failure()) || tag == nullptr) return std::nullopt;
        return get_run(*tag);
    }
    /// The active runs that are nested in this one, the last one started first.
    found_runs children(const std::string& id) const {
        search_query query;
        query.max_results = SIZE_MAX;
        // An id needs no quotes inside.
        if (detail::is_run_id(id)) query.filter = "tags.mlflow.parentRunId = '" + id + '\'';
        return detail::is_run_id(id) ? search_runs(query) : found_runs{};
    }

    /// Runs side by side, in the order of `ids`: params that differ, and all metrics.
    /// \onfailure as get_run(), for the first that cannot be read
    run_comparison compare(const std::vector<std::string>& ids) const {
        std::vector<run_record> runs;
        for (const std::string& id : ids) runs.push_back(get_run(id));
        return mlscribe::compare(std::move(runs));
    }

    /// The params of a run as a struct that log_params() could have been given. Members whose param
    /// is missing keep the value that `T{}` has.
    /// \param prefix  as it was given to log_params()
    /// \onfailure invalid_value for a text that the member cannot hold
    template <class T>
    T read(const std::string& id, std::string_view prefix = {}, char separator = '.') const {
        static_assert(is_reflected_v<T>,
                      "mlscribe: the members of this type are not known; describe it with "
                      "MLSCRIBE_DESCRIBE(type, members...)");
        T result{};
        const run_record run = get_run(id);
        detail::struct_reader reader(run.params, std::string(prefix), separator);
        reader.read(result);
        fail(reader.failure());
        return result;
    }

  private:
    /// \return whether there was a failure, where nothing can be thrown
    static bool fail(const error& failure) {
        if (!failure) return false;
        detail::reporter(strictness::raise, {}).fail(failure);
        return true;
    }

    /// \param text  outlives the run
    std::unique_ptr<detail::stored_run> open(const std::string& id,
                                             detail::metric_text_file& text) const {
        if (!root_.folder()) return nullptr;
        detail::found_run found;
        if (fail(detail::find_run(root_, id, found))) return nullptr;
        return std::make_unique<detail::stored_run>(detail::directory(), std::move(found.folder),
                                                    std::move(found.path), std::move(found.meta),
                                                    text);
    }

    std::map<std::string, std::string> tags_of(const detail::found_experiment& found) const {
        std::map<std::string, std::string> tags;
        detail::directory folder;
        const std::string path = root_.path() + '/' + found.path();
        if (root_.open_experiment(found.id, found.in_trash, folder) != 0) return tags;
        detail::text_folder values(folder, "tags", path);
        if (values.read_all(tags)) tags.clear();
        return tags;
    }

    detail::store_root root_;
};

MLSCRIBE_NAMESPACE_END

#endif
