// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/file/system_calls.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "scratch_directory.hpp"

using mlscribe::detail::close_written;
using mlscribe::detail::descriptor;
using mlscribe::detail::make_directories;
using mlscribe::detail::retried;
using mlscribe::detail::settle;
namespace uninterrupted = mlscribe::detail::uninterrupted;

namespace {

/// Answers EINTR so often, then what it is told to.
struct interrupted_call {
    int times;
    int result;
    int made = 0;

    int operator()() {
        ++made;
        errno = made <= times ? EINTR : EIO;
        return made <= times ? -1 : result;
    }
};

struct scratch_folder {
    test::scratch_directory scratch;
    descriptor folder{::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(file_system_calls)

BOOST_AUTO_TEST_CASE(a_call_is_made_until_no_signal_interrupts_it) {
    interrupted_call once{1, 7};
    BOOST_TEST(retried(once) == 7);
    BOOST_TEST(once.made == 2);
    interrupted_call refused{3, -1};
    BOOST_TEST(retried(refused) == -1);
    BOOST_TEST(errno == EIO);
    BOOST_TEST(refused.made == 4);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_interrupted_for_good_has_an_end) {
    interrupted_call forever{1 << 30, 0};
    BOOST_TEST(retried(forever) == -1);
    BOOST_TEST(errno == EINTR);
}

BOOST_AUTO_TEST_CASE(a_refusal_means_that_it_was_done_only_behind_an_interruption) {
    uninterrupted::answer heard;
    errno = EEXIST;
    BOOST_TEST(!heard.repeats(-1));
    BOOST_TEST(!heard.was_done(-1, EEXIST));
    errno = EINTR;
    BOOST_TEST(heard.repeats(-1));
    errno = EEXIST;
    BOOST_TEST(!heard.repeats(-1));
    BOOST_TEST(heard.was_done(-1, EEXIST));
    BOOST_TEST(!heard.was_done(-1, ENOENT));
    BOOST_TEST(!heard.was_done(0, EEXIST));
}

BOOST_FIXTURE_TEST_CASE(what_no_signal_interrupts_is_refused_as_ever, scratch_folder) {
    test::write_file(scratch / "file", "text");
    std::filesystem::create_directory(scratch / "child");
    const int root = folder.get();
    BOOST_TEST(uninterrupted::openat(root, "file", O_WRONLY | O_CREAT | O_EXCL, 0666) == -1);
    BOOST_TEST(errno == EEXIST);
    BOOST_TEST(uninterrupted::mkdirat(root, "child", 0777) == -1);
    BOOST_TEST(errno == EEXIST);
    BOOST_TEST(uninterrupted::renameat(root, "missing", root, "file") == -1);
    BOOST_TEST(errno == ENOENT);
    BOOST_TEST(uninterrupted::unlinkat(root, "missing", 0) == -1);
    BOOST_TEST(errno == ENOENT);
    BOOST_TEST(test::read_file(scratch / "file") == "text");
}

BOOST_FIXTURE_TEST_CASE(two_names_are_exchanged_and_one_is_moved_to_a_free_name, scratch_folder) {
    test::write_file(scratch / "one", "1");
    test::write_file(scratch / "two", "2");
    const int root = folder.get();
    BOOST_TEST(uninterrupted::move(root, "one", root, "two") == -1);
    BOOST_TEST(errno == EEXIST);
    if (uninterrupted::exchange(root, "one", root, "two") == 0) {
        BOOST_TEST(test::read_file(scratch / "one") == "2");
        BOOST_TEST(test::read_file(scratch / "two") == "1");
    } else {
        BOOST_TEST(errno == EINVAL);
    }
    BOOST_TEST(uninterrupted::move(root, "one", root, "three") == 0);
    BOOST_TEST(!test::exists(scratch / "one"));
    BOOST_TEST(test::exists(scratch / "three"));
}

BOOST_FIXTURE_TEST_CASE(directories_are_made_with_those_above_them, scratch_folder) {
    BOOST_TEST(make_directories(scratch / "a/b") == 0);
    BOOST_TEST(make_directories(scratch / "a/b") == 0);
    BOOST_TEST(std::filesystem::is_directory(scratch / "a/b"));
    test::write_file(scratch / "file", "text");
    BOOST_TEST(make_directories(scratch / "file/below") != 0);
}

BOOST_FIXTURE_TEST_CASE(closing_a_written_file_tells_what_the_system_says, scratch_folder) {
    descriptor file(::openat(folder.get(), "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    BOOST_TEST(settle(file) == 0);
    BOOST_TEST(::fcntl(file.get(), F_GETFD) != -1);
    const int number = file.get();
    BOOST_TEST(close_written(file, folder.get(), "file") == 0);
    BOOST_TEST(!file);
    BOOST_TEST(::fcntl(number, F_GETFD) == -1);
    descriptor wrong(number);
    BOOST_TEST(close_written(wrong, folder.get(), "file") == EBADF);
    BOOST_TEST(!wrong);
}

BOOST_AUTO_TEST_SUITE_END()
