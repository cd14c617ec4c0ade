// SPDX-License-Identifier: MIT
/// \file SHA-1 (FIPS 180-4): the name that git gives to every object.
#ifndef MLSCRIBE_LAYOUT_SHA1_HPP
#define MLSCRIBE_LAYOUT_SHA1_HPP

#include <mlscribe/layout/block_hash.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Text as bytes: `char` may be signed.
inline std::uint32_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<unsigned char>(bytes[at]);
}

/// A number of git's files: four bytes, the highest first.
inline std::uint32_t number_at(std::string_view bytes, std::size_t at) noexcept {
    return byte_at(bytes, at) << 24 | byte_at(bytes, at + 1) << 16 | byte_at(bytes, at + 2) << 8 |
           byte_at(bytes, at + 3);
}

/// Names contents, not for secrets. \cost some 3 ns a byte, several times that without optimization
class sha1 : public block_hash<sha1> {
  public:
    /// The 20 bytes; the object is used up.
    std::string finish() {
        pad(order::high_first);
        std::string digest;
        for (const std::uint32_t word : state_) {
            for (unsigned shift = 32; shift != 0;) {
                digest += static_cast<char>(word >> (shift -= 8) & 0xff);
            }
        }
        return digest;
    }

  private:
    friend class block_hash<sha1>;

    static std::uint32_t rotated(std::uint32_t word, unsigned by) noexcept {
        return word << by | word >> (32 - by);
    }

    void add_block(std::string_view block) noexcept {
        std::uint32_t w[80];
        for (std::size_t i = 0; i < 16; ++i) w[i] = number_at(block, 4 * i);
        for (std::size_t i = 16; i < 80; ++i) {
            w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        }
        std::uint32_t a = state_[0];
        std::uint32_t b = state_[1];
        std::uint32_t c = state_[2];
        std::uint32_t d = state_[3];
        std::uint32_t e = state_[4];
        for (std::size_t i = 0; i < 80; ++i) {
            std::uint32_t mixed = b ^ c ^ d;
            std::uint32_t constant = i < 40 ? 0x6ed9eba1u : 0xca62c1d6u;
            if (i < 20) {
                mixed = (b & c) | (~b & d);
                constant = 0x5a827999u;
            } else if (i >= 40 && i < 60) {
                mixed = (b & c) | (b & d) | (c & d);
                constant = 0x8f1bbcdcu;
            }
            const std::uint32_t next = rotated(a, 5) + mixed + e + constant + w[i];
            e = d;
            d = c;
            c = rotated(b, 30);
            b = a;
            a = next;
        }
        state_[0] += a;
        state_[1] += b;
        state_[2] += c;
        state_[3] += d;
        state_[4] += e;
    }

    std::uint32_t state_[5] = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u};
};

/// git's name of an object: SHA-1 of `<type> <size>\0` and the content.
inline std::string object_name(std::string_view type, std::string_view content) {
    sha1 hash;
    hash.update(std::string(type) + ' ' + std::to_string(content.size()));
    hash.update(std::string_view("\0", 1));
    hash.update(content);
    return hash.finish();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
