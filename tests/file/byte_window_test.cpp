// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/byte_window.hpp>
#include <mlscribe/file/descriptor.hpp>

#include <fcntl.h>

#include <string>

#include "scratch_directory.hpp"

using mlscribe::detail::byte_window;

BOOST_AUTO_TEST_SUITE(file_byte_window)

BOOST_AUTO_TEST_CASE(pieces_of_memory_end_where_it_ends) {
    byte_window window("0123456789");
    BOOST_TEST(window.at(3, 4) == "3456");
    BOOST_TEST(window.at(8, 4) == "89");
    BOOST_TEST(window.at(10, 4) == "");
    BOOST_TEST(window.at(~std::uint64_t{0}, 4) == "");
}

BOOST_AUTO_TEST_CASE(pieces_of_a_file_in_any_order_and_of_any_length) {
    const test::scratch_directory scratch;
    std::string bytes;
    for (int i = 0; i < 60000; ++i) bytes += std::to_string(i);
    test::write_file(scratch / "f", bytes);
    const mlscribe::detail::descriptor file(::open((scratch / "f").c_str(), O_RDONLY));
    byte_window window(file.get(), bytes.size());
    BOOST_TEST(window.size() == bytes.size());
    const std::size_t offsets[] = {0, 70000, 65530, 1, 200000};
    const std::size_t counts[] = {1, 10, 100000, 400000};
    for (const std::size_t offset : offsets) {
        for (const std::size_t count : counts) {
            const bool same = window.at(offset, count) == bytes.substr(offset, count);
            BOOST_TEST(same, offset << ' ' << count);
        }
    }
    BOOST_TEST(window.failure() == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_became_shorter_gives_fewer_bytes) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "f", "abc");
    const mlscribe::detail::descriptor file(::open((scratch / "f").c_str(), O_RDONLY));
    byte_window window(file.get(), 100000);
    BOOST_TEST(window.at(1, 90000) == "bc");
    BOOST_TEST(window.at(50, 1) == "");
    BOOST_TEST(window.failure() == 0);
    byte_window closed(-1, 10);
    BOOST_TEST(closed.at(0, 1) == "");
    BOOST_TEST(closed.failure() == EBADF);
}

BOOST_AUTO_TEST_SUITE_END()
