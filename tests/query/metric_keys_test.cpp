// SPDX-License-Identifier: MIT
#include <mlscribe/query/metric_keys.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::list_metric_files;
using mlscribe::detail::read_key_problem;

BOOST_AUTO_TEST_SUITE(query_metric_keys)

BOOST_AUTO_TEST_CASE(files_in_folders_and_links_to_files) {
    const test::scratch_directory scratch;
    for (const char* name : {"m/loss", "m/val/a/b", "m/val/loss", "m/x~", "other/hidden"}) {
        test::write_file(scratch / name, "1 2.0 3\n");
    }
    std::filesystem::create_directories(scratch / "m/empty");
    std::filesystem::create_symlink("../other/hidden", scratch / "m/link");
    std::filesystem::create_symlink("../other", scratch / "m/folder");
    std::filesystem::create_symlink("nowhere", scratch / "m/dangling");
    directory place;
    BOOST_REQUIRE_EQUAL(directory::open(scratch / "m", place), 0);
    std::vector<std::string> keys;
    BOOST_TEST(list_metric_files(place, keys) == 0);
    const std::vector<std::string> expected{"dangling", "link",     "loss",
                                            "val/a/b",  "val/loss", "x~"};
    BOOST_TEST(keys == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_that_mlflow_reads) {
    for (const std::string key : {"loss", "a/b", ".hidden", " lead", "-x", "a:b", "loss\n"}) {
        BOOST_TEST(!read_key_problem(key), key);
    }
    BOOST_TEST(!read_key_problem(std::string(300, 'a').insert(150, "/")));
    for (const std::string key : {"", "x~", "..", "../x", "a//b", "a/", "/a", "a\nb", "\xFF"}) {
        BOOST_TEST(read_key_problem(key).has_value(), key);
    }
}

BOOST_AUTO_TEST_SUITE_END()
