// SPDX-License-Identifier: MIT
/// \file A figure as SVG.
#ifndef MLSCRIBE_FIGURE_FIGURE_TEXT_HPP
#define MLSCRIBE_FIGURE_FIGURE_TEXT_HPP

#include <mlscribe/figure/bar_plot.hpp>
#include <mlscribe/figure/cell_plot.hpp>
#include <mlscribe/figure/figure_content.hpp>
#include <mlscribe/figure/figure_summary.hpp>
#include <mlscribe/figure/number_plot.hpp>
#include <mlscribe/figure/page.hpp>

#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Plot>
std::string drawn(const figure_content& content) {
    const Plot plot(content);
    std::vector<std::string> notes = plot.notes().texts();
    notes.insert(notes.end(), content.misuses.begin(), content.misuses.end());
    std::string about = figure_summary(content);
    for (const std::string& note : notes) about += ". " + note;
    std::string svg = page_head(content, about);
    plot.append_to(svg, append_page(svg, content, notes));
    return svg += "</svg>\n";
}

inline std::string figure_text(const figure_content& content) {
    switch (content.frame) {
        case figure_frame::categories:
            return drawn<bar_plot>(content);
        case figure_frame::cells:
            return drawn<cell_plot>(content);
        default:
            return drawn<number_plot>(content);
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
