// SPDX-License-Identifier: MIT
/// \file An array of numbers of any number of dimensions: what load_array gives, what log_array
/// takes.
#ifndef MLSCRIBE_ARTIFACT_ARRAY_HPP
#define MLSCRIBE_ARTIFACT_ARRAY_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// The values row by row: the last index runs fastest. An empty shape is that of a single number.
template <class T>
struct array {
    using value_type = T;

    std::vector<std::size_t> shape;
    std::vector<T> values;
};

/// The same where the values lie somewhere else: a tensor of a library that tells its `data` and
/// its sizes. Its memory is of the host and without gaps.
template <class T>
struct array_view {
    using value_type = T;

    const T* values;
    std::vector<std::size_t> shape;
};

MLSCRIBE_NAMESPACE_END

#endif
