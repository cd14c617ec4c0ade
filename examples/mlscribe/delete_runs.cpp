// SPDX-License-Identifier: MIT
#include "delete_runs.hpp"

#include <mlscribe/store/client.hpp>

#include <algorithm>

#include "json.hpp"
#include "run_choice.hpp"

namespace tool {
namespace {

bool is_of_deleted_experiment(const session& of, const mlscribe::run_info& run) {
    const auto deleted = of.store().experiments(mlscribe::run_view::deleted);
    return std::any_of(deleted.begin(), deleted.end(),
                       [&](const auto& each) { return each.experiment_id == run.experiment_id; });
}

}  // namespace

exit_code mark_runs(session& of, const std::vector<std::string>& words, mlscribe::lifecycle to) {
    const bool deletes = to == mlscribe::lifecycle::deleted;
    const std::vector<std::string> ids =
        chosen_runs(of, words, deletes ? mlscribe::run_view::active : mlscribe::run_view::deleted);
    mlscribe::client client(of.store_option(), mlscribe::strictness::raise);
    output& out = of.out();
    json_members list;
    for (const std::string& id : ids) {
        const mlscribe::run_info run = of.store().get_run(id).info;
        if (deletes) {
            client.delete_run(id);
        } else {
            client.restore_run(id);
        }
        list.item(json_string(id));
        if (of.json()) continue;
        out.write(std::string(deletes ? "deleted " : "restored ") + id + "  " +
                  out.shown(run.run_name) + '\n');
        if (!deletes && is_of_deleted_experiment(of, run)) {
            tell("experiment \"" + of.experiment_name(run.experiment_id) +
                 "\" of this run is deleted itself: MLflow shows neither before it is restored");
        }
    }
    if (of.json()) {
        out.write(json_members().raw(deletes ? "deleted" : "restored", list.list()).object() +
                  '\n');
    }
    return exit_code::done;
}

}  // namespace tool
