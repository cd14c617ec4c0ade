// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/whole_lines.hpp>

#include <fcntl.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "scratch_directory.hpp"

namespace {

struct outcome {
    int failed = 0;
    std::string lines;
    std::string rest;
    std::uint64_t length = 0;
    bool whole = true;
};

outcome read(const std::string& bytes) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "file", bytes);
    const mlscribe::detail::descriptor file(::open((scratch / "file").c_str(), O_RDONLY));
    outcome found;
    found.failed = mlscribe::detail::read_whole_lines(
        file.get(),
        [&found](std::string_view block) {
            found.whole = found.whole && !block.empty() && block.back() == '\n';
            found.lines += block;
        },
        found.rest, found.length);
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_whole_lines)

BOOST_AUTO_TEST_CASE(lines_and_what_follows_the_last) {
    const std::string nul("\0\0", 2);
    for (const std::string lines : {"", "one\n", "one\ntwo\n", "\n"}) {
        for (const std::string& rest : {std::string(), std::string("torn"), nul}) {
            const outcome found = read(lines + rest);
            BOOST_TEST(found.failed == 0);
            BOOST_TEST(found.lines == lines);
            BOOST_TEST((found.rest == rest));
            BOOST_TEST(found.length == lines.size());
        }
    }
}

BOOST_AUTO_TEST_CASE(lines_across_the_blocks_of_a_long_file) {
    std::string bytes;
    for (int i = 0; bytes.size() < (std::size_t{7} << 19); ++i) {
        bytes += "1700000000000 0.5 " + std::to_string(i) + '\n';
    }
    const outcome found = read(bytes + "torn");
    BOOST_TEST(found.failed == 0);
    BOOST_TEST(found.whole);
    BOOST_TEST((found.lines == bytes));
    BOOST_TEST(found.rest == "torn");
    BOOST_TEST(found.length == bytes.size());
}

BOOST_AUTO_TEST_CASE(a_line_longer_than_a_block) {
    const std::string line = std::string(3000000, 'x') + '\n';
    const outcome found = read("a\n" + line + "b\n");
    BOOST_TEST(found.failed == 0);
    BOOST_TEST((found.lines == "a\n" + line + "b\n"));
}

BOOST_AUTO_TEST_CASE(what_is_no_text_does_not_fill_the_memory) {
    BOOST_TEST(read(std::string(std::size_t{6} << 20, '\0')).failed == EFBIG);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told) {
    std::string rest;
    std::uint64_t length = 0;
    const auto ignore = [](std::string_view) {};
    BOOST_TEST(mlscribe::detail::read_whole_lines(-1, ignore, rest, length) == EBADF);
}

BOOST_AUTO_TEST_SUITE_END()
