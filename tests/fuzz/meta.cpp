// SPDX-License-Identifier: MIT
/// \file Any bytes as a meta.yaml: what is read is written and read again as the same.
#include <mlscribe/layout/meta_splice.hpp>
#include <mlscribe/layout/meta_yaml.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"

using mlscribe::meta_document;
using mlscribe::yaml_entry;
using mlscribe::yaml_value;

namespace {

bool same(const std::vector<yaml_entry>& a, const std::vector<yaml_entry>& b);

/// However null is spelled.
bool same(const yaml_value& a, const yaml_value& b) {
    return a.type == b.type && (a.text == b.text || a.type == yaml_value::kind::null) &&
           a.date == b.date && same(a.entries, b.entries) &&
           std::equal(
               a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
               [](const yaml_value& one, const yaml_value& other) { return same(one, other); });
}
bool same(const std::vector<yaml_entry>& a, const std::vector<yaml_entry>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const yaml_entry& one, const yaml_entry& other) {
                          return one.first == other.first && same(one.second, other.second);
                      });
}

std::vector<yaml_entry> sorted(const meta_document& document) {
    std::vector<yaml_entry> entries = document.entries();
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return entries;
}

void check_run(const meta_document& document) {
    std::string why;
    const auto run = mlscribe::read_run_meta(document, &why);
    test::must_hold(run.has_value() == why.empty(), "a run that is refused has a reason");
    if (!run) return;
    const auto again = mlscribe::read_run_meta(mlscribe::to_document(*run));
    test::must_hold(again && again->run_id == run->run_id && again->run_name == run->run_name &&
                        again->experiment_id == run->experiment_id &&
                        again->user_id == run->user_id &&
                        again->artifact_uri == run->artifact_uri && again->status == run->status &&
                        again->start_time == run->start_time && again->end_time == run->end_time &&
                        again->lifecycle_stage == run->lifecycle_stage,
                    "a run is read as it was written");
}

void check_experiment(const meta_document& document) {
    std::string why;
    const auto experiment = mlscribe::read_experiment_meta(document, &why);
    test::must_hold(experiment.has_value() == why.empty(),
                    "an experiment that is refused has a reason");
    if (!experiment) return;
    const auto again = mlscribe::read_experiment_meta(mlscribe::to_document(*experiment));
    test::must_hold(again && again->experiment_id == experiment->experiment_id &&
                        again->name == experiment->name &&
                        again->artifact_location == experiment->artifact_location &&
                        again->creation_time == experiment->creation_time &&
                        again->last_update_time == experiment->last_update_time &&
                        again->lifecycle_stage == experiment->lifecycle_stage,
                    "an experiment is read as it was written");
}

/// The end that a signal handler puts in is the end that a reader finds, and all that changed.
void check_splice(std::string_view text, const std::optional<meta_document>& before) {
    std::string out(text.size() + 64, '\0');
    const std::size_t size = mlscribe::detail::meta_splice(text).write(
        mlscribe::run_status::killed, 1700000000000, &out[0], out.size());
    if (size == 0 || !before) return;
    out.resize(size);
    meta_document expected = *before;
    expected.set_integer("status", 5);
    expected.set_integer("end_time", 1700000000000);
    const auto after = meta_document::parse(out);
    test::must_hold(after && same(after->entries(), expected.entries()),
                    "a splice changes status and end_time alone");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    mlscribe::yaml_error why;
    const auto document = meta_document::parse(text, &why);
    check_splice(text, document);
    if (!document) {
        test::must_hold(why.line > 0, "a refused file has a line");
        return 0;
    }
    const std::string written = document->text();
    const auto again = meta_document::parse(written);
    test::must_hold(again && same(again->entries(), sorted(*document)),
                    "a document is read as it was written");
    test::must_hold(again->text() == written, "a document is written as it was");
    check_run(*document);
    check_experiment(*document);
    return 0;
}
