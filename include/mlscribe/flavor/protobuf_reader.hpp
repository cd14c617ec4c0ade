// SPDX-License-Identifier: MIT
/// \file Walks the fields of a protobuf message, of which nothing is trusted.
#ifndef MLSCRIBE_FLAVOR_PROTOBUF_READER_HPP
#define MLSCRIBE_FLAVOR_PROTOBUF_READER_HPP

#include <mlscribe/file/byte_window.hpp>

#include <cstdint>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One field: a number, or the place of a string or message.
struct protobuf_field {
    std::uint32_t number = 0;
    bool has_bytes = false;
    std::int64_t value = 0;   ///< of an int32, int64, bool or enum
    std::uint64_t begin = 0;  ///< of the bytes
    std::uint64_t end = 0;
};

/// Bytes are stepped over, however many they are.
class protobuf_reader {
  public:
    protobuf_reader(byte_window& source, std::uint64_t begin, std::uint64_t end) noexcept
        : source_(source), at_(begin), end_(end) {}

    /// \return false at the end, and where the message is damaged
    bool next(protobuf_field& field) {
        if (damaged_ || at_ == end_) return false;
        std::uint64_t key = 0;
        damaged_ = !read(key) || key >> 3 == 0 || key >> 32 != 0 || !read_value(key & 7, field);
        field.number = static_cast<std::uint32_t>(key >> 3);
        return !damaged_;
    }

    bool damaged() const noexcept { return damaged_; }
    /// Where the next field begins, or the damage.
    std::uint64_t place() const noexcept { return at_; }

  private:
    bool read_value(std::uint64_t wire_type, protobuf_field& field) {
        std::uint64_t number = 0;
        field = {};
        switch (wire_type) {
            case 0:
                if (!read(number)) return false;
                field.value = static_cast<std::int64_t>(number);
                return true;
            case 1:
                return skip(8);
            case 2:
                if (!read(number)) return false;
                field.has_bytes = true;
                field.begin = at_;
                field.end = at_ + number;
                return skip(number);
            case 5:
                return skip(4);
            default:  // Groups: ONNX has none.
                return false;
        }
    }

    bool skip(std::uint64_t count) noexcept {
        if (count > end_ - at_) return false;
        at_ += count;
        return true;
    }

    bool read(std::uint64_t& number) {
        const std::string_view bytes = source_.at(at_, 10);
        number = 0;
        unsigned shift = 0;
        for (const char byte : bytes) {
            if (at_ == end_) return false;
            ++at_;
            number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            shift += 7;
            if ((byte & 0x80) == 0) return true;
        }
        return false;
    }

    byte_window& source_;
    std::uint64_t at_;
    std::uint64_t end_;
    bool damaged_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
