// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/mapped_file.hpp>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include "child_process.hpp"
#include "file/opened_scratch.hpp"
#include "skipped.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::mapped_file;
using test::opened_scratch;

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t capacity = std::size_t{1} << 20;

void set_file_limit(rlim_t bytes) {
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_mapped_file)

BOOST_FIXTURE_TEST_CASE(made_zeroed_and_shared, opened_scratch) {
    mapped_file made;
    BOOST_TEST((made.data() == nullptr));
    BOOST_TEST(mapped_file::create(root, "m", 2 * page, capacity, made) == 0);
    BOOST_TEST(made.size() == 2 * page);
    BOOST_TEST(made.capacity() == capacity);
    BOOST_TEST(made.lasting() == 2 * page);
    BOOST_TEST(made.refused() == 0);
    BOOST_TEST((test::read_file(scratch / "m") == std::string(2 * page, '\0')));
    made.data()[0] = 'a';
    made.data()[2 * page - 1] = 'z';
    const std::string bytes = test::read_file(scratch / "m");
    BOOST_TEST(bytes.front() == 'a');
    BOOST_TEST(bytes.back() == 'z');
    mapped_file other;
    BOOST_TEST(mapped_file::open(root, "m", other) == 0);
    BOOST_TEST(other.size() == 2 * page);
    other.data()[5] = 'b';
    BOOST_TEST(made.data()[5] == 'b');
}

BOOST_FIXTURE_TEST_CASE(what_stands_there_is_not_touched, opened_scratch) {
    test::write_file(scratch / "m", "text");
    std::filesystem::create_symlink("elsewhere", scratch / "link");
    mapped_file made;
    BOOST_TEST(mapped_file::create(root, "m", page, capacity, made) == EEXIST);
    BOOST_TEST(mapped_file::create(root, "link", page, capacity, made) == EEXIST);
    BOOST_TEST(!test::exists(scratch / "elsewhere"));
    BOOST_TEST(test::read_file(scratch / "m") == "text");
    BOOST_TEST((made.data() == nullptr));
}

BOOST_FIXTURE_TEST_CASE(grows_in_place_up_to_its_capacity, opened_scratch) {
    mapped_file made;
    BOOST_REQUIRE(mapped_file::create(root, "m", page, 8 * page, made) == 0);
    char* const address = made.data();
    address[7] = 'x';
    for (std::size_t pages = 2; pages <= 8; ++pages) {
        BOOST_TEST(made.grow(pages * page) == 0);
        BOOST_TEST(made.size() == pages * page);
        BOOST_TEST(std::filesystem::file_size(scratch / "m") == pages * page);
        made.data()[pages * page - 1] = 'y';
    }
    BOOST_TEST((made.data() == address));
    BOOST_TEST(address[7] == 'x');
    BOOST_TEST(made.grow(3 * page) == 0);  // it never shrinks
    BOOST_TEST(made.size() == 8 * page);
    BOOST_TEST(made.grow(8 * page + 1) == ENOMEM);
    BOOST_TEST(made.size() == 8 * page);
    mapped_file small;
    BOOST_TEST(mapped_file::create(root, "small", 2 * page, page, small) == ENOMEM);
    BOOST_TEST(!test::exists(scratch / "small"));
}

BOOST_FIXTURE_TEST_CASE(what_the_disk_refuses_becomes_memory, opened_scratch) {
    test::child_process child([this] {
        set_file_limit(5 * page);
        mapped_file made;
        if (mapped_file::create(root, "m", 2 * page, capacity, made) != 0) return std::string("no");
        made.data()[0] = 'a';
        if (made.grow(4 * page) != 0 || made.refused() != 0) return std::string("refused early");
        made.data()[4 * page - 1] = 'b';
        if (made.grow(8 * page) != 0) return std::string("not grown");
        if (made.refused() != EFBIG || made.lasting() != 4 * page) return std::string("not told");
        made.data()[4 * page] = 'c';
        made.data()[8 * page - 1] = 'd';
        if (made.grow(capacity) != 0 || made.grow(capacity + 1) != ENOMEM) {
            return std::string("not all");
        }
        made.data()[capacity - 1] = 'e';
        mapped_file moved = std::move(made);
        const std::string kept{moved.data()[0], moved.data()[4 * page - 1], moved.data()[4 * page],
                               moved.data()[8 * page - 1], moved.data()[capacity - 1]};
        return kept + std::to_string(moved.lasting() / page);
    });
    BOOST_TEST(child.result() == "abcde4");
    BOOST_TEST(std::filesystem::file_size(scratch / "m") == 4 * page);
    BOOST_TEST(test::read_file(scratch / "m").back() == 'b');
}

