// SPDX-License-Identifier: MIT
/// \file Unpacks a zlib stream (RFC 1950, RFC 1951): what git keeps a commit in.
#ifndef MLSCRIBE_TAG_INFLATE_HPP
#define MLSCRIBE_TAG_INFLATE_HPP

#include <mlscribe/layout/sha1.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// For small streams: it decodes bit by bit. The checksum at the end is not looked at, for git
/// names an object by its hash.
class inflater {
  public:
    explicit inflater(std::string_view packed) noexcept : packed_(packed) {}

    /// \return false where the stream is damaged, ends early or holds more than `limit` bytes
    bool unpack(std::size_t limit, std::string& result) {
        if (packed_.size() < 2) return false;
        const std::uint32_t head = byte_at(packed_, 0) << 8 | byte_at(packed_, 1);
        if ((head >> 8 & 15) != 8 || head % 31 != 0 || (head & 0x20) != 0) return false;
        next_ = 2;
        limit_ = limit;
        bool last = false;
        while (!last) {
            last = bits(1) == 1;
            const std::uint32_t kind = bits(2);
            const bool unpacked = kind == 0   ? stored(result)
                                  : kind == 1 ? with_fixed_codes(result)
                                  : kind == 2 ? with_own_codes(result)
                                              : false;
            if (!unpacked || ended_) return false;
        }
        return true;
    }

  private:
    /// A prefix code: how many symbols have each length, and the symbols in order.
    struct prefix_code {
        std::array<std::uint16_t, 16> counts{};
        std::array<std::uint16_t, 288> symbols{};

        /// \return false for more codes than there are of a length
        bool assign(const std::uint8_t* lengths, std::size_t count) noexcept {
            counts.fill(0);
            for (std::size_t i = 0; i < count; ++i) ++counts[lengths[i]];
            counts[0] = 0;
            std::int32_t left = 1;
            std::array<std::uint16_t, 17> offsets{};
            for (std::size_t length = 1; length < 16; ++length) {
                left = 2 * left - counts[length];
                if (left < 0) return false;
                offsets[length + 1] = static_cast<std::uint16_t>(offsets[length] + counts[length]);
            }
            for (std::size_t i = 0; i < count; ++i) {
                if (lengths[i] == 0) continue;
                symbols[offsets[lengths[i]]++] = static_cast<std::uint16_t>(i);
            }
            return true;
        }
    };

    static constexpr std::uint32_t no_symbol = 0xffff;

    std::uint32_t bits(unsigned count) noexcept {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < count; ++i) {
            if (next_ >= packed_.size()) {
                ended_ = true;
                return 0;
            }
            value |= (byte_at(packed_, next_) >> bit_ & 1) << i;
            bit_ = (bit_ + 1) % 8;
            if (bit_ == 0) ++next_;
        }
        return value;
    }

    std::uint32_t symbol(const prefix_code& code) noexcept {
        std::int32_t value = 0;
        std::int32_t first = 0;
        std::int32_t index = 0;
        for (std::size_t length = 1; length < 16; ++length) {
            value |= static_cast<std::int32_t>(bits(1));
            if (ended_) return no_symbol;
            const std::int32_t count = code.counts[length];
            if (value - count < first) {
                return code.symbols[static_cast<std::size_t>(index + value - first)];
            }
            index += count;
            first = (first + count) * 2;
            value *= 2;
        }
        return no_symbol;
    }

    bool stored(std::string& result) {
        if (bit_ != 0) {
            bit_ = 0;
            ++next_;
        }
        const std::uint32_t length = bits(16);
        const std::uint32_t check = bits(16);
        if (ended_ || (length ^ check) != 0xffff || packed_.size() - next_ < length) return false;
        if (limit_ - result.size() < length) return false;
        result += packed_.substr(next_, length);
        next_ += length;
        return true;
    }

    bool with_fixed_codes(std::string& result) {
        std::array<std::uint8_t, 288> lengths{};
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
        }
        prefix_code texts;
        prefix_code distances;
        texts.assign(lengths.data(), lengths.size());
        lengths.fill(5);
        distances.assign(lengths.data(), 30);
        return copies(texts, distances, result);
    }

    bool with_own_codes(std::string& result) {
        static constexpr std::uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                   11, 4,  12, 3, 13, 2, 14, 1, 15};
        const std::size_t text_count = bits(5) + 257;
        const std::size_t distance_count = bits(5) + 1;
        const std::size_t length_count = bits(4) + 4;
        if (text_count > 286 || distance_count > 30) return false;
        std::array<std::uint8_t, 320> lengths{};
        for (std::size_t i = 0; i < length_count; ++i) {
            lengths[order[i]] = static_cast<std::uint8_t>(bits(3));
        }
        prefix_code texts;
        if (!texts.assign(lengths.data(), 19)) return false;
        lengths.fill(0);
        for (std::size_t i = 0; i < text_count + distance_count;) {
            const std::uint32_t found = symbol(texts);
            if (found == no_symbol) return false;
            if (found < 16) {
                lengths[i++] = static_cast<std::uint8_t>(found);
                continue;
            }
            if (found == 16 && i == 0) return false;
            const std::uint8_t value = found == 16 ? lengths[i - 1] : std::uint8_t{0};
            std::size_t times = found == 16   ? 3 + bits(2)
                                : found == 17 ? 3 + bits(3)
                                              : 11 + bits(7);
            if (i + times > text_count + distance_count) return false;
            while (times-- > 0) lengths[i++] = value;
        }
        prefix_code distances;
        return texts.assign(lengths.data(), text_count) &&
               distances.assign(lengths.data() + text_count, distance_count) &&
               copies(texts, distances, result);
    }

    bool copies(const prefix_code& texts, const prefix_code& distances, std::string& result) {
        static constexpr std::uint16_t lengths[29] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                      15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                      67, 83, 99, 115, 131, 163, 195, 227, 258};
        static constexpr std::uint8_t length_bits[29] = {
            0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
        static constexpr std::uint16_t starts[30] = {
            1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
            193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
        while (true) {
            const std::uint32_t found = symbol(texts);
            if (ended_ || found == no_symbol || found > 285) return false;
            if (found == 256) return true;
            if (result.size() >= limit_) return false;
            if (found < 256) {
                result += static_cast<char>(found);
                continue;
            }
            std::size_t length = lengths[found - 257];
            length += bits(length_bits[found - 257]);
            const std::uint32_t which = symbol(distances);
            if (which >= 30) return false;
            std::size_t distance = starts[which];
            distance += bits(which < 4 ? 0u : which / 2 - 1);
            if (ended_ || distance > result.size() || limit_ - result.size() < length) return false;
            while (length-- > 0) result += result[result.size() - distance];
        }
    }

    std::string_view packed_;
    std::size_t next_ = 0;
    unsigned bit_ = 0;
    std::size_t limit_ = 0;
    bool ended_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
