// SPDX-License-Identifier: MIT
/// \file Numbers of any type to 8-bit values, as MLflow shows them.
#ifndef MLSCRIBE_IMAGE_NUMBER_BYTES_HPP
#define MLSCRIBE_IMAGE_NUMBER_BYTES_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/image/checked_image.hpp>
#include <mlscribe/layout/float_text.hpp>
#include <mlscribe/layout/value_extremes.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Numbers become bytes as MLflow makes them: bool 0 or 255, integers as they are, real numbers
/// times 255 without their fraction. In place.
class number_bytes {
  public:
    /// \param columns   of pixels; with `channels` only for messages
    number_bytes(std::string& bytes, std::size_t columns, std::size_t channels)
        : bytes_(bytes), columns_(columns), channels_(channels) {}

    /// \param remark  gets what is to be told about a picture that can be shown
    /// \onfailure invalid_value: integers outside 0 to 255, NaN, infinities
    template <class T>
    error convert(error& remark) {
        if constexpr (std::is_same_v<T, bool>) {
            replace<T>([](T value) { return value ? 255 : 0; });
        } else if constexpr (std::is_floating_point_v<T>) {
            if (error failure = check_finite<T>()) return failure;
            const auto [low, high] = extremes<T>();
            if (low >= 0 && high <= 1) {
                replace<T>([](T value) { return value * T{255}; });
                return {};
            }
            const T first = low;
            const T range = high - low;
            if (!is_finite(range)) return refused_image("its values lie too far apart");
            replace<T>([first, range](T value) {
                return range > 0 ? (value - first) / range * T{255} : T{0};
            });
            remark = refused_image("its values, " + range_text(low, high) +
                                   ", are outside 0 to 1 and were scaled to it, as MLflow does; "
                                   "scale them yourself to make pictures comparable");
        } else if constexpr (!std::is_same_v<T, std::uint8_t>) {
            const auto [low, high] = extremes<T>();
            if (low < T{0} || high > static_cast<T>(255 & most<T>())) {
                return refused_image("it has integers " + range_text(low, high) +
                                     "; 0 to 255 are shown: scale them, or give real numbers");
            }
            replace<T>([](T value) { return value; });
        }
        return {};
    }

  private:
    template <class T>
    struct low_and_high {
        T low;
        T high;
    };

    template <class T>
    static constexpr std::uint64_t most() noexcept {
        return static_cast<std::uint64_t>((std::numeric_limits<T>::max)());
    }

    template <class T>
    std::size_t count() const noexcept {
        return bytes_.size() / sizeof(T);
    }

    template <class T>
    T at(std::size_t index) const noexcept {
        T value;
        std::memcpy(&value, bytes_.data() + index * sizeof(T), sizeof(T));
        return value;
    }

    template <class T>
    low_and_high<T> extremes() const noexcept {
        low_and_high<T> found{at<T>(0), at<T>(0)};
        for (std::size_t i = 1; i != count<T>(); ++i) {
            const T value = at<T>(i);
            if (value < found.low) found.low = value;
            if (value > found.high) found.high = value;
        }
        return found;
    }

    template <class T>
    error check_finite() const {
        for (std::size_t i = 0; i != count<T>(); ++i) {
            if (is_finite(at<T>(i))) continue;
            const std::size_t pixel = i / channels_;
            return refused_image(
                std::string("it has ") + (is_nan(at<T>(i)) ? "NaN" : "an infinity") + " in row " +
                std::to_string(pixel / columns_) + ", column " + std::to_string(pixel % columns_) +
                ", which no colour stands for; replace it");
        }
        return {};
    }

    template <class T>
    static std::string range_text(T low, T high) {
        if constexpr (std::is_floating_point_v<T>) {
            return float_text(low) + " to " + float_text(high);
        } else {
            return std::to_string(low) + " to " + std::to_string(high);
        }
    }

    template <class T, class Byte>
    void replace(Byte&& byte) {
        const std::size_t values = count<T>();
        for (std::size_t i = 0; i != values; ++i) {
            bytes_[i] = static_cast<char>(static_cast<std::uint8_t>(byte(at<T>(i))));
        }
        bytes_.resize(values);
    }

    std::string& bytes_;
    std::size_t columns_;
    std::size_t channels_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
