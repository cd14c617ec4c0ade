// SPDX-License-Identifier: MIT
/// \file A tree of values as a JSON or YAML file holds it.
#ifndef MLSCRIBE_LAYOUT_DOCUMENT_HPP
#define MLSCRIBE_LAYOUT_DOCUMENT_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/layout/read_float.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

struct document_entry;

/// One value: what `run.log_dict` writes. Numbers are kept as text, so that none loses a digit.
struct document {
    enum class kind { null, boolean, integer, real, text, list, map };

    kind type = kind::null;
    /// Of a boolean `true` or `false`, of an integer its decimal digits, of a real what Python's
    /// repr() gives (`0.5`, `1e+16`, `nan`, `-inf`).
    std::string text;
    std::vector<document> items;          ///< of a list
    std::vector<document_entry> entries;  ///< of a map, in the order of insertion

    document() = default;
    document(kind of, std::string as);
    document(const document&) = default;
    document(document&&) = default;
    document& operator=(const document&) = default;
    document& operator=(document&&) = default;
    /// Loops, however deep it is: who reads may have little stack.
    ~document();

    /// The value of a text key in a map. \return null where there is none \cost O(entries)
    const document* find(std::string_view key) const noexcept;
};

/// One `key: value`. The key is a scalar of any kind.
struct document_entry {
    document key;
    document value;
};

inline document::document(kind of, std::string as) : type(of), text(std::move(as)) {}

inline document::~document() {
    const auto is_branch = [](const document& each) {
        return !each.items.empty() || !each.entries.empty();
    };
    const bool is_deep =
        std::any_of(items.begin(), items.end(), is_branch) ||
        std::any_of(entries.begin(), entries.end(),
                    [&](const document_entry& entry) { return is_branch(entry.value); });
    if (!is_deep) return;
    MLSCRIBE_TRY {
        std::vector<document> branches(1);
        branches[0].items.swap(items);
        branches[0].entries.swap(entries);
        while (!branches.empty()) {
            document& last = branches.back();
            document child;
            if (!last.items.empty()) {
                child = std::move(last.items.back());
                last.items.pop_back();
            } else if (!last.entries.empty()) {
                child = std::move(last.entries.back().value);
                last.entries.pop_back();
            } else {
                branches.pop_back();
            }
            if (is_branch(child)) branches.push_back(std::move(child));
        }
    }
    MLSCRIBE_CATCH_ALL {}  // without memory the rest goes level by level
}

inline const document* document::find(std::string_view key) const noexcept {
    for (const document_entry& entry : entries) {
        if (entry.key.type == kind::text && entry.key.text == key) return &entry.value;
    }
    return nullptr;
}

namespace detail {

/// Decimal integers of any size by their value.
inline bool is_less_integer(std::string_view a, std::string_view b) noexcept {
    const bool a_negative = !a.empty() && a.front() == '-';
    const bool b_negative = !b.empty() && b.front() == '-';
    if (a_negative != b_negative) return a_negative;
    const bool less = a.size() != b.size() ? a.size() < b.size() : a < b;
    return a_negative ? a != b && !less : less;
}

/// The order in which Python sorts keys: texts by code point, numbers by value.
inline bool is_less_key(const document& a, const document& b) noexcept {
    if (a.type != b.type) return a.type < b.type;
    if (a.type == document::kind::integer) return is_less_integer(a.text, b.text);
    if (a.type == document::kind::real) {
        double left = 0;
        double right = 0;
        detail::from_chars(a.text.data(), a.text.data() + a.text.size(), left);
        detail::from_chars(b.text.data(), b.text.data() + b.text.size(), right);
        return left < right;
    }
    return a.text < b.text;  // the bytes of UTF-8 sort as its code points do
}

/// The positions of a map's entries, sorted by key; equal keys keep their order.
inline std::vector<std::size_t> order_of_keys(const document& map) {
    std::vector<std::size_t> order(map.entries.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&map](std::size_t a, std::size_t b) {
        const document& left = map.entries[a].key;
        const document& right = map.entries[b].key;
        if (is_less_key(left, right)) return true;
        return !is_less_key(right, left) && a < b;
    });
    return order;
}

/// Leaves one entry of each key as Python's dict does: the last value at the place of the first.
inline void keep_last_of_each_key(document& map) {
    const std::vector<std::size_t> order = order_of_keys(map);
    std::vector<bool> repeated(order.size(), false);
    std::size_t count = order.size();
    for (std::size_t i = 1, first = 0; i < order.size(); ++i) {
        document_entry& kept = map.entries[order[first]];
        document_entry& next = map.entries[order[i]];
        if (kept.key.type != next.key.type || kept.key.text != next.key.text) {
            first = i;
            continue;
        }
        std::swap(kept.value, next.value);
        repeated[order[i]] = true;
        --count;
    }
    if (count == order.size()) return;
    std::vector<document_entry> unique;
    unique.reserve(count);
    for (std::size_t i = 0; i < repeated.size(); ++i) {
        if (!repeated[i]) unique.push_back(std::move(map.entries[i]));
    }
    map.entries = std::move(unique);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
