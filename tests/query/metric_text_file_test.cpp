// SPDX-License-Identifier: MIT
#include <mlscribe/query/metric_text_file.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>

#include <cstdint>
#include <string>

#include "scratch_directory.hpp"

using mlscribe::detail::descriptor;
using mlscribe::detail::metric_text_file;
using mlscribe::detail::metric_text_place;
using mlscribe::detail::read_row;
using mlscribe::detail::torn_end;

namespace {

struct reading {
    test::scratch_directory scratch;
    metric_text_file text;
    metric_text_place place;
    std::int64_t steps = 0;
    std::int64_t sum = 0;
    std::int64_t unsettled = 0;

    int read(const std::string& bytes, torn_end end, std::uint64_t length) {
        test::write_file(scratch / "file", bytes);
        const descriptor file(::open((scratch / "file").c_str(), O_RDONLY | O_CLOEXEC));
        place = {};
        steps = sum = 0;
        const auto note = [this](const read_row& row, std::uint64_t) {
            ++steps;
            sum += row.step;
            ++unsettled;
        };
        const int failed =
            text.for_each_row(file, length, end, place, note, [this] { unsettled = 0; });
        BOOST_TEST(unsettled == 0);
        return failed;
    }
    int read(const std::string& bytes, torn_end end = torn_end::read) {
        return read(bytes, end, bytes.size());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(query_metric_text_file, reading)

BOOST_AUTO_TEST_CASE(lines_cross_the_borders_of_the_buffer) {
    std::string bytes;
    std::int64_t expected = 0;
    for (std::int64_t i = 0; i < 30000; ++i) {
        bytes += "1700000000000 " + std::to_string(i) + ".25 " + std::to_string(i) + '\n';
        expected += i;
    }
    BOOST_TEST(read(bytes) == 0);
    BOOST_TEST(steps == 30000);
    BOOST_TEST(sum == expected);
    BOOST_TEST(place.damaged_line == 0u);
    BOOST_TEST(place.offset == bytes.size());
    BOOST_TEST(read(bytes, torn_end::skip, bytes.size() - 1) == 0);
    BOOST_TEST(steps == 29999);
}

BOOST_AUTO_TEST_CASE(a_torn_end_is_read_or_skipped) {
    BOOST_TEST(read("1 2.0 3\n2 3.5 4") == 0);
    BOOST_TEST(sum == 7);
    BOOST_TEST(read("1 2.0 3\n2 3.5 4", torn_end::skip) == 0);
    BOOST_TEST(sum == 3);
    BOOST_TEST(read("1 2.0 3\n17") == 0);
    BOOST_TEST(place.damaged_line == 2u);
    BOOST_TEST(read("1 2.0 3\r2 3.0 4\r") == 0);
    BOOST_TEST(sum == 7);
    BOOST_TEST(place.damaged_line == 0u);
}

BOOST_AUTO_TEST_CASE(other_line_ends_at_the_end) {
    for (const char* end : {"\r", "\x0B", "\x0C", "\x1E", "\xC2\x85", "\xE2\x80\xA8"}) {
        BOOST_TEST(read(std::string("1 2.0 3\n2 3.0 4") + end) == 0);
        BOOST_TEST(sum == 7);
        BOOST_TEST(place.damaged_line == 0u);
        BOOST_TEST(read(std::string("1 2.0 3\n") + end) == 0);
        BOOST_TEST(place.damaged_line == 2u);
    }
}

BOOST_AUTO_TEST_CASE(long_lines) {
    BOOST_TEST(read("1 2.0 3\n1 2.0 " + std::string(1 << 20, 'x') + "\n1 2.0 4\n") == 0);
    BOOST_TEST(place.damaged_line == 2u);
    BOOST_TEST(sum == 7);
    BOOST_TEST(read("1 2.0 3" + std::string(1 << 20, ' ') + "\n1 2.0 4") == 0);
    BOOST_TEST(sum == 7);
    BOOST_TEST(read(std::string(std::size_t{5} << 20, '1')) == EFBIG);
    BOOST_TEST(read("1 2.0 3\n") == 0);
    BOOST_TEST(sum == 3);
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_ends_where_it_ends) {
    BOOST_TEST(read("1 2.0 3\n", torn_end::skip, 1000) == 0);
    BOOST_TEST(sum == 3);
}

BOOST_AUTO_TEST_SUITE_END()
