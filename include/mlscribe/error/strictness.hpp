// SPDX-License-Identifier: MIT
/// \file What a failed call does: report it, or throw.
#ifndef MLSCRIBE_ERROR_STRICTNESS_HPP
#define MLSCRIBE_ERROR_STRICTNESS_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/error/plain_text.hpp>

#include <exception>

MLSCRIBE_NAMESPACE_BEGIN

/// What happens to a failure. The loop's calls (`handle.log`, `add`, `log_metric(s)`, step borders,
/// destructors) never throw under either; under `raise` the next call that may throw raises it.
enum class strictness {
    report,  ///< the default: one line on stderr or the user's handler; training goes on
    raise,   ///< for tests and CI: `logging_error` is thrown (as `report` under -fno-exceptions)
};

/// What `strictness::raise` throws.
class logging_error : public std::exception {
  public:
    explicit logging_error(const error& reason) : reason_(detail::plain_error(reason)) {}

    const char* what() const noexcept override { return reason_.message.c_str(); }
    const error& reason() const noexcept { return reason_; }

  private:
    error reason_;
};

MLSCRIBE_NAMESPACE_END

#endif
