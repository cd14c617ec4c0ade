// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/publish.hpp>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "file/opened_scratch.hpp"

using mlscribe::detail::durability;
using mlscribe::detail::publish_file;
using mlscribe::detail::replace_file;
using mlscribe::detail::write_unseen_file;
using test::read_file;
using test::write_file;

namespace {

struct published_scratch : test::opened_scratch {
    mlscribe::detail::blocked_signals no_signals;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(file_publish)

BOOST_FIXTURE_TEST_CASE(published_once, published_scratch) {
    BOOST_TEST(publish_file(root, "params/opt/lr", "0.1") == 0);
    BOOST_TEST(publish_file(root, "params/opt/lr", "0.2") == EEXIST);
    BOOST_TEST(read_file(scratch / "params/opt/lr") == "0.1");
    BOOST_TEST(publish_file(root, "params/opt", "adam") == EEXIST);
    BOOST_TEST(publish_file(root, "params/opt/lr/x", "1") == ENOTDIR);
    const std::vector<std::string> expected = {"params/", "params/opt/", "params/opt/lr"};
    BOOST_TEST(test::tree(scratch.path()) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(replaced_whole, published_scratch) {
    for (const std::string bytes : {"first", "", "third, the longest"}) {
        BOOST_TEST(replace_file(root, "tags/note", bytes, durability::synced) == 0);
        BOOST_TEST(read_file(scratch / "tags/note") == bytes);
    }
    BOOST_TEST(replace_file(root, "tags", "x") == EISDIR);
    const std::vector<std::string> expected = {"tags/", "tags/note"};
    BOOST_TEST(test::tree(scratch.path()) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_link_in_place_of_the_file_is_not_written_through, published_scratch) {
    write_file(scratch / "target", "kept");
    std::filesystem::create_symlink("target", scratch / "link");
    BOOST_TEST(publish_file(root, "link", "x") == EEXIST);
    BOOST_TEST(write_unseen_file(root, "link", "x", no_signals) == EEXIST);
    BOOST_TEST(replace_file(root, "link", "new") == 0);
    BOOST_TEST(read_file(scratch / "target") == "kept");
    BOOST_TEST(read_file(scratch / "link") == "new");
}

BOOST_FIXTURE_TEST_CASE(a_link_in_place_of_the_folder_neither, published_scratch) {
    std::filesystem::create_directory(scratch / "elsewhere");
    std::filesystem::create_symlink("elsewhere", scratch / "metrics");
    BOOST_TEST(publish_file(root, "metrics/x", "1") != 0);
    BOOST_TEST(replace_file(root, "metrics/x", "1") != 0);
    BOOST_TEST(write_unseen_file(root, "metrics/x", "1", no_signals) != 0);
    const std::vector<std::string> expected = {"elsewhere/", "metrics"};
    BOOST_TEST(test::tree(scratch.path()) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(modes_are_those_of_the_umask, published_scratch) {
    const mode_t before = ::umask(0027);
    BOOST_TEST(publish_file(root, "a/published", "x") == 0);
    BOOST_TEST(replace_file(root, "replaced", "x") == 0);
    BOOST_TEST(write_unseen_file(root, "unseen", "x", no_signals, durability::synced) == 0);
    ::umask(before);
    struct stat found {};
    for (const char* name : {"a/published", "replaced", "unseen"}) {
        BOOST_TEST(root.status(name, found) == 0);
        BOOST_TEST((found.st_mode & 0777) == 0640u);
    }
    BOOST_TEST(root.status("a", found) == 0);
    BOOST_TEST((found.st_mode & 0777) == 0750u);
}

BOOST_FIXTURE_TEST_CASE(of_many_publishers_one_wins, published_scratch) {
    std::atomic<int> winners{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            const int failed = publish_file(root, "meta.yaml", std::to_string(i));
            if (failed == 0) ++winners;
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(winners.load() == 1);
    BOOST_TEST(test::tree(scratch.path()) == std::vector<std::string>{"meta.yaml"},
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_reader_never_sees_a_mixture, published_scratch) {
    const std::string texts[] = {std::string(20000, 'a'), std::string(3, 'b')};
    BOOST_TEST(replace_file(root, "file", texts[0]) == 0);
    std::atomic<bool> ended{false};
    std::atomic<int> torn{0};
    std::thread reader([&] {
        std::string bytes;
        while (!ended) {
            if (root.read("file", bytes) != 0 || (bytes != texts[0] && bytes != texts[1])) ++torn;
        }
    });
    for (std::size_t i = 0; i < 2000; ++i) replace_file(root, "file", texts[i % 2]);
    ended = true;
    reader.join();
    BOOST_TEST(torn.load() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
