// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/row_filter.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "seed.hpp"

using mlscribe::point;
using mlscribe::detail::given_time;
using mlscribe::detail::is_given_time;
using mlscribe::detail::row_filter;

namespace {

using identity = std::tuple<std::int64_t, std::int64_t, std::uint64_t>;

identity identity_of(const point& row) {
    return {row.timestamp, row.step, mlscribe::identity_bits(row.value)};
}

/// A file in memory, as the filter's owner keeps one on disk.
struct written {
    std::vector<point> rows;
    row_filter filter;
    int loads = 0;

    written() = default;
    explicit written(std::vector<point> before, std::int64_t highest)
        : rows(std::move(before)), filter(highest) {}

    bool log(double value, std::int64_t step, std::int64_t stored_time) {
        point row{stored_time, value, step};
        const bool unique = filter.admit(row, [this](auto&& sink) {
            ++loads;
            for (const point& old : rows) sink(old);
        });
        if (unique) rows.push_back(row);
        return unique;
    }
    std::size_t doubled() const {
        std::set<identity> seen;
        for (const point& row : rows) seen.insert(identity_of(row));
        return rows.size() - seen.size();
    }
};

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();
const double largest = (std::numeric_limits<double>::max)();

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_row_filter)

BOOST_AUTO_TEST_CASE(a_library_time_moves_on_and_a_given_one_is_dropped) {
    written file;
    BOOST_TEST(file.log(1.0, 7, 1000));
    BOOST_TEST(file.log(1.0, 7, 1000));
    BOOST_TEST(file.log(1.0, 8, 1000));
    BOOST_TEST(file.rows[1].timestamp == 1001);
    BOOST_TEST(file.rows[2].timestamp == 1001);
    BOOST_TEST(file.log(1.0, 7, given_time(5000)));
    BOOST_TEST(!file.log(1.0, 7, given_time(5000)));
    BOOST_TEST(!file.log(1.0, 7, given_time(1000)));
    BOOST_TEST(file.log(1.0, 9, given_time(1000)));
    BOOST_TEST(file.rows.back().timestamp == 1000);
    BOOST_TEST(file.loads == 1);
}

BOOST_AUTO_TEST_CASE(values_that_a_database_takes_for_equal) {
    written file;
    const double pairs[][2] = {
        {not_a_number, -not_a_number}, {0.0, -0.0}, {infinity, largest}, {-infinity, -largest}};
    for (const auto& pair : pairs) {
        BOOST_TEST(file.log(pair[0], 0, given_time(9000)));
        BOOST_TEST(!file.log(pair[1], 0, given_time(9000)));
    }
    BOOST_TEST(file.log(-0.0, 0, 9000));
    BOOST_TEST(file.rows.back().timestamp == 9001);
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_does_not_set_times_back) {
    written file;
    for (const std::int64_t now : {5000, 4000, 4500, 5001}) BOOST_TEST(file.log(1.0, 0, now));
    for (std::size_t i = 1; i < file.rows.size(); ++i) {
        BOOST_TEST(file.rows[i].timestamp >= file.rows[i - 1].timestamp);
    }
    BOOST_TEST(file.doubled() == 0u);
    BOOST_TEST(file.loads == 0);
}

BOOST_AUTO_TEST_CASE(behind_what_a_file_holds) {
    written file({{1000, 0.5, 0}, {2000, 0.5, 1}}, 2000);
    BOOST_TEST(file.log(0.5, 1, 2000));
    BOOST_TEST(file.rows.back().timestamp == 2001);
    BOOST_TEST(file.loads == 0);
    BOOST_TEST(!file.log(0.5, 0, given_time(1000)));
    BOOST_TEST(file.log(0.5, 0, given_time(999)));
    BOOST_TEST(!file.log(0.5, 1, given_time(2001)));
    BOOST_TEST(file.loads == 1);
}

BOOST_AUTO_TEST_CASE(the_last_millisecond_there_is) {
    written file;
    BOOST_TEST(file.log(1.0, 0, given_time(INT64_MAX)));
    BOOST_TEST(!file.log(1.0, 0, given_time(INT64_MAX)));
    file.log(1.0, 0, 1000);
    file.log(1.0, 1, 1000);
    BOOST_TEST(file.doubled() == 0u);
    written resumed({{INT64_MAX, 0.5, 0}}, INT64_MAX);
    resumed.log(0.5, 0, 1000);
    resumed.log(0.5, 0, given_time(INT64_MAX));
    BOOST_TEST(resumed.doubled() == 0u);
}

/// What stands for one time stamp is held in memory.
BOOST_AUTO_TEST_CASE(no_more_rows_of_a_time_than_memory_is_to_hold) {
    constexpr std::size_t most = row_filter::most_rows_of_a_time;
    written log;
    written given;
    for (std::size_t i = 0; i < 2 * most + 10; ++i) {
        const auto step = static_cast<std::int64_t>(i);
        BOOST_REQUIRE(log.log(1, step, 1000));
        if (i < most + 10) BOOST_REQUIRE(given.log(1, step, given_time(1000)));
    }
    BOOST_TEST(log.rows[most - 1].timestamp == 1000);
    BOOST_TEST(log.rows[most].timestamp == 1001);
    BOOST_TEST(log.rows[2 * most - 1].timestamp == 1001);
    BOOST_TEST(log.rows.back().timestamp == 1002);
    BOOST_TEST(log.loads == 0);
    BOOST_TEST(given.rows.back().timestamp == 1000);  // who gave it wants it
    BOOST_TEST(!given.log(1, 0, given_time(1000)));
}

BOOST_AUTO_TEST_CASE(any_mix_gives_unique_rows_and_drops_only_repeats) {
    std::mt19937 random(test::seed(20240607));
    const auto below = [&random](unsigned n) { return random() % n; };
    const double values[] = {not_a_number, -not_a_number, 0.0, -0.0, infinity,
                             -infinity,    largest,       1.0, 2.0};
    for (int round = 0; round < 400; ++round) {
        written file;
        std::set<identity> present;
        std::int64_t now = 1000;
        std::int64_t last_library_time = 0;
        for (int i = 0; i < 120; ++i) {
            if (round % 3 == 2 && i == 60) {  // the run is resumed
                std::int64_t highest = INT64_MIN;
                for (const point& row : file.rows) highest = (std::max)(highest, row.timestamp);
                file.filter = row_filter(highest);
            }
            now += below(3) == 0 ? static_cast<std::int64_t>(below(4)) - 1 : 0;
            const bool given = round % 2 == 1 && below(2) == 0;
            const std::int64_t time = given ? 995 + static_cast<std::int64_t>(below(12)) : now;
            const double value = values[below(9)];
            const std::int64_t step = static_cast<std::int64_t>(below(3));
            const bool admitted = file.log(value, step, given ? given_time(time) : time);
            if (given) {
                const bool repeat = present.count(identity_of({time, value, step})) != 0;
                BOOST_REQUIRE(admitted == !repeat);
                if (admitted) BOOST_REQUIRE(file.rows.back().timestamp == time);
            } else {
                BOOST_REQUIRE(admitted);
                BOOST_REQUIRE(file.rows.back().timestamp >= time);
                BOOST_REQUIRE(file.rows.back().timestamp >= last_library_time);
                last_library_time = file.rows.back().timestamp;
            }
            if (admitted) BOOST_REQUIRE(present.insert(identity_of(file.rows.back())).second);
        }
        BOOST_REQUIRE(file.loads <= 2);
    }
}

BOOST_AUTO_TEST_SUITE_END()
