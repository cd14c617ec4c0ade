// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure/color_map.hpp>
#include <mlscribe/figure/palette.hpp>

#include <array>
#include <cmath>
#include <string>

namespace {

using triple = std::array<double, 3>;

/// Of light, from `#rrggbb`.
triple light_of(const std::string& color) {
    triple light{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double part = std::stoi(color.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
        light[i] = part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    }
    return light;
}

double contrast(const std::string& one, const std::string& other) {
    const auto luminance = [](const triple& c) {
        return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
    };
    const double a = luminance(light_of(one)) + 0.05;
    const double b = luminance(light_of(other)) + 0.05;
    return a > b ? a / b : b / a;
}

triple multiplied(const std::array<triple, 3>& matrix, const triple& vector) {
    triple product{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t i = 0; i < 3; ++i) product[row] += matrix[row][i] * vector[i];
    }
    return product;
}

/// In OKLab, where distances are about what people see.
triple seen_as(const std::array<triple, 3>& eye, const std::string& color) {
    triple light = multiplied(eye, light_of(color));
    for (double& part : light) part = std::fmin(std::fmax(part, 0), 1);
    triple cones = multiplied({{{0.4122214708, 0.5363325363, 0.0514459929},
                                {0.2119034982, 0.6806995451, 0.1073969566},
                                {0.0883024619, 0.2817188376, 0.6299787005}}},
                              light);
    for (double& part : cones) part = std::cbrt(part);
    return multiplied({{{0.2104542553, 0.7936177850, -0.0040720468},
                        {1.9779984951, -2.4285922050, 0.4505937099},
                        {0.0259040371, 0.7827717662, -0.8086757660}}},
                      cones);
}

double distance(const triple& a, const triple& b) {
    return std::sqrt(std::pow(a[0] - b[0], 2) + std::pow(a[1] - b[1], 2) +
                     std::pow(a[2] - b[2], 2));
}

struct eye {
    const char* name;
    std::array<triple, 3> matrix;
    double least;
};
/// Dichromats after Machado, Oliveira and Fernandes.
const eye eyes[] = {
    {"most people", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, 0.1},
    {"without red cones",
     {{{0.152286, 1.052583, -0.204868},
       {0.114503, 0.786281, 0.099216},
       {-0.003882, -0.048116, 1.051998}}},
     0.1},
    {"without green cones",
     {{{0.367322, 0.860646, -0.227968},
       {0.280085, 0.672501, 0.047413},
       {-0.011820, 0.042940, 0.968881}}},
     0.1},
    {"without blue cones",
     {{{1.255528, -0.076749, -0.178779},
       {-0.078411, 0.930809, 0.147602},
       {0.004733, 0.691367, 0.303900}}},
     0.08},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(figure_palette)

BOOST_AUTO_TEST_CASE(colour_blind_people_tell_every_two_series_apart) {
    using mlscribe::detail::dark_colors;
    using mlscribe::detail::light_colors;
    for (const auto& colors : {light_colors, dark_colors}) {
        for (const eye& each : eyes) {
            for (const char* const one : colors.series) {
                for (const char* const other : colors.series) {
                    if (one == other) continue;
                    BOOST_TEST(distance(seen_as(each.matrix, one), seen_as(each.matrix, other)) >=
                                   each.least,
                               each.name << ": " << one << " and " << other);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(series_and_texts_stand_out_from_both_backgrounds) {
    for (const auto& colors : {mlscribe::detail::light_colors, mlscribe::detail::dark_colors}) {
        for (const char* const color : colors.series) BOOST_TEST(contrast(color, colors.back) >= 3);
        BOOST_TEST(contrast(colors.ink, colors.back) >= 7);
        BOOST_TEST(contrast(colors.muted, colors.back) >= 4.5);
    }
}

BOOST_AUTO_TEST_CASE(the_map_of_colours_grows_in_lightness_for_every_eye) {
    using mlscribe::detail::color_levels;
    using mlscribe::detail::map_color;
    BOOST_TEST(map_color(0) == "#440154");
    BOOST_TEST(map_color(color_levels - 1) == "#fde725");
    for (const eye& each : eyes) {
        for (std::size_t level = 4; level < color_levels; ++level) {
            BOOST_TEST(seen_as(each.matrix, map_color(level))[0] >
                       seen_as(each.matrix, map_color(level - 4))[0]);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
