// SPDX-License-Identifier: MIT
#include <mlscribe/query/clause_match.hpp>
#include <mlscribe/query/filter_parser.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace mlscribe::detail;

namespace {

struct one_run {
    struct dataset {
        std::string name;
        std::string digest;
        std::vector<std::string> contexts;
    };

    mlscribe::run_info of_run;
    std::string value = "adam";
    std::vector<dataset> used = {{"mnist", "abc", {"train", "eval"}}, {"iris", "def", {}}};

    const mlscribe::run_info& info() const { return of_run; }
    const std::string* param(const std::string& key) const { return key == "a" ? &value : nullptr; }
    const std::string* tag(const std::string& key) const { return key == "t" ? &value : nullptr; }
    std::optional<double> metric(const std::string& key) const {
        if (key == "one") return 1.0;
        if (key == "nan") return std::nan("");
        if (key == "inf") return std::numeric_limits<double>::infinity();
        return std::nullopt;
    }
    const std::vector<dataset>& datasets() const { return used; }
};

bool matches_run(std::string_view filter, const one_run& run = {}) {
    std::vector<filter_clause> clauses;
    const query_problem problem = parse_filter(filter, clauses);
    BOOST_TEST_REQUIRE(!problem, filter << ": " << problem.why);
    BOOST_TEST_REQUIRE(clauses.size() == 1u);
    return matches(clauses.front(), run);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_clause_match)

BOOST_AUTO_TEST_CASE(what_a_run_has_not_matches_nothing) {
    BOOST_TEST(!matches_run("metrics.x != 1"));
    BOOST_TEST(!matches_run("params.x != 'b'"));
    BOOST_TEST(!matches_run("tags.x LIKE '%'"));
    BOOST_TEST(!matches_run("end_time != 1"));
    BOOST_TEST(matches_run("params.x IS NULL"));
    BOOST_TEST(!matches_run("params.a IS NULL"));
    BOOST_TEST(matches_run("tags.t IS NOT NULL"));
}

BOOST_AUTO_TEST_CASE(numbers) {
    BOOST_TEST(matches_run("metrics.one = 1"));
    BOOST_TEST(matches_run("metrics.one <= 1.0"));
    BOOST_TEST(!matches_run("metrics.one > 1"));
    BOOST_TEST(matches_run("metrics.nan != 1"));
    BOOST_TEST(!matches_run("metrics.nan < 1"));
    BOOST_TEST(!matches_run("metrics.nan >= 1"));
    BOOST_TEST(matches_run("metrics.inf = 1e999"));
}

BOOST_AUTO_TEST_CASE(times_are_not_rounded) {
    constexpr std::int64_t last = (std::numeric_limits<std::int64_t>::max)();
    BOOST_TEST(compare_exactly(9007199254740993, 9007199254740992.0) == 1);
    BOOST_TEST(compare_exactly(9007199254740992, 9007199254740992.0) == 0);
    BOOST_TEST(compare_exactly(last, 9223372036854775808.0) == -1);
    BOOST_TEST(compare_exactly(-last - 1, -9223372036854775808.0) == 0);
    BOOST_TEST(compare_exactly(-last - 1, -1e300) == 1);
    BOOST_TEST(compare_exactly(-1, -1.5) == 1);
    BOOST_TEST(compare_exactly(1, 1.5) == -1);
    one_run run;
    run.of_run.start_time = last;
    BOOST_TEST(matches_run("start_time = 9223372036854775807", run));
    BOOST_TEST(!matches_run("start_time = 9223372036854775807.0", run));
    BOOST_TEST(matches_run("start_time < 9223372036854775808", run));
    BOOST_TEST(matches_run("start_time > -99999999999999999999", run));
}

BOOST_AUTO_TEST_CASE(texts_lists_and_datasets) {
    one_run run;
    run.of_run.run_id = "abc";
    run.of_run.status = mlscribe::run_status::killed;
    BOOST_TEST(matches_run("status = 'KILLED'", run));
    BOOST_TEST(!matches_run("status = 'killed'", run));
    BOOST_TEST(matches_run("run_id IN ('x', 'abc')", run));
    BOOST_TEST(!matches_run("run_id NOT IN ('x', 'abc')", run));
    BOOST_TEST(matches_run("params.a ILIKE 'AD%'", run));
    BOOST_TEST(matches_run("datasets.name != 'mnist'", run));
    BOOST_TEST(matches_run("datasets.digest = 'def'", run));
    BOOST_TEST(matches_run("datasets.context NOT IN ('train')", run));
    run.used.pop_back();
    BOOST_TEST(!matches_run("datasets.name != 'mnist'", run));
    run.used.clear();
    BOOST_TEST(!matches_run("datasets.name != 'x'", run));
}

BOOST_AUTO_TEST_SUITE_END()
