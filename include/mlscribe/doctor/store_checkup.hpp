// SPDX-License-Identifier: MIT
/// \file Looks at a whole store.
#ifndef MLSCRIBE_DOCTOR_STORE_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_STORE_CHECKUP_HPP

#include <mlscribe/doctor/experiment_checkup.hpp>
#include <mlscribe/doctor/relocation_plan.hpp>
#include <mlscribe/doctor/run_checkup.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether MLflow takes the name of a folder for an experiment's id: `[a-zA-Z0-9][\w-]{0,63}`.
inline bool is_any_experiment_id(std::string_view name) {
    if (name.empty() || utf8::length(name) > 64 || static_cast<unsigned char>(name[0]) >= 0x80 ||
        !is_word_character(static_cast<unsigned char>(name[0])) || name[0] == '_') {
        return false;
    }
    for (std::string_view rest = name; !rest.empty();) {
        const utf8::step next = utf8::first(rest);
        if (!next.valid || (next.code != U'-' && !is_word_character(next.code))) return false;
        rest.remove_prefix(next.size);
    }
    return true;
}

/// \threadsafety one thread at a time
class store_checkup {
  public:
    store_checkup(treatment& taken, const store_root& store) : taken_(taken), store_(store) {}

    void look(const checkup_progress& on_progress) {
        check_root();
        for (known_experiment& each : experiments_) {
            ++taken_.experiments;
            experiment_checkup(taken_, store_, each,
                               [this](const std::string& id) { return has_id(id); });
        }
        check_names();
        check_ids();
        open_experiments();
        check_doubled_runs();
        check_runs(on_progress);
        note_moves(taken_, store_);
    }

  private:
    struct open_experiment {
        checked_experiment checked;
        std::vector<std::string> runs;
    };

    bool has_id(const std::string& id) const {
        return std::any_of(experiments_.begin(), experiments_.end(),
                           [&id](const known_experiment& each) { return each.id == id; });
    }

    void check_root() {
        struct stat status {};
        if (store_.folder().status(std::string(trash_name), status) != 0) {
            taken_.note(checked_place().found(damage::missing_trash,
                                              "the store has no folder .trash, and MLflow cannot "
                                              "open a read-only copy of it",
                                              "make it"),
                        [this](quarantine&, std::string&) -> error {
                            const int failed = store_.folder().make(std::string(trash_name));
                            if (failed == 0 || failed == EEXIST) return {};
                            return system_error("cannot make", ".trash", failed);
                        });
        }
        check_shelf(false);
        check_shelf(true);
    }

    void check_shelf(bool in_trash) {
        directory shelf;
        const std::string_view where = in_trash ? trash_name : std::string_view();
        if (store_.folder().open_below(where, missing::fail, shelf) != 0) return;
        checked_place place;
        place.path = where;
        std::vector<std::string> foreign;
        shelf.for_each_kind(".", [&](std::string name, directory::entry kind) {
            if (kind == directory::entry::file || name == trash_name || name == models_name) return;
            struct stat status {};
            if (kind == directory::entry::link &&
                (::fstatat(shelf.get(), name.c_str(), &status, 0) != 0 ||
                 !S_ISDIR(status.st_mode))) {
                return;
            }
            if (is_experiment_id(name)) {
                experiments_.push_back({std::move(name), in_trash});
            } else if (!is_any_experiment_id(name)) {
                foreign.push_back(std::move(name));
            }
        });
        std::sort(foreign.begin(), foreign.end());
        for (const std::string& name : foreign) {
            finding what = place.below(name).found(damage::foreign_folder,
                                                   "folder \"" + shown(name) +
                                                       "\" has a name that no experiment can have, "
                                                       "and MLflow lists nothing beside it");
            note_moved_away(taken_, std::move(what), shelf, name);
        }
        std::sort(experiments_.begin(), experiments_.end(), [](const auto& a, const auto& b) {
            return a.in_trash != b.in_trash ? b.in_trash : a.id < b.id;
        });
    }

    /// Databases take each name once, of deleted experiments, too.
    void check_names() {
        std::map<std::string, std::vector<known_experiment*>> named;
        for (known_experiment& each : experiments_) {
            if (each.meta) named[each.meta->name].push_back(&each);
        }
        for (const auto& [name, sharing] : named) {
            if (sharing.size() < 2) continue;
            // That keeps the name which a start finds.
            const auto is_first = [](const known_experiment* a, const known_experiment* b) {
                const auto rank = [](const known_experiment* each) {
                    return each->in_trash || each->meta->lifecycle_stage == lifecycle::deleted;
                };
                return rank(a) != rank(b) ? rank(b) : a->id < b->id;
            };
            const auto keeper = *std::min_element(sharing.begin(), sharing.end(), is_first);
            int number = 1;
            for (known_experiment* const each : sharing) {
                if (each == keeper) continue;
                std::string other;
                do other = name + " (" + std::to_string(++number) + ')';
                while (named.count(other) != 0);
                rename(*each, keeper->id, other);
            }
        }
    }

    void rename(known_experiment& which, const std::string& keeper, const std::string& name) {
        checked_place place;
        place.experiment_id = which.id;
        place.path = experiment_checkup::path_of(which);
        taken_.note(
            place.found(damage::doubled_name,
                        "experiments " + keeper + " and " + which.id + " are both called \"" +
                            which.meta->name + "\", and a database refuses that",
                        "call experiment " + which.id + " \"" + name + '"'),
            [&](quarantine&, std::string&) -> error {
                directory folder;
                if (store_.open_experiment(which.id, which.in_trash, folder) != 0) return {};
                return update_meta(folder, place.path, [&](meta_document& document) {
                    document.set_string("name", name);
                });
            });
    }

