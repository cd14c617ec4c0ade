// SPDX-License-Identifier: MIT
/// \file A meta.yaml as a list of keys, so that a rewrite changes nothing but what it means to.
#ifndef MLSCRIBE_LAYOUT_META_DOCUMENT_HPP
#define MLSCRIBE_LAYOUT_META_DOCUMENT_HPP

#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/layout/yaml_scalar.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Writes values in PyYAML's block style: two blanks a level, sequences not indented below a key.
class yaml_writer {
  public:
    explicit yaml_writer(std::string& out) noexcept : out_(out) {}

    /// `key: value` with its line end; the cursor already stands in column `indent`.
    void write_entry(const std::string& key, const yaml_value& value, std::size_t indent) {
        // PyYAML's own limit; it cannot read a key of more than 1024 characters before its colon.
        constexpr std::size_t longest_simple_key = 128;
        const std::string spelled = yaml_plain_or_quoted(key);
        const bool simple = spelled.size() <= longest_simple_key;
        if (!simple) out_ += "? ";
        out_ += spelled;
        if (!simple) {
            out_ += '\n';
            out_.append(indent, ' ');
        }
        out_ += ':';
        if (value.type == yaml_value::kind::mapping && !value.entries.empty()) {
            line_end(indent + 2);
            write_entries(value, indent + 2);
        } else if (value.type == yaml_value::kind::sequence && !value.items.empty()) {
            line_end(indent);
            write_items(value, indent);
        } else {
            write_leaf(value);
        }
    }

  private:
    void line_end(std::size_t indent) {
        out_ += '\n';
        out_.append(indent, ' ');
    }

    void write_entries(const yaml_value& mapping, std::size_t indent) {
        bool first = true;
        for (const auto& entry : mapping.entries) {
            if (!first) out_.append(indent, ' ');
            first = false;
            write_entry(entry.first, entry.second, indent);
        }
    }

    void write_items(const yaml_value& sequence, std::size_t indent) {
        bool first = true;
        for (const yaml_value& item : sequence.items) {
            if (!first) out_.append(indent, ' ');
            first = false;
            out_ += '-';
            if (item.type == yaml_value::kind::mapping && !item.entries.empty()) {
                out_ += ' ';
                write_entries(item, indent + 2);
            } else if (item.type == yaml_value::kind::sequence && !item.items.empty()) {
                out_ += ' ';
                write_items(item, indent + 2);
            } else {
                write_leaf(item);
            }
        }
    }

    void write_leaf(const yaml_value& value) {
        out_ += ' ';
        switch (value.type) {
            case yaml_value::kind::mapping:
                out_ += "{}";
                break;
            case yaml_value::kind::sequence:
                out_ += "[]";
                break;
            case yaml_value::kind::null:
                out_ += "null";
                break;
            case yaml_value::kind::boolean:
                write_plain(value, plain_type::boolean);
                break;
            case yaml_value::kind::integer:
                write_plain(value, plain_type::integer);
                break;
            case yaml_value::kind::real:
                write_plain(value, plain_type::real);
                break;
            case yaml_value::kind::string:
                if (value.date) {
                    write_plain(value, plain_type::date);
                } else {
                    out_ += yaml_plain_or_quoted(value.text);
                }
                break;
        }
        out_ += '\n';
    }

    // A value that a caller made may not be what its type says; then it is a text.
    void write_plain(const yaml_value& value, plain_type type) {
        out_ += resolve_plain(value.text) == type ? value.text : yaml_plain_or_quoted(value.text);
    }

    std::string& out_;
};

}  // namespace detail

/// The keys and values of one meta.yaml. Keys that this library does not know are kept, with their
/// nested mappings and sequences. \threadsafety one thread at a time
class meta_document {
  public:
    /// Reads the text of a meta.yaml. \param why  gets line and reason of a failure
    static std::optional<meta_document> parse(std::string_view text, yaml_error* why = nullptr) {
        std::optional<yaml_value> root = read_yaml(text, why);
        if (!root) return std::nullopt;
        std::optional<meta_document> document(std::in_place);
        document->entries_ = std::move(root->entries);
        return document;
    }

    /// The keys in the order of the file, new ones behind them.
    const std::vector<yaml_entry>& entries() const noexcept { return entries_; }

    /// \return null where there is no such key; valid until the next change
    const yaml_value* find(std::string_view key) const noexcept {
        for (const auto& entry : entries_) {
            if (entry.first == key) return &entry.second;
        }
        return nullptr;
    }

    /// Adds a key or replaces its value.
    void set(std::string_view key, yaml_value value) {
        for (auto& entry : entries_) {
            if (entry.first == key) {
                entry.second = std::move(value);
                return;
            }
        }
        entries_.push_back({std::string(key), std::move(value)});
    }
    void set_string(std::string_view key, std::string_view text) {
        set(key, scalar(yaml_value::kind::string, std::string(text)));
    }
    void set_integer(std::string_view key, std::int64_t number) {
        set(key, scalar(yaml_value::kind::integer, std::to_string(number)));
    }
    void set_null(std::string_view key) { set(key, yaml_value()); }
    /// An empty text is null.
    void set_text_or_null(std::string_view key, std::string_view text) {
        if (text.empty()) return set_null(key);
        set_string(key, text);
    }

    /// \return false where there was no such key
    bool erase(std::string_view key) {
        for (auto at = entries_.begin(); at != entries_.end(); ++at) {
            if (at->first != key) continue;
            entries_.erase(at);
            return true;
        }
        return false;
    }

    /// The file's text as MLflow would write it: one `key: value` line each, keys ascending, every
    /// scalar on one line (where PyYAML folds texts of more than 80 columns).
    std::string text() const {
        std::vector<const yaml_entry*> sorted;
        sorted.reserve(entries_.size());
        for (const auto& entry : entries_) sorted.push_back(&entry);
        std::sort(sorted.begin(), sorted.end(),
                  [](const auto* a, const auto* b) { return a->first < b->first; });
        std::string out;
        detail::yaml_writer writer(out);
        for (const auto* entry : sorted) writer.write_entry(entry->first, entry->second, 0);
        if (out.empty()) out = "{}\n";
        return out;
    }

  private:
    static yaml_value scalar(yaml_value::kind type, std::string text) {
        yaml_value value;
        value.type = type;
        value.text = std::move(text);
        return value;
    }

    std::vector<yaml_entry> entries_;
};

MLSCRIBE_NAMESPACE_END

#endif
