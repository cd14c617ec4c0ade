// SPDX-License-Identifier: MIT
/// \file Which experiment names are legal, and the ids that a new one may get.
#ifndef MLSCRIBE_STORE_EXPERIMENT_NAME_HPP
#define MLSCRIBE_STORE_EXPERIMENT_NAME_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/fnv_hash.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's rules (not empty, at most 500 characters), and one of its limits: it pastes the name
/// into a filter, so that a name with `'` can be listed but never found again by name.
inline error check_experiment_name(std::string_view name) {
    const std::string what = "experiment name \"" + shown(name.substr(0, 100)) + "\": ";
    const auto refused = [&what](const char* rule) {
        return error{error_code::invalid_value, 0, what + rule};
    };
    if (name.empty()) return refused("must not be empty; give a name or leave it to MLflow's 0");
    if (!utf8::is_valid(name)) return refused("is not valid UTF-8; give it in UTF-8");
    if (utf8::length(name) > 500) return refused("MLflow allows 500 characters; shorten it");
    if (name.find('\'') != std::string_view::npos) {
        return refused("MLflow cannot look up a name with '; leave the apostrophe out");
    }
    return {};
}

/// The k-th id that a new experiment of this name may get: 18 decimal digits, as MLflow's own ids
/// have. Every process computes the same ones, so that a race has one winner.
inline std::string experiment_id_candidate(std::string_view name, std::uint64_t k) {
    std::uint64_t hash = fnv_hash(name, fnv_beginning ^ (k * 0x9E3779B97F4A7C15u));
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 33;
    return std::to_string(100000000000000000u + hash % 900000000000000000u);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
