// SPDX-License-Identifier: MIT
/// \file What MD5, SHA-1 and SHA-256 have in common: blocks of 64 bytes, and how the last one ends.
#ifndef MLSCRIBE_LAYOUT_BLOCK_HASH_HPP
#define MLSCRIBE_LAYOUT_BLOCK_HASH_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Cuts what is given piece by piece into blocks. \tparam Hash  derived; has
/// `void add_block(std::string_view) noexcept`
template <class Hash>
class block_hash {
  public:
    void update(std::string_view bytes) noexcept {
        length_ += bytes.size();
        while (!bytes.empty()) {
            if (filled_ == 0 && bytes.size() >= sizeof block_) {
                add(bytes);
                bytes.remove_prefix(sizeof block_);
                continue;
            }
            const std::size_t count = (std::min)(bytes.size(), sizeof block_ - filled_);
            std::copy_n(bytes.data(), count, block_ + filled_);
            filled_ += count;
            bytes.remove_prefix(count);
            if (filled_ < sizeof block_) return;
            add(std::string_view(block_, sizeof block_));
            filled_ = 0;
        }
    }

  protected:
    enum class order { low_first, high_first };

    block_hash() = default;
    ~block_hash() = default;

    /// Fills the last block, whose end is the number of bits.
    void pad(order bytes_of_length) noexcept {
        const std::uint64_t bits = length_ * 8;
        update(std::string_view("\x80", 1));
        while (filled_ != 56) update(std::string_view("\0", 1));
        char size[8];
        for (unsigned i = 0; i < 8; ++i) {
            const unsigned shift = 8 * (bytes_of_length == order::low_first ? i : 7 - i);
            size[i] = static_cast<char>(bits >> shift & 0xff);
        }
        update(std::string_view(size, sizeof size));
    }

  private:
    void add(std::string_view block) noexcept { static_cast<Hash*>(this)->add_block(block); }

    std::uint64_t length_ = 0;
    std::size_t filled_ = 0;
    char block_[64] = {};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
