// SPDX-License-Identifier: MIT
#include <mlscribe/layout/metric_line.hpp>
#include <mlscribe/layout/metric_reader.hpp>
#include <mlscribe/layout/read_float.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "seed.hpp"

using mlscribe::metric_block;
using mlscribe::point;

namespace {

std::string line_of(const point& row) {
    char buffer[mlscribe::metric_line_capacity];
    return std::string(buffer, mlscribe::write_metric_line(buffer, row));
}

std::string spelled(double value) {
    const std::string line = line_of({0, value, 0});
    return line.substr(2, line.size() - 5);
}

double of_bits(std::uint64_t bits) {
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

std::uint64_t bits_of(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

// Points of all lengths: from `0 0.0 0` to the longest line.
std::vector<point> random_points(std::mt19937_64& random, std::size_t count) {
    std::vector<point> points;
    for (std::size_t i = 0; i < count; ++i) {
        point row{1795576368300, 1.0, static_cast<std::int64_t>(i)};
        const std::uint64_t shape = random() % 8;
        if (shape < 5) row.value = of_bits(random());
        if (shape == 5) row.timestamp = static_cast<std::int64_t>(random() >> (random() % 64));
        if (shape == 6) row = {INT64_MIN, -2.2250738585072014e-308, INT64_MIN};
        if (shape == 7) row = {0, 0.0, 0};
        points.push_back(row);
    }
    return points;
}

bool same(const point& a, const point& b) {
    return a.timestamp == b.timestamp && a.step == b.step &&
           (bits_of(a.value) == bits_of(b.value) || (a.value != a.value && b.value != b.value));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_metric_line)

BOOST_AUTO_TEST_CASE(values_as_python_spells_them) {
    using limits = std::numeric_limits<double>;
    const std::pair<double, const char*> cases[] = {{limits::quiet_NaN(), "nan"},
                                                    {-limits::quiet_NaN(), "nan"},
                                                    {limits::infinity(), "inf"},
                                                    {-limits::infinity(), "-inf"},
                                                    {0.0, "0.0"},
                                                    {-0.0, "-0.0"},
                                                    {1.0, "1.0"},
                                                    {-100.0, "-100.0"},
                                                    {0.1, "0.1"},
                                                    {0.0001, "0.0001"},
                                                    {0.00012345, "0.00012345"},
                                                    {1e-05, "1e-05"},
                                                    {-1.5e-07, "-1.5e-07"},
                                                    {123456.789, "123456.789"},
                                                    {1e15, "1000000000000000.0"},
                                                    {9999999999999998.0, "9999999999999998.0"},
                                                    {9007199254740993.0, "9007199254740992.0"},
                                                    {1e16, "1e+16"},
                                                    {12345678901234568.0, "1.2345678901234568e+16"},
                                                    {1e22, "1e+22"},
                                                    {1e100, "1e+100"},
                                                    {5e-324, "5e-324"},
                                                    {limits::min(), "2.2250738585072014e-308"},
                                                    {limits::max(), "1.7976931348623157e+308"}};
    for (const auto& [value, text] : cases) BOOST_TEST(spelled(value) == text);
    BOOST_TEST(line_of({1795576368300, 0.5, 7}) == "1795576368300 0.5 7\n");
    BOOST_TEST(line_of({-1, 2.0, -3}) == "-1 2.0 -3\n");
}

BOOST_AUTO_TEST_CASE(capacity_is_the_longest_line) {
    const point longest{INT64_MIN, -2.2250738585072014e-308, INT64_MIN};
    BOOST_TEST(line_of(longest).size() == mlscribe::metric_line_capacity);
}

BOOST_AUTO_TEST_CASE(any_double_comes_back_bit_for_bit) {
    std::mt19937_64 random(test::seed(1));
    for (int i = 0; i < 100000; ++i) {
        std::uint64_t bits = random();
        if (i % 3 == 1) bits = bits_of(static_cast<double>(random() >> (random() % 64)));
        if (i % 3 == 2) bits = bits_of(static_cast<double>(random() % 100000000) / 1000.0);
        const double value = of_bits(bits);
        if (value != value) continue;
        const std::string text = spelled(value);
        double back = 0;
        const auto read =
            mlscribe::detail::from_chars(text.data(), text.data() + text.size(), back);
        BOOST_TEST_CONTEXT("bits " << bits << " text " << text) {
            BOOST_REQUIRE(read.ptr == text.data() + text.size());
            BOOST_REQUIRE(bits_of(back) == bits);
            BOOST_REQUIRE(text.find_first_of(".en") != std::string::npos);
            BOOST_REQUIRE(text.size() <= 24u);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_line_crosses_a_border) {
    std::mt19937_64 random(test::seed(2));
    const auto block = std::make_unique<metric_block>();
    for (int round = 0; round < 300; ++round) {
        const std::vector<point> points = random_points(random, 200 + random() % 4000);
        // Lengths that our own writer leaves, and those of others, close to a border too.
        const std::uint64_t begin = round % 3 == 0   ? random() % 200000
                                    : round % 3 == 1 ? (random() % 50 + 1) * 4096 - random() % 80
                                                     : (random() % (std::uint64_t(1) << 40));
        std::uint64_t length = begin;
        std::size_t done = 0;
        std::size_t line_at = 0;
        BOOST_TEST_CONTEXT("round " << round << " begin " << begin) {
            while (done != points.size()) {
                const std::size_t taken =
                    block->render(points.data() + done, points.size() - done, length);
                BOOST_REQUIRE(taken != 0u);
                const std::string_view bytes = block->bytes();
                BOOST_REQUIRE(bytes.size() <= metric_block::capacity);
                BOOST_REQUIRE(bytes.back() == '\n');
                if (done + taken != points.size())
                    BOOST_REQUIRE((length + bytes.size()) % 4096 == 0);
                std::size_t lines = 0;
                const auto summary = mlscribe::for_each_metric_line(
                    bytes, [&](const mlscribe::metric_file_line& line) {
                        const std::uint64_t first = length + line.offset;
                        const std::uint64_t last = first + line.text.size();
                        const bool crosses = first / 4096 != last / 4096;
                        const std::size_t plain = line_of(points[done + lines]).size();
                        // Only the very first, where not even the bare line fits.
                        if (crosses) {
                            BOOST_REQUIRE(line_at == 0u);
                            BOOST_REQUIRE(first % 4096 + plain > 4096);
                            BOOST_REQUIRE(line.text.size() + 1 == plain);
                        }
                        BOOST_REQUIRE(line.text.front() != ' ');
                        BOOST_REQUIRE(same(line.line.row, points[done + lines]));
                        // Padding only where the longest line would not have fitted behind.
                        if (line.text.size() + 1 != plain) {
                            BOOST_REQUIRE((last + 1) % 4096 == 0);
                            BOOST_REQUIRE(line.text.size() + 1 - plain <
                                          mlscribe::metric_line_capacity);
                        }
                        ++lines;
                        ++line_at;
                    });
                BOOST_REQUIRE(summary.rows == taken);
                BOOST_REQUIRE(summary.damaged + summary.torn_bytes == 0u);
                length += bytes.size();
                done += taken;
                const std::uint64_t room = 4096 - length % 4096;
                BOOST_REQUIRE(room >= mlscribe::metric_line_capacity);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(bytes_depend_on_the_arguments_alone) {
    std::mt19937_64 random(test::seed(1));
    const std::vector<point> points = random_points(random, 3000);
    const auto fresh = std::make_unique<metric_block>();
    const auto used = std::make_unique<metric_block>();
    used->render(points.data() + 100, 2000, 77);
    const std::size_t count = fresh->render(points.data(), points.size(), 5000);
    BOOST_TEST(used->render(points.data(), points.size(), 5000) == count);
    BOOST_TEST(used->bytes() == fresh->bytes());
    // The place of the file is told by its length within a page alone.
    used->render(points.data(), points.size(), 5000 + 4096 * 7);
    BOOST_TEST(used->bytes() == fresh->bytes());
}

BOOST_AUTO_TEST_CASE(corners_of_a_block) {
    const auto block = std::make_unique<metric_block>();
    BOOST_TEST(block->render(nullptr, 0, 12) == 0u);
    BOOST_TEST(block->bytes().empty());
    const point row{1, 2.0, 3};  // 8 bytes: "1 2.0 3\n"
    BOOST_TEST(block->render(&row, 1, 0) == 1u);
    BOOST_TEST(block->bytes() == "1 2.0 3\n");
    block->render(&row, 1, 4096 - 8);  // fits exactly
    BOOST_TEST(block->bytes() == "1 2.0 3\n");
    block->render(&row, 1, 4096 - 9);  // one blank up to the border
    BOOST_TEST(block->bytes() == "1 2.0 3 \n");
    block->render(&row, 1, 4096 - 7);  // cannot fit: crosses once
    BOOST_TEST(block->bytes() == "1 2.0 3\n");
    const std::size_t longest = mlscribe::metric_line_capacity;
    block->render(&row, 1, 4096 - 8 - longest);  // room for the longest line is left
    BOOST_TEST(block->bytes().size() == 8u);
    block->render(&row, 1, 4096 - 8 - longest + 1);  // one byte less
    BOOST_TEST(block->bytes().size() == 8 + longest - 1);
    const std::vector<point> many(100000, row);
    block->render(many.data(), many.size(), 0);
    BOOST_TEST(block->bytes().size() == metric_block::capacity);
    block->render(many.data(), many.size(), 4095);
    BOOST_TEST(block->bytes().size() == metric_block::capacity - 4095);
}

BOOST_AUTO_TEST_SUITE_END()
