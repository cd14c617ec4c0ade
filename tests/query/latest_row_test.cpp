// SPDX-License-Identifier: MIT
#include <mlscribe/query/latest_row.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <string>

#include "seed.hpp"

using mlscribe::point;
using mlscribe::detail::latest_point;
using mlscribe::detail::latest_row;
using mlscribe::detail::read_row;

BOOST_AUTO_TEST_SUITE(query_latest_row)

BOOST_AUTO_TEST_CASE(the_same_as_of_points) {
    const char* const values[] = {"nan", "1.0", "2.5", "-inf", "inf", "0.0", "-0.0", "1e400"};
    std::mt19937 random(test::seed(1));
    BOOST_TEST(!latest_row().found().has_value());
    for (int i = 0; i < 20000; ++i) {
        latest_row rows;
        latest_point points;
        std::string line;  // the text goes with the next
        for (auto n = random() % 6 + 1; n != 0; --n) {
            std::string next = std::to_string(random() % 2) + ' ';
            next += values[random() % std::size(values)];
            next += ' ' + std::to_string(random() % 2) + '\n';
            const bool goes = random() % 2 == 0 || next.size() + line.size() > 200;
            if (goes) rows.settle();
            if (goes) line.clear();
            line.reserve(400);
            const std::size_t begin = line.size();
            line += next;
            const char* at = line.data() + begin;
            read_row row;
            BOOST_REQUIRE(row.take(at, line.data() + line.size()));
            rows.look(row);
            points.look(row.row());
        }
        rows.settle();
        const point seen = rows.found().value();
        BOOST_REQUIRE_MESSAGE(std::memcmp(&seen, &points.value(), sizeof seen) == 0, "round " << i);
    }
}

BOOST_AUTO_TEST_SUITE_END()
