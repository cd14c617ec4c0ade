// SPDX-License-Identifier: MIT
/// \file Scans the scalars of a YAML text: plain, quoted and block ones, folded over lines or not.
#ifndef MLSCRIBE_LAYOUT_YAML_SCANNER_HPP
#define MLSCRIBE_LAYOUT_YAML_SCANNER_HPP

#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/layout/yaml_characters.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

/// Why a YAML text cannot be read. `line` counts from 1.
struct yaml_error {
    std::size_t line = 0;
    std::string message;
    bool is_limit = false;  ///< of this library: the text may be sound
};

namespace detail {

/// A cursor over a YAML text. Every scan function leaves the cursor behind what it read, or fails
/// with the first error kept in `why`.
class yaml_scanner {
  public:
    explicit yaml_scanner(std::string_view text) noexcept : text_(text) {
        if (text_.substr(0, 3) == "\xEF\xBB\xBF") text_.remove_prefix(3);
    }

    const yaml_error& why() const noexcept { return why_; }

  protected:
    bool fail(const char* message) { return fail_at(at_, message); }
    bool fail_at_limit(const char* message) {
        why_.is_limit = why_.line == 0;
        return fail(message);
    }

    bool fail_at(std::size_t position, const char* message) {
        if (why_.line != 0) return false;
        why_.line = 1;
        for (std::size_t i = 0; i < position; ++i) {
            if (text_[i] == '\n' || (text_[i] == '\r' && peek_at(i + 1) != '\n')) ++why_.line;
        }
        why_.message = message;
        return false;
    }

    /// libyaml refuses a file with such characters before it looks at anything else.
    bool check_characters() {
        if (is_yaml_readable_ascii(text_)) return true;
        for (std::size_t i = 0; i < text_.size();) {
            const utf8::step c = utf8::first(text_.substr(i));
            if (!c.valid) return fail_at(i, "bytes that are not UTF-8");
            if (!is_yaml_readable(c.code)) return fail_at(i, "a raw control character");
            i += c.size;
        }
        return true;
    }

    bool done() const noexcept { return at_ >= text_.size(); }
    char peek_at(std::size_t i) const noexcept { return i < text_.size() ? text_[i] : '\0'; }
    char peek(std::size_t ahead = 0) const noexcept { return peek_at(at_ + ahead); }
    std::size_t position() const noexcept { return at_; }
    std::size_t line_start() const noexcept { return line_start_; }
    std::size_t column() const noexcept { return at_ - line_start_; }
    std::string_view since(std::size_t from) const noexcept {
        return {text_.data() + from, at_ - from};
    }
    void advance(std::size_t count = 1) noexcept { at_ += count; }

    bool at_break(std::size_t ahead = 0) const noexcept {
        const char c = peek(ahead);
        return c == '\n' || (yaml_rare_breaks.has(c) && yaml_break_at(text_, at_ + ahead) != 0);
    }
    bool at_gap(std::size_t ahead = 0) const noexcept {
        return at_ + ahead >= text_.size() || is_yaml_blank(peek(ahead)) || at_break(ahead);
    }
    bool at_document_mark() const noexcept {
        if (column() != 0 || (peek() != '-' && peek() != '.')) return false;
        const std::string_view three = text_.substr(at_, 3);
        return (three == "---" || three == "...") && at_gap(3);
    }

    /// Goes to the next byte that may mean something.
    void skip_text() noexcept {
        std::size_t next = at_;
        while (next < text_.size() && !yaml_marks.has(text_[next])) ++next;
        at_ = next;
    }
    void skip_blanks() noexcept {
        while (is_yaml_blank(peek())) ++at_;
    }

    /// Takes the line break at the cursor. \return what it counts as: LS and PS stay themselves
    std::string_view take_break() noexcept {
        const std::size_t size = yaml_break_at(text_, at_);
        const std::string_view raw = text_.substr(at_, size);
        at_ += size;
        line_start_ = at_;
        return size == 3 ? raw : std::string_view("\n");
    }

