// SPDX-License-Identifier: MIT
/// \file Looks at a whole store.
#ifndef MLSCRIBE_DOCTOR_STORE_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_STORE_CHECKUP_HPP

#include <mlscribe/doctor/experiment_checkup.hpp>
#include <mlscribe/doctor/relocation_plan.hpp>
#include <mlscribe/doctor/run_checkup.hpp>
#include <mlscribe/doctor/run_ids_checkup.hpp>
#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/store/experiments.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
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
        store_runs runs(taken_, store_, experiments_);
        run_ids_checkup(taken_, runs).look();
        check_runs(runs, on_progress);
        note_moves(taken_, store_);
    }

  private:
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
            if (kind == directory::entry::file || name == models_name) return;
            if (!in_trash && is_trash_name(name)) return;
            struct stat status {};
            if (kind == directory::entry::link &&
                (uninterrupted::fstatat(shelf.get(), name.c_str(), &status, 0) != 0 ||
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
        const bool is_mended = taken_.note(
            place.found(damage::doubled_name,
                        "experiments " + keeper + " and " + which.id + " are both called \"" +
                            which.meta->name + "\", and a database refuses that",
                        "call experiment " + which.id + " \"" + name + '"'),
            [&](quarantine& away, std::string& kept) -> error {
                directory folder;
                if (const int failed = store_.open_experiment(which.id, which.in_trash, folder)) {
                    return unopened_folder("cannot open", place.path, failed, store_.path());
                }
                if (error failure = away.keep_meta(
                        place.below(meta_name).found(damage::doubled_name, {}), folder, kept)) {
                    return failure;
                }
                return update_meta(folder, place.path, [&](meta_document& document) {
                    document.set_string("name", name);
                });
            });
        if (is_mended) which.meta->name = name;
    }

    /// Databases take whole numbers of 64 bits, and each once, of deleted experiments, too.
    void check_ids() {
        for (known_experiment& each : experiments_) {
            const bool is_doubled =
                each.in_trash && std::any_of(experiments_.begin(), experiments_.end(),
                                             [&each](const known_experiment& other) {
                                                 return !other.in_trash && other.id == each.id;
                                             });
            const bool is_number = are_digits(each.id);
            if (!each.meta || (is_number && !is_doubled && parse_python_int(each.id))) continue;
            checked_place place;
            place.experiment_id = each.id;
            place.path = experiment_checkup::path_of(each);
            std::string id;
            for (std::uint64_t k = 0; id.empty() || has_id(id); ++k) {
                id = experiment_id_candidate(each.meta->name, k);
            }
            finding what = place.found(
                damage::experiment_id,
                "experiment id \"" + each.id +
                    (is_doubled
                         ? "\" stands in the store and in .trash, and a database refuses that"
                     : is_number ? "\" is beyond 64 bits, and a database refuses it"
                                 : "\" is no number, and a migration leaves the experiment out"),
                "give it the id " + id);
            if (is_number) what.at_migration = migration_effect::aborts;
            const finding named = what;
            const bool is_mended =
                taken_.note(std::move(what), [&](quarantine& away, std::string& kept) {
                    return give_id(named, each, id, away, kept);
                });
            if (is_mended) each.id = id;
        }
    }

    error give_id(const finding& what, const known_experiment& which, const std::string& id,
                  quarantine& away, std::string& kept) const {
        directory shelf;
        directory folder;
        const std::string path = experiment_checkup::path_of(which);
        int failed = store_.folder().open_below(which.in_trash ? trash_name : std::string_view(),
                                                missing::fail, shelf);
        if (failed == 0) failed = shelf.open_linked(which.id, folder);
        if (failed != 0) return unopened_folder("cannot open", path, failed, store_.path());
        if (is_any_run_written(folder)) {
            return {error_code::system, EBUSY, "a process may write one of its runs"};
        }
        // Stopped in between it has the wrong id in its meta.yaml, which is mended, too.
        failed = shelf.move(which.id, shelf, id);
        if (failed != 0) return system_error("cannot rename", path, failed);
        return experiment_adoption(store_.path(), which.id, id).run(what, folder, away, kept);
    }

    void check_runs(store_runs& all, const checkup_progress& on_progress) {
        std::uint64_t total = 0;
        std::uint64_t done = 0;
        for (const experiment_runs& each : all.experiments()) total += each.runs.size();
        for (const experiment_runs& each : all.experiments()) {
            checked_experiment experiment;
            if (!all.open(each, experiment)) continue;
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
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
