// SPDX-License-Identifier: MIT
/// \file Which experiment names are legal, and the ids that a name may get.
#ifndef MLSCRIBE_STORE_EXPERIMENT_NAME_HPP
#define MLSCRIBE_STORE_EXPERIMENT_NAME_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's rules (not empty, at most 500 characters), and one of its limits: it pastes the name
/// into a filter, so that a name with `'` can be listed but never found again by name.
inline error check_experiment_name(std::string_view name) {
    const std::string shown = "experiment name \"" + utf8::repaired(name.substr(0, 100)) + "\": ";
    const auto refused = [&shown](const char* rule) {
        return error{error_code::invalid_value, 0, shown + rule};
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
    std::uint64_t hash = 14695981039346656037u ^ (k * 0x9E3779B97F4A7C15u);
    for (const char c : name) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    }
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 33;
    return std::to_string(100000000000000000u + hash % 900000000000000000u);
}

/// Whether MLflow takes a directory of this name for an experiment (`[a-zA-Z0-9][\w-]{0,63}`; only
/// ASCII here) or a run (up to 255 characters).
inline bool is_store_id(std::string_view name, std::size_t longest) noexcept {
    const auto alphanumeric = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (name.empty() || name.size() > longest || !alphanumeric(name.front())) return false;
    for (const char c : name) {
        if (!alphanumeric(c) && c != '_' && c != '-') return false;
    }
    return true;
}

inline bool is_experiment_id(std::string_view name) noexcept {
    return is_store_id(name, 64);
}
/// Neither one of the four names that MLflow has for folders beside the runs.
inline bool is_run_id(std::string_view name) noexcept {
    for (const std::string_view reserved : {"tags", "datasets", "traces", "models"}) {
        if (name == reserved) return false;
    }
    return is_store_id(name, 255);
}

/// What to say where is_run_id() is false.
inline error illegal_run_id(std::string_view id) {
    return {error_code::invalid_value, 0,
            "run id \"" + utf8::repaired(id.substr(0, 300)) +
                "\": letters, digits, _ and - are allowed, the first a letter or digit, at most "
                "255; tags, datasets, traces and models are folders of MLflow's"};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
