// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/artifact_file.hpp>

#include <filesystem>
#include <string>

#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::detail::artifact_file;
using mlscribe::detail::directory;

namespace {

struct run_folder {
    test::scratch_directory scratch;
    directory run;

    run_folder() {
        std::filesystem::create_directories(scratch / "artifacts");
        BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), run), 0);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_artifact_file)

BOOST_FIXTURE_TEST_CASE(bytes_of_any_size_in_order, run_folder) {
    std::string expected;
    artifact_file file(run, "a/b");
    BOOST_TEST(!file.open());
    for (const std::size_t size : {1u, 65535u, 65536u, 3u, 200000u, 0u, 7u}) {
        const std::string bytes(size, static_cast<char>('a' + size % 26));
        file.write(bytes);
        expected += bytes;
        BOOST_TEST(!test::exists(scratch / "artifacts/a"));
    }
    BOOST_TEST(!file.publish());
    BOOST_TEST((test::read_file(scratch / "artifacts/a/b") == expected));
    BOOST_TEST(test::tree(scratch.path()).size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_published_is_gone, run_folder) {
    {
        artifact_file file(run, "a");
        BOOST_TEST(!file.open());
        file.write("x");
    }
    artifact_file file(run, "a");
    BOOST_TEST(!file.open());
    file.write(std::string(100000, 'x'));
    file.discard();
    file.write("y");
    BOOST_TEST(test::tree(scratch.path()).size() == 1u);
    BOOST_TEST(!file.good());
}

BOOST_FIXTURE_TEST_CASE(bad_paths, run_folder) {
    BOOST_TEST((artifact_file(run, "../a").open().code == error_code::invalid_path));
    std::filesystem::create_directories(scratch / "artifacts/folder");
    artifact_file file(run, "folder");
    BOOST_TEST(!file.open());
    const mlscribe::error failure = file.publish();
    BOOST_TEST((failure.code == error_code::system));
    BOOST_TEST(failure.message.find("use another path") != std::string::npos);
    BOOST_TEST(test::tree(scratch.path()).size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_forked_child_leaves_it_alone, run_folder) {
    artifact_file file(run, "a");
    BOOST_TEST(!file.open());
    file.write("parent");
    BOOST_TEST(test::in_child([&file] {
                   file.write(std::string(100000, 'c'));
                   file.discard();
                   file.~artifact_file();
                   return std::string("done");
               }) == "done");
    BOOST_TEST(!file.publish());
    BOOST_TEST(test::read_file(scratch / "artifacts/a") == "parent");
}

BOOST_AUTO_TEST_SUITE_END()
