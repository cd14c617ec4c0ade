// SPDX-License-Identifier: MIT
/// \file Reads what stands before the values in a .npy file; nothing in it is believed unchecked.
#ifndef MLSCRIBE_LAYOUT_NPY_HEADER_READER_HPP
#define MLSCRIBE_LAYOUT_NPY_HEADER_READER_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/npy_header.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads the header's Python literal, a dict of the three keys that NumPy demands, in any order.
class npy_literal {
  public:
    explicit npy_literal(std::string_view text) noexcept : rest_(text) {}

    /// \return why it is refused, else ""
    std::string read(npy_header& header) {
        if (!take('{')) return refused();
        while (!take('}')) {
            std::string_view key;
            if (!take_text(key) || !take(':')) return refused();
            if (key == "descr") {
                if (!note(has_type_) || !take_type(header.type)) return refused();
            } else if (key == "fortran_order") {
                if (!note(has_order_) || !take_flag(header.fortran_order)) return refused();
            } else if (key == "shape") {
                if (!note(has_shape_) || !take_shape(header.shape)) return refused();
            } else {
                return "has a key that is none of descr, fortran_order and shape";
            }
            if (!take(',') && !is_next('}')) return refused();
        }
        skip_blanks();
        if (!rest_.empty()) return "has text behind its dict";
        if (!has_type_ || !has_order_ || !has_shape_) {
            return "must have the keys descr, fortran_order and shape";
        }
        return {};
    }

  private:
    std::string refused() const {
        return why_.empty() ? "is not the dict of descr, fortran_order and shape that NumPy writes"
                            : why_;
    }
    bool refuse(std::string why) {
        why_ = std::move(why);
        return false;
    }

    /// A key that comes twice is refused.
    static bool note(bool& seen) noexcept {
        const bool first = !seen;
        seen = true;
        return first;
    }

    void skip_blanks() noexcept {
        rest_.remove_prefix((std::min)(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    }
    bool is_next(char wanted) noexcept {
        skip_blanks();
        return !rest_.empty() && rest_.front() == wanted;
    }
    bool take(char wanted) noexcept {
        if (!is_next(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_word(std::string_view word) noexcept {
        skip_blanks();
        if (rest_.substr(0, word.size()) != word) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    bool take_text(std::string_view& text) noexcept {
        const char quote = is_next('"') ? '"' : '\'';
        if (!take(quote)) return false;
        const std::size_t end = rest_.find(quote);
        if (end == std::string_view::npos) return false;
        text = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return text.find('\\') == std::string_view::npos;
    }

    bool take_flag(bool& flag) noexcept {
        flag = take_word("True");
        return flag || take_word("False");
    }

    bool take_type(npy_type& type) {
        if (is_next('[')) return refuse("holds records, not numbers of one type");
        std::string_view spelled;
        if (!take_text(spelled)) return false;
        std::string_view code = spelled;
        if (!code.empty() && std::string_view("<>|=").find(code.front()) != code.npos) {
            type.big_endian = code.front() == '>' || (code.front() != '<' && is_big_endian);
            code.remove_prefix(1);
        }
        constexpr std::string_view known[] = {"b1", "i1", "i2", "i4", "i8", "u1",
                                              "u2", "u4", "u8", "f4", "f8"};
        if (std::find(std::begin(known), std::end(known), code) == std::end(known)) {
            if (!code.empty() && code.front() == 'O') {
                return refuse("holds Python objects, which only Python can load");
            }
            return refuse("holds values of the type \"" + shown(spelled.substr(0, 20)) +
                          "\"; bool, int8 to int64, uint8 to uint64, float32 and float64 can be "
                          "read");
        }
        type.kind = code.front();
        type.size = static_cast<std::size_t>(code.back() - '0');
        return true;
    }

    bool take_shape(std::vector<std::size_t>& shape) {
        if (!take('(')) return false;
        bool comma = true;
        while (!take(')')) {
            std::size_t length = 0;
            if (is_next('-')) return refuse("has a negative length in its shape");
            if (!comma || !take_length(length)) return false;
            if (shape.size() == most_npy_dimensions) return refuse("has more than 64 dimensions");
            shape.push_back(length);
            comma = take(',');
        }
        // "(3)" is a number in Python.
        return shape.size() != 1 || comma;
    }

    bool take_length(std::size_t& length) {
        constexpr auto largest = static_cast<std::uint64_t>(INT64_MAX);
        std::uint64_t number = 0;
        std::size_t digits = 0;
        skip_blanks();
        for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
            const auto digit = static_cast<std::uint64_t>(rest_[digits] - '0');
            if (number > (largest - digit) / 10) return refuse("has a length beyond 64 bits");
            number = number * 10 + digit;
        }
        if (digits == 0) return false;
        rest_.remove_prefix(digits);
        take_word("L");  // as Python 2 wrote it
        length = static_cast<std::size_t>(number);
        return true;
    }

    std::string_view rest_;
    std::string why_;
    bool has_type_ = false;
    bool has_order_ = false;
    bool has_shape_ = false;
};

/// Reads the header of a whole .npy file of the versions 1.0 to 3.0; the values that it announces
/// fill the rest of the file exactly. \onfailure damaged \cost no memory beyond the shape's
inline error read_npy_header(std::string_view file, npy_header& result) {
    const auto refused = [](const std::string& why) {
        return error{error_code::damaged, 0, "array " + why};
    };
    const auto byte = [file](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(file[at]));
    };
    if (file.substr(0, npy_magic.size()) != npy_magic) return refused("is no .npy file");
    std::size_t begin = npy_magic.size() + 2;
    if (file.size() < begin + 4) return refused("file is cut short in its header");
    const std::size_t version = byte(begin - 2);
    if (version < 1 || version > 3 || byte(begin - 1) != 0) {
        return refused("is of the .npy version " + std::to_string(version) + '.' +
                       std::to_string(byte(begin - 1)) + "; 1.0, 2.0 and 3.0 are known");
    }
    std::size_t length = byte(begin) | byte(begin + 1) << 8;
    if (version > 1) length |= byte(begin + 2) << 16 | byte(begin + 3) << 24;
    begin += version > 1 ? 4 : 2;
    if (length > file.size() - begin) return refused("file is cut short in its header");
    npy_header header;
    const std::string why = npy_literal(file.substr(begin, length)).read(header);
    if (!why.empty()) return refused("header " + why);
    header.values_begin = begin + length;
    const std::size_t present = file.size() - header.values_begin;
    std::size_t count = 0;
    const bool fits = count_npy_values(header.shape, count);
    if (!fits || count * header.type.size != present) {
        return refused("of shape " + npy_shape_text(header.shape) + " and type " +
                       npy_type_name(header.type) + " has " + std::to_string(present) +
                       " bytes of values, " +
                       (fits && count * header.type.size < present ? "too many" : "too few") +
                       ": the file is damaged or cut short");
    }
    result = std::move(header);
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
