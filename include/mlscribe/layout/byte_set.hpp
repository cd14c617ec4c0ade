// SPDX-License-Identifier: MIT
/// \file A set of bytes.
#ifndef MLSCRIBE_LAYOUT_BYTE_SET_HPP
#define MLSCRIBE_LAYOUT_BYTE_SET_HPP

#include <mlscribe/config/config.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Made while the program is compiled; whether it has a byte is then one load.
class byte_set {
  public:
    explicit constexpr byte_set(std::string_view members) noexcept : has_() {
        for (const char each : members) has_[static_cast<unsigned char>(each)] = true;
    }

    constexpr bool has(char byte) const noexcept { return has_[static_cast<unsigned char>(byte)]; }

  private:
    bool has_[256];
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
