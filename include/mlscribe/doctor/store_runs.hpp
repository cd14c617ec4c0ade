// SPDX-License-Identifier: MIT
/// \file The folders of a store that may be runs, by experiment.
#ifndef MLSCRIBE_DOCTOR_STORE_RUNS_HPP
#define MLSCRIBE_DOCTOR_STORE_RUNS_HPP

#include <mlscribe/doctor/experiment_checkup.hpp>
#include <mlscribe/file/unopened_folder.hpp>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An experiment and the folders in it that may be runs. Opened when it is looked at: there may
/// be more of them than a process may have files open.
struct experiment_runs {
    const known_experiment* known;
    std::vector<std::string> runs = {};
};

/// \threadsafety one thread at a time
class store_runs {
  public:
    /// \param known  outlives this
    store_runs(treatment& taken, const store_root& store,
               const std::vector<known_experiment>& known)
        : taken_(taken), store_(store) {
        for (const known_experiment& each : known) {
            checked_experiment opened;
            experiment_runs found{&each};
            if (each.is_ignored || !open(found, opened)) continue;
            if (!each.meta && !has_runs(opened.folder)) continue;
            found.runs = run_folders(opened.folder);
            names_.insert(found.runs.begin(), found.runs.end());
            experiments_.push_back(std::move(found));
        }
    }
    store_runs(const store_runs&) = delete;
    store_runs& operator=(const store_runs&) = delete;

    std::vector<experiment_runs>& experiments() noexcept { return experiments_; }

    /// \return false for an experiment that is gone; where it cannot be opened that is a finding
    bool open(const experiment_runs& which, checked_experiment& opened) {
        const known_experiment& known = *which.known;
        opened.place = {};
        opened.place.experiment_id = known.id;
        opened.place.path = experiment_checkup::path_of(known);
        opened.root = store_.path();
        opened.artifact_location =
            known.meta ? known.meta->artifact_location : store_.location_of(known.id);
        opened.all_runs = &names_;
        const int failed = store_.open_experiment(known.id, known.in_trash, opened.folder);
        if (failed == 0 || failed == ENOENT || failed == ENOTDIR) return failed == 0;
        taken_.note(opened.place.found(
            damage::unreadable_mode,
            unopened_folder("cannot open", opened.place.path, failed, opened.root).message));
        return false;
    }

    /// After a folder was given another name.
    void rename(experiment_runs& of, const std::string& name, const std::string& id) {
        of.runs.erase(std::remove(of.runs.begin(), of.runs.end(), name), of.runs.end());
        of.runs.push_back(id);
        names_.insert(id);
    }

  private:
    treatment& taken_;
    const store_root& store_;
    std::vector<experiment_runs> experiments_;
    std::set<std::string> names_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
