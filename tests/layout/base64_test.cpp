// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/base64.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(layout_base64)

BOOST_AUTO_TEST_CASE(the_vectors_of_the_standard) {
    const char* const expected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (std::size_t size = 0; size <= 6; ++size) {
        const std::string text = std::string("foobar").substr(0, size);
        BOOST_TEST(mlscribe::detail::base64(text) == expected[size]);
        BOOST_TEST(mlscribe::detail::base64_size(size) == std::string(expected[size]).size());
    }
    BOOST_TEST(mlscribe::detail::base64("\xFB\xFF\xFE") == "+//+");
}

BOOST_AUTO_TEST_SUITE_END()
