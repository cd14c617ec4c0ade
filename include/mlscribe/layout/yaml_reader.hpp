// SPDX-License-Identifier: MIT
/// \file Reads the YAML that MLflow writes into its store, and what people make of it by hand.
#ifndef MLSCRIBE_LAYOUT_YAML_READER_HPP
#define MLSCRIBE_LAYOUT_YAML_READER_HPP

#include <mlscribe/layout/yaml_resolver.hpp>
#include <mlscribe/layout/yaml_scanner.hpp>
#include <mlscribe/layout/yaml_value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// A value of two bytes takes a hundred of memory. MLflow's files have some dozens.
inline constexpr std::size_t max_yaml_values = 65536;

namespace detail {

/// The structure of a YAML text: block mappings and sequences by their columns, flow ones by their
/// brackets. Goes over the text once; recursion is bounded by max_depth.
class yaml_parser : public yaml_scanner {
  public:
    using yaml_scanner::yaml_scanner;

    bool parse(yaml_value& root) {
        if (!check_characters()) return false;
        bool new_line = true;
        if (!skip_to_token(false, false, new_line)) return false;
        if (at_document_mark() && peek() == '-') {
            advance(3);
            new_line = false;
            if (!skip_to_token(false, true, new_line)) return false;
        }
        if (done() || at_document_mark()) return fail("an empty file");
        if (!parse_block(-1, 0, new_line, root)) return false;
        if (root.type != yaml_value::kind::mapping) return fail("no `key: value` lines");
        if (!next_line_token()) return false;
        while (at_document_mark() && peek() == '.') {
            advance(3);
            if (!skip_to_token(false, true, new_line)) return false;
        }
        if (at_document_mark()) return fail("a second document");
        return done() || fail("a line that belongs to no block");
    }

  private:
    static constexpr int max_depth = 32;
    static constexpr std::size_t max_key_characters = 1024;  // PyYAML's
    static constexpr std::size_t usual_keys = 16;            // of a run

    bool at_item() const noexcept { return peek() == '-' && at_gap(1); }

    /// Before one more item or entry is kept.
    bool count_value() {
        if (++values_ <= max_yaml_values) return true;
        return fail_at_limit("more than 65536 values, which is this library's limit");
    }

    /// A value at the cursor. \param parent  the column of the block around it, -1 at the top
    /// \param may_open  a block collection may begin here; not behind `key: ` on the same line
    bool parse_block(std::ptrdiff_t parent, int depth, bool may_open, yaml_value& out) {
        if (at_item()) {
            if (!may_open) return fail("a sequence on the line of its key");
            return parse_sequence(column(), depth, out);
        }
        if (peek() == '?' && at_gap(1)) {
            if (!may_open) return fail("a mapping on the line of its key");
            return parse_mapping(column(), depth, out, nullptr);
        }
        if (peek() == '[' || peek() == '{') return parse_flow(parent, depth, out);
        if (peek() == '|' || peek() == '>') {
            out.type = yaml_value::kind::string;
            return scan_block(parent, out.text);
        }
        const std::size_t start = column();
        const std::size_t from = position();
        bool several_lines = false;
        if (!parse_scalar(false, parent, out, several_lines)) return false;
        if (!take_key_end(from, several_lines)) return why().line == 0;
        if (!may_open) return fail("a second `: ` in one line; quote the text");
        std::string key = std::move(out.text);
        out = yaml_value();
        return parse_mapping(start, depth, out, &key);
    }

    /// Takes the `:` behind a key, if there is one. \return false also for a value or an error
    bool take_key_end(std::size_t from, bool several_lines) {
        std::size_t blanks = 0;
        while (is_yaml_blank(peek(blanks))) ++blanks;
        if (peek(blanks) != ':' || !at_gap(blanks + 1)) return false;
        if (several_lines) return fail("a key over several lines");
        if (is_long_key(since(from))) return fail("a key of more than 1024 characters");
        advance(blanks + 1);
        return true;
    }

    static bool is_long_key(std::string_view raw) noexcept {
        return raw.size() > max_key_characters && utf8::length(raw) > max_key_characters;
    }

    /// A mapping whose keys stand in `start`. \param first_key  already read up to its colon
    bool parse_mapping(std::size_t start, int depth, yaml_value& out, std::string* first_key) {
        if (depth >= max_depth) return fail("more than 32 levels");
        out.type = yaml_value::kind::mapping;
        if (depth == 0) out.entries.reserve(usual_keys);
        for (yaml_value key;;) {
            if (!count_value()) return false;
            yaml_value& value = out.entries.emplace_back().second;
            if (first_key != nullptr) {
                key.text = std::move(*first_key);
                first_key = nullptr;
                if (!parse_entry_value(start, depth, false, value)) return false;
            } else if (peek() == '?' && at_gap(1)) {
                if (!parse_explicit_entry(start, depth, key, value)) return false;
            } else {
                const std::size_t from = position();
                bool several_lines = false;
                if (!parse_scalar(false, static_cast<std::ptrdiff_t>(start), key, several_lines) ||
                    !take_key_end(from, several_lines)) {
                    return fail("a line without `: `");
                }
                if (!parse_entry_value(start, depth, false, value)) return false;
            }
            out.entries.back().first = std::move(key.text);
            key.text.clear();
            if (!next_line_token()) return false;
            if (done() || at_document_mark() || column() < start) break;
            if (column() > start) return fail("a line that is indented too far");
            if (at_item()) return fail("a sequence among the keys of a mapping");
        }
        keep_last_of_doubled_keys(out.entries);
        return true;
    }

