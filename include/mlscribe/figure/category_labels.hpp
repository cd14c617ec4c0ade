// SPDX-License-Identifier: MIT
/// \file Texts below columns: level, turned, or some of them, so that none overlaps another.
#ifndef MLSCRIBE_FIGURE_CATEGORY_LABELS_HPP
#define MLSCRIBE_FIGURE_CATEGORY_LABELS_HPP

#include <mlscribe/figure/svg_elements.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The widest of some texts as they are shown.
inline double widest_label(const std::vector<std::string>& labels) {
    double width = 0;
    for (const std::string& label : labels) {
        width = (std::max)(width, text_width(svg_line(label), tick_size));
    }
    return width;
}

class category_labels {
  public:
    /// \param box  of the columns and these labels, about
    category_labels(const std::vector<std::string>& labels, const figure_box& box)
        : labels_(labels),
          widest_(widest_label(labels)),
          longest_((std::min)(130.0, box.height() / 3 / sine)) {
        const double width = box.width();
        const double column =
            width / static_cast<double>((std::max)(labels.size(), std::size_t(1)));
        const double level_room = widest_ + 8;
        is_level_ = level_room <= column || widest_ <= 32;
        const double needed = is_level_ ? level_room : 18;
        every_ = static_cast<std::size_t>((std::max)(1.0, std::ceil(needed / column)));
    }

    double height() const noexcept {
        return is_level_ ? 18 : 14 + (std::min)(widest_, longest_) * sine;
    }

    /// \param first, last  the ends of all columns
    void append_to(std::string& svg, double first, double last, double y) const {
        const double column = (last - first) / static_cast<double>(labels_.size());
        for (std::size_t i = 0; i < labels_.size(); i += every_) {
            const double x = first + column * (static_cast<double>(i) + 0.5);
            if (is_level_) {
                append_svg_text(svg, x, y + 11, labels_[i],
                                {"muted", tick_size, "middle", false, 0, cut::inside},
                                (std::max)(column * static_cast<double>(every_) - 4, 24.0));
            } else {
                append_svg_text(svg, x + 3, y + 9, labels_[i],
                                {"muted", tick_size, "end", false, -40, cut::inside},
                                (std::min)(longest_, (x - 4) / cosine));
            }
        }
    }

  private:
    static constexpr double sine = 0.643;  // of 40 degrees
    static constexpr double cosine = 0.767;

    const std::vector<std::string>& labels_;
    double widest_;
    double longest_;
    bool is_level_ = true;
    std::size_t every_ = 1;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
