// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/descriptor.hpp>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>
#include <utility>

using mlscribe::detail::descriptor;
using mlscribe::detail::write_all;

namespace {

bool is_open(int number) {
    return ::fcntl(number, F_GETFD) != -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_descriptor)

BOOST_AUTO_TEST_CASE(closes_what_it_owns_once) {
    int number = -1;
    {
        descriptor first(::open("/dev/null", O_RDONLY));
        number = first.get();
        BOOST_TEST(is_open(number));
        descriptor second(std::move(first));
        BOOST_TEST(!first);
        BOOST_TEST(second.get() == number);
        descriptor third;
        third = std::move(second);
        BOOST_TEST(third.get() == number);
        BOOST_TEST(is_open(number));
    }
    BOOST_TEST(!is_open(number));
}

BOOST_AUTO_TEST_CASE(lets_go_on_demand) {
    int number = -1;
    {
        descriptor owner(::open("/dev/null", O_RDONLY));
        number = owner.release();
        BOOST_TEST(!owner);
    }
    BOOST_TEST(is_open(number));
    ::close(number);
}

BOOST_AUTO_TEST_CASE(short_writes_are_finished) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const descriptor in(ends[0]);
    const std::string bytes(1000000, 'x');  // more than a pipe takes at once
    std::string read;
    std::thread reader([&] {
        char block[4096];
        ssize_t count = 0;
        while ((count = ::read(in.get(), block, sizeof block)) > 0) {
            read.append(block, static_cast<std::size_t>(count));
        }
    });
    std::size_t written = 0;
    int failed = 0;
    {
        const descriptor out(ends[1]);
        failed = write_all(out.get(), bytes, written);
    }
    reader.join();
    BOOST_TEST(failed == 0);
    BOOST_TEST(written == bytes.size());
    BOOST_TEST((read == bytes));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told) {
    const descriptor full(::open("/dev/full", O_WRONLY));
    if (!full) return;
    std::size_t written = 7;
    BOOST_TEST(write_all(full.get(), "bytes", written) == ENOSPC);
    BOOST_TEST(written == 0u);
    BOOST_TEST(write_all(full.get(), "", written) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
