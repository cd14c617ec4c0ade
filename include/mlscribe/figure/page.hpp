// SPDX-License-Identifier: MIT
/// \file What stands around a plot: background, title, legend, notes.
#ifndef MLSCRIBE_FIGURE_PAGE_HPP
#define MLSCRIBE_FIGURE_PAGE_HPP

#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/legend.hpp>
#include <mlscribe/figure/palette.hpp>
#include <mlscribe/figure/svg_elements.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr double page_border = 16;
inline constexpr double note_row = 14;
inline constexpr double note_size = 10;

/// \param about  for readers who do not see the picture
inline std::string page_head(const figure_content& content, std::string_view about) {
    const bool has_cells = content.frame == figure_frame::cells;
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
    append_attribute(svg, "width", content.width);
    append_attribute(svg, "height", content.height);
    svg += " viewBox=\"0 0 " + std::to_string(content.width) + ' ' +
           std::to_string(content.height) + "\" role=\"img\" class=\"";
    svg += theme_class(content.theme);
    svg +=
        "\" style=\"max-width:100%;height:auto\" font-family=\"-apple-system,'Segoe UI',Roboto,"
        "Helvetica,Arial,sans-serif\">\n<title>";
    append_escaped(svg, content.title.empty() ? "Figure" : content.title);
    svg += "</title>\n<desc>";
    append_escaped(svg, about);
    svg += "</desc>\n<style>\n" +
           style_text(content.theme, has_cells ? 1 : content.series.size(), has_cells) +
           "</style>\n";
    svg += "<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n";
    return svg;
}

/// Draws what stands around the plot. \return the part that is left
inline figure_box append_page(std::string& svg, const figure_content& content,
                              const std::vector<std::string>& notes) {
    figure_box box{page_border, page_border, content.width - page_border,
                   content.height - page_border};
    if (!content.title.empty()) {
        append_svg_text(svg, box.left, box.top + 7, content.title,
                        {"ink", title_size, "start", true}, box.width());
        box.top += 23;
    }
    if (!content.subtitle.empty() && content.height >= 240) {
        append_svg_text(svg, box.left, box.top + 4, content.subtitle, {}, box.width());
        box.top += 18;
    }
    box.top += append_legend(svg, content.series, box, content.height);
    box.top += 8;
    // What has no room here stands in <desc>.
    const auto rows = static_cast<std::size_t>(content.height / 8 / note_row);
    for (std::size_t i = (std::min)(notes.size(), rows); i-- > 0;) {
        append_svg_text(svg, box.left, box.bottom - 3, notes[i], {"muted", note_size}, box.width());
        box.bottom -= note_row;
    }
    if (!notes.empty()) box.bottom -= 4;
    return box;
}

/// In place of a plot.
inline void append_no_data(std::string& svg, const figure_box& box) {
    append_rectangle(svg, " class=\"grid\" fill=\"none\"", box);
    append_svg_text(svg, (box.left + box.right) / 2, (box.top + box.bottom) / 2, "no data",
                    {"muted", label_size, "middle"}, box.width());
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
