// SPDX-License-Identifier: MIT
/// \file Tells of environment variables that have none of their values.
#ifndef MLSCRIBE_RUN_ENVIRONMENT_SWITCHES_HPP
#define MLSCRIBE_RUN_ENVIRONMENT_SWITCHES_HPP

#include <mlscribe/config/environment_count.hpp>
#include <mlscribe/error/reporter.hpp>

#include <initializer_list>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reports an environment variable that has none of the values which mean something.
inline void check_switch(reporter& failures, const char* name,
                         std::initializer_list<const char*> values) {
    const std::string value = environment(name);
    if (value.empty()) return;
    std::string allowed;
    for (const char* each : values) {
        if (value == each) return;
        if (!allowed.empty()) allowed += each == *(values.end() - 1) ? " or " : ", ";
        allowed += std::string(1, '"') + each + '"';
    }
    failures.report({error_code::invalid_value, 0,
                     std::string(name) + " is \"" + value + "\"; it may be " + allowed});
}

/// A misspelt switch must not pass for one that works.
inline void check_switches(reporter& failures) {
    check_switch(failures, "MLSCRIBE_MODE", {"enabled", "disabled"});
    check_switch(failures, "MLSCRIBE_RANKS", {"first", "every", "children", "one", "node"});
    check_switch(failures, "MLSCRIBE_DRAIN", {"thread", "inline"});
    check_switch(failures, "MLSCRIBE_SIGNALS", {"0", "1"});
    check_switch(failures, "MLSCRIBE_PROGRESS", {"0", "1"});
    const std::string interval = environment("MLSCRIBE_FLUSH_MS");
    if (!interval.empty() && environment_count("MLSCRIBE_FLUSH_MS") <= 0) {
        failures.report({error_code::invalid_value, 0,
                         "MLSCRIBE_FLUSH_MS is \"" + interval +
                             "\"; it has to be a whole number of milliseconds above 0"});
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