BOOST_FIXTURE_TEST_CASE(what_a_dead_process_stored_is_there, opened_scratch) {
    test::child_process child([this] {
        mapped_file made;
        if (mapped_file::create(root, "m", page, capacity, made) != 0) return std::string("no");
        if (made.grow(3 * page) != 0) return std::string("no");
        made.data()[2 * page] = 'k';
        ::raise(SIGKILL);
        return std::string("alive");
    });
    BOOST_TEST(child.result() == "signal 9");
    mapped_file found;
    BOOST_REQUIRE(mapped_file::open(root, "m", found) == 0);
    BOOST_TEST(found.size() == 3 * page);
    BOOST_TEST(found.data()[2 * page] == 'k');
    BOOST_TEST(found.grow(4 * page) == ENOMEM);
}

BOOST_FIXTURE_TEST_CASE(only_files_with_bytes_are_opened, opened_scratch) {
    test::write_file(scratch / "empty", "");
    test::write_file(scratch / "target", "text");
    std::filesystem::create_directory(scratch / "folder");
    std::filesystem::create_symlink("target", scratch / "link");
    BOOST_REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
    mapped_file opened;
    BOOST_TEST(mapped_file::open(root, "missing", opened) == ENOENT);
    BOOST_TEST(mapped_file::open(root, "empty", opened) == EINVAL);
    BOOST_TEST(mapped_file::open(root, "folder", opened) == EISDIR);
    BOOST_TEST(mapped_file::open(root, "link", opened) == ELOOP);
    BOOST_TEST(mapped_file::open(root, "fifo", opened) != 0);
    BOOST_TEST((opened.data() == nullptr));
    BOOST_TEST(mapped_file::open(root, "target", opened) == 0);
    BOOST_TEST(std::string(opened.data(), opened.size()) == "text");
}

BOOST_FIXTURE_TEST_CASE(memory_without_a_file, opened_scratch) {
    mapped_file memory;
    BOOST_REQUIRE(mapped_file::anonymous(capacity, memory) == 0);
    BOOST_TEST(memory.lasting() == 0u);
    BOOST_TEST(memory.size() == 0u);
    BOOST_TEST(memory.grow(3 * page) == 0);
    memory.data()[3 * page - 1] = 'x';
    BOOST_TEST(memory.grow(capacity) == 0);
    BOOST_TEST(memory.data()[3 * page - 1] == 'x');
    BOOST_TEST(memory.data()[capacity - 1] == '\0');
    BOOST_TEST(memory.grow(capacity + 1) == ENOMEM);
    BOOST_TEST(test::tree(scratch.path()).empty());
}

BOOST_FIXTURE_TEST_CASE(moved_it_stays_where_it_is, opened_scratch) {
    mapped_file made;
    BOOST_REQUIRE(mapped_file::create(root, "m", page, capacity, made) == 0);
    char* const address = made.data();
    mapped_file moved(std::move(made));
    mapped_file assigned;
    BOOST_REQUIRE(mapped_file::anonymous(page, assigned) == 0);
    assigned = std::move(moved);
    BOOST_TEST((assigned.data() == address));
    BOOST_TEST(assigned.size() == page);
    BOOST_TEST(assigned.capacity() == capacity);
    BOOST_TEST(assigned.lasting() == assigned.size());
    address[0] = 'm';
    BOOST_TEST(test::read_file(scratch / "m").front() == 'm');
}

BOOST_FIXTURE_TEST_CASE(not_made_where_its_first_bytes_are_refused, opened_scratch) {
    const std::string result = test::in_child([this]() -> std::string {
        set_file_limit(4 * page);
        mapped_file refused;
        if (mapped_file::create(root, "large", 5 * page, capacity, refused) != EFBIG) return "made";
        return test::exists(scratch / "large") ? "left behind" : "ok";
    });
    BOOST_TEST(result == "ok");
}

/// A store to a page without a block on the disk would end the process by SIGBUS.
BOOST_FIXTURE_TEST_CASE(a_full_disk_is_told_before_a_page_is_used, opened_scratch) {
    const std::string result = test::in_child([this]() -> std::string {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", scratch.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
            return "skipped";
        }
        directory small;
        if (directory::open(scratch.path(), small) != 0) return "no directory";
        mapped_file made;
        if (mapped_file::create(small, "m", page, capacity, made) != 0) return "not made";
        std::size_t pages = 1;
        while (made.refused() == 0 && made.grow((pages + 1) * page) == 0) ++pages;
        if (made.refused() != ENOSPC) return "errno " + std::to_string(made.refused());
        if (made.size() != pages * page || pages < 10) return "size " + std::to_string(pages);
        if (made.lasting() != (pages - 1) * page) return "lasting";
        std::fill_n(made.data(), made.size(), 'x');
        mapped_file second;
        if (mapped_file::create(small, "second", page, capacity, second) != ENOSPC) return "second";
        return test::exists(scratch / "second") ? "left behind" : "ok";
    });
    if (result == "skipped") return test::skipped("no tmpfs can be mounted (root only)");
    BOOST_TEST(result == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
