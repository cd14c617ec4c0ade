// SPDX-License-Identifier: MIT
#include <mlscribe/query/run_sort.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

using namespace mlscribe::detail;

namespace {

struct one_metric {
    std::optional<double> value;
    mlscribe::run_info of_run = {};

    const mlscribe::run_info& info() const { return of_run; }
    const std::string* param(const std::string&) const { return nullptr; }
    const std::string* tag(const std::string& key) const {
        return key == "id" ? &of_run.run_id : nullptr;
    }
    std::optional<double> metric(const std::string&) const { return value; }
};

std::vector<std::size_t> sorted(const std::vector<one_metric>& runs,
                                const std::vector<std::string>& order_by) {
    std::vector<order_key> keys(order_by.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        BOOST_TEST_REQUIRE(!parse_order(order_by[i], keys[i]));
    }
    std::vector<sortable_run> found;
    for (const one_metric& run : runs) {
        sortable_run entry{found.size(), {}, run.of_run.start_time, run.of_run.run_id};
        for (const order_key& key : keys) entry.values.push_back(value_for_sort(key.field, run));
        found.push_back(entry);
    }
    std::stable_sort(found.begin(), found.end(), run_sorter(keys));
    std::vector<std::size_t> indices;
    for (const sortable_run& run : found) indices.push_back(run.index);
    return indices;
}

one_metric started(std::int64_t time, const char* run_id) {
    one_metric run;
    run.of_run.start_time = time;
    run.of_run.run_id = run_id;
    return run;
}

}  // namespace

using order = std::vector<std::size_t>;

BOOST_AUTO_TEST_SUITE(query_run_sort)

BOOST_AUTO_TEST_CASE(no_number_comes_last_both_ways) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    const std::vector<one_metric> runs = {{std::nullopt}, {std::nan("")}, {inf}, {1.0}, {-inf}};
    BOOST_TEST(sorted(runs, {"metrics.m"}) == (order{4, 3, 2, 1, 0}),
               boost::test_tools::per_element());
    BOOST_TEST(sorted(runs, {"metrics.m DESC"}) == (order{2, 3, 4, 1, 0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(ties_go_to_the_run_that_started_last) {
    const std::vector<one_metric> runs = {started(1, "b"), started(1, "a"), started(2, "c")};
    for (const char* const entry : {"metrics.m", "metrics.m DESC", "status DESC", "end_time"}) {
        BOOST_TEST(sorted(runs, {entry}) == (order{2, 1, 0}), boost::test_tools::per_element());
    }
    BOOST_TEST(sorted(runs, {}) == (order{2, 1, 0}), boost::test_tools::per_element());
    BOOST_TEST(sorted(runs, {"start_time"}) == (order{1, 0, 2}), boost::test_tools::per_element());
    BOOST_TEST(sorted(runs, {"start_time", "tags.id DESC"}) == (order{0, 1, 2}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(texts_go_by_their_code_points) {
    const std::vector<one_metric> runs = {started(0, "\U00010000"), started(0, "\uFFFD"),
                                          started(0, "Z"), started(0, "a"), started(0, "")};
    BOOST_TEST(sorted(runs, {"tags.id"}) == (order{4, 2, 3, 1, 0}),
               boost::test_tools::per_element());
    BOOST_TEST(sorted(runs, {"run_id DESC"}) == (order{0, 1, 3, 2, 4}),
               boost::test_tools::per_element());
}

// MLflow's params have 6000 characters, its tags 8000.
BOOST_AUTO_TEST_CASE(the_beginning_of_a_long_text_decides) {
    const std::string most(32767, 'x');
    const std::string ends[] = {"b", "a", "aa", "ab"};
    std::vector<one_metric> runs;
    for (const std::string& end : ends) runs.push_back(started(0, (most + end).c_str()));
    for (std::size_t i = 0; i < runs.size(); ++i) {
        runs[i].of_run.start_time = static_cast<std::int64_t>(i);
    }
    BOOST_TEST(sorted(runs, {"tags.id"}) == (order{3, 2, 1, 0}), boost::test_tools::per_element());
    BOOST_TEST(sorted(runs, {"run_id DESC"}) == (order{0, 3, 2, 1}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
