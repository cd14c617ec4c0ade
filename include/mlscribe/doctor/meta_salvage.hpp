// SPDX-License-Identifier: MIT
/// \file What can still be read of a meta.yaml that is empty, cut or wrong.
#ifndef MLSCRIBE_DOCTOR_META_SALVAGE_HPP
#define MLSCRIBE_DOCTOR_META_SALVAGE_HPP

#include <mlscribe/layout/meta_document.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/run_status.hpp>
#include <mlscribe/layout/uri.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The whole document, or else those of its lines that are whole and can be read by themselves.
inline meta_document salvaged_meta(std::string_view text) {
    if (auto whole = meta_document::parse(text)) return std::move(*whole);
    meta_document result;
    // Each line is looked for among those before it, and nobody misses what follows.
    constexpr std::size_t longest = 65536;
    text = text.substr(0, longest);
    for (std::size_t feed = text.find('\n'); feed != std::string_view::npos;
         feed = text.find('\n')) {
        const std::string_view line = text.substr(0, feed + 1);
        text.remove_prefix(feed + 1);
        if (line.front() == ' ' || line.front() == '\t' || line.front() == '-') continue;
        const auto read = meta_document::parse(line);
        if (!read || read->entries().size() != 1) continue;
        const yaml_entry& entry = read->entries().front();
        result.set(entry.first, entry.second);
    }
    return result;
}

/// A text, also where quotes are missing so that it reads as a number, a date or a truth value.
inline std::optional<std::string> salvaged_text(const meta_document& document,
                                                std::string_view key) {
    const yaml_value* const value = document.find(key);
    if (value == nullptr || value->type == yaml_value::kind::null ||
        value->type == yaml_value::kind::mapping || value->type == yaml_value::kind::sequence) {
        return std::nullopt;
    }
    return value->text;
}

/// Milliseconds, also in quotes or written as a float.
inline std::optional<std::int64_t> salvaged_time(const meta_document& document,
                                                 std::string_view key) {
    const yaml_value* const value = document.find(key);
    if (value == nullptr) return std::nullopt;
    if (const auto number = to_integer(*value)) return number;
    const auto number = salvaged_text(document, key);
    if (!number) return std::nullopt;
    if (const auto whole = parse_python_int(*number)) return whole;
    const auto real = parse_python_float(*number);
    constexpr double most = 9007199254740992.0;
    if (!real || !(*real >= -most && *real <= most)) return std::nullopt;
    return static_cast<std::int64_t>(*real);
}

inline lifecycle salvaged_stage(const meta_document& document) {
    const auto text = salvaged_text(document, "lifecycle_stage");
    return text && ascii_lowered(*text) == "deleted" ? lifecycle::deleted : lifecycle::active;
}

/// A number, also in quotes or as MLflow's word for it.
inline std::optional<run_status> salvaged_status(const meta_document& document) {
    const auto text = salvaged_text(document, "status");
    if (!text) return std::nullopt;
    for (int i = 1; i <= 5; ++i) {
        const auto status = static_cast<run_status>(i);
        if (*text == std::to_string(i) ||
            ascii_lowered(*text) == ascii_lowered(to_string(status))) {
            return status;
        }
    }
    return std::nullopt;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
