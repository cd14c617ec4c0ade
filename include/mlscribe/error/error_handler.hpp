// SPDX-License-Identifier: MIT
/// \file The user's own way to hear of failures.
#ifndef MLSCRIBE_ERROR_ERROR_HANDLER_HPP
#define MLSCRIBE_ERROR_ERROR_HANDLER_HPP

#include <mlscribe/error/error.hpp>

#include <functional>

MLSCRIBE_NAMESPACE_BEGIN

/// Receives every failure of a run in place of stderr. May be called from any thread, the drain
/// thread included; what it throws is swallowed.
using error_handler = std::function<void(const error&)>;

namespace detail {

/// Hears for another handler, which outlives it: a copy of that may need memory.
inline error_handler heard_by(const error_handler& handler) {
    if (!handler) return {};
    return [&handler](const error& failure) { handler(failure); };
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
