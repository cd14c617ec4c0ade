// SPDX-License-Identifier: MIT
#include <mlscribe/query/metric_text.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "query/both_readers.hpp"
#include "seed.hpp"

using mlscribe::detail::for_each_read_row;
using mlscribe::detail::metric_text_place;
using mlscribe::detail::read_row;

BOOST_AUTO_TEST_SUITE(query_metric_text)

BOOST_AUTO_TEST_CASE(usual_lines_need_no_other_reader) {
    for (const std::string line : {"1700000000000 0.5 3\n", "1 nan 2\n", "1 inf 2\n", "1 -inf 2\n",
                                   "-1 1e-05 -2\n", "1 1e+16 2   \n", "1 5e-324 2\n", "0 7 0\n"}) {
        const char* at = line.data();
        read_row row;
        BOOST_TEST(row.take(at, line.data() + line.size()), line);
        BOOST_TEST((at == line.data() + line.size()), line);
        BOOST_TEST(test::seen_fast(line) == test::seen_exactly(line));
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
    std::mt19937 random(test::seed(1));
    for (int i = 0; i < 50000; ++i) {
        std::string text;
        for (auto n = random() % 12; n != 0; --n) text += pieces[random() % std::size(pieces)];
        text += '\n';
        if (test::seen_fast(text) == test::seen_exactly(text)) continue;
        BOOST_ERROR("\"" << text << "\": " << test::seen_fast(text) << " is not "
                         << test::seen_exactly(text));
        break;
    }
}

BOOST_AUTO_TEST_SUITE_END()
