// SPDX-License-Identifier: MIT
#include <mlscribe/query/metric_text.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using mlscribe::detail::for_each_read_row;
using mlscribe::detail::metric_text_place;
using mlscribe::detail::read_row;

namespace {

std::string shown(const mlscribe::point& row) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &row.value, sizeof bits);
    return std::to_string(row.timestamp) + ' ' + std::to_string(bits) + ' ' +
           std::to_string(row.step) + '\n';
}

/// Rows, lines, the first damaged line.
std::string fast(const std::string& text) {
    std::string seen;
    metric_text_place place;
    for_each_read_row(text, place,
                      [&seen](const read_row& row, std::uint64_t) { seen += shown(row.row()); });
    return seen + std::to_string(place.lines) + ' ' + std::to_string(place.rows) + ' ' +
           std::to_string(place.damaged_line) + ' ' + place.damaged_text;
}
std::string reference(const std::string& text) {
    std::string seen;
    std::uint64_t lines = 0;
    std::uint64_t damaged = 0;
    std::string line;
    const auto summary =
        mlscribe::for_each_metric_line(text, [&](const mlscribe::metric_file_line& each) {
            ++lines;
            if (each.what == mlscribe::metric_file_line::state::row) seen += shown(each.line.row);
            if (each.what == mlscribe::metric_file_line::state::row || damaged != 0) return;
            damaged = each.number;
            line = each.text.substr(0, 100);
        });
    return seen + std::to_string(lines) + ' ' + std::to_string(summary.rows) + ' ' +
           std::to_string(damaged) + ' ' + line;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_metric_text)

BOOST_AUTO_TEST_CASE(usual_lines_need_no_other_reader) {
    for (const std::string line : {"1700000000000 0.5 3\n", "1 nan 2\n", "1 inf 2\n", "1 -inf 2\n",
                                   "-1 1e-05 -2\n", "1 1e+16 2   \n", "1 5e-324 2\n", "0 7 0\n"}) {
        const char* at = line.data();
        read_row row;
        BOOST_TEST(row.take(at, line.data() + line.size()), line);
        BOOST_TEST((at == line.data() + line.size()), line);
        BOOST_TEST(fast(line) == reference(line));
    }
}

BOOST_AUTO_TEST_CASE(places_are_those_of_the_file) {
    metric_text_place place;
    std::vector<std::uint64_t> offsets;
    const auto note = [&offsets](const read_row&, std::uint64_t offset) {
        offsets.push_back(offset);
    };
    for_each_read_row("1 2.0 3\n1  2\n", place, note);
    for_each_read_row("1 2.0 4\n1_0 2 5\n", place, note);
    BOOST_TEST(offsets == (std::vector<std::uint64_t>{0, 13, 21}),
               boost::test_tools::per_element());
    BOOST_TEST(place.offset == 29u);
    BOOST_TEST(place.rows == 3u);
    BOOST_TEST(place.damaged_line == 2u);
    BOOST_TEST(place.damaged_text == "1  2");
}

BOOST_AUTO_TEST_CASE(what_the_layout_reader_takes_and_no_more) {
    const char* const pieces[] = {"1",
                                  "17",
                                  " ",
                                  " ",
                                  " ",
                                  "\n",
                                  "\n",
                                  "2.5",
                                  "-",
                                  "+",
                                  "e",
                                  "E",
                                  ".",
                                  "nan",
                                  "inf",
                                  "_",
                                  "\r",
                                  "\t",
                                  "\0",
                                  "1e400",
                                  "1.",
                                  ".5",
                                  "0x1p",
                                  "9223372036854775807",
                                  "9223372036854775808",
                                  "123456789012345678",
                                  "1e-400",
                                  "\xE2\x80\xA8",
                                  "\xFF",
                                  "NaN",
                                  "1700000000000 0.25 7\n",
                                  "5 1.0\n",
                                  "5 1.0 7 a b\n"};
    const unsigned seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 50000; ++i) {
        std::string text;
        for (auto n = random() % 12; n != 0; --n) text += pieces[random() % std::size(pieces)];
        text += '\n';
        if (fast(text) == reference(text)) continue;
        BOOST_ERROR("seed " << seed << ": \"" << text << "\": " << fast(text) << " is not "
                            << reference(text));
        break;
    }
}

BOOST_AUTO_TEST_SUITE_END()
