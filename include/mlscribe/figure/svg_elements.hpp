// SPDX-License-Identifier: MIT
/// \file The few elements that a figure consists of.
#ifndef MLSCRIBE_FIGURE_SVG_ELEMENTS_HPP
#define MLSCRIBE_FIGURE_SVG_ELEMENTS_HPP

#include <mlscribe/figure/svg_text.hpp>
#include <mlscribe/figure/text_width.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A part of the picture, in pixels.
struct figure_box {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;

    double width() const noexcept { return right - left; }
    double height() const noexcept { return bottom - top; }
};

inline constexpr double title_size = 15;
inline constexpr double label_size = 12;
inline constexpr double tick_size = 11;

struct text_look {
    const char* color = "muted";  ///< its class
    double size = label_size;
    const char* anchor = "start";
    bool bold = false;
    int turned = 0;  ///< degrees
    cut shortening = cut::end;
};

/// A text whose middle line is at y, cut to `room`; in full where a reader asks for it.
inline void append_svg_text(std::string& svg, double x, double y, std::string_view text,
                            const text_look& look, double room) {
    const std::string shown = shortened(text, look.size, room, look.bold, look.shortening);
    const double baseline = look.size * 0.36;
    svg += "<text class=\"";
    svg += look.color;
    svg += '"';
    if (look.turned == 0) {
        append_attribute(svg, "x", x);
        append_attribute(svg, "y", y + baseline);
    } else {
        svg += " transform=\"translate(";
        append_pixels(svg, x);
        svg += ' ';
        append_pixels(svg, y);
        svg += ")rotate(" + std::to_string(look.turned) + ")\"";
        append_attribute(svg, "y", baseline);
    }
    append_attribute(svg, "font-size", look.size);
    if (look.anchor != std::string_view("start")) {
        ((svg += " text-anchor=\"") += look.anchor) += '"';
    }
    if (look.bold) svg += " font-weight=\"600\"";
    svg += '>';
    append_escaped(svg, shown);
    if (shown != svg_line(text)) {
        svg += "<title>";
        append_escaped(svg, text);
        svg += "</title>";
    }
    svg += "</text>\n";
}

/// \param attributes  ` name="value"`, as they are
inline void append_path(std::string& svg, std::string_view attributes, std::string_view steps) {
    if (steps.empty()) return;
    ((svg += "<path").append(attributes) += " d=\"").append(steps) += "\"/>\n";
}

inline void append_rectangle(std::string& svg, std::string_view attributes, const figure_box& box) {
    (svg += "<rect").append(attributes);
    append_attribute(svg, "x", box.left);
    append_attribute(svg, "y", box.top);
    append_attribute(svg, "width", box.width());
    append_attribute(svg, "height", box.height());
    svg += "/>\n";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
