// SPDX-License-Identifier: MIT
#include "run_selection.hpp"

#include <algorithm>
#include <cstdint>
#include <thread>

namespace tool {

mlscribe::found_runs selected_runs(session& of, const run_selection& selection) {
    const std::size_t most = selection.most == 0 ? SIZE_MAX - 1 : selection.most;
    mlscribe::search_query query;
    query.filter = selection.filter;
    query.order_by = selection.order_by;
    query.experiments = selection.experiments;
    query.view = selection.view;
    // One more shows whether there are more.
    query.max_results = (std::min)(most, SIZE_MAX - 1) + 1;
    query.threads = (std::min)((std::max)(std::thread::hardware_concurrency(), 1u), 4u);
    mlscribe::found_runs found = of.store().search_runs(query);
    if (found.runs.size() > most) {
        found.runs.pop_back();
        of.note("there are more than these " + std::to_string(most) + "; --max 0 gives all");
    }
    of.note_damage(found.damaged);
    return found;
}

}  // namespace tool
