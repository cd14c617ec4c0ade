// SPDX-License-Identifier: MIT
/// \file A document to YAML, byte for byte as Python's `yaml.dump(…)` writes it in block style.
#ifndef MLSCRIBE_LAYOUT_YAML_TEXT_HPP
#define MLSCRIBE_LAYOUT_YAML_TEXT_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/layout/yaml_resolver.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline bool is_wide_break(char32_t c) noexcept {
    return c == U'\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// What PyYAML's emitter finds out about a text, where it may write ASCII only.
struct yaml_analysis {
    bool multiline = false;
    bool plain = true;
    bool single_quoted = true;
};

inline yaml_analysis analysed(std::u32string_view text) noexcept {
    yaml_analysis found;
    if (text.empty()) return found;
    const auto blank_at = [text](std::size_t at) {
        if (at >= text.size()) return true;
        const char32_t c = text[at];
        return c == 0 || c == U' ' || c == U'\t' || c == U'\r' || is_wide_break(c);
    };
    bool indicators = text.substr(0, 3) == U"---" || text.substr(0, 3) == U"...";
    bool special = false;
    bool break_space = false;
    bool space_break = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char32_t c = text[at];
        if (at == 0) {
            constexpr std::u32string_view leading = U"#,[]{}&*!|>'\"%@`";
            indicators = indicators || leading.find(c) != std::u32string_view::npos ||
                         ((c == U'?' || c == U':' || c == U'-') && blank_at(1));
        } else if ((c == U':' && blank_at(at + 1)) || (c == U'#' && blank_at(at - 1))) {
            indicators = true;
        }
        if (is_wide_break(c)) {
            found.multiline = true;
            space_break = space_break || (at != 0 && text[at - 1] == U' ');
        }
        if (c == U' ' && at != 0 && is_wide_break(text[at - 1])) break_space = true;
        if (c != U'\n' && (c < 0x20 || c > 0x7E)) special = true;
    }
    const auto is_edge = [](char32_t c) { return c == U' ' || is_wide_break(c); };
    found.single_quoted = !break_space && !space_break && !special;
    found.plain = found.single_quoted && !indicators && !found.multiline &&
                  !is_edge(text.front()) && !is_edge(text.back());
    return found;
}

inline std::u32string code_points(std::string_view text) {
    std::u32string decoded;
    while (!text.empty()) {
        const utf8::step next = utf8::first(text);
        decoded += next.code;
        text.remove_prefix(next.size);
    }
    return decoded;
}

/// PyYAML's emitter for what log_dict needs: block style, no tags, no anchors. It keeps PyYAML's
/// state (column, whether blank or indention was written last), since the folding hangs on it.
class yaml_emitter {
  public:
    std::string written(const document& root) {
        node(root, context::root);
        write_indent();
        // A text without quotes at the top has no end of its own.
        if (open_ended_) out_ += "...\n";
        return std::move(out_);
    }

  private:
    enum class context { root, item, key, value };

    void node(const document& value, context where) {
        const std::ptrdiff_t outside = indent_;
        if (value.type == document::kind::list && !value.items.empty()) {
            const bool in_map = where == context::key || where == context::value;
            if (!in_map || indention_) indent_ = outside < 0 ? 0 : outside + 2;
            for (const document& item : value.items) {
                write_indent();
                indicator("-", true, true);
                node(item, context::item);
            }
        } else if (value.type == document::kind::map && !value.entries.empty()) {
            indent_ = outside < 0 ? 0 : outside + 2;
            for (const std::size_t at : order_of_keys(value)) entry(value.entries[at]);
        } else {
            indent_ = outside < 0 ? 2 : outside + 2;
            scalar(value, where);
        }
        indent_ = outside;
    }

    void entry(const document_entry& entry) {
        write_indent();
        if (is_simple_key(entry.key)) {
            node(entry.key, context::key);
            indicator(":", false);
        } else {
            indicator("?", true, true);
            node(entry.key, context::value);
            write_indent();
            indicator(":", true, true);
        }
        node(entry.value, context::value);
    }

    static bool is_simple_key(const document& key) {
        if (key.type != document::kind::text) return true;
        constexpr std::size_t tag = 5;  // PyYAML counts the `!!str` that it does not write
        const std::u32string text = code_points(key.text);
        return !text.empty() && text.size() + tag < 128 && !analysed(text).multiline;
    }

    void scalar(const document& value, context where) {
        const bool split = where != context::key;
        if (value.type == document::kind::list || value.type == document::kind::map) {
            indicator(value.type == document::kind::list ? "[" : "{", true, false, true);
            return indicator(value.type == document::kind::list ? "]" : "}", false);
        }
        if (value.type != document::kind::text) {
            return write_plain(code_points(word(value)), split, where);
        }
        const std::u32string text = code_points(value.text);
        const yaml_analysis found = analysed(text);
        if (found.plain && resolve_plain(value.text) == plain_type::string) {
            write_plain(text, split, where);
        } else if (found.single_quoted) {
            write_single_quoted(text, split);
        } else {
            write_double_quoted(text, split);
        }
    }

