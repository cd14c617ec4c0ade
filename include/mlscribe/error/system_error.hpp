// SPDX-License-Identifier: MIT
/// \file Makes the error value for a refusal of the operating system.
#ifndef MLSCRIBE_ERROR_SYSTEM_ERROR_HPP
#define MLSCRIBE_ERROR_SYSTEM_ERROR_HPP

#include <mlscribe/error/error.hpp>

#include <string>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// "<what> "<path>": <the system's words>".
inline error system_error(std::string_view what, std::string_view path, int system_code) {
    error failure{error_code::system, system_code, std::string(what)};
    failure.message += " \"";
    failure.message += path;
    failure.message += "\": ";
    failure.message += std::generic_category().message(system_code);
    return failure;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
