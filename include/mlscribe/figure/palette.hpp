// SPDX-License-Identifier: MIT
/// \file The colours of figures on light and on dark backgrounds, and what else tells series apart.
#ifndef MLSCRIBE_FIGURE_PALETTE_HPP
#define MLSCRIBE_FIGURE_PALETTE_HPP

#include <mlscribe/figure/figure_content.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::size_t series_colors = 7;

struct figure_colors {
    const char* back;
    const char* ink;
    const char* muted;
    const char* axis;
    const char* grid;
    const char* series[series_colors];
};

/// After Okabe and Ito, moved so that people with any kind of colour blindness tell every two of
/// them apart, and that each stands out from its background.
inline constexpr figure_colors light_colors = {
    "#ffffff", "#1f2328",
    "#59636e", "#8c959f",
    "#e4e7eb", {"#1657b0", "#bc4808", "#008b74", "#e359b7", "#bb8e00", "#0997ff", "#654b56"}};
inline constexpr figure_colors dark_colors = {
    "#15181d", "#e6edf3",
    "#9da7b3", "#626b76",
    "#2b3038", {"#4a81c3", "#ff6800", "#17af65", "#ff80a8", "#f6c858", "#8ae3e1", "#a1aeea"}};

/// Solid for the first series_colors series, then dashed.
inline std::string_view dash_of(std::size_t series) noexcept {
    constexpr std::string_view dashes[] = {"", "6 3", "2 3", "8 3 2 3"};
    return dashes[series / series_colors % 4];
}

inline void append_color_rules(std::string& css, std::string_view root, const figure_colors& colors,
                               std::size_t series) {
    const auto rule = [&](std::string_view name, std::string_view property, const char* value) {
        ((css += root) += " .").append(name) += "{";
        ((css += property) += ":").append(value) += "}\n";
    };
    rule("back", "fill", colors.back);
    rule("ink", "fill", colors.ink);
    rule("muted", "fill", colors.muted);
    rule("axis", "stroke", colors.axis);
    rule("grid", "stroke", colors.grid);
    rule("empty", "fill", colors.grid);
    for (std::size_t i = 0; i < (std::min)(series, series_colors); ++i) {
        rule("c" + std::to_string(i), "color", colors.series[i]);
    }
}

/// The class of the `<svg>` element, so that figures of other themes can stand on the same page.
inline std::string_view theme_class(figure_theme theme) noexcept {
    return theme == figure_theme::light  ? "mlscribe-light"
           : theme == figure_theme::dark ? "mlscribe-dark"
                                         : "mlscribe-figure";
}

/// \param series  whose colours are used
inline std::string style_text(figure_theme theme, std::size_t series, bool has_cells) {
    const std::string root = "." + std::string(theme_class(theme));
    std::string css;
    append_color_rules(css, root, theme == figure_theme::dark ? dark_colors : light_colors, series);
    if (theme == figure_theme::automatic) {
        css += "@media(prefers-color-scheme:dark){\n";
        append_color_rules(css, root, dark_colors, series);
        css += "}\n";
    }
    if (has_cells) {
        css += root + " .on-dark{fill:#fff}\n" + root + " .on-light{fill:#15181d}\n";
    }
    return css;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
