// SPDX-License-Identifier: MIT
#include <mlscribe/query/filter_parser.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace mlscribe::detail;

namespace {

std::vector<filter_clause> parsed(std::string_view filter) {
    std::vector<filter_clause> clauses;
    const query_problem problem = parse_filter(filter, clauses);
    BOOST_TEST(!problem, filter << ": " << problem.why);
    return clauses;
}

filter_clause one(std::string_view filter) {
    const std::vector<filter_clause> clauses = parsed(filter);
    BOOST_TEST_REQUIRE(clauses.size() == 1u, filter);
    return clauses.front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_filter_parser)

BOOST_AUTO_TEST_CASE(a_clause_of_each_kind) {
    const filter_clause metric = one("metrics.\"val/loss\" <= -1.5e3");
    BOOST_TEST((metric.field.entity == run_entity::metric));
    BOOST_TEST(metric.field.key == "val/loss");
    BOOST_TEST((metric.how == comparator::less_equal));
    BOOST_TEST(metric.number == -1500.0);

    const filter_clause param = one("params.`a b` ilike 'ad%'");
    BOOST_TEST((param.field.entity == run_entity::param));
    BOOST_TEST(param.field.key == "a b");
    BOOST_TEST((param.how == comparator::ilike));
    BOOST_TEST(param.text == "ad%");

    const filter_clause tag = one("tag.mlflow.runName is not null");
    BOOST_TEST((tag.field.entity == run_entity::tag));
    BOOST_TEST(tag.field.key == "mlflow.runName");
    BOOST_TEST((tag.how == comparator::is_not_null));

    const filter_clause id = one("run_id NOT IN ('a', \"b\",)");
    BOOST_TEST((id.field.attribute == run_attribute::run_id));
    BOOST_TEST((id.how == comparator::not_in));
    BOOST_TEST(id.list == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());

    const filter_clause dataset = one("datasets.context = 'train'");
    BOOST_TEST((dataset.field.entity == run_entity::dataset));
    BOOST_TEST(dataset.field.key == "context");
}

BOOST_AUTO_TEST_CASE(names_of_attributes) {
    const std::pair<const char*, run_attribute> names[] = {
        {"status", run_attribute::status},
        {"attributes.status", run_attribute::status},
        {"run.\"Run Name\"", run_attribute::run_name},
        {"`run name`", run_attribute::run_name},
        {"attr.user_id", run_attribute::user_id},
        {"attribute.artifact_uri", run_attribute::artifact_uri}};
    for (const auto& [name, attribute] : names) {
        BOOST_TEST((one(std::string(name) + " = 'x'").field.attribute == attribute), name);
    }
    BOOST_TEST((one("Created > 1").field.attribute == run_attribute::start_time));
    BOOST_TEST((one("end_time > 1").field.attribute == run_attribute::end_time));
}

BOOST_AUTO_TEST_CASE(times_are_whole_where_they_can_be) {
    const filter_clause whole = one("start_time > 9007199254740993");
    BOOST_TEST(whole.is_whole);
    BOOST_TEST(whole.whole == 9007199254740993);
    BOOST_TEST(!one("start_time > 1.5").is_whole);
    const filter_clause beyond = one("start_time > 9223372036854775808");
    BOOST_TEST(!beyond.is_whole);
    BOOST_TEST(beyond.number == std::ldexp(1.0, 63));
    BOOST_TEST(one("metrics.a < 1e999").number == std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(what_joins_clauses) {
    BOOST_TEST(parsed("").empty());
    BOOST_TEST(parsed("and AND").empty());
    BOOST_TEST(parsed("status = 'x' AND metrics.a = 1 and").size() == 2u);
    BOOST_TEST(parsed("status = 'x' metrics.a = 1").size() == 2u);
    BOOST_TEST(parsed("params.a IS NULL params.b IS NULL").size() == 2u);
    BOOST_TEST(parsed("metrics.a = 1e5AND status='x'").size() == 2u);
}

BOOST_AUTO_TEST_CASE(quotes_stay_as_they_are_written) {
    BOOST_TEST(one("params.a = 'it''s'").text == "it''s");
    BOOST_TEST(one(R"(params.a = "it\"s")").text == R"(it\"s)");
    BOOST_TEST(one("params.a = \"x\".\"y\"").text == "x\".\"y");
    BOOST_TEST(one("params.a = ''").text.empty());
}

BOOST_AUTO_TEST_CASE(what_is_refused_and_where) {
    const std::pair<const char*, std::size_t> refused[] = {{" ", 1},
                                                           {"loss < 1", 0},
                                                           {"foo.bar = 'x'", 0},
                                                           {"metrics.a = '1'", 12},
                                                           {"metrics.a LIKE 1", 10},
                                                           {"metrics.a = 1 OR metrics.b = 2", 14},
                                                           {"(metrics.a = 1)", 0},
                                                           {"params.lr > '0'", 10},
                                                           {"params.lr = 0.1", 12},
                                                           {"params.lr = 'x", 12},
                                                           {"params.in = 'x'", 7},
                                                           {"params.a IS NOT  NULL", 12},
                                                           {"params.a = 'x' params.b IS NULL", 15},
                                                           {"metrics.a IS NULL", 10},
                                                           {"status IN ('x')", 7},
                                                           {"run_id IN ('x'", 10},
                                                           {"run_id IN (1)", 10},
                                                           {"datasets.size = 'x'", 9},
                                                           {"attributes.loss = 'x'", 11},
                                                           {"metrics. a < 1", 7},
                                                           {"metrics.a <", 11},
                                                           {"metrics.a", 9},
                                                           {"metrics.", 8},
                                                           {"metrics.a = 1;", 13}};
    for (const auto& [filter, position] : refused) {
        std::vector<filter_clause> clauses;
        const query_problem problem = parse_filter(filter, clauses);
        BOOST_TEST(static_cast<bool>(problem), filter);
        BOOST_TEST(problem.position == position, filter << ": " << problem.why);
    }
}

BOOST_AUTO_TEST_SUITE_END()
