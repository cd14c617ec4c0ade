// SPDX-License-Identifier: MIT
/// \file The words between a test written in Python and a driver: texts as hexadecimal digits
/// behind an 'x', numbers as the digits of their bits.
#ifndef MLSCRIBE_TESTS_ORACLE_DRIVER_WORDS_HPP
#define MLSCRIBE_TESTS_ORACLE_DRIVER_WORDS_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace test {

inline std::string decoded(const std::string& word) {
    std::string text;
    for (std::size_t i = 1; i + 1 < word.size(); i += 2) {
        text += static_cast<char>(std::stoi(word.substr(i, 2), nullptr, 16));
    }
    return text;
}

inline std::string encoded(std::string_view text) {
    std::string word = "x";
    char digits[3];
    for (const char c : text) {
        std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(c) & 0xFFu);
        word += digits;
    }
    return word;
}

inline double number(const std::string& bits) {
    const std::uint64_t integer = std::stoull(bits, nullptr, 16);
    double value = 0;
    std::memcpy(&value, &integer, sizeof value);
    return value;
}

inline std::string bits_of(double value) {
    std::uint64_t integer = 0;
    std::memcpy(&integer, &value, sizeof value);
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(integer));
    return digits;
}

}  // namespace test

#endif
