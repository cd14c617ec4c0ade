// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/image/thumbnail.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using mlscribe::image_view;
using mlscribe::detail::thumbnail_of;

namespace {

using pixels = std::vector<std::uint8_t>;

/// The channels of one pixel of the thumbnail.
std::vector<int> pixel(const image_view& image, std::int64_t x, std::int64_t y) {
    const std::uint8_t* const first = image.data + (y * image.width + x) * image.channels;
    return {first, first + image.channels};
}

void has_size(const image_view& image, std::int64_t width, std::int64_t height) {
    BOOST_TEST(image.width == width);
    BOOST_TEST(image.height == height);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_thumbnail)

BOOST_AUTO_TEST_CASE(a_small_picture_is_enlarged_pixel_by_pixel) {
    std::string bytes;
    const pixels two = {1, 2, 3, 4, 5, 6, 99, 99, 7, 8, 9, 10, 11, 12, 99, 99};
    const image_view image = thumbnail_of({two.data(), 2, 2, 3, 8}, bytes);
    has_size(image, 256, 256);
    BOOST_TEST(pixel(image, 127, 127) == (std::vector<int>{1, 2, 3}));
    BOOST_TEST(pixel(image, 128, 127) == (std::vector<int>{4, 5, 6}));
    BOOST_TEST(pixel(image, 127, 128) == (std::vector<int>{7, 8, 9}));
    BOOST_TEST(pixel(image, 255, 255) == (std::vector<int>{10, 11, 12}));
    const pixels digit(28 * 14, 5);
    has_size(thumbnail_of({digit.data(), 28, 14, 1}, bytes), 252, 126);
}

BOOST_AUTO_TEST_CASE(a_picture_of_the_right_size_is_its_own_thumbnail) {
    std::string bytes;
    const pixels own(256 * 200, 5);
    const image_view image = thumbnail_of({own.data(), 256, 200, 1}, bytes);
    BOOST_TEST(image.data == own.data());
    has_size(image, 256, 200);
    has_size(thumbnail_of({own.data(), 129, 100, 1}, bytes), 129, 100);
}

BOOST_AUTO_TEST_CASE(a_large_picture_is_averaged) {
    pixels grey(512 * 1024);
    for (std::size_t i = 0; i != grey.size(); ++i) grey[i] = i % 4 < 2 ? 10 : 21;
    std::string bytes;
    const image_view image = thumbnail_of({grey.data(), 512, 1024, 1}, bytes);
    has_size(image, 128, 256);
    BOOST_TEST(pixel(image, 0, 0) == std::vector<int>{16});
    BOOST_TEST(pixel(image, 127, 255) == std::vector<int>{16});
    // Each pixel belongs to one of the thumbnail, also where the sides do not divide.
    pixels ramp(3 * 257);
    for (std::size_t i = 0; i != ramp.size(); ++i) ramp[i] = static_cast<std::uint8_t>(i / 3);
    const image_view uneven = thumbnail_of({ramp.data(), 3, 257, 1}, bytes);
    has_size(uneven, 2, 256);
    BOOST_TEST(pixel(uneven, 0, 0) == std::vector<int>{0});
    BOOST_TEST(pixel(uneven, 1, 100) == std::vector<int>{100});
}

BOOST_AUTO_TEST_CASE(a_line_keeps_a_pixel) {
    const pixels line(2000, 7);
    std::string bytes;
    has_size(thumbnail_of({line.data(), 2000, 1, 1}, bytes), 256, 1);
    has_size(thumbnail_of({line.data(), 1, 2000, 1}, bytes), 1, 256);
}

BOOST_AUTO_TEST_CASE(a_colour_that_is_not_seen_does_not_tint_its_neighbours) {
    pixels seen_and_not;
    for (int i = 0; i != 512; ++i) {
        for (const int value : {200, 100, 50, 255, 0, 0, 0, 0}) {
            seen_and_not.push_back(static_cast<std::uint8_t>(value));
        }
    }
    std::string bytes;
    const image_view image = thumbnail_of({seen_and_not.data(), 2, 512, 4}, bytes);
    has_size(image, 1, 256);
    BOOST_TEST(pixel(image, 0, 0) == (std::vector<int>{200, 100, 50, 128}));
    const pixels nothing(4 * 512, 0);
    BOOST_TEST(pixel(thumbnail_of({nothing.data(), 512, 1, 4}, bytes), 0, 0) ==
               (std::vector<int>{0, 0, 0, 0}));
}

BOOST_AUTO_TEST_SUITE_END()
