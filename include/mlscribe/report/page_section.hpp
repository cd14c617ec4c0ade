// SPDX-License-Identifier: MIT
/// \file Parts of a page that grow piece by piece and stay within a bound.
#ifndef MLSCRIBE_REPORT_PAGE_SECTION_HPP
#define MLSCRIBE_REPORT_PAGE_SECTION_HPP

#include <mlscribe/report/html_text.hpp>
#include <mlscribe/report/value_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// HTML of bounded size: a piece is there as a whole or left out and counted.
class bounded_html {
  public:
    explicit bounded_html(std::size_t most) : most_(most) {}

    bool add(std::string_view piece) {
        const bool fits = text_.size() + piece.size() <= most_;
        if (fits) {
            text_ += piece;
        } else {
            ++left_out_;
        }
        return fits;
    }
    bool empty() const noexcept { return text_.empty(); }
    std::size_t left() const noexcept { return most_ - text_.size(); }
    std::size_t left_out() const noexcept { return left_out_; }
    const std::string& text() const noexcept { return text_; }

  private:
    std::size_t most_;
    std::size_t left_out_ = 0;
    std::string text_;
};

/// Tells of what was left out; empty where all is there. \param way_out  HTML
inline std::string left_out_note(std::size_t count, std::string_view what,
                                 std::string_view way_out = {}) {
    if (count == 0) return {};
    return "<p class=\"note\">" + count_text(count) + " more " + std::string(what) +
           " did not fit into this file" + std::string(way_out) + ".</p>\n";
}

/// A part with a heading; empty where it has nothing.
inline std::string page_section(std::string_view id, std::string_view title,
                                std::string_view content) {
    if (content.empty()) return {};
    std::string out = "<section id=\"";
    out.append(id).append("\" aria-labelledby=\"").append(id).append("-title\">\n<h2 id=\"");
    out.append(id).append("-title\">").append(title).append("</h2>\n");
    return out.append(content).append("</section>\n");
}

/// What a reader opens to see more.
inline std::string folded(std::string_view summary_html, std::string_view content) {
    if (content.empty()) return {};
    std::string out = "<details><summary>";
    return out.append(summary_html).append("</summary>\n").append(content).append("</details>\n");
}

/// A table that scrolls sideways where it is too wide. \param label  for who cannot see it
inline std::string wide_table(std::string_view label, std::string_view head,
                              std::string_view rows) {
    if (rows.empty()) return {};
    std::string out = "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"";
    out.append(label).append("\"><table>\n");
    if (!head.empty()) out.append("<thead><tr>").append(head).append("</tr></thead>\n");
    return out.append("<tbody>\n").append(rows).append("</tbody></table></div>\n");
}

inline std::string row_head(std::string_view key) {
    return "<th scope=\"row\">" + html_text(key) + "</th>";
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
