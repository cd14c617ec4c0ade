// SPDX-License-Identifier: MIT
/// \file Makes the error value for a refusal of the operating system.
#ifndef MLSCRIBE_ERROR_SYSTEM_ERROR_HPP
#define MLSCRIBE_ERROR_SYSTEM_ERROR_HPP

#include <mlscribe/error/plain_text.hpp>

#include <string>
#include <string_view>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// "<what> "<path>": <the system's words>". A path with a NUL, which the system would take for
/// another one, is refused with the rule.
inline error system_error(std::string_view what, std::string_view path, int system_code) {
    error failure{error_code::system, system_code, std::string(what)};
    failure.message += " \"";
    failure.message += plain_text(path);
    failure.message += "\": ";
    if (path.find('\0') != path.npos) {
        failure.message += "a path holds no NUL; write it without";
        failure.code = error_code::invalid_path;
        failure.system_code = 0;
        return failure;
    }
    failure.message += std::generic_category().message(system_code);
    return failure;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
