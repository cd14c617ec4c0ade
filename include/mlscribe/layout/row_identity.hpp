// SPDX-License-Identifier: MIT
/// \file When two metric rows are the same row to MLflow's migration into a database.
#ifndef MLSCRIBE_LAYOUT_ROW_IDENTITY_HPP
#define MLSCRIBE_LAYOUT_ROW_IDENTITY_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <cstring>

MLSCRIBE_NAMESPACE_BEGIN

/// Maps a value to bits that are equal exactly where `mlflow migrate-filestore` sees equal values:
/// NaN = NaN, -0.0 = 0.0, and an infinity = the largest double of its sign. Two rows with the same
/// time stamp, step and identity_bits in one metric make the migration of the whole store abort.
///
/// Works on the bits, so that it stays right under -ffast-math. \threadsafety any thread
inline std::uint64_t identity_bits(double value) noexcept {
    constexpr std::uint64_t sign = 0x8000000000000000u;
    constexpr std::uint64_t infinity = 0x7FF0000000000000u;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    const std::uint64_t magnitude = bits & ~sign;
    if (magnitude == 0) return 0;
    if (magnitude == infinity) return bits - 1;
    if (magnitude > infinity) return 0x7FF8000000000000u;
    return bits;
}

MLSCRIBE_NAMESPACE_END

#endif
