// SPDX-License-Identifier: MIT
/// \file The small picture that the UI's image grid shows.
#ifndef MLSCRIBE_IMAGE_THUMBNAIL_HPP
#define MLSCRIBE_IMAGE_THUMBNAIL_HPP

#include <mlscribe/image/checked_image.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The longer side of MLflow's thumbnails.
inline constexpr std::int64_t thumbnail_side = 256;

/// Each pixel as a square of them: the grid never enlarges, and a digit of 28 x 28 would be a dot.
inline image_view enlarged(const image_view& image, std::size_t factor, std::string& bytes) {
    const auto channels = static_cast<std::size_t>(image.channels);
    const auto height = static_cast<std::size_t>(image.height);
    const auto row_size = static_cast<std::size_t>(image.width) * channels;
    bytes.clear();
    bytes.reserve(row_size * height * factor * factor);
    std::string row;
    for (std::size_t y = 0; y != height; ++y) {
        const auto* const from = reinterpret_cast<const char*>(image.data + y * row_bytes(image));
        row.clear();
        for (std::size_t x = 0; x != row_size; x += channels) {
            for (std::size_t i = 0; i != factor; ++i) row.append(from + x, channels);
        }
        for (std::size_t i = 0; i != factor; ++i) bytes += row;
    }
    const auto times = static_cast<std::int64_t>(factor);
    return {pixels_in(bytes), image.width * times, image.height * times, image.channels, 0,
            image.order};
}

/// Each pixel is the mean of those it stands for; of colours with alpha, as far as they are seen.
inline image_view reduced(const image_view& image, std::int64_t width, std::int64_t height,
                          std::string& bytes) {
    const auto channels = static_cast<std::size_t>(image.channels);
    const auto border = [](std::int64_t at, std::int64_t from, std::int64_t to) {
        return static_cast<std::size_t>(at * from / to);
    };
    bytes.clear();
    bytes.reserve(static_cast<std::size_t>(width * height) * channels);
    for (std::int64_t y = 0; y != height; ++y) {
        const std::size_t top = border(y, image.height, height);
        const std::size_t bottom = border(y + 1, image.height, height);
        for (std::int64_t x = 0; x != width; ++x) {
            const std::size_t left = border(x, image.width, width);
            const std::size_t right = border(x + 1, image.width, width);
            std::uint64_t sums[4] = {};
            std::uint64_t weight = 0;
            for (std::size_t row = top; row != bottom; ++row) {
                const std::uint8_t* pixel = image.data + row * row_bytes(image) + left * channels;
                for (std::size_t column = left; column != right; ++column, pixel += channels) {
                    const std::uint64_t seen = channels == 4 ? pixel[3] : 1;
                    weight += seen;
                    for (std::size_t i = 0; i != (std::min)(channels, std::size_t{3}); ++i) {
                        sums[i] += seen * pixel[i];
                    }
                }
            }
            const auto append_mean = [&bytes](std::uint64_t sum, std::uint64_t count) {
                bytes += static_cast<char>(count == 0 ? 0 : (sum + count / 2) / count);
            };
            for (std::size_t i = 0; i != (std::min)(channels, std::size_t{3}); ++i) {
                append_mean(sums[i], weight);
            }
            if (channels == 4) append_mean(weight, (bottom - top) * (right - left));
        }
    }
    return {pixels_in(bytes), width, height, image.channels, 0, image.order};
}

/// The picture with a longer side of at most 256 pixels, enlarged by a whole number where it is
/// small; itself where that is 1. \param bytes  where a new one lies
inline image_view thumbnail_of(const image_view& image, std::string& bytes) {
    const std::int64_t longer = (std::max)(image.width, image.height);
    if (longer > thumbnail_side) {
        const auto shorter = [longer](std::int64_t side) {
            return (std::max)(std::int64_t{1}, side * thumbnail_side / longer);
        };
        return reduced(image, shorter(image.width), shorter(image.height), bytes);
    }
    const std::int64_t factor = thumbnail_side / longer;
    return factor == 1 ? image : enlarged(image, static_cast<std::size_t>(factor), bytes);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
