// SPDX-License-Identifier: MIT
/// \file MD5 (RFC 1321): what MLflow makes ids and digests with.
#ifndef MLSCRIBE_LAYOUT_MD5_HPP
#define MLSCRIBE_LAYOUT_MD5_HPP

#include <mlscribe/layout/block_hash.hpp>
#include <mlscribe/layout/hex_digits.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Names contents, not for secrets. \cost some 2 ns a byte, several times that without optimization
class md5 : public block_hash<md5> {
  public:
    /// The 32 lower-case hex digits; the object is used up.
    std::string finish() {
        pad(order::low_first);
        std::string digits;
        for (const std::uint32_t word : state_) {
            for (unsigned shift = 0; shift < 32; shift += 8) {
                append_hex(digits, word >> shift & 0xff, 2);
            }
        }
        return digits;
    }

  private:
    friend class block_hash<md5>;

    static std::uint32_t word_at(const char* bytes) noexcept {
        const auto byte = [bytes](std::size_t at) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at]));
        };
        return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
    }

    void add_block(std::string_view block) noexcept {
        std::uint32_t words[16];
        for (std::size_t i = 0; i < 16; ++i) words[i] = word_at(block.data() + 4 * i);
        std::uint32_t state[4] = {state_[0], state_[1], state_[2], state_[3]};
        add_steps(state, words, std::make_index_sequence<64>());
        for (std::size_t i = 0; i < 4; ++i) state_[i] += state[i];
    }

    // All indices are constants, so that the state stays in registers.
    template <std::size_t... Step>
    static void add_steps(std::uint32_t (&state)[4], const std::uint32_t (&words)[16],
                          std::index_sequence<Step...>) noexcept {
        (add_step<Step>(state, words), ...);
    }

    template <std::size_t Step>
    static void add_step(std::uint32_t (&state)[4], const std::uint32_t (&words)[16]) noexcept {
        constexpr std::size_t round = Step / 16;
        constexpr std::size_t word = (round == 0   ? Step
                                      : round == 1 ? 5 * Step + 1
                                      : round == 2 ? 3 * Step + 5
                                                   : 7 * Step) %
                                     16;
        constexpr unsigned turns[4][4] = {
            {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
        constexpr unsigned turn = turns[round][Step % 4];
        constexpr std::uint32_t constant = constants[Step];
        std::uint32_t& a = state[(64 - Step) % 4];
        const std::uint32_t b = state[(65 - Step) % 4];
        const std::uint32_t c = state[(66 - Step) % 4];
        const std::uint32_t d = state[(67 - Step) % 4];
        const std::uint32_t mixed = round == 0   ? d ^ (b & (c ^ d))
                                    : round == 1 ? c ^ (d & (b ^ c))
                                    : round == 2 ? b ^ c ^ d
                                                 : c ^ (b | ~d);
        const std::uint32_t sum = a + mixed + constant + words[word];
        a = b + (sum << turn | sum >> (32 - turn));
    }

    /// The first 32 bits of |sin(1)|, |sin(2)|, …
    static constexpr std::uint32_t constants[64] = {
        0xd76aa478u, 0xe8c7b756u, 0x242070dbu, 0xc1bdceeeu, 0xf57c0fafu, 0x4787c62au, 0xa8304613u,
        0xfd469501u, 0x698098d8u, 0x8b44f7afu, 0xffff5bb1u, 0x895cd7beu, 0x6b901122u, 0xfd987193u,
        0xa679438eu, 0x49b40821u, 0xf61e2562u, 0xc040b340u, 0x265e5a51u, 0xe9b6c7aau, 0xd62f105du,
        0x02441453u, 0xd8a1e681u, 0xe7d3fbc8u, 0x21e1cde6u, 0xc33707d6u, 0xf4d50d87u, 0x455a14edu,
        0xa9e3e905u, 0xfcefa3f8u, 0x676f02d9u, 0x8d2a4c8au, 0xfffa3942u, 0x8771f681u, 0x6d9d6122u,
        0xfde5380cu, 0xa4beea44u, 0x4bdecfa9u, 0xf6bb4b60u, 0xbebfbc70u, 0x289b7ec6u, 0xeaa127fau,
        0xd4ef3085u, 0x04881d05u, 0xd9d4d039u, 0xe6db99e5u, 0x1fa27cf8u, 0xc4ac5665u, 0xf4292244u,
        0x432aff97u, 0xab9423a7u, 0xfc93a039u, 0x655b59c3u, 0x8f0ccc92u, 0xffeff47du, 0x85845dd1u,
        0x6fa87e4fu, 0xfe2ce6e0u, 0xa3014314u, 0x4e0811a1u, 0xf7537e82u, 0xbd3af235u, 0x2ad7d2bbu,
        0xeb86d391u};

    std::uint32_t state_[4] = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u};
};

/// The 32 hex digits of a text's MD5.
inline std::string md5_text(std::string_view text) {
    md5 hash;
    hash.update(text);
    return hash.finish();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
