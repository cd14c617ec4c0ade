// SPDX-License-Identifier: MIT
/// \file A value read from a YAML file, as PyYAML types it.
#ifndef MLSCRIBE_LAYOUT_YAML_VALUE_HPP
#define MLSCRIBE_LAYOUT_YAML_VALUE_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

struct yaml_entry;

/// A scalar, mapping or sequence. Scalars keep their spelling: `0x1F` is an integer whose text is
/// "0x1F". A mapping keeps the order of the file.
struct yaml_value {
    enum class kind { null, boolean, integer, real, string, mapping, sequence };

    kind type = kind::null;
    std::string text;                 ///< of a scalar, decoded
    std::vector<yaml_entry> entries;  ///< of a mapping
    std::vector<yaml_value> items;    ///< of a sequence
    /// A string that was written as an unquoted date: MLflow gets a Python date, not a text.
    bool date = false;

    /// The value of `key` in a mapping. \return null where there is none \cost O(entries)
    const yaml_value* find(std::string_view key) const noexcept;
};

/// One `key: value` of a mapping. Not a std::pair: clang 14 cannot complete one of an incomplete
/// type.
struct yaml_entry {
    std::string first;  ///< the key as text, whatever its type
    yaml_value second;
};

inline const yaml_value* yaml_value::find(std::string_view key) const noexcept {
    for (const auto& entry : entries) {
        if (entry.first == key) return &entry.second;
    }
    return nullptr;
}

/// The number behind an integer scalar in any of YAML 1.1's spellings: `1_000`, `0x1F`, `017`,
/// `0b11`, `1:30`. \return nullopt for other kinds and for numbers beyond 64 bits
inline std::optional<std::int64_t> to_integer(const yaml_value& value) noexcept {
    if (value.type != yaml_value::kind::integer) return std::nullopt;
    std::string_view rest = value.text;
    const bool negative = !rest.empty() && rest.front() == '-';
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
    std::uint64_t base = 10;
    if (rest.size() > 1 && rest.front() == '0') {
        base = rest[1] == 'x' ? 16 : rest[1] == 'b' ? 2 : 8;
        rest.remove_prefix(base == 8 ? 1 : 2);
    }
    constexpr std::uint64_t most = (std::numeric_limits<std::uint64_t>::max)();
    std::uint64_t total = 0;  // of the base 60 groups before this one
    std::uint64_t group = 0;
    const auto join = [&] {
        if (total > (most - group) / 60) return false;
        total = total * 60 + group;
        group = 0;
        return true;
    };
    for (const char c : rest) {
        if (c == '_') continue;
        if (c == ':') {
            if (!join()) return std::nullopt;
            continue;
        }
        const std::uint64_t digit =
            static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        if (digit >= base || group > (most - digit) / base) return std::nullopt;
        group = group * base + digit;
    }
    if (!join()) return std::nullopt;
    constexpr std::uint64_t limit = 0x8000000000000000u;
    if (negative) {
        if (total > limit) return std::nullopt;
        return total == limit ? (std::numeric_limits<std::int64_t>::min)()
                              : -static_cast<std::int64_t>(total);
    }
    if (total >= limit) return std::nullopt;
    return static_cast<std::int64_t>(total);
}

MLSCRIBE_NAMESPACE_END

#endif