    static std::string word(const document& scalar) {
        if (scalar.type == document::kind::null) return "null";
        if (scalar.type != document::kind::real) return scalar.text;
        if (scalar.text == "nan") return ".nan";
        if (scalar.text == "inf") return ".inf";
        if (scalar.text == "-inf") return "-.inf";
        std::string text = scalar.text;
        const std::size_t e = text.find('e');
        if (e != std::string::npos && text.find('.') == std::string::npos) text.insert(e, ".0");
        return text;
    }

    void put(std::u32string_view text) {
        for (const char32_t c : text) out_ += static_cast<char>(c);
        column_ += text.size();
    }
    void put(std::string_view text) {
        out_ += text;
        column_ += text.size();
    }

    void indicator(std::string_view text, bool needs_blank, bool indention = false,
                   bool whitespace = false) {
        if (!whitespace_ && needs_blank) put(" ");
        put(text);
        whitespace_ = whitespace;
        indention_ = indention_ && indention;
        open_ended_ = false;
    }

    void line_break() {
        out_ += '\n';
        whitespace_ = true;
        indention_ = true;
        column_ = 0;
    }

    void write_indent() {
        const std::size_t indent = indent_ < 0 ? 0 : static_cast<std::size_t>(indent_);
        if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) line_break();
        if (column_ < indent) {
            whitespace_ = true;
            put(std::string(indent - column_, ' '));
        }
    }

    void write_plain(std::u32string_view text, bool split, context where) {
        if (!whitespace_) put(" ");
        whitespace_ = false;
        indention_ = false;
        for (std::size_t start = 0; start < text.size();) {
            const bool blanks = text[start] == U' ';
            std::size_t end = start;
            while (end < text.size() && (text[end] == U' ') == blanks) ++end;
            if (blanks && end == start + 1 && column_ > width && split) {
                write_indent();
                whitespace_ = false;
                indention_ = false;
            } else {
                put(text.substr(start, end - start));
            }
            start = end;
        }
        open_ended_ = where == context::root;
    }

    void write_single_quoted(std::u32string_view text, bool split) {
        indicator("'", true);
        for (std::size_t start = 0; start < text.size();) {
            const char32_t first = text[start];
            std::size_t end = start + 1;
            if (first == U'\'') {
                put("''");
            } else if (first == U' ') {
                while (end < text.size() && text[end] == U' ') ++end;
                const bool inside = start != 0 && end != text.size();
                if (end == start + 1 && column_ > width && split && inside) {
                    write_indent();
                } else {
                    put(text.substr(start, end - start));
                }
            } else if (first == U'\n') {
                line_break();
                for (line_break(); end < text.size() && text[end] == U'\n'; ++end) line_break();
                write_indent();
            } else {
                while (end < text.size() && text[end] != U' ' && text[end] != U'\n' &&
                       text[end] != U'\'') {
                    ++end;
                }
                put(text.substr(start, end - start));
            }
            start = end;
        }
        indicator("'", false);
    }

    void write_double_quoted(std::u32string_view text, bool split) {
        indicator("\"", true);
        std::size_t start = 0;
        for (std::size_t end = 0; end <= text.size(); ++end) {
            const bool done = end == text.size();
            const char32_t c = done ? U'\0' : text[end];
            if (done || c == U'"' || c == U'\\' || c < 0x20 || c > 0x7E) {
                if (start < end) put(text.substr(start, end - start));
                start = end;
                if (!done) {
                    put(escape(c));
                    start = end + 1;
                }
            }
            if (end > 0 && end + 1 < text.size() && (c == U' ' || start >= end) && split &&
                static_cast<std::ptrdiff_t>(column_ + end) - static_cast<std::ptrdiff_t>(start) >
                    static_cast<std::ptrdiff_t>(width)) {
                if (start < end) {
                    put(text.substr(start, end - start));
                    start = end;
                }
                put("\\");
                write_indent();
                whitespace_ = false;
                indention_ = false;
                if (text[start] == U' ') put("\\");
            }
        }
        indicator("\"", false);
    }

    static std::string escape(char32_t c) {
        constexpr char32_t named[] = {0,    7,    8,    9,    10,   11,     12,    13,
                                      0x1B, 0x22, 0x5C, 0x85, 0xA0, 0x2028, 0x2029};
        constexpr std::string_view names = "0abtnvfre\"\\N_LP";
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (c == named[i]) return {'\\', names[i]};
        }
        std::string out = c <= 0xFF ? "\\x" : c <= 0xFFFF ? "\\u" : "\\U";
        append_upper_hex(out, c, c <= 0xFF ? 2 : c <= 0xFFFF ? 4 : 8);
        return out;
    }

    static constexpr std::size_t width = 80;  // PyYAML folds at the first blank behind it

    std::string out_;
    std::size_t column_ = 0;
    std::ptrdiff_t indent_ = -1;  ///< negative outside the root, where PyYAML has none
    bool whitespace_ = true;
    bool indention_ = true;
    bool open_ended_ = false;
};

}  // namespace detail

/// The bytes that MLflow's log_dict gives a `.yaml` or `.yml` file: block style indented by two,
/// keys sorted, ASCII with escapes in double quotes, long texts folded behind column 80.
/// Bytes that are not UTF-8 become U+FFFD. \cost O(size log size), recursive in the depth
inline std::string yaml_text(const document& value) {
    return detail::yaml_emitter().written(value);
}

MLSCRIBE_NAMESPACE_END

#endif
