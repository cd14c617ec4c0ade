// SPDX-License-Identifier: MIT
/// \file Any text as a filter and as an order, over some runs.
#include <mlscribe/query/filter_parser.hpp>
#include <mlscribe/query/run_order.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "query/described_run.hpp"

using mlscribe::detail::filter_clause;
using mlscribe::detail::order_key;
using mlscribe::detail::query_problem;

namespace {

std::vector<test::described_run> make_runs() {
    std::vector<test::described_run> runs(3);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        mlscribe::run_record& record = runs[i].record;
        record.info.run_id = std::string(32, static_cast<char>('a' + i));
        record.info.run_name = i == 1 ? "" : "run " + std::to_string(i);
        record.info.user_id = "user";
        record.info.status = static_cast<mlscribe::run_status>(i + 1);
        record.info.artifact_uri = "file:///store/artifacts";
        record.info.start_time = 1700000000000 + static_cast<std::int64_t>(i / 2);
    }
    mlscribe::run_record& full = runs[0].record;
    full.info.end_time = 1700000000005;
    full.params = {{"lr", "0.1"}, {"opt", "adam"}, {"", ""}, {"long", std::string(6000, 'a')}};
    full.params["\xC3\xA4 b"] = "\xE6\x97\xA5\xFF";
    full.tags = {{"team", "hpc"}, {"a.b c", "x y"}, {"mlflow.runName", "run 0"}};
    full.metrics = {{"loss", 0.5}, {"val/acc top-1", 1e308}};
    runs[0].used = {{"mnist", "abc", {"train", "eval"}}, {"", "", {}}};
    runs[1].record.metrics = {{"loss", std::numeric_limits<double>::quiet_NaN()}};
    runs[2].record.metrics = {{"loss", -std::numeric_limits<double>::infinity()}};
    return runs;
}

void check_place(const query_problem& problem, std::string_view text) {
    test::must_hold(problem.position <= text.size(), "what is refused stands in the text");
}

void check_twice(std::string_view text, const std::vector<filter_clause>& clauses,
                 const std::vector<test::described_run>& runs) {
    // A quote behind a backslash ends a text only where no other one follows.
    if (clauses.empty() || text.find('\\') != std::string_view::npos) return;
    std::vector<filter_clause> twice;
    const std::string both = std::string(text) + " AND " + std::string(text);
    test::must_hold(!parse_filter(both, twice) && twice.size() == 2 * clauses.size() &&
                        test::matching(twice, runs) == test::matching(clauses, runs),
                    "a filter that stands there twice finds the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<test::described_run> runs = make_runs();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<filter_clause> clauses;
    if (const query_problem problem = parse_filter(text, clauses)) {
        check_place(problem, text);
    } else {
        // Each clause meets each run.
        for (const filter_clause& clause : clauses) {
            for (const auto& run : runs) mlscribe::detail::matches(clause, run);
        }
        check_twice(text, clauses, runs);
    }
    std::vector<order_key> keys(1);
    if (const query_problem problem = parse_order(text, keys[0])) {
        check_place(problem, text);
    } else {
        const std::vector<test::described_run> turned(runs.rbegin(), runs.rend());
        std::vector<std::size_t> places = test::ordered(keys, turned);
        for (std::size_t& place : places) place = runs.size() - 1 - place;
        test::must_hold(places == test::ordered(keys, runs),
                        "an order does not hang on where the runs stood");
    }
    return 0;
}
