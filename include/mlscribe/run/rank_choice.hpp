// SPDX-License-Identifier: MIT
/// \file Which processes of a parallel job log: the program's choice and the environment's.
#ifndef MLSCRIBE_RUN_RANK_CHOICE_HPP
#define MLSCRIBE_RUN_RANK_CHOICE_HPP

#include <mlscribe/config/environment.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/run/run_options.hpp>

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

/// MLSCRIBE_RANKS comes before what the program chose.
inline rank_policy rank_policy_by_environment(rank_policy chosen) {
    const std::string ranks = environment("MLSCRIBE_RANKS");
    if (ranks == "first") return rank_policy::first_logs;
    if (ranks == "every") return rank_policy::every_logs;
    if (ranks == "children") return rank_policy::children_log;
    if (ranks == "one") return rank_policy::one_run;
    if (ranks == "node") return rank_policy::one_run_by_node;
    return chosen;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
