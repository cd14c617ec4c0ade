// SPDX-License-Identifier: MIT
#include "gallery.hpp"
#include "svg_check.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

BOOST_AUTO_TEST_SUITE(figure_gallery)

// What changes on purpose is written anew with MLSCRIBE_RENEW_FIGURES=1 in the environment of this
// test, and looked at before it is committed.
BOOST_AUTO_TEST_CASE(every_figure_is_the_recorded_one) {
    const char* const data = std::getenv("MLSCRIBE_TEST_DATA");
    BOOST_REQUIRE_MESSAGE(data != nullptr, "MLSCRIBE_TEST_DATA names tests/data");
    const bool renews = std::getenv("MLSCRIBE_RENEW_FIGURES") != nullptr;
    for (const auto& [name, chart] : test::gallery()) {
        const std::string svg = chart.svg();
        BOOST_TEST(test::svg_check(svg).failure == "", name);
        BOOST_TEST(svg.size() < 100u * 1024, name);
        if (svg.size() > 16u * 1024) continue;  // too large to be kept
        const std::string path = std::string(data) + "/figures/" + name + ".svg";
        if (renews) std::ofstream(path, std::ios::binary) << svg;
        std::ifstream file(path, std::ios::binary);
        const std::string recorded{std::istreambuf_iterator<char>(file), {}};
        BOOST_TEST((svg == recorded), path << " is another picture");
    }
}

BOOST_AUTO_TEST_SUITE_END()