    /// \param may_open  a block collection may begin on the line of the colon: behind `? key` only
    bool parse_entry_value(std::size_t start, int depth, bool may_open, yaml_value& out) {
        bool new_line = false;
        if (!skip_to_token(false, !may_open, new_line)) return false;
        if (done() || at_document_mark()) return true;
        const auto parent = static_cast<std::ptrdiff_t>(start);
        if (!new_line) return parse_block(parent, depth + 1, may_open, out);
        if (column() > start) return parse_block(parent, depth + 1, true, out);
        if (column() == start && at_item()) return parse_sequence(start, depth + 1, out);
        return true;
    }

    /// `? key` and its `: value`, as PyYAML writes a long key.
    bool parse_explicit_entry(std::size_t start, int depth, yaml_value& key, yaml_value& value) {
        const auto parent = static_cast<std::ptrdiff_t>(start);
        advance();
        bool new_line = false;
        if (!skip_to_token(false, false, new_line)) return false;
        if (new_line || done()) return fail("a `?` without a key on its line");
        if (!parse_block(parent, depth + 1, false, key)) return false;
        if (key.type == yaml_value::kind::mapping || key.type == yaml_value::kind::sequence) {
            return fail("a key that is no text");
        }
        if (!next_line_token()) return false;
        if (column() != start || peek() != ':' || !at_gap(1)) return true;
        advance();
        return parse_entry_value(start, depth, true, value);
    }

    bool parse_sequence(std::size_t start, int depth, yaml_value& out) {
        if (depth >= max_depth) return fail("more than 32 levels");
        out.type = yaml_value::kind::sequence;
        const auto parent = static_cast<std::ptrdiff_t>(start);
        do {
            advance();
            bool new_line = false;
            if (!skip_to_token(false, false, new_line)) return false;
            yaml_value item;
            const bool empty = done() || at_document_mark() || (new_line && column() <= start);
            if (!empty && !parse_block(parent, depth + 1, true, item)) return false;
            if (!count_value()) return false;
            out.items.push_back(std::move(item));
            if (!next_line_token()) return false;
            if (done() || at_document_mark() || column() < start) return true;
            if (column() > start) return fail("a line that is indented too far");
        } while (at_item());
        return true;
    }

    bool parse_flow(std::ptrdiff_t parent, int depth, yaml_value& out) {
        if (depth >= max_depth) return fail("more than 32 levels");
        const bool mapping = peek() == '{';
        const char close = mapping ? '}' : ']';
        out.type = mapping ? yaml_value::kind::mapping : yaml_value::kind::sequence;
        advance();
        for (;;) {
            if (!skip_flow_gap()) return false;
            if (peek() == close) break;
            if (!count_value()) return false;
            yaml_value value;
            if (mapping) {
                yaml_value key;
                if (!parse_flow_entry(parent, depth, key, value)) return false;
                out.entries.push_back({std::move(key.text), std::move(value)});
            } else {
                if (!parse_flow_value(parent, depth, value)) return false;
                out.items.push_back(std::move(value));
            }
            if (!skip_flow_gap()) return false;
            if (peek() == ',') {
                advance();
            } else if (peek() != close) {
                return fail(mapping ? "a `{` that is not closed by `}`"
                                    : "a `[` that is not closed by `]`");
            }
        }
        advance();
        keep_last_of_doubled_keys(out.entries);
        return true;
    }

    bool parse_flow_entry(std::ptrdiff_t parent, int depth, yaml_value& key, yaml_value& value) {
        const bool explicit_key = peek() == '?' && at_gap(1);
        if (explicit_key) {
            advance();
            if (!skip_flow_gap()) return false;
        }
        const std::size_t from = position();
        const std::size_t line = line_start();
        bool several_lines = false;
        if (!parse_scalar(true, parent, key, several_lines)) return false;
        const bool long_key = is_long_key(since(from));
        if (!skip_flow_gap()) return false;
        if (peek() != ':') return true;
        if (!explicit_key && (line_start() != line || long_key)) {
            return fail("a key over several lines or of more than 1024 characters");
        }
        advance();
        if (!skip_flow_gap()) return false;
        return peek() == ',' || peek() == '}' || parse_flow_value(parent, depth, value);
    }

    bool parse_flow_value(std::ptrdiff_t parent, int depth, yaml_value& out) {
        if (peek() == '[' || peek() == '{') return parse_flow(parent, depth + 1, out);
        bool several_lines = false;
        return parse_scalar(true, parent, out, several_lines);
    }

    bool skip_flow_gap() {
        bool new_line = false;
        if (!skip_to_token(true, true, new_line)) return false;
        if (done() || at_document_mark()) return fail("a `[` or `{` that is never closed");
        return true;
    }

