// SPDX-License-Identifier: MIT
/// \file A readable name for a run that was given none.
#ifndef MLSCRIBE_TAG_RUN_NAME_HPP
#define MLSCRIBE_TAG_RUN_NAME_HPP

#include <mlscribe/store/run_id.hpp>

#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

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
