// SPDX-License-Identifier: MIT
#include "report_runs.hpp"

#include <mlscribe/report/report_html.hpp>

#include <cstddef>

#include "metric_choice.hpp"
#include "run_choice.hpp"

namespace tool {
namespace {

bool is_damaged(const mlscribe::logging_error& failed) {
    return failed.reason().code == mlscribe::error_code::damaged;
}

/// A run that no other command can read is reported all the same, where its whole id is given.
std::vector<std::string> reported_runs(session& of, const std::vector<std::string>& words) {
    constexpr std::size_t size_of_id = 32;
    std::vector<std::string> ids;
    for (const std::string& word : words) {
        try {
            ids.push_back(chosen_run(of, word));
        } catch (const mlscribe::logging_error& failed) {
            if (!is_damaged(failed) || word.size() != size_of_id) throw;
            ids.push_back(word);
        }
    }
    return ids;
}

/// \return whether a run has one of the chosen metrics or is damaged, or all are chosen
bool has_chosen_metric(const session& of, const std::vector<std::string>& ids,
                       const std::vector<std::string>& keys) {
    bool any = keys.empty();
    for (const std::string& id : keys.empty() ? std::vector<std::string>{} : ids) {
        try {
            const mlscribe::run_record run = of.store().get_run(id);
            for (const std::string& key : keys) {
                if (run.metrics.count(key) != 0) {
                    any = true;
                } else {
                    tell(no_metric(run, key));
                }
            }
        } catch (const mlscribe::logging_error& failed) {
            if (!is_damaged(failed)) throw;
            any = true;
        }
    }
    return any;
}

}  // namespace

exit_code report_runs(session& of, const report_choices& choices) {
    choices.to.check();
    const std::vector<std::string> ids = reported_runs(of, choices.runs);
    if (!has_chosen_metric(of, ids, choices.page.metrics)) return exit_code::nothing;
    const mlscribe::report_text made = mlscribe::report_html(of.store(), ids, choices.page);
    if (made.failure) throw mlscribe::logging_error(made.failure);
    choices.to.write(of, made.html);
    for (const mlscribe::error& each : made.problems) of.note(each.message);
    return made.problems.empty() ? exit_code::done : exit_code::damaged;
}

}  // namespace tool
