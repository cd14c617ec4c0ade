// SPDX-License-Identifier: MIT
/// \file A .png file's pixels, as libpng reads them.
#ifndef MLSCRIBE_TESTS_IMAGE_DECODED_PNG_HPP
#define MLSCRIBE_TESTS_IMAGE_DECODED_PNG_HPP

#include <png.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "give_up.hpp"

namespace test {

struct decoded_png {
    std::size_t width;
    std::size_t height;
    std::size_t channels;
    std::vector<int> values;
};

inline decoded_png decode(const std::string& bytes) {
    png_image picture;
    std::memset(&picture, 0, sizeof picture);
    picture.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&picture, bytes.data(), bytes.size()) == 0) {
        give_up(std::string("no PNG: ") + picture.message);
    }
    std::vector<unsigned char> values(PNG_IMAGE_SIZE(picture));
    const std::size_t channels = PNG_IMAGE_SAMPLE_CHANNELS(picture.format);
    if (png_image_finish_read(&picture, nullptr, values.data(), 0, nullptr) == 0) {
        give_up(std::string("no pixels: ") + picture.message);
    }
    return {picture.width, picture.height, channels, {values.begin(), values.end()}};
}

}  // namespace test

#endif
