// SPDX-License-Identifier: MIT
/// \file Whole numbers in environment variables.
#ifndef MLSCRIBE_CONFIG_ENVIRONMENT_COUNT_HPP
#define MLSCRIBE_CONFIG_ENVIRONMENT_COUNT_HPP

#include <mlscribe/config/environment.hpp>

#include <charconv>
#include <string>
#include <system_error>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A number of 0 or more in an environment variable; -1 where there is none.
inline long environment_count(const char* name) {
    const std::string text = environment(name);
    long count = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && count >= 0 ? count : -1;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
