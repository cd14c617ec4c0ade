// SPDX-License-Identifier: MIT
#include "examine_store.hpp"

#include <mlscribe/doctor.hpp>

#include <algorithm>
#include <utility>

#include "findings_text.hpp"
#include "progress.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

std::vector<mlscribe::damage> kinds_of(const std::vector<std::string>& names) {
    std::vector<mlscribe::damage> kinds;
    for (const std::string& name : names) {
        const auto found = mlscribe::find_damage(name);
        if (!found) {
            throw failure(exit_code::usage,
                          "no damage is called \"" + name + "\"; there are " + damage_names());
        }
        kinds.push_back(*found);
    }
    return kinds;
}

/// \param kinds  empty: all
void keep_only(const std::vector<mlscribe::damage>& kinds,
               std::vector<mlscribe::finding>& findings) {
    const auto is_other = [&](const auto& each) {
        return !kinds.empty() && std::find(kinds.begin(), kinds.end(), each.what) == kinds.end();
    };
    findings.erase(std::remove_if(findings.begin(), findings.end(), is_other), findings.end());
}

mlscribe::checkup_progress drawn_by(progress& bar) {
    return [&bar](std::uint64_t done, std::uint64_t total) { bar.at(done, total); };
}

std::vector<told_finding> with_remedies(const std::vector<mlscribe::finding>& findings) {
    std::vector<told_finding> told;
    for (const auto& each : findings) told.push_back({&each, each.remedy});
    return told;
}

template <class Report>
std::string looked_at(const Report& report) {
    return counted(report.experiments, "experiment") + ", " + counted(report.runs, "run") + ", " +
           counted(report.files, "file") + " examined: ";
}

template <class Report>
json_members counts_json(const Report& report) {
    json_members members;
    members.raw("experiments", std::to_string(report.experiments))
        .raw("runs", std::to_string(report.runs))
        .raw("files", std::to_string(report.files));
    return members;
}

exit_code examine_only(session& of, const std::vector<mlscribe::damage>& kinds) {
    mlscribe::examination found;
    {
        progress bar("runs");
        mlscribe::examine_options options;
        options.on_progress = drawn_by(bar);
        found = mlscribe::examine(of.store_option(), options);
    }
    auto& findings = found.findings;
    keep_only(kinds, findings);
    output& out = of.out();
    if (of.json()) {
        out.write(counts_json(found).raw("findings", findings_json(findings)).object() + '\n');
    } else {
        print_findings(out, with_remedies(findings));
        const auto can_be_mended = [](const auto& each) {
            return !each.remedy.empty() && mlscribe::is_mended_unasked(each.what);
        };
        const auto mendable = static_cast<std::uint64_t>(
            std::count_if(findings.begin(), findings.end(), can_be_mended));
        out.flush();
        tell(looked_at(found) + counted(findings.size(), "finding") +
             (mendable == 0 ? ""
                            : "; mlscribe doctor --repair mends " + std::to_string(mendable) +
                                  ", with --dry-run it only tells"));
    }
    return findings.empty() ? exit_code::done : exit_code::nothing;
}

exit_code repair_store(session& of, const std::vector<mlscribe::damage>& kinds,
                       const doctor_options& chosen) {
    mlscribe::repair_report report;
    {
        progress bar("runs");
        mlscribe::repair_options options;
        options.only = kinds;
        options.dry_run = chosen.dry_run;
        options.quarantine = chosen.quarantine;
        options.on_progress = drawn_by(bar);
        report = mlscribe::repair(of.store_option(), options);
    }
    keep_only(kinds, report.left);
    output& out = of.out();
    if (of.json()) {
        json_members changes;
        for (const auto& each : report.changes) {
            changes.item(
                finding_json(each.what).text("done", each.done).text("kept", each.kept).object());
        }
        out.write(counts_json(report)
                      .truth("dry_run", chosen.dry_run)
                      .raw("changes", changes.list())
                      .raw("left", findings_json(report.left))
                      .text("quarantine", report.quarantine)
                      .object() +
                  '\n');
    } else {
        std::vector<told_finding> told = with_remedies(report.left);
        for (const auto& each : report.changes) {
            const std::string kept = each.kept.empty() ? "" : "; kept in " + each.kept;
            told.push_back({&each.what, each.done + kept});
        }
        print_findings(out, std::move(told));
        out.flush();
        tell(looked_at(report) + counted(report.changes.size(), "finding") +
             (chosen.dry_run ? " would be mended, " : " mended, ") +
             std::to_string(report.left.size()) + " left" +
             (report.quarantine.empty() ? "" : "; what was removed is in " + report.quarantine));
    }
    const bool is_clean = report.left.empty() && (!chosen.dry_run || report.changes.empty());
    return is_clean ? exit_code::done : exit_code::nothing;
}

exit_code check_migration(session& of) {
    const mlscribe::migration_report report = mlscribe::migration_check(of.store_option());
    output& out = of.out();
    if (of.json()) {
        out.write(json_members()
                      .raw("aborts", findings_json(report.aborts))
                      .raw("skips", findings_json(report.skips))
                      .object() +
                  '\n');
        return report.is_clean() ? exit_code::done : exit_code::nothing;
    }
    for (const auto& [title, findings] :
         {std::make_pair("mlflow migrate-filestore would stop at", &report.aborts),
          std::make_pair("mlflow migrate-filestore would leave out", &report.skips)}) {
        if (findings->empty()) continue;
        out.write(out.painted(cut(title, out.columns(), out.letters()), ink::bold) + '\n');
        print_findings(out, with_remedies(*findings));
    }
    out.flush();
    tell(report.is_clean() ? "mlflow migrate-filestore takes all of this store"
                           : "mlscribe doctor --repair first");
    return report.is_clean() ? exit_code::done : exit_code::nothing;
}

}  // namespace

std::string damage_names() {
    std::string names;
    // The last one has the highest number.
    for (int i = 0; i <= static_cast<int>(mlscribe::damage::missing_trash); ++i) {
        names += (i == 0 ? "" : ", ");
        names += mlscribe::to_string(static_cast<mlscribe::damage>(i));
    }
    return names;
}

exit_code examine_store(session& of, const doctor_options& options) {
    const std::vector<mlscribe::damage> kinds = kinds_of(options.only);
    if (options.migration) return check_migration(of);
    if (options.repair || options.dry_run) return repair_store(of, kinds, options);
    return examine_only(of, kinds);
}

}  // namespace tool