    /// Skips blanks, comments and line breaks up to the next token. A tab may not indent a line of
    /// the block style.
    /// \param on_new_line  set to true where a line break was passed
    bool skip_to_token(bool flow, bool tab_allowed, bool& on_new_line) {
        for (;;) {
            while (peek() == ' ' || (peek() == '\t' && (flow || tab_allowed))) ++at_;
            if (!yaml_gaps.has(peek())) return true;
            if (peek() == '#') {
                while (!done() && !at_break()) ++at_;
            }
            if (!at_break()) break;
            take_break();
            on_new_line = true;
            tab_allowed = false;
        }
        if (peek() == '\t') return fail("a tab; YAML is indented with blanks");
        // libyaml skips it but counts its column; whoever joined two files did not mean that.
        if (column() == 0 && text_.compare(at_, 3, "\xEF\xBB\xBF") == 0) {
            return fail("a byte order mark inside the file");
        }
        return true;
    }

    /// Folds the blanks and line breaks at the cursor onto `out`: blanks inside a line stay, one
    /// line break becomes a blank, n of them n - 1 line feeds.
    /// \param escaped  the first line break was escaped and counts for nothing
    /// \return whether a line break was passed
    bool fold(std::string& out, bool escaped) {
        const std::size_t blanks = at_;
        skip_blanks();
        if (!escaped && !at_break()) {
            out += since(blanks);
            return false;
        }
        if (escaped && !at_break()) return true;
        std::string_view first = escaped ? std::string_view() : take_break();
        if (!escaped) skip_blanks();
        const std::size_t before = out.size();
        while (at_break()) {
            out += take_break();
            skip_blanks();
        }
        if (first == "\n") {
            if (out.size() == before) out += ' ';
        } else if (!first.empty()) {
            out.insert(before, first);
        }
        return true;
    }

    /// An unquoted scalar. \param indent  the least column of its further lines
    /// \param several_lines  set to true where it goes over more than one line
    bool scan_plain(bool flow, std::size_t indent, std::string& out, bool& several_lines) {
        for (;;) {
            const std::size_t from = at_;
            for (skip_text(); !at_gap() && !ends_plain(flow); skip_text()) ++at_;
            out += since(from);
            if (flow && at_tight_colon()) return fail_at_colon();
            if (!at_gap()) return true;
            // The usual end: the next line begins at once, with the next key.
            if (!flow && indent != 0 && peek() == '\n' && !at_gap(1)) return true;
            const std::size_t end = at_;
            const std::size_t end_line = line_start_;
            std::string gap;
            bool broken = false;
            if (!skip_plain_gap(indent, gap, broken)) return false;
            if (flow && at_tight_colon()) return fail_at_colon();
            if (at_ == end || done() || peek() == '#' || ends_plain(flow) || at_document_mark() ||
                (!flow && broken && column() < indent)) {
                at_ = end;
                line_start_ = end_line;
                return true;
            }
            several_lines = several_lines || broken;
            out += gap;
        }
    }

    bool scan_single_quoted(std::string& out) {
        const std::size_t open = at_++;
        for (;;) {
            if (done()) return fail_at(open, "a single quote that is never closed");
            if (at_document_mark()) return fail("a document mark inside quotes");
            if (peek() == '\'') {
                ++at_;
                if (peek() != '\'') return true;
            } else if (at_gap()) {
                fold(out, false);
                continue;
            }
            take_text(out);
        }
    }

    bool scan_double_quoted(std::string& out) {
        const std::size_t open = at_++;
        for (;;) {
            if (done()) return fail_at(open, "a double quote that is never closed");
            if (at_document_mark()) return fail("a document mark inside quotes");
            if (peek() == '"') {
                ++at_;
                return true;
            }
            if (peek() == '\\') {
                ++at_;
                if (at_break()) {
                    take_break();
                    fold(out, true);
                } else if (!scan_escape(out)) {
                    return false;
                }
            } else if (at_gap()) {
                fold(out, false);
            } else {
                take_text(out);
            }
        }
    }