    /// Goes to the next token, which must be the first of its line (or the end).
    bool next_line_token() {
        bool new_line = is_first_of_line();
        if (!skip_to_token(false, !new_line, new_line)) return false;
        return new_line || done() || fail("text behind a value; quote the whole of it");
    }

    bool is_first_of_line() const noexcept {
        const std::size_t count = column();
        for (std::size_t back = 0; back < count; ++back) {
            if (peek_at(line_start() + back) != ' ') return false;
        }
        return true;
    }

    bool parse_scalar(bool flow, std::ptrdiff_t parent, yaml_value& out, bool& several_lines) {
        const std::size_t line = line_start();
        const char c = peek();
        if (c == '\'' || c == '"') {
            out.type = yaml_value::kind::string;
            if (c == '"' ? !scan_double_quoted(out.text) : !scan_single_quoted(out.text)) {
                return false;
            }
            several_lines = line_start() != line;
            return true;
        }
        if (c == '&' || c == '*' || c == '!')
            return fail("an anchor, alias or tag; quote the text");
        const bool needs_more = c == '-' || c == '?' || c == ':';
        if (yaml_indicators.has(c) || (needs_more && at_gap(1)) ||
            (flow && (c == '?' || c == ':'))) {
            return fail("a text that begins with an indicator of YAML; quote it");
        }
        const auto indent = static_cast<std::size_t>(parent + 1);
        if (!scan_plain(flow, indent, out.text, several_lines)) return false;
        return resolve(out);
    }

    /// Gives an unquoted scalar its type; refuses those for which PyYAML raises.
    bool resolve(yaml_value& out) {
        constexpr std::size_t python_digits = 4300;  // Python refuses integers beyond
        const std::string_view text = out.text;
        switch (resolve_plain(text)) {
            case plain_type::null:
                out.type = yaml_value::kind::null;
                return true;
            case plain_type::boolean:
                out.type = yaml_value::kind::boolean;
                return true;
            case plain_type::real:
                out.type = yaml_value::kind::real;
                return true;
            case plain_type::string:
                out.type = yaml_value::kind::string;
                return true;
            case plain_type::special:
                return fail("an unquoted `=` or `<<`; quote it");
            case plain_type::integer:
                out.type = yaml_value::kind::integer;
                if (text.size() > python_digits) return fail("a number of too many digits");
                if (is_any_of(text.substr(0, text.find_last_not_of('_') + 1),
                              {"0b", "+0b", "-0b", "0x", "+0x", "-0x"})) {
                    return fail("a number without digits");
                }
                return true;
            case plain_type::date:
                out.type = yaml_value::kind::string;
                out.date = true;
                return is_real_date(text) || fail("a date that does not exist; quote it");
        }
        return false;
    }

    /// As in Python: the first place, the last value.
    static void keep_last_of_doubled_keys(std::vector<yaml_entry>& entries) {
        const auto descends = [](const yaml_entry& a, const yaml_entry& b) {
            return a.first >= b.first;
        };
        // Usual: MLflow sorts them.
        if (std::adjacent_find(entries.begin(), entries.end(), descends) == entries.end()) return;
        std::vector<std::size_t> order(entries.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&entries](std::size_t a, std::size_t b) {
            const int compared = entries[a].first.compare(entries[b].first);
            return compared != 0 ? compared < 0 : a < b;
        });
        std::vector<bool> doubled(entries.size(), false);
        std::size_t kept = 0;
        bool any = false;
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (entries[order[i]].first != entries[order[kept]].first) {
                kept = i;
                continue;
            }
            entries[order[kept]].second = std::move(entries[order[i]].second);
            doubled[order[i]] = any = true;
        }
        if (!any) return;
        std::size_t to = 0;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (doubled[i]) continue;
            if (to != i) entries[to] = std::move(entries[i]);
            ++to;
        }
        entries.resize(to);
    }

    std::size_t values_ = 0;
};

}  // namespace detail

/// Reads a YAML text whose top is a mapping, as PyYAML's safe loader would: block and flow
/// collections, plain, quoted, folded and block scalars, comments, any line break, a byte order
/// mark. Of doubled keys the last one wins; keys are taken as text, whatever their type.
///
/// \param why  gets line and reason of a failure
/// \onfailure  nullopt for what PyYAML refuses (tab indentation, an open quote, no `key: value`,
///             bytes that are not UTF-8), and for anchors, tags, directives, merge keys,
///             collections as keys, more than 32 levels and more than max_yaml_values
/// \cost       O(size), or O(n log n) in the keys of one mapping; allocates a small multiple of the
///             texts in it, and at most some MiB beside them
inline std::optional<yaml_value> read_yaml(std::string_view text, yaml_error* why = nullptr) {
    detail::yaml_parser parser(text);
    std::optional<yaml_value> root(std::in_place);
    if (parser.parse(*root)) return root;
    if (why != nullptr) *why = parser.why();
    return std::nullopt;
}

MLSCRIBE_NAMESPACE_END

#endif
