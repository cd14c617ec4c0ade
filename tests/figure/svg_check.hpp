// SPDX-License-Identifier: MIT
/// \file Whether a text is well-formed XML as figures write it, read without mercy.
#ifndef MLSCRIBE_TESTS_FIGURE_SVG_CHECK_HPP
#define MLSCRIBE_TESTS_FIGURE_SVG_CHECK_HPP

#include <mlscribe/layout/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// Reads one tag after the other; `failure` is empty where all is well.
class svg_check {
  public:
    explicit svg_check(std::string_view svg) : rest_(svg) {
        check_characters();
        while (failure.empty() && !rest_.empty()) {
            read_text();
            if (failure.empty() && !rest_.empty()) read_tag();
        }
        if (failure.empty() && !open_.empty()) failure = open_.back() + " stays open";
        if (failure.empty() && elements == 0) failure = "no element";
    }

    std::string failure;
    std::size_t elements = 0;
    std::vector<std::string> texts;  ///< of <text> elements, escaped

  private:
    void check_characters() {
        for (std::string_view left = rest_; !left.empty();) {
            const auto next = mlscribe::utf8::first(left);
            const bool is_legal = next.valid && (next.code >= 0x20 || next.code == '\n') &&
                                  next.code != 0xFFFE && next.code != 0xFFFF;
            if (!is_legal) failure = "a character that XML does not have";
            left.remove_prefix(next.size);
        }
    }

    void check_entities(std::string_view text) {
        for (std::size_t at = 0; (at = text.find('&', at)) != text.npos; ++at) {
            const std::string_view entity = text.substr(at, text.find(';', at) - at + 1);
            constexpr std::string_view known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
            if (std::find(std::begin(known), std::end(known), entity) == std::end(known)) {
                failure = "a bare &";
            }
        }
    }

    void read_text() {
        const std::string_view text = rest_.substr(0, rest_.find('<'));
        rest_.remove_prefix(text.size());
        check_entities(text);
        if (open_.empty() && text.find_first_not_of('\n') != text.npos) {
            failure = "a text outside of the picture";
        }
        if (!open_.empty() && open_.back() == "text") texts.emplace_back(text);
    }

    void read_tag() {
        const std::size_t end = rest_.find('>');
        if (end == rest_.npos) {
            failure = "a tag without its end";
            return;
        }
        std::string_view tag = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        ++elements;
        if (tag.find("nan") != tag.npos || tag.find("inf") != tag.npos) {
            failure = "no number: " + std::string(tag);
        }
        if (tag.substr(0, 1) == "/") {
            if (open_.empty() || open_.back() != tag.substr(1)) {
                failure = std::string(tag) + " closes what is not open";
            } else {
                open_.pop_back();
            }
            return;
        }
        const std::string name(tag.substr(0, tag.find_first_of(" /")));
        constexpr std::string_view known[] = {"svg",  "title", "desc", "style",
                                              "rect", "path",  "text"};
        if (std::find(std::begin(known), std::end(known), name) == std::end(known)) {
            failure = "an element <" + name + ">";
        }
        const bool is_empty = tag.back() == '/';
        if (is_empty) tag.remove_suffix(1);
        read_attributes(tag.substr(name.size()));
        if (!is_empty) open_.push_back(name);
    }

    void read_attributes(std::string_view text) {
        std::vector<std::string_view> seen;
        while (failure.empty() && !text.empty()) {
            const std::size_t quote = text.find("=\"");
            const std::size_t end = quote == text.npos ? text.npos : text.find('"', quote + 2);
            if (text[0] != ' ' || end == text.npos) {
                failure = "attributes: " + std::string(text);
                return;
            }
            const std::string_view name = text.substr(1, quote - 1);
            if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
                failure = "twice: " + std::string(name);
            }
            seen.push_back(name);
            check_entities(text.substr(quote + 2, end - quote - 2));
            text.remove_prefix(end + 1);
        }
    }

    std::string_view rest_;
    std::vector<std::string> open_;
};

}  // namespace test

#endif
