// SPDX-License-Identifier: MIT
/// \file All environment variables, for the programs that a process starts.
#ifndef MLSCRIBE_CONFIG_ENVIRONMENT_VARIABLES_HPP
#define MLSCRIBE_CONFIG_ENVIRONMENT_VARIABLES_HPP

#include <mlscribe/config/config.hpp>

#include <unistd.h>
#if defined(__APPLE__)
#    include <crt_externs.h>
#endif

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Calls `visit` with each variable of this process, as `NAME=value`.
template <class Visit>
void for_each_environment_variable(Visit&& visit) {
#if defined(__APPLE__)
    char** const all = *::_NSGetEnviron();
#else
    char** const all = ::environ;
#endif
    for (char** each = all; each != nullptr && *each != nullptr; ++each) {
        visit(std::string_view(*each));
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
