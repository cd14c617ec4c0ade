// SPDX-License-Identifier: MIT
/// \file SHA-256 (FIPS 180-4): what `sha256sum` prints.
#ifndef MLSCRIBE_LAYOUT_SHA256_HPP
#define MLSCRIBE_LAYOUT_SHA256_HPP

#include <mlscribe/layout/block_hash.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/sha1.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Names contents that are given piece by piece. \cost some 4 ns a byte, several times that
/// without optimization
class sha256 : public block_hash<sha256> {
  public:
    /// 64 lower-case hex digits; the object is used up.
    std::string finish() {
        pad(order::high_first);
        std::string text;
        for (const std::uint32_t word : state_) append_hex(text, word, 8);
        return text;
    }

  private:
    friend class block_hash<sha256>;

    static std::uint32_t rotated(std::uint32_t word, unsigned by) noexcept {
        return word >> by | word << (32 - by);
    }

    /// One round; the caller renames the eight words instead of moving them.
    static void mix(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                    std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                    std::uint32_t added) noexcept {
        const std::uint32_t first =
            h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + (g ^ (e & (f ^ g))) + added;
        d += first;
        h = first + (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) | (c & (a | b)));
    }

    void add_block(std::string_view block) noexcept {
        std::uint32_t w[64];
        for (std::size_t i = 0; i < 16; ++i) w[i] = number_at(block, 4 * i);
        for (std::size_t i = 16; i < 64; ++i) {
            const std::uint32_t far_word = w[i - 15];
            const std::uint32_t close_word = w[i - 2];
            w[i] = w[i - 16] + w[i - 7] +
                   (rotated(far_word, 7) ^ rotated(far_word, 18) ^ far_word >> 3) +
                   (rotated(close_word, 17) ^ rotated(close_word, 19) ^ close_word >> 10);
        }
        std::uint32_t s[8];
        std::copy_n(state_, 8, s);
        for (std::size_t i = 0; i < 64; i += 8) {
            const std::uint32_t* const k = constants_ + i;
            const std::uint32_t* const x = w + i;
            mix(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], k[0] + x[0]);
            mix(s[7], s[0], s[1], s[2], s[3], s[4], s[5], s[6], k[1] + x[1]);
            mix(s[6], s[7], s[0], s[1], s[2], s[3], s[4], s[5], k[2] + x[2]);
            mix(s[5], s[6], s[7], s[0], s[1], s[2], s[3], s[4], k[3] + x[3]);
            mix(s[4], s[5], s[6], s[7], s[0], s[1], s[2], s[3], k[4] + x[4]);
            mix(s[3], s[4], s[5], s[6], s[7], s[0], s[1], s[2], k[5] + x[5]);
            mix(s[2], s[3], s[4], s[5], s[6], s[7], s[0], s[1], k[6] + x[6]);
            mix(s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[0], k[7] + x[7]);
        }
        for (std::size_t i = 0; i < 8; ++i) state_[i] += s[i];
    }

    static constexpr std::uint32_t constants_[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};

    std::uint32_t state_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
