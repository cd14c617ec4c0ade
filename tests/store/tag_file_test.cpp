// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/tag_file.hpp>

#include <string>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::blocked_signals;
using mlscribe::detail::directory;
using mlscribe::detail::unseen_tags;
using mlscribe::detail::write_tag;

namespace {

struct run_folder {
    test::scratch_directory scratch;
    directory folder;

    run_folder() { BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), folder), 0); }
    error write(const std::string& key, const std::string& value) const {
        return write_tag(folder, "the run", key, value);
    }
    std::string text(const std::string& key) const {
        return test::read_file(scratch / ("tags/" + key));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_tag_file)

BOOST_FIXTURE_TEST_CASE(set_and_replaced, run_folder) {
    for (const std::string value : {"x", "", "two\nlines\n"}) {
        BOOST_TEST(!write("mlflow.note.content", value));
        BOOST_TEST(text("mlflow.note.content") == value);
    }
    BOOST_TEST(!write("team/name", "hpc"));
    BOOST_TEST(text("team/name") == "hpc");
    BOOST_TEST(!write("bad", "caf\xE9"));
    BOOST_TEST(text("bad") == "caf\xEF\xBF\xBD");
}

BOOST_FIXTURE_TEST_CASE(illegal_and_clashing_keys, run_folder) {
    BOOST_TEST((write("a@b", "x").code == error_code::invalid_key));
    BOOST_TEST((write("../x", "x").code == error_code::invalid_key));
    BOOST_TEST(test::tree(scratch.path()).empty());
    BOOST_TEST(!write("a", "x"));
    BOOST_TEST(!write("b/c", "x"));
    BOOST_TEST((write("a/b", "x").code == error_code::key_clash));
    BOOST_TEST((write("b", "x").code == error_code::key_clash));
    BOOST_TEST(text("a") == "x");
    BOOST_TEST(text("b/c") == "x");
}

BOOST_FIXTURE_TEST_CASE(before_anybody_looks_it_is_written_in_place, run_folder) {
    blocked_signals no_signals;
    unseen_tags write_unseen(folder, "the run", no_signals);
    BOOST_TEST(!write_unseen("a", "caf\xE9"));
    BOOST_TEST(!write_unseen("b/c", "x"));
    BOOST_TEST(text("a") == "caf\xEF\xBF\xBD");
    BOOST_TEST(text("b/c") == "x");
    BOOST_TEST((write_unseen("a/b", "x").code == error_code::key_clash));
    BOOST_TEST((write_unseen("b", "x").code == error_code::key_clash));
    BOOST_TEST((write_unseen("../x", "x").code == error_code::invalid_key));
}

BOOST_AUTO_TEST_SUITE_END()
