// SPDX-License-Identifier: MIT
/// \file What went wrong, as a value: a kind, the system's errno, and a sentence for people.
#ifndef MLSCRIBE_ERROR_ERROR_HPP
#define MLSCRIBE_ERROR_ERROR_HPP

#include <mlscribe/config/config.hpp>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// The kinds of failure that a caller may want to tell apart.
enum class error_code {
    ok,
    invalid_key,      ///< a metric, param or tag key that MLflow would not read
    key_clash,        ///< `loss` beside `loss/train`: one would have to be file and directory
    invalid_value,    ///< a step, time stamp, name or id outside its rule
    value_truncated,  ///< a text longer than MLflow's limit was cut; the full text is an artifact
    value_changed,    ///< a param that already has another value; the first one stays
    invalid_path,     ///< an artifact path that would leave `artifacts/`
    not_found,        ///< no such run, experiment or file
    already_exists,   ///< a run id or experiment name that is taken
    deleted,          ///< the run or experiment is in MLflow's deleted state
    unsupported_uri,  ///< a tracking URI that MLflow itself sends elsewhere, or a server
    damaged,          ///< a file on disk that does not follow the format
    other_build,      ///< a model that a program of another compiler or library logged
    not_recording,    ///< the run cannot be written; nothing is kept
    points_lost,      ///< metric points that could not be written
    system,           ///< the operating system refused; see error::system_code
    unreachable,      ///< a tracking server that does not answer, or is none
    access_denied,    ///< a tracking server that wants other credentials
};

/// One failure. `message` names the thing, the rule and the way out.
struct error {
    error_code code = error_code::ok;
    int system_code = 0;  ///< errno where code is error_code::system, else 0
    std::string message;

    explicit operator bool() const noexcept { return code != error_code::ok; }
};

MLSCRIBE_NAMESPACE_END

#endif
