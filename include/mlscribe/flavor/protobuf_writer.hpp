// SPDX-License-Identifier: MIT
/// \file A protobuf message in its wire format, field by field.
#ifndef MLSCRIBE_FLAVOR_PROTOBUF_WRITER_HPP
#define MLSCRIBE_FLAVOR_PROTOBUF_WRITER_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Appends the fields of one message; `field` is the number that the .proto file gives.
class protobuf_writer {
  public:
    /// An int32, int64, bool or enum.
    protobuf_writer& number(std::uint32_t field, std::int64_t value) {
        put(field << 3);
        put(static_cast<std::uint64_t>(value));
        return *this;
    }

    /// A string, bytes, or a whole message.
    protobuf_writer& bytes(std::uint32_t field, std::string_view value) {
        put(field << 3 | 2);
        put(value.size());
        message_.append(value);
        return *this;
    }
    protobuf_writer& message(std::uint32_t field, const protobuf_writer& value) {
        return bytes(field, value.message_);
    }

    /// Fields that are written already.
    protobuf_writer& append(const protobuf_writer& fields) {
        message_ += fields.message_;
        return *this;
    }

    const std::string& str() const noexcept { return message_; }

  private:
    /// Seven bits a byte, the lowest first.
    void put(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) message_ += static_cast<char>((value & 0x7F) | 0x80);
        message_ += static_cast<char>(value);
    }

    std::string message_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
