// SPDX-License-Identifier: MIT
/// \file Reads a .npy file that NumPy or a run wrote.
#ifndef MLSCRIBE_ARTIFACT_LOAD_ARRAY_HPP
#define MLSCRIBE_ARTIFACT_LOAD_ARRAY_HPP

#include <mlscribe/artifact/read_npy.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/source_bytes.hpp>
#if !MLSCRIBE_HAS_EXCEPTIONS
#    include <mlscribe/error/reporter.hpp>
#endif

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class T>
error read_array_file(const std::string& path, array<T>& result) {
    std::string bytes;
    if (const int failed = read_whole_source(path, bytes)) {
        error failure = system_error("cannot read array", path, failed);
        if (failed == ENOENT) failure.code = error_code::not_found;
        return failure;
    }
    error failure = read_npy(bytes, result);
    if (failure) failure.message = '"' + path + "\": " + failure.message;
    return failure;
}

}  // namespace detail

/// Reads a .npy file of numbers, in C or Fortran order and of any byte order, as an array of T. It
/// may be wider than the file's type (`float` as `double`); a type that could change a value is
/// refused.
///
///     const auto weights = mlscribe::load_array<float>("weights.npy");
///
/// \onfailure throws logging_error: not_found, system, damaged, invalid_value (under
///            -fno-exceptions it reports on stderr and gives an empty array)
/// \threadsafety any thread \cost the file's bytes and the values are in memory at once
template <class T>
array<T> load_array(const std::string& path) {
    array<T> result;
    error failure;
    MLSCRIBE_TRY {
        failure = detail::read_array_file(path, result);
    }
    MLSCRIBE_CATCH_ALL {
        failure = detail::system_error("cannot read array", path, ENOMEM);
    }
    if (failure) {
#if MLSCRIBE_HAS_EXCEPTIONS
        throw logging_error(failure);
#else
        detail::reporter().report(failure);
#endif
    }
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