    /// A `|` or `>` scalar. \param parent  the column of the block around it, -1 at the top
    bool scan_block(std::ptrdiff_t parent, std::string& out) {
        const bool literal = text_[at_++] == '|';
        char chomping = '\0';
        std::ptrdiff_t indent = 0;
        for (int i = 0; i < 2; ++i) {
            if (chomping == '\0' && (peek() == '+' || peek() == '-')) {
                chomping = text_[at_++];
            } else if (indent == 0 && peek() >= '1' && peek() <= '9') {
                indent = (text_[at_++] - '0') + (parent < 0 ? 0 : parent);
            }
        }
        skip_blanks();
        if (peek() == '#') {
            while (!done() && !at_break()) ++at_;
        }
        if (!done() && !at_break()) return fail("text behind the mark of a block scalar");
        if (!done()) take_break();
        std::string breaks;
        if (!skip_block_indent(parent, indent, breaks)) return false;
        std::string_view line_end;
        bool was_blank = false;
        while (static_cast<std::ptrdiff_t>(column()) == indent && !done()) {
            const bool is_blank = is_yaml_blank(peek());
            if (literal || line_end != "\n" || was_blank || is_blank) {
                out += line_end;
            } else if (breaks.empty()) {
                out += ' ';
            }
            out += breaks;
            breaks.clear();
            was_blank = is_blank;
            const std::size_t from = at_;
            while (!done() && !at_break()) ++at_;
            out += since(from);
            line_end = done() ? std::string_view() : take_break();
            if (!skip_block_indent(parent, indent, breaks)) return false;
        }
        if (chomping != '-') out += line_end;
        if (chomping == '+') out += breaks;
        return true;
    }

  private:
    /// At least one byte.
    void take_text(std::string& out) {
        const std::size_t from = at_++;
        skip_text();
        out += since(from);
    }

    bool ends_plain(bool flow) const noexcept {
        const char c = peek();
        if (c == ':') return at_gap(1) || (flow && at_tight_colon());
        return flow && is_flow_mark(c);
    }
    /// Behind a text in brackets libyaml refuses it.
    bool at_tight_colon() const noexcept {
        return peek() == ':' && (is_flow_mark(peek(1)) || peek(1) == '?');
    }
    bool fail_at_colon() { return fail("a `:` without a blank behind it, inside of brackets"); }
    static bool is_flow_mark(char c) noexcept {
        return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
    }

    bool skip_plain_gap(std::size_t indent, std::string& gap, bool& broken) {
        const std::size_t from = at_;
        skip_blanks();
        if (!at_break()) {
            gap = since(from);
            return true;
        }
        broken = true;
        const std::string_view first = take_break();
        std::string further;
        for (;;) {
            while (is_yaml_blank(peek())) {
                if (peek() == '\t' && column() < indent) {
                    return fail("a tab; YAML is indented with blanks");
                }
                ++at_;
            }
            if (!at_break()) break;
            further += take_break();
        }
        if (first != "\n") gap = first;
        if (first == "\n" && further.empty()) gap = ' ';
        gap += further;
        return true;
    }

    bool skip_block_indent(std::ptrdiff_t parent, std::ptrdiff_t& indent, std::string& breaks) {
        std::ptrdiff_t deepest = 0;
        for (;;) {
            const auto here = [this] { return static_cast<std::ptrdiff_t>(column()); };
            while (peek() == ' ' && (indent == 0 || here() < indent)) ++at_;
            if (here() > deepest) deepest = here();
            if (peek() == '\t' && (indent == 0 || here() < indent)) {
                return fail("a tab; YAML is indented with blanks");
            }
            if (!at_break()) break;
            breaks += take_break();
        }
        if (indent == 0) {
            indent = deepest;
            if (indent < parent + 1) indent = parent + 1;
            if (indent < 1) indent = 1;
        }
        return true;
    }

    bool scan_escape(std::string& out) {
        constexpr std::string_view names = "0abt\tnvfre \"/\\N_LP";
        constexpr char32_t codes[] = {0,    7,    8,   9,   9,    10,   11,   12,     13,
                                      0x1B, 0x20, '"', '/', '\\', 0x85, 0xA0, 0x2028, 0x2029};
        if (done()) return fail("a double quote that is never closed");
        const char name = text_[at_++];
        if (const std::size_t i = names.find(name); i != std::string_view::npos) {
            utf8::append(out, codes[i]);
            return true;
        }
        const int size = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : 0;
        if (size == 0) return fail("an unknown escape in double quotes");
        char32_t code = 0;
        for (int i = 0; i < size; ++i, ++at_) {
            const char c = peek();
            const char low = static_cast<char>(c | 0x20);
            const bool letter = low >= 'a' && low <= 'f';
            if (!letter && (c < '0' || c > '9')) return fail("a broken \\x, \\u or \\U escape");
            code = (code << 4) | static_cast<char32_t>(letter ? low - 'a' + 10 : c - '0');
        }
        if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
            return fail("an escape that is no Unicode character");
        }
        utf8::append(out, code);
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_start_ = 0;
    yaml_error why_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
