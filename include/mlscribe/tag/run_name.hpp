// SPDX-License-Identifier: MIT
/// \file A readable name for a run that was given none, and random ids.
#ifndef MLSCRIBE_TAG_RUN_NAME_HPP
#define MLSCRIBE_TAG_RUN_NAME_HPP

#include <mlscribe/config/config.hpp>

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

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
    const std::uint64_t halves[2] = {
        (random_bits() & 0xFFFFFFFFFFFF0FFFu) | 0x0000000000004000u,
        (random_bits() & 0x3FFFFFFFFFFFFFFFu) | 0x8000000000000000u,
    };
    std::string id;
    for (const std::uint64_t half : halves) {
        for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[(half >> shift) & 15];
    }
    return id;
}

/// Two words and a number, such as `steady-heron-417`.
inline std::string random_run_name() {
    static constexpr const char* qualities[] = {
        "amber",  "brave", "brisk",  "calm",   "clever", "copper", "crisp",  "daring",
        "deft",   "eager", "fleet",  "gentle", "golden", "hardy",  "humble", "ivory",
        "jolly",  "keen",  "lively", "lucid",  "mellow", "merry",  "nimble", "patient",
        "plucky", "quiet", "rapid",  "sober",  "steady", "sunny",  "vivid",  "wise"};
    static constexpr const char* animals[] = {
        "badger", "bison",  "crane", "dolphin", "eagle",  "falcon", "ferret", "finch",
        "gecko",  "hare",   "heron", "ibex",    "jackal", "koala",  "lark",   "lemur",
        "lynx",   "marten", "moose", "newt",    "ocelot", "otter",  "owl",    "panda",
        "pike",   "quail",  "raven", "seal",    "stork",  "tapir",  "weasel", "wren"};
    const std::uint64_t bits = random_bits();
    return std::string(qualities[bits % 32]) + '-' + animals[(bits >> 8) % 32] + '-' +
           std::to_string((bits >> 16) % 1000);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
