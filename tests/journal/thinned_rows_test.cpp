// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/thinned_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "journal/thinning_reference.hpp"
#include "seed.hpp"

using mlscribe::point;
using mlscribe::detail::thinned_rows;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// Those that stay when they are taken in parts of at most `part` rows.
test::ordered_rows kept(const std::vector<point>& logged, std::int64_t most, std::size_t part) {
    thinned_rows rows(most);
    for (std::size_t at = 0; at < logged.size(); at += part) {
        const auto first = logged.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = first + static_cast<std::ptrdiff_t>((std::min)(part, logged.size() - at));
        rows.take({first, end});
    }
    test::ordered_rows found;
    for (const point& row : logged) {
        if (rows.keeps(row)) found.insert(row);
    }
    BOOST_TEST(rows.size() == found.size());
    BOOST_TEST(found.size() <= rows.most());
    return found;
}

void expect_same(const test::ordered_rows& found, const test::ordered_rows& expected) {
    BOOST_REQUIRE_EQUAL(found.size(), expected.size());
    const bool same = std::equal(found.begin(), found.end(), expected.begin(),
                                 [](const point& a, const point& b) {
                                     return test::row_order::key(a) == test::row_order::key(b);
                                 });
    BOOST_REQUIRE(same);
}

std::vector<point> steps_from(std::int64_t first, std::int64_t count, std::int64_t stride = 1) {
    std::vector<point> rows;
    for (std::int64_t i = 0; i < count; ++i) {
        rows.push_back(
            {1700000000000 + i / 3, 1.0 / static_cast<double>(i + 2), first + i * stride});
    }
    return rows;
}

/// Series as programs log them, and as nobody would.
std::vector<point> random_series(std::mt19937_64& random) {
    const auto below = [&random](std::int64_t bound) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
    };
    const std::int64_t kind = below(7);
    const std::int64_t length = below(3) == 0 ? below(40) : below(700);
    std::vector<point> rows;
    std::int64_t step = below(5) * 1000;
    for (std::int64_t i = 0; i < length; ++i) {
        step += kind == 1 ? below(100) : 1;
        point row{1700000000000 + i / 4, static_cast<double>(below(50)), step};
        if (kind == 2) row.step = below(300);  // again and again
        if (kind == 3) row.step = 7;           // never told
        if (kind == 4) row.step = -step;       // downwards
        if (kind == 5) row.step = static_cast<std::int64_t>(random());
        if (kind == 6) row.timestamp = below(20);
        if (below(30) == 0) row.value = no_number;
        if (below(60) == 0) row.value = std::numeric_limits<double>::infinity();
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_thinned_rows)

BOOST_AUTO_TEST_CASE(nothing_goes_before_the_bound_is_reached) {
    for (const std::int64_t most : {16, 17, 100}) {
        const auto logged = steps_from(0, most);
        thinned_rows rows(most);
        rows.take(logged);
        BOOST_TEST(rows.level() == 0);
        BOOST_TEST(rows.size() == logged.size());
        rows.take(steps_from(most, 1));
        BOOST_TEST(rows.level() > 0);
        BOOST_TEST(rows.size() < logged.size());
        BOOST_TEST(rows.size() >= logged.size() * 3 / 8);
    }
}

BOOST_AUTO_TEST_CASE(a_bound_below_the_smallest_counts_as_that) {
    for (const std::int64_t most : {1, 15, 16}) BOOST_TEST(thinned_rows(most).most() == 16u);
    BOOST_TEST(thinned_rows(17).most() == 17u);
}

BOOST_AUTO_TEST_CASE(no_row_and_one) {
    thinned_rows rows(100);
    rows.take({});
    BOOST_TEST(rows.size() == 0u);
    BOOST_TEST(!rows.keeps({1, 1.0, 1}));
    rows.take({{1, no_number, 1}});
    rows.take({{1, no_number, 1}});
    BOOST_TEST(rows.size() == 1u);
    BOOST_TEST(rows.keeps({1, no_number, 1}));
    BOOST_TEST(!rows.keeps({2, no_number, 1}));
}

BOOST_AUTO_TEST_CASE(even_steps_first_last_lowest_and_highest_stay) {
    auto logged = steps_from(0, 1000);
    logged[333].value = -5.0;
    logged[334].value = -5.0;
    logged[777].value = 5.0;
    logged[501].value = no_number;
    const test::ordered_rows stay = kept(logged, 100, 1000);
    std::vector<std::int64_t> steps;
    for (const point& row : stay) steps.push_back(row.step);
    std::vector<std::int64_t> expected;
    for (std::int64_t step = 0; step < 1000; step += 16) expected.push_back(step);
    for (const std::int64_t step : {333, 777, 999}) expected.push_back(step);
    std::sort(expected.begin(), expected.end());
    BOOST_TEST(steps == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_series_of_one_step_is_thinned_by_time) {
    std::vector<point> logged;
    for (std::int64_t i = 0; i < 10000; ++i) logged.push_back({1700000000000 + i, 0.5, 0});
    const test::ordered_rows stay = kept(logged, 100, 10000);
    BOOST_TEST(stay.size() >= 37u);
    std::int64_t before = stay.begin()->timestamp;
    for (const point& row : stay) {
        BOOST_TEST(row.timestamp - before <= 256);
        before = row.timestamp;
    }
}

BOOST_AUTO_TEST_CASE(what_stays_follows_the_rule_however_it_is_taken) {
    std::mt19937_64 random(test::seed(4711));
    for (int round = 0; round < 400; ++round) {
        std::vector<point> logged = random_series(random);
        const auto most = static_cast<std::int64_t>(random() % 120);
        const test::ordered_rows expected = test::thinned(logged, static_cast<std::size_t>(most));
        BOOST_TEST_CONTEXT("round " << round << ", keep " << most << ", " << logged.size()) {
            for (const std::size_t part : {std::size_t{1000}, std::size_t{1}, std::size_t{7}}) {
                expect_same(kept(logged, most, part), expected);
            }
            std::shuffle(logged.begin(), logged.end(), random);
            expect_same(kept(logged, most, 13), expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_went_may_be_forgotten_at_any_time) {
    std::mt19937_64 random(test::seed(42));
    for (int round = 0; round < 200; ++round) {
        const std::vector<point> logged = random_series(random);
        const auto most = static_cast<std::int64_t>(16 + random() % 100);
        std::vector<point> file;
        int level = 0;
        for (std::size_t at = 0; at < logged.size();) {
            thinned_rows rows(most, level);
            const std::size_t end = (std::min)(logged.size(), at + 1 + random() % 100);
            file.insert(file.end(), logged.begin() + static_cast<std::ptrdiff_t>(at),
                        logged.begin() + static_cast<std::ptrdiff_t>(end));
            rows.take(file);
            level = rows.level();
            const auto goes = [&rows](const point& row) { return !rows.keeps(row); };
            file.erase(std::remove_if(file.begin(), file.end(), goes), file.end());
            at = end;
        }
        BOOST_TEST_CONTEXT("round " << round << ", keep " << most) {
            expect_same({file.begin(), file.end()},
                        test::thinned(logged, static_cast<std::size_t>(most)));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_level_that_is_told_stays) {
    thinned_rows rows(100, 130);
    rows.take(steps_from(0, 40));
    BOOST_TEST(rows.level() == 130);
    BOOST_TEST(rows.size() == 11u);  // 0, 4, 8 … and 39
    thinned_rows impossible(100, 100000);
    impossible.take(steps_from(0, 40));
    BOOST_TEST(impossible.level() == 192);
    BOOST_TEST(impossible.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
