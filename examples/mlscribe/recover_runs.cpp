// SPDX-License-Identifier: MIT
#include "recover_runs.hpp"

#include <mlscribe/run/recover.hpp>

#include <string>
#include <vector>

#include "json.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

std::string list_json(const std::vector<std::string>& texts) {
    json_members list;
    for (const std::string& each : texts) list.item(json_string(each));
    return list.list();
}

}  // namespace

exit_code recover_runs(session& of, bool force) {
    std::vector<std::string> failures;
    mlscribe::recover_options options;
    options.force = force;
    options.on_error = [&failures](const mlscribe::error& each) {
        failures.push_back(each.message);
    };
    const mlscribe::recovery done = mlscribe::recover(of.store_option(), options);
    output& out = of.out();
    if (of.json()) {
        out.write(json_members()
                      .raw("points", std::to_string(done.points))
                      .raw("runs", list_json(done.runs))
                      .raw("alive", list_json(done.alive))
                      .raw("unknown", list_json(done.unknown))
                      .raw("errors", list_json(failures))
                      .object() +
                  '\n');
    } else {
        for (const std::string& id : done.runs) out.write("recovered " + out.shown(id) + '\n');
        for (const std::string& id : done.alive) {
            out.write("alive     " + out.shown(id) + "  a process writes it\n");
        }
        for (const std::string& id : done.unknown) {
            out.write("unknown   " + out.shown(id) +
                      "  a process elsewhere may write it; --force recovers it all the same\n");
        }
        out.write(counted(done.runs.size(), "run") + " recovered, " +
                  counted(done.points, "point") + " written\n");
    }
    for (const std::string& each : failures) tell(each);
    return failures.empty() && done.unknown.empty() ? exit_code::done : exit_code::nothing;
}

}  // namespace tool
