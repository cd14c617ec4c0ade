// SPDX-License-Identifier: MIT
/// \file Bytes as text (RFC 4648).
#ifndef MLSCRIBE_LAYOUT_BASE64_HPP
#define MLSCRIBE_LAYOUT_BASE64_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The characters that so many bytes take.
constexpr std::size_t base64_size(std::size_t bytes) noexcept {
    return (bytes + 2) / 3 * 4;
}

inline std::string base64(std::string_view bytes) {
    constexpr const char* letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve(base64_size(bytes.size()));
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = i; j < i + 3; ++j) {
            group = group << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0u);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += i + j > bytes.size() ? '=' : letters[group >> (18 - 6 * j) & 63];
        }
    }
    return out;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