    void check_ids() {
        for (known_experiment& each : experiments_) {
            if (!each.meta || are_digits(each.id)) continue;
            checked_place place;
            place.experiment_id = each.id;
            place.path = experiment_checkup::path_of(each);
            std::string id;
            for (std::uint64_t k = 0; id.empty() || has_id(id); ++k) {
                id = experiment_id_candidate(each.meta->name, k);
            }
            const bool is_mended = taken_.note(
                place.found(damage::experiment_id,
                            "experiment id \"" + each.id +
                                "\" is no number, and a migration leaves the experiment out",
                            "give it the id " + id),
                [&](quarantine&, std::string&) { return give_id(each, id); });
            if (is_mended) each.id = id;
        }
    }

    error give_id(const known_experiment& which, const std::string& id) const {
        directory shelf;
        directory folder;
        const std::string path = experiment_checkup::path_of(which);
        int failed = store_.folder().open_below(which.in_trash ? trash_name : std::string_view(),
                                                missing::fail, shelf);
        if (failed == 0) failed = shelf.open_linked(which.id, folder);
        if (failed != 0) return system_error("cannot open", path, failed);
        if (is_any_run_written(folder)) {
            return {error_code::system, EBUSY, "a process writes one of its runs"};
        }
        // Stopped in between it has the wrong id in its meta.yaml, which is mended, too.
        failed = shelf.move(which.id, shelf, id);
        if (failed != 0) return system_error("cannot rename", path, failed);
        return adopt_experiment_id(folder, path, which.id, id);
    }

    void open_experiments() {
        for (const known_experiment& each : experiments_) {
            open_experiment opened;
            opened.checked.place.experiment_id = each.id;
            opened.checked.place.path = experiment_checkup::path_of(each);
            opened.checked.artifact_location =
                each.meta ? each.meta->artifact_location : store_.location_of(each.id);
            if (store_.open_experiment(each.id, each.in_trash, opened.checked.folder) != 0)
                continue;
            if (!each.meta && !has_runs(opened.checked.folder)) continue;
            opened.runs = run_folders(opened.checked.folder);
            opened.checked.all_runs = &all_runs_;
            all_runs_.insert(opened.runs.begin(), opened.runs.end());
            open_.push_back(std::move(opened));
        }
    }

    /// Of several folders of one run id that is the run whose meta.yaml stands in its experiment.
    void check_doubled_runs() {
        std::map<std::string, std::vector<open_experiment*>> places;
        for (open_experiment& each : open_) {
            for (const std::string& run : each.runs) places[run].push_back(&each);
        }
        for (const auto& [run, having] : places) {
            if (having.size() < 2) continue;
            const open_experiment* owner = having.front();
            for (const open_experiment* const each : having) {
                meta_document document;
                directory folder;
                if (each->checked.folder.open_linked(run, folder) != 0) continue;
                if (read_meta(folder, run, document)) continue;
                const auto meta = read_run_meta(document, nullptr);
                if (meta && meta->experiment_id == each->checked.place.experiment_id) {
                    owner = each;
                    break;
                }
            }
            for (open_experiment* const each : having) {
                if (each != owner) note_doubled(*each, run, owner->checked.place.path);
            }
        }
    }

    void note_doubled(open_experiment& experiment, const std::string& run,
                      const std::string& other) {
        checked_place place = experiment.checked.place.below(run);
        place.run_id = run;
        const std::string id = random_run_id();
        const bool is_mended = taken_.note(
            place.found(damage::doubled_run,
                        "run \"" + run + "\" stands in \"" + other + "\" and in \"" +
                            experiment.checked.place.path + "\", and MLflow finds only one",
                        "give this one an id of its own"),
            [&](quarantine&, std::string&) -> error {
                directory folder;
                const directory& shelf = experiment.checked.folder;
                int failed = shelf.open_linked(run, folder);
                if (failed == 0 && !find_journals(folder, {}).empty()) {
                    return {error_code::system, EBUSY, "it has a journal: recover it first"};
                }
                if (failed == 0) failed = shelf.move(run, shelf, id);
                return failed == 0 ? error{} : system_error("cannot rename", place.path, failed);
            });
        if (!is_mended) return;
        std::replace(experiment.runs.begin(), experiment.runs.end(), run, id);
    }

    void check_runs(const checkup_progress& on_progress) {
        std::uint64_t total = 0;
        std::uint64_t done = 0;
        for (const open_experiment& each : open_) total += each.runs.size();
        for (const open_experiment& each : open_) {
            const checked_experiment& experiment = each.checked;
            check_mode(taken_, checked_place(), store_.folder(), experiment.place.path);
            check_leftovers(taken_, experiment.place, experiment.folder);
            check_texts(taken_, experiment.place, experiment.folder, "tags");
            check_links(taken_, experiment.place, experiment.folder, "datasets",
                        {"digest", "name", "source", "source_type"});
            for (const std::string& run : each.runs) {
                if (on_progress) on_progress(done, total);
                run_checkup(taken_, experiment, run).look();
                ++done;
            }
        }
        if (on_progress) on_progress(done, total);
    }

    treatment& taken_;
    const store_root& store_;
    std::vector<known_experiment> experiments_;
    std::vector<open_experiment> open_;
    std::set<std::string> all_runs_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
