// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/copy_bytes.hpp>

#include <fcntl.h>

#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::detail::byte_copy;
using mlscribe::detail::descriptor;

namespace {

struct pair_of_files {
    test::scratch_directory scratch;

    int copy(const std::string& source = "") const {
        const std::string from = source.empty() ? scratch / "from" : source;
        const descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
        const descriptor out(
            ::open((scratch / "to").c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        return byte_copy(in.get(), out.get()).run();
    }
    std::string copied() const { return test::read_file(scratch / "to"); }
    long long disk(const std::string& name) const {
        struct stat found {};
        BOOST_REQUIRE_EQUAL(::stat((scratch / name).c_str(), &found), 0);
        return static_cast<long long>(found.st_blocks) * 512;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(file_copy_bytes)

BOOST_FIXTURE_TEST_CASE(any_length, pair_of_files) {
    for (const std::size_t size : {0u, 1u, 4095u, 4096u, 131072u, 131073u, 1000001u}) {
        std::string bytes(size, 'x');
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 % 251);
        test::write_file(scratch / "from", bytes);
        BOOST_TEST(copy() == 0);
        BOOST_TEST((copied() == bytes));
    }
}

BOOST_FIXTURE_TEST_CASE(holes_stay_holes, pair_of_files) {
    const std::vector<std::pair<off_t, std::string>> pieces = {
        {0, "begin"}, {off_t{8} << 20, "middle"}, {off_t{16} << 20, std::string(100000, 'm')}};
    for (const bool hole_at_end : {false, true}) {
        {
            const descriptor out(
                ::open((scratch / "from").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
            for (const auto& piece : pieces) {
                BOOST_REQUIRE(
                    ::pwrite(out.get(), piece.second.data(), piece.second.size(), piece.first) > 0);
            }
            if (hole_at_end) BOOST_REQUIRE_EQUAL(::ftruncate(out.get(), off_t{32} << 20), 0);
        }
        BOOST_TEST(copy() == 0);
        BOOST_TEST((copied() == test::read_file(scratch / "from")));
        if (disk("from") < (1 << 20)) BOOST_TEST(disk("to") < (1 << 20));
    }
    const descriptor out(
        ::open((scratch / "from").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    BOOST_REQUIRE_EQUAL(::ftruncate(out.get(), off_t{1} << 20), 0);
    BOOST_TEST(copy() == 0);
    BOOST_TEST((copied() == std::string(std::size_t{1} << 20, '\0')));
}

#if defined(__linux__)
BOOST_FIXTURE_TEST_CASE(files_without_a_length, pair_of_files) {
    BOOST_TEST(copy("/proc/self/mounts") == 0);
    BOOST_TEST(copied() == test::read_file("/proc/self/mounts"));
    const std::string claims_a_page = "/sys/kernel/mm/transparent_hugepage/enabled";
    if (test::exists(claims_a_page)) {
        BOOST_TEST(copy(claims_a_page) == 0);
        BOOST_TEST(copied() == test::read_file(claims_a_page));
    }
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_told, pair_of_files) {
    test::write_file(scratch / "from", std::string(100000, 'x'));
    const descriptor in(::open((scratch / "from").c_str(), O_RDONLY | O_CLOEXEC));
    const descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    BOOST_TEST(byte_copy(in.get(), full.get()).run() == ENOSPC);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
