// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/metric_reader.hpp>
#include <mlscribe/layout/packed_lines.hpp>

#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "seed.hpp"

namespace {

constexpr std::size_t border = mlscribe::metric_block::border;

std::string packed(const std::vector<std::string>& lines) {
    std::string file;
    mlscribe::detail::packed_lines packer([&file](std::string_view bytes) {
        file += bytes;
        return 0;
    });
    for (const std::string& line : lines) BOOST_REQUIRE(packer.add(line) == 0);
    BOOST_REQUIRE(packer.finish() == 0);
    BOOST_TEST(packer.length() == file.size());
    return file;
}

/// The lines without their padding; none may cross a border, unless it is longer than a page.
std::vector<std::string> unpacked(const std::string& file) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    while (begin != file.size()) {
        const std::size_t end = file.find('\n', begin);
        BOOST_REQUIRE(end != std::string::npos);
        if (end - begin < border) BOOST_REQUIRE(begin / border == end / border);
        std::string line = file.substr(begin, end - begin);
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(line);
        begin = end + 1;
    }
    return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_packed_lines)

BOOST_AUTO_TEST_CASE(nothing) {
    BOOST_TEST(packed({}).empty());
}

BOOST_AUTO_TEST_CASE(padding_goes_where_there_is_no_border) {
    BOOST_TEST(packed({"1 nan 2        ", "3 0.5 4"}) == "1 nan 2\n3 0.5 4\n");
}

BOOST_AUTO_TEST_CASE(the_bytes_that_the_writer_of_points_gives) {
    std::vector<mlscribe::point> rows;
    for (int i = 0; i < 1200; ++i) rows.push_back({1700000000000 + i, 1.0 / (i + 3), i});
    const auto block = std::make_unique<mlscribe::metric_block>();
    BOOST_REQUIRE(block->render(rows.data(), rows.size(), 0) == rows.size());
    const std::string rendered(block->bytes());
    BOOST_TEST(packed(unpacked(rendered)) == rendered);
}

BOOST_AUTO_TEST_CASE(lines_of_any_length) {
    std::mt19937 random(test::seed(7));
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> lines;
        const std::size_t longest = round % 10 == 0 ? 5000 : round % 3 == 0 ? 300 : 60;
        for (std::size_t i = random() % 3000; i != 0; --i) {
            lines.push_back(std::string(1 + random() % longest, 'x'));
        }
        const std::string file = packed(lines);
        BOOST_REQUIRE(unpacked(file) == lines);
        // What is appended has room for one line.
        const std::size_t room = border - file.size() % border;
        BOOST_REQUIRE(room >= mlscribe::metric_line_capacity);
    }
}

BOOST_AUTO_TEST_CASE(a_sink_that_refuses) {
    mlscribe::detail::packed_lines packer([](std::string_view) { return 28; });
    int failed = 0;
    for (int i = 0; i < 10000 && failed == 0; ++i) failed = packer.add("1 0.5 2");
    BOOST_TEST(failed == 28);
}

BOOST_AUTO_TEST_SUITE_END()
