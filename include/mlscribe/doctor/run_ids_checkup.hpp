// SPDX-License-Identifier: MIT
/// \file Folders that would be one run to MLflow or to a database.
#ifndef MLSCRIBE_DOCTOR_RUN_IDS_CHECKUP_HPP
#define MLSCRIBE_DOCTOR_RUN_IDS_CHECKUP_HPP

#include <mlscribe/doctor/store_runs.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class run_ids_checkup {
  public:
    run_ids_checkup(treatment& taken, store_runs& runs) : taken_(taken), runs_(runs) {}

    void look() {
        check_odd_runs();
        check_doubled_runs();
    }

  private:
    /// Copies like `<run>.bak`: MLflow and a migration take every folder with a meta.yaml.
    void check_odd_runs() {
        for (experiment_runs& each : runs_.experiments()) {
            checked_experiment opened;
            if (!runs_.open(each, opened)) continue;
            std::vector<std::string> odd;
            opened.folder.for_each_entry(".", [&odd](std::string name, bool is_folder) {
                const bool is_part =
                    name == "tags" || name == "datasets" || name == "traces" || name == "models";
                if (is_folder && !is_part && !is_run_id(name)) odd.push_back(std::move(name));
            });
            std::sort(odd.begin(), odd.end());
            for (const std::string& name : odd) {
                struct stat found {};
                if (opened.folder.status(name + "/meta.yaml", found) != 0) continue;
                give_run_id(each, opened, name,
                            "folder \"" + opened.place.path + '/' + shown(name) +
                                "\" has the meta.yaml of a run, which MLflow takes it for, and a "
                                "name that no run can have");
            }
        }
    }

    /// Of several folders of one run id that is the run whose meta.yaml stands in its experiment.
    void check_doubled_runs() {
        std::map<std::string, std::vector<experiment_runs*>> places;
        for (experiment_runs& each : runs_.experiments()) {
            for (const std::string& run : each.runs) places[run].push_back(&each);
        }
        for (const auto& [run, having] : places) {
            if (having.size() < 2) continue;
            const experiment_runs* const owner = owner_of(run, having);
            for (experiment_runs* const each : having) {
                checked_experiment opened;
                if (each == owner || !runs_.open(*each, opened)) continue;
                give_run_id(*each, opened, run,
                            "run \"" + run + "\" stands in \"" +
                                experiment_checkup::path_of(*owner->known) + "\" and in \"" +
                                opened.place.path + "\", and MLflow finds only one");
            }
        }
    }

    const experiment_runs* owner_of(const std::string& run,
                                    const std::vector<experiment_runs*>& having) {
        const experiment_runs* first = nullptr;
        for (const experiment_runs* const each : having) {
            checked_experiment opened;
            meta_document document;
            directory folder;
            if (!runs_.open(*each, opened)) continue;
            // A link leads to somebody's run.
            if (opened.folder.open_below(run, missing::fail, folder) != 0) continue;
            if (first == nullptr) first = each;
            if (read_meta(folder, run, document)) continue;
            const auto meta = read_run_meta(document, nullptr);
            if (meta && meta->experiment_id == each->known->id) return each;
        }
        return first != nullptr ? first : having.front();
    }

    /// Gives a folder that is another run's, too, an id of its own.
    void give_run_id(experiment_runs& of, const checked_experiment& opened, const std::string& name,
                     std::string message) {
        checked_place place = opened.place.below(name);
        place.run_id = name;
        const std::string id = random_run_id();
        struct stat status {};
        const bool is_link = opened.folder.status(name, status) == 0 && S_ISLNK(status.st_mode);
        finding what = place.found(damage::doubled_run, std::move(message));
        if (is_link) {
            what.message += "; it is a link: remove it";
        } else {
            what.remedy = "give this one an id of its own";
        }
        finding named = what;
        named.path += "/meta.yaml";
        const auto mend = [&](quarantine& away, std::string& kept) -> error {
            directory folder;
            meta_document document;
            if (const int failed = opened.folder.open_below(name, missing::fail, folder)) {
                return system_error("cannot open", place.path, failed);
            }
            if (run_writers(folder, name, true).may_write() || !find_journals(folder, {}).empty()) {
                return {error_code::system, EBUSY, "it has a journal: recover it first"};
            }
            if (error failure = away.keep_meta(named, folder, kept)) return failure;
            if (const int failed = opened.folder.move(name, opened.folder, id)) {
                return system_error("cannot rename", place.path, failed);
            }
            // One that cannot be read is found with the run, and so is who was stopped here.
            if (read_meta(folder, place.path, document)) return {};
            document = adopted_run_meta(std::move(document), opened, id);
            const int failed = replace_file(folder, meta_name, document.text(), durability::synced);
            return failed == 0 ? error{} : system_error("cannot write", named.path, failed);
        };
        if (!taken_.note(std::move(what), mend)) return;
        runs_.rename(of, name, id);
    }

    treatment& taken_;
    store_runs& runs_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
