// SPDX-License-Identifier: MIT
/// \file Numbers as an axis shows them: all of an axis in one unit, with as many places as needed.
#ifndef MLSCRIBE_FIGURE_TICK_TEXT_HPP
#define MLSCRIBE_FIGURE_TICK_TEXT_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// As wide as a digit, and lines do not break there.
inline constexpr std::string_view minus = "\xE2\x88\x92";

/// With the minus above. \param value  finite
inline std::string decimal_text(double value, std::chars_format format, int places) {
    char digits[400];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, format, places).ptr;
    std::string text;
    for (const char* c = digits; c != end; ++c) {
        if (*c == '-') {
            text += minus;
        } else {
            text += *c;
        }
    }
    return text;
}

/// `2e5` for 2 × 10⁵; in full between 0.0001 and 50000.
inline std::string power_text(int digit, int exponent) {
    if (exponent >= -4 && exponent <= 4) {
        return decimal_text(digit * std::pow(10, exponent), std::chars_format::fixed,
                            (std::max)(0, -exponent));
    }
    return std::to_string(digit) + "e" + decimal_text(exponent, std::chars_format::fixed, 0);
}

/// A number by itself, in at most `digits` digits: `0.913`, `12.5k`, `3.1e−7`.
std::string short_number(double value, int digits = 3);

/// How the ticks of one axis are written.
class tick_style {
  public:
    /// \param greatest    of the sizes of the values
    /// \param last_place  the power of ten of the last digit that tells them apart
    tick_style(double greatest, int last_place) {
        const int exponent =
            greatest > 0 ? static_cast<int>(std::floor(std::log10(greatest) + 1e-12)) : 0;
        if (exponent >= 15 || exponent < -4) {
            scientific_ = true;
            places_ = (std::min)((std::max)(exponent - last_place, 0), 16);
            return;
        }
        const int unit = exponent < 5 ? 0 : exponent / 3;
        // `1000.0003k` would be harder to read than all digits.
        if (unit != 0 && unit * 3 - last_place <= 3) {
            suffix_ = "kMGT"[unit - 1];
            divisor_ = std::pow(10, 3 * unit);
            last_place -= unit * 3;
        }
        places_ = (std::max)(0, -last_place);
    }

    std::string text(double value) const {
        if (std::fabs(value) < 1e-305) return "0";
        if (scientific_) {
            // Without the zero of `1e-05` and the sign of `1e+20`.
            std::string text = decimal_text(value, std::chars_format::scientific, places_);
            const std::size_t letter = text.find('e');
            std::size_t from = letter + 1;
            const std::string exponent(text[from] == '+' ? "" : minus);
            from += text[from] == '+' ? std::size_t(1) : minus.size();
            while (from + 1 < text.size() && text[from] == '0') ++from;
            return text.substr(0, letter) + "e" + exponent + text.substr(from);
        }
        std::string text = decimal_text(value / divisor_, std::chars_format::fixed, places_);
        if (suffix_ != 0) text += suffix_;
        return text;
    }

  private:
    bool scientific_ = false;
    char suffix_ = 0;
    double divisor_ = 1;
    int places_ = 0;
};

inline std::string short_number(double value, int digits) {
    const double size = std::fabs(value);
    if (size < 1e-305) return "0";
    const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-12));
    std::string text = tick_style(size, exponent - digits + 1).text(value);
    const std::size_t letter = text.find_first_of("ekMGT");
    const std::string unit = letter == std::string::npos ? "" : text.substr(letter);
    text.resize(text.size() - unit.size());
    if (text.find('.') != std::string::npos) {
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
    }
    return text + unit;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
