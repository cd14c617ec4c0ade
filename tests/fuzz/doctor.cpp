// SPDX-License-Identifier: MIT
/// \file Any bytes as what the doctor looks at: lines of a metric file, and the meta.yaml of a run.
#include <mlscribe/doctor/meta_salvage.hpp>
#include <mlscribe/doctor/metric_line_repair.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"

namespace detail = mlscribe::detail;
using mlscribe::meta_document;
using test::must_hold;

namespace {

void check_lines(std::string_view text) {
    mlscribe::for_each_metric_line(text, [](const mlscribe::metric_file_line& line) {
        if (line.what == mlscribe::metric_file_line::state::torn) return;
        const auto read = mlscribe::parse_metric_line(line.text);
        const auto found = detail::judge_metric_line(line.text, read);
        must_hold(found || read, "what MLflow refuses is damaged");
        if (!found || found->mended.empty()) return;
        const auto mended = mlscribe::parse_metric_line(found->mended);
        must_hold(mended.has_value(), "a mended line is read");
        must_hold(!detail::judge_metric_line(found->mended, mended), "a mended line is sound");
        std::size_t lines = 0;
        mlscribe::for_each_metric_line(found->mended + '\n',
                                       [&lines](const mlscribe::metric_file_line&) { ++lines; });
        must_hold(lines == 1, "a mended line is one line");
    });
}

void check_meta(std::string_view text) {
    const meta_document found = detail::salvaged_meta(text);
    const std::string written = found.text();
    const auto again = meta_document::parse(written);
    must_hold(again && again->text() == written, "what is salvaged is read as it was written");
    must_hold(detail::salvaged_stage(found) == detail::salvaged_stage(*again) &&
                  detail::salvaged_status(found) == detail::salvaged_status(*again) &&
                  detail::salvaged_time(found, "start_time") ==
                      detail::salvaged_time(*again, "start_time"),
              "what is told by a meta.yaml stays");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_lines(text);
    check_meta(text);
    return 0;
}
