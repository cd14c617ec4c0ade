// SPDX-License-Identifier: MIT
/// \file Ids of runs and experiments: which MLflow takes, and random ones.
#ifndef MLSCRIBE_STORE_RUN_ID_HPP
#define MLSCRIBE_STORE_RUN_ID_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/key_rules.hpp>

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether MLflow takes a directory of this name for an experiment or a run
/// (`[a-zA-Z0-9][\w-]*`; only ASCII here).
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

/// What to say where is_experiment_id() is false.
inline error illegal_experiment_id(std::string_view id) {
    return {error_code::invalid_value, 0,
            "experiment id \"" + shown(id) +
                "\": letters, digits, _ and - are allowed, the first a letter or digit, at most "
                "64; give the digits that MLflow shows"};
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
            "run id \"" + shown(id.substr(0, 300)) +
                "\": letters, digits, _ and - are allowed, the first a letter or digit, at most "
                "255; tags, datasets, traces and models are folders of MLflow's"};
}

/// Random bits of the system; where it has none, of the clock and the process.
inline std::uint64_t random_bits() noexcept {
    std::uint64_t bits = 0;
    if (::getentropy(&bits, sizeof bits) == 0) return bits;
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    bits = static_cast<std::uint64_t>(now.tv_nsec) ^ (static_cast<std::uint64_t>(now.tv_sec) << 30);
    return (bits ^ static_cast<std::uint64_t>(::getpid())) * 0x9E3779B97F4A7C15u;
}

/// 32 lower-case hexadecimal digits of a random (version 4) UUID, as MLflow's run ids.
inline std::string random_run_id() {
    std::uint64_t halves[2] = {};
    if (::getentropy(halves, sizeof halves) != 0) {
        for (std::uint64_t& half : halves) half = random_bits();
    }
    halves[0] = (halves[0] & 0xFFFFFFFFFFFF0FFFu) | 0x0000000000004000u;
    halves[1] = (halves[1] & 0x3FFFFFFFFFFFFFFFu) | 0x8000000000000000u;
    std::string id;
    for (const std::uint64_t half : halves) append_hex(id, half, 16);
    return id;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
