// SPDX-License-Identifier: MIT
#include <mlscribe/layout/metric_reader.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>
#include <vector>

using mlscribe::metric_file_line;
using mlscribe::parse_metric_line;
using state = mlscribe::metric_file_line::state;

namespace {

struct kept_line {
    state what;
    std::string text;
    std::uint64_t number;
    std::uint64_t offset;
};

std::vector<kept_line> lines_of(std::string_view text,
                                mlscribe::metric_file_summary* summary = nullptr) {
    std::vector<kept_line> lines;
    const auto counted =
        mlscribe::for_each_metric_line(text, [&lines](const metric_file_line& line) {
            lines.push_back({line.what, std::string(line.text), line.number, line.offset});
        });
    if (summary != nullptr) *summary = counted;
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_metric_reader)

BOOST_AUTO_TEST_CASE(lines_that_mlflow_reads) {
    struct {
        const char* text;
        std::int64_t timestamp;
        double value;
        std::int64_t step;
        std::size_t fields;
    } const cases[] = {{"1795576368300 0.5 12", 1795576368300, 0.5, 12, 3},
                       {"1 2", 1, 2.0, 0, 2},
                       {"1 2.0 3 data abc", 1, 2.0, 0, 5},
                       {"1 -2e-05 -3      ", 1, -2e-05, -3, 3},
                       {"  1 1_0 +3\r", 1, 10, 3, 3},
                       {"-1 .5 007", -1, 0.5, 7, 3},
                       {"\xE3\x80\x80"
                        "1 1E5 2\t",
                        1, 1e5, 2, 3}};
    for (const auto& c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            const auto read = parse_metric_line(c.text);
            BOOST_REQUIRE(read);
            BOOST_TEST(read->row.timestamp == c.timestamp);
            BOOST_TEST(read->row.value == c.value);
            BOOST_TEST(read->row.step == c.step);
            BOOST_TEST(read->fields == c.fields);
        }
    }
    BOOST_TEST(std::isnan(parse_metric_line("1 nan 2")->row.value));
    BOOST_TEST(std::isinf(parse_metric_line("1 -inf 2")->row.value));
    BOOST_TEST(std::isinf(parse_metric_line("1 1e400 2")->row.value));
}

BOOST_AUTO_TEST_CASE(lines_that_mlflow_refuses) {
    for (const char* text : {"",
                             " ",
                             "17",
                             "1 ",
                             "1 1e",
                             "1 -",
                             "2 2.0 -",
                             "1  2.0 3",
                             "1 2.0\t3",
                             "1 2.0 3 4",
                             "1 2.0 3 4 5 6",
                             "1 nan(0x8) 2",
                             "1 -nan(ind) 2",
                             "1 1,5 2",
                             "1 0x1p3 2",
                             "1 1.0f 2",
                             "1.5 1 2",
                             "1 1 0.0",
                             "# 1 2 3",
                             "\xEF\xBB\xBF"
                             "1 2 3",
                             "1 2 3 \xFF b",
                             "1 2.0 3\xC3",
                             "9223372036854775808 1 2",
                             "1 2.0 100000000000000000000"}) {
        BOOST_TEST_CONTEXT('"' << text << '"') {
            BOOST_TEST(!parse_metric_line(text));
        }
    }
    BOOST_TEST(!parse_metric_line(std::string_view("1 2.0 3\0", 8)));
    BOOST_TEST(!parse_metric_line(std::string_view("\0\0\0", 3)));
}

BOOST_AUTO_TEST_CASE(a_file_of_whole_lines) {
    mlscribe::metric_file_summary summary;
    const auto lines = lines_of("1 2.0 3\n4 5.0 6     \n\n7 x 8\n9 1.0 2\n", &summary);
    BOOST_REQUIRE(lines.size() == 5u);
    const state expected[] = {state::row, state::row, state::damaged, state::damaged, state::row};
    const std::uint64_t offsets[] = {0, 8, 21, 22, 28};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        BOOST_TEST((lines[i].what == expected[i]));
        BOOST_TEST(lines[i].number == i + 1);
        BOOST_TEST(lines[i].offset == offsets[i]);
    }
    BOOST_TEST(lines[3].text == "7 x 8");
    BOOST_TEST(summary.rows == 3u);
    BOOST_TEST(summary.damaged == 2u);
    BOOST_TEST(summary.whole_bytes == 36u);
    BOOST_TEST(summary.torn_bytes == 0u);
    BOOST_TEST(lines_of("").empty());
}

BOOST_AUTO_TEST_CASE(a_torn_end_is_never_a_row) {
    using namespace std::string_literals;
    for (const std::string& tail :
         {"2 2."s, "2 2.0 3"s, "17"s, " "s, "\0\0\0\0"s, "2 2.0 3\0\0"s, "2 2 3\r"s}) {
        mlscribe::metric_file_summary summary;
        const auto lines = lines_of("1 1.0 0\n" + tail, &summary);
        BOOST_REQUIRE(lines.size() == 2u);
        BOOST_TEST((lines[0].what == state::row));
        BOOST_TEST((lines[1].what == state::torn));
        BOOST_TEST(lines[1].text == tail);
        BOOST_TEST(lines[1].number == 2u);
        BOOST_TEST(lines[1].offset == 8u);
        BOOST_TEST(summary.rows == 1u);
        BOOST_TEST(summary.whole_bytes == 8u);
        BOOST_TEST(summary.torn_bytes == tail.size());
    }
    // What was appended behind NUL bytes is a damaged line, not a row.
    BOOST_TEST((lines_of("1 1.0 0\n\0\0002 2.0 1\n"s).at(1).what == state::damaged));
}

BOOST_AUTO_TEST_CASE(lines_end_where_python_ends_them) {
    for (const char* end : {"\r", "\r\n", "\v", "\f", "\x1C", "\x1D", "\x1E", "\xC2\x85",
                            "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
        const auto lines = lines_of("1 1.0 0" + std::string(end) + "2 2.0 1\n");
        BOOST_REQUIRE(lines.size() == 2u);
        BOOST_TEST((lines[0].what == state::row));
        BOOST_TEST(lines[0].text == "1 1.0 0");
        BOOST_TEST((lines[1].what == state::row));
        BOOST_TEST(lines[1].offset == 7 + std::string(end).size());
    }
    BOOST_TEST(lines_of("1 1.0 0\r\r\n").size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
