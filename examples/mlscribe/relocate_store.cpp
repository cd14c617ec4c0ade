// SPDX-License-Identifier: MIT
#include "relocate_store.hpp"

#include <mlscribe/doctor/relocate.hpp>

#include "json.hpp"
#include "table.hpp"
#include "value_text.hpp"

namespace tool {

exit_code relocate_store(session& of, const std::string& from, bool dry_run) {
    mlscribe::relocate_options options;
    options.from = from;
    options.dry_run = dry_run;
    const mlscribe::relocation done = mlscribe::relocate(of.store_option(), options);
    output& out = of.out();
    if (of.json()) {
        json_members changes;
        json_members failures;
        for (const auto& each : done.changes) {
            changes.item(json_members()
                             .text("path", each.path)
                             .text("key", each.key)
                             .text("old_uri", each.old_uri)
                             .text("new_uri", each.new_uri)
                             .object());
        }
        for (const auto& each : done.failures) failures.item(json_string(each.message));
        out.write(json_members()
                      .truth("dry_run", dry_run)
                      .raw("changes", changes.list())
                      .raw("failures", failures.list())
                      .object() +
                  '\n');
    } else {
        table rows({{"file"}, {"key"}, {"old"}, {"new"}});
        for (const auto& each : done.changes) {
            rows.add({{each.path}, {each.key}, {each.old_uri}, {each.new_uri}});
        }
        if (!done.changes.empty()) rows.print(out);
        out.flush();
        tell(counted(done.changes.size(), "URI") + (dry_run ? " would be" : "") + " changed");
    }
    for (const auto& each : done.failures) tell(each.message);
    return done.failures.empty() ? exit_code::done : exit_code::nothing;
}

}  // namespace tool
