// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/system_file.hpp>

#include <unistd.h>

#include <cerrno>
#include <string>

#include "scratch_directory.hpp"

using mlscribe::detail::read_system_file;

BOOST_AUTO_TEST_SUITE(file_system_file)

BOOST_AUTO_TEST_CASE(files_of_the_kernel_have_no_size_and_are_read_whole) {
    std::string text = "before";
    BOOST_TEST(read_system_file("/proc/self/maps", text, 1 << 20) == 0);
    BOOST_TEST(text.size() > 4096u);
    BOOST_TEST(text.back() == '\n');
}

BOOST_AUTO_TEST_CASE(no_more_than_wanted_in_pieces) {
    const test::scratch_directory scratch;
    const std::string path = scratch / "file";
    const std::string whole(10000, 'x');
    test::write_file(path, whole);
    std::string text;
    for (const std::size_t most : {0u, 1u, 4095u, 4096u, 4097u, 9999u, 10000u, 20000u}) {
        BOOST_TEST(read_system_file(path, text, most) == 0);
        BOOST_TEST(text == whole.substr(0, most));
    }
    test::write_file(path, "");
    BOOST_TEST(read_system_file(path, text, 100) == 0);
    BOOST_TEST(text.empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told_and_leaves_nothing) {
    const test::scratch_directory scratch;
    std::string text = "before";
    BOOST_TEST(read_system_file(scratch / "missing", text, 100) == ENOENT);
    BOOST_TEST(text.empty());
    BOOST_TEST(read_system_file(scratch.path(), text, 100) == EISDIR);
    BOOST_TEST(text.empty());
}

BOOST_AUTO_TEST_CASE(links_are_followed) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "cpu,cpuacct/cpu.stat", "nr_periods 1\n");
    BOOST_REQUIRE(::symlink("cpu,cpuacct", (scratch / "cpu").c_str()) == 0);
    std::string text;
    BOOST_TEST(read_system_file(scratch / "cpu/cpu.stat", text, 100) == 0);
    BOOST_TEST(text == "nr_periods 1\n");
}

BOOST_AUTO_TEST_SUITE_END()
