// SPDX-License-Identifier: MIT
/// \file Why a file was not read whole.
#ifndef MLSCRIBE_FILE_UNREAD_FILE_HPP
#define MLSCRIBE_FILE_UNREAD_FILE_HPP

#include <mlscribe/error/system_error.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \param limit  that directory::read() was given
inline error unread_file(std::string_view path, int failed, std::size_t limit) {
    error failure = system_error("cannot read", path, failed);
    if (failed == EFBIG) {
        failure.message += "; of such a file at most " + std::to_string(limit >> 20) +
                           " MiB are read: restore or remove it";
    }
    return failure;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
