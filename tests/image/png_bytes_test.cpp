// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/image/png_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "decoded_png.hpp"

using mlscribe::channel_order;
using mlscribe::image_view;
using mlscribe::detail::png_bytes;
using mlscribe::detail::png_packing;

namespace {

test::decoded_png drawn(const image_view& image, png_packing packing) {
    std::string bytes;
    BOOST_TEST(png_bytes(image, packing, bytes).message == "");
    return test::decode(bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_png_bytes)

BOOST_AUTO_TEST_CASE(every_value_of_every_kind_comes_back) {
    std::vector<std::uint8_t> pixels(60 * 4 * 50);
    for (std::size_t i = 0; i != pixels.size(); ++i) {
        pixels[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    }
    for (const png_packing packing : {png_packing::tight, png_packing::quick}) {
        for (const std::int64_t channels : {1, 3, 4}) {
            const test::decoded_png back = drawn({pixels.data(), 60, 50, channels}, packing);
            BOOST_TEST(back.width == 60u);
            BOOST_TEST(back.height == 50u);
            BOOST_TEST(back.channels == static_cast<std::size_t>(channels));
            const std::vector<int> expected(pixels.begin(), pixels.begin() + 60 * 50 * channels);
            BOOST_TEST((back.values == expected));
        }
    }
}

BOOST_AUTO_TEST_CASE(gaps_between_rows_and_blue_before_red_are_left_to_libpng) {
    const std::uint8_t pixels[] = {1, 2, 3, 99, 4, 5, 6, 99, 7, 8, 9};
    const image_view image{pixels, 1, 3, 3, 4, channel_order::bgr};
    BOOST_TEST(
        drawn(image, png_packing::tight).values == (std::vector<int>{3, 2, 1, 6, 5, 4, 9, 8, 7}),
        boost::test_tools::per_element());
    const image_view seen{pixels, 2, 1, 4, 0, channel_order::bgr};
    BOOST_TEST(
        drawn(seen, png_packing::tight).values == (std::vector<int>{3, 2, 1, 99, 6, 5, 4, 99}),
        boost::test_tools::per_element());
    const image_view grey{pixels, 3, 1, 1, 0, channel_order::bgr};
    BOOST_TEST(drawn(grey, png_packing::tight).values == (std::vector<int>{1, 2, 3}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_libpng_refuses_is_said_in_its_words) {
    const std::uint8_t pixel = 0;
    std::string bytes = "before";
    const mlscribe::error failure =
        png_bytes({&pixel, 2000000, 1, 1, 2}, png_packing::tight, bytes);
    BOOST_TEST_INFO(failure.message);
    BOOST_TEST(failure.message.find("libpng: ") == 0u);
    BOOST_TEST(bytes == "");
}

BOOST_AUTO_TEST_SUITE_END()
