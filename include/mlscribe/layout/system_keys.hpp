// SPDX-License-Identifier: MIT
/// \file The keys of system metrics, which MLflow's UI shows on a tab of their own.
#ifndef MLSCRIBE_LAYOUT_SYSTEM_KEYS_HPP
#define MLSCRIBE_LAYOUT_SYSTEM_KEYS_HPP

#include <mlscribe/config/config.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What the keys of system metrics begin with.
inline constexpr std::string_view system_keys = "system/";

constexpr bool is_system_key(std::string_view key) noexcept {
    return key.substr(0, system_keys.size()) == system_keys;
}

/// A key as that of one of several processes: `rank_1/loss`, `system/rank_1/cpu`.
inline std::string prefixed_key(std::string_view prefix, std::string_view key) {
    std::string all(key);
    all.insert(is_system_key(key) ? system_keys.size() : 0, prefix);
    return all;
}

/// A key without the `system/` that it may begin with.
constexpr std::string_view without_system(std::string_view key) noexcept {
    return is_system_key(key) ? key.substr(system_keys.size()) : key;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
