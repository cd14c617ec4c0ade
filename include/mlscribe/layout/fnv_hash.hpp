// SPDX-License-Identifier: MIT
/// \file FNV-1a with 64 bits: a hash that is the same on every machine, so that files and other
/// processes may know it.
#ifndef MLSCRIBE_LAYOUT_FNV_HASH_HPP
#define MLSCRIBE_LAYOUT_FNV_HASH_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What it begins with.
inline constexpr std::uint64_t fnv_beginning = 0xCBF29CE484222325u;

/// \param hash  of what stands before the bytes
constexpr std::uint64_t fnv_hash(std::string_view bytes,
                                 std::uint64_t hash = fnv_beginning) noexcept {
    for (const char byte : bytes) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
    }
    return hash;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
