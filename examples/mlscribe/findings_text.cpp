// SPDX-License-Identifier: MIT
#include "findings_text.hpp"

#include <algorithm>

#include "table.hpp"
#include "wrapped_text.hpp"

namespace tool {
namespace {

ink ink_of_harm(mlscribe::harm does) {
    switch (does) {
        case mlscribe::harm::hides_store:
        case mlscribe::harm::hides_experiment:
        case mlscribe::harm::hides_run:
            return ink::red;
        case mlscribe::harm::reads_wrong:
            return ink::yellow;
        case mlscribe::harm::untidy:
            return ink::faint;
    }
    return ink::plain;
}

/// The path, and the line where there is one.
std::string place_of(const mlscribe::finding& each) {
    const std::string path = each.path.empty() ? "." : each.path;
    return each.line == 0 ? path : path + ':' + std::to_string(each.line);
}

void print_paragraph(output& out, const told_finding& each) {
    constexpr std::size_t indent = 4;
    const std::string harm(mlscribe::to_string(each.what->does));
    const std::string head = std::string(mlscribe::to_string(each.what->what)) + "  ";
    const std::size_t used = display_width(head) + harm.size() + 2;
    if (used < out.columns()) {
        out.write(out.painted(harm, ink_of_harm(each.what->does)) + "  " +
                  out.painted(head, ink::bold) +
                  cut(out.shown(place_of(*each.what)), out.columns() - used, out.letters()) + '\n');
    } else {
        out.write(wrapped(harm + "  " + head + out.shown(place_of(*each.what)), out.columns(), 0));
    }
    out.write(wrapped(out.shown(each.what->message), out.columns(), indent));
    if (!each.remedy.empty()) {
        const std::string remedy = wrapped("-> " + out.shown(each.remedy), out.columns(), indent);
        out.write(remedy);
    }
}

}  // namespace

void print_findings(output& out, std::vector<told_finding> findings) {
    std::stable_sort(findings.begin(), findings.end(),
                     [](const auto& a, const auto& b) { return a.what->does < b.what->does; });
    if (out.is_terminal()) {
        for (const told_finding& each : findings) print_paragraph(out, each);
        return;
    }
    table rows({{"harm"}, {"damage"}, {"place"}, {"message"}, {"remedy"}});
    for (const told_finding& each : findings) {
        rows.add({{std::string(mlscribe::to_string(each.what->does))},
                  {std::string(mlscribe::to_string(each.what->what))},
                  {place_of(*each.what)},
                  {each.what->message},
                  {each.remedy}});
    }
    if (!findings.empty()) rows.print(out);
}

json_members finding_json(const mlscribe::finding& each) {
    json_members members;
    members.text("damage", mlscribe::to_string(each.what))
        .text("harm", mlscribe::to_string(each.does))
        .text("experiment_id", each.experiment_id)
        .text("run_id", each.run_id)
        .text("path", each.path)
        .raw("line", std::to_string(each.line))
        .raw("count", std::to_string(each.count))
        .text("message", each.message)
        .text("remedy", each.remedy);
    return members;
}

std::string findings_json(const std::vector<mlscribe::finding>& findings) {
    json_members list;
    for (const auto& each : findings) list.item(finding_json(each).object());
    return list.list();
}

}  // namespace tool
