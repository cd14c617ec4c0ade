// SPDX-License-Identifier: MIT
/// \file Keeps what is thrown inside a call from the user's loop.
#ifndef MLSCRIBE_ERROR_GUARDED_HPP
#define MLSCRIBE_ERROR_GUARDED_HPP

#include <mlscribe/error/strictness.hpp>

#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A text so short that it needs no memory.
inline error out_of_memory() noexcept {
    error failure;
    failure.code = error_code::system;
    failure.system_code = ENOMEM;
    failure.message.assign("out of memory");
    return failure;
}

/// The exception that is being handled, as an error. \param call  what the user called
inline error caught_error([[maybe_unused]] const char* call) noexcept {
    error failure = out_of_memory();
#if MLSCRIBE_HAS_EXCEPTIONS
    try {
        try {
            throw;
        } catch (const logging_error& raised) {
            failure = error(raised.reason());
        } catch (const std::bad_alloc&) {
            failure.message = std::string(call) + " did not do all it should: out of memory";
        } catch (const std::exception& thrown) {
            failure = {error_code::invalid_value, 0,
                       std::string(call) + " did not do all it should: " + thrown.what()};
        } catch (...) {
            failure = {error_code::invalid_value, 0,
                       std::string(call) +
                           " did not do all it should: something unknown was "
                           "thrown"};
        }
    } catch (...) {
        // Without memory for more the short text has to do.
    }
#endif
    return failure;
}

/// Does `task`. What it throws becomes a failure of `to`, but for what the user's
/// strictness::raise asked for, which passes.
/// \param to    has `strictness policy()` and `fail(error)`: a reporter, or a run
/// \param call  what the user called, for the message
template <class To, class Task>
void guarded(To& to, [[maybe_unused]] const char* call, Task&& task) {
#if MLSCRIBE_HAS_EXCEPTIONS
    error failure;
    try {
        return task();
    } catch (const logging_error&) {
        if (to.policy() == strictness::raise) throw;
        failure = caught_error(call);
    } catch (...) {
        failure = caught_error(call);
    }
    to.fail(std::move(failure));
#else
    static_cast<void>(to);
    task();
#endif
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
