// SPDX-License-Identifier: MIT
/// \file How much of what a program prints a run keeps.
#ifndef MLSCRIBE_ARTIFACT_OUTPUT_OPTIONS_HPP
#define MLSCRIBE_ARTIFACT_OUTPUT_OPTIONS_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>

MLSCRIBE_NAMESPACE_BEGIN

/// What `run.capture_output` can be told.
struct output_options {
    /// Bytes on disk of each stream, 4096 at least. The first half stays in `stdout.log`; of what
    /// follows the newest is in `stdout.rest.log`, whose first line tells what is left out.
    std::size_t limit = std::size_t{64} << 20;
};

MLSCRIBE_NAMESPACE_END

#endif
