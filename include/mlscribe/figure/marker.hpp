// SPDX-License-Identifier: MIT
/// \file The shapes that points of one series have.
#ifndef MLSCRIBE_FIGURE_MARKER_HPP
#define MLSCRIBE_FIGURE_MARKER_HPP

#include <mlscribe/figure/palette.hpp>
#include <mlscribe/figure/svg_elements.hpp>
#include <mlscribe/figure/svg_path.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// ` class="c3"`
inline std::string color_attribute(std::size_t series) {
    return " class=\"c" + std::to_string(series % series_colors) + "\"";
}

/// The points of one series, in one path.
class marker_path {
  public:
    explicit marker_path(std::size_t series) noexcept : series_(series) {}

    void add(double x, double y) {
        switch (series_ % 5) {
            case 0:
                path_.dot(x, y);
                break;
            case 1:
                path_.shape(x - 3, y - 3, "h6v6h-6z");
                break;
            case 2:
                path_.shape(x, y - 4, "l4 7h-8z");
                break;
            case 3:
                path_.shape(x, y - 4.3, "l4.3 4.3-4.3 4.3-4.3-4.3z");
                break;
            default:
                path_.shape(x, y - 3.5, "l-3.5 6.7h7z");
                break;
        }
    }
    /// \param attributes  more of them
    void append_to(std::string& svg, std::string_view attributes = {}) const {
        std::string all = color_attribute(series_);
        all += series_ % 5 == 0
                   ? " stroke=\"currentColor\" stroke-width=\"6.5\" stroke-linecap=\"round\""
                   : " fill=\"currentColor\"";
        append_path(svg, all.append(attributes), path_.text());
    }

  private:
    std::size_t series_;
    svg_path path_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
