// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor/metric_file_check.hpp>
#include <mlscribe/file/directory.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"
#include "seed.hpp"

namespace {

struct checked_file {
    test::scratch_directory scratch;
    mlscribe::detail::descriptor file;

    explicit checked_file(const std::string& text) {
        test::write_file(scratch / "loss", text);
        file = mlscribe::detail::descriptor(::open((scratch / "loss").c_str(), O_RDONLY));
    }
};

struct piece {
    std::uint64_t number;
    std::uint64_t offset;
    std::uint64_t size;
};

std::vector<piece> pieces_of(const std::string& text) {
    const checked_file checked(text);
    std::vector<piece> pieces;
    mlscribe::detail::metric_lines lines(checked.file);
    BOOST_TEST(lines.for_each([&](const mlscribe::detail::seen_line& line) {
        pieces.push_back({line.number, line.offset, line.size});
    }) == 0);
    return pieces;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor_metric_file_check)

BOOST_AUTO_TEST_CASE(every_byte_belongs_to_one_line) {
    std::mt19937_64 random(test::seed(7));
    const std::string parts[] = {"1 0.5 2", "\n",       "\r\n",         "\r",
                                 "\f",      "\xC2\x85", "\xE2\x80\xA8", std::string(300000, '\0'),
                                 " ",       "17",       "\x1C",         std::string(1300000, 'x')};
    for (int round = 0; round < 60; ++round) {
        std::string text;
        for (std::size_t i = random() % 30; i != 0; --i) text += parts[random() % 12];
        std::uint64_t at = 0;
        std::uint64_t number = 0;
        for (const piece& each : pieces_of(text)) {
            BOOST_TEST(each.offset == at);
            BOOST_TEST(each.number == ++number);
            at += each.size;
        }
        BOOST_TEST(at == text.size());
    }
}

BOOST_AUTO_TEST_CASE(rows_that_a_database_takes_for_one_are_repeated) {
    std::mt19937_64 random(test::seed(11));
    const char* const values[] = {"0.0", "-0.0", "nan", "NaN", "inf", "1.7976931348623157e308",
                                  "1.0", "1",    "-inf"};
    const int same[] = {0, 0, 1, 1, 2, 2, 3, 3, 4};
    for (int round = 0; round < 200; ++round) {
        std::string text;
        std::vector<std::vector<std::uint64_t>> seen;
        std::uint64_t repeated = 0;
        std::uint64_t first = 0;
        const std::size_t count = random() % 40;
        for (std::size_t i = 0; i != count; ++i) {
            const std::uint64_t time = round % 2 == 0 ? random() % 3 : i / 3;
            const std::uint64_t step = round % 3 == 0 ? random() % 3 : i / 3;
            const std::size_t value = random() % 9;
            text += std::to_string(time) + ' ' + values[value] + ' ' + std::to_string(step) + '\n';
            std::vector<std::uint64_t> key{time, step, static_cast<std::uint64_t>(same[value])};
            if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
                if (repeated++ == 0) first = i + 1;
            }
            seen.push_back(std::move(key));
        }
        const checked_file checked(text);
        mlscribe::detail::metric_file_check check(checked.file);
        BOOST_TEST(check.look() == 0);
        const auto found = check.found().find(mlscribe::damage::duplicate_row);
        BOOST_TEST((found == check.found().end() ? 0 : found->second.count) == repeated);
        BOOST_TEST((found == check.found().end() ? 0 : found->second.first) == first);
        BOOST_TEST(check.rows() == count - repeated);
    }
}

BOOST_AUTO_TEST_CASE(rows_of_datasets_have_the_steps_that_a_migration_reads) {
    const checked_file checked(
        "1700000000000 1.0 3 train d\n1700000000000 1.0 4 train d\n"
        "1700000000000 1.0 3\n");
    mlscribe::detail::metric_file_check check(checked.file);
    BOOST_TEST(check.look() == 0);
    BOOST_TEST(check.found().at(mlscribe::damage::dataset_line).count == 2u);
    BOOST_TEST(check.found().at(mlscribe::damage::duplicate_row).count == 1u);
    BOOST_TEST(check.found().at(mlscribe::damage::duplicate_row).first == 3u);
}

BOOST_AUTO_TEST_CASE(a_row_behind_a_long_hole_is_kept) {
    for (const std::size_t hole : {5000u, 1u << 20, (1u << 20) + 1, 3u << 20, (3u << 20) + 77}) {
        const checked_file checked("1700000000000 1.0 3\n" + std::string(hole, '\0') +
                                   "1700000000001 0.5 4\n");
        mlscribe::detail::metric_file_check check(checked.file);
        BOOST_TEST(check.look() == 0);
        BOOST_TEST(check.found().at(mlscribe::damage::nul_bytes).mended == "1700000000001 0.5 4",
                   hole);
        BOOST_TEST(check.rows() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(other_line_ends_than_line_feeds_end_lines) {
    const checked_file checked("1 0.5 1\r2 0.25 2\r3 0.125 3\r4 0.0625");
    mlscribe::detail::metric_file_check check(checked.file);
    BOOST_TEST(check.look() == 0);
    BOOST_TEST(check.rows() == 3u);
    BOOST_TEST(check.found().size() == 1u);
    BOOST_TEST(check.found().at(mlscribe::damage::torn_line).first == 4u);
}

BOOST_AUTO_TEST_CASE(what_stands_behind_the_last_line_end_is_torn) {
    const checked_file checked("1 0.5 2\n2 0.25 3");
    mlscribe::detail::metric_file_check check(checked.file);
    BOOST_TEST(check.look() == 0);
    BOOST_TEST(check.found().count(mlscribe::damage::torn_line) == 1u);
    BOOST_TEST(check.found().at(mlscribe::damage::torn_line).first == 2u);
    BOOST_TEST(check.rows() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
