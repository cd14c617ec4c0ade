// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/artifact_path.hpp>

#include <string>

using mlscribe::detail::check_artifact_path;

BOOST_AUTO_TEST_SUITE(artifact_artifact_path)

BOOST_AUTO_TEST_CASE(any_relative_path) {
    for (const std::string path : {"a", "a/b/c.txt", ".hidden", "..a", "a..", "with blank/\xC3\xBC",
                                   "recall@5.svg", "a:b", "..."}) {
        BOOST_TEST(!check_artifact_path(path, false));
    }
    BOOST_TEST(!check_artifact_path(std::string(255, 'x'), false));
    BOOST_TEST(!check_artifact_path("", true));
}

BOOST_AUTO_TEST_CASE(nothing_that_leaves_artifacts) {
    const std::string nul("a\0b", 3);
    for (const std::string& path :
         {std::string(), std::string("/a"), std::string("."), std::string(".."),
          std::string("../a"), std::string("a/../b"), std::string("a/.."), std::string("./a"),
          std::string("a//b"), std::string("a/"), std::string("caf\xE9"), std::string(256, 'x'),
          nul}) {
        const mlscribe::error failure = check_artifact_path(path, false);
        BOOST_TEST((failure.code == mlscribe::error_code::invalid_path));
        BOOST_TEST(failure.message.compare(0, 15, "artifact path \"") == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
