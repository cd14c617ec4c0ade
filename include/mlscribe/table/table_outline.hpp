// SPDX-License-Identifier: MIT
/// \file What is known of a table on the disk without reading its rows: its columns and its ends.
#ifndef MLSCRIBE_TABLE_TABLE_OUTLINE_HPP
#define MLSCRIBE_TABLE_TABLE_OUTLINE_HPP

#include <mlscribe/file/byte_window.hpp>
#include <mlscribe/layout/json_scanner.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// `{"columns":[…],"data":[…]}`
struct table_outline {
    std::vector<std::string> columns = {};
    std::uint64_t rows_begin = 0;  ///< behind the bracket of `data`
    std::uint64_t rows_end = 0;    ///< behind the last row, or the same
};

/// Reads up to the first row. \return false where the text is no table, or ends before that
inline bool read_table_head(std::string_view text, table_outline& found) {
    json_scanner from(text);
    std::string key;
    from.skip_blanks();
    if (!from.take('{') || !from.key(key) || key != "columns" || !from.take('[')) return false;
    found.columns.clear();
    from.skip_blanks();
    if (!from.take(']')) {
        do {
            document name;
            from.skip_blanks();
            if (!from.scalar(name)) return false;
            found.columns.push_back(std::move(name.text));
            from.skip_blanks();
        } while (from.take(','));
        if (!from.take(']')) return false;
    }
    from.skip_blanks();
    if (!from.take(',') || !from.key(key) || key != "data" || !from.take('[')) return false;
    found.rows_begin = from.position();
    return true;
}

/// Finds where the rows end. \param text  the last bytes of the file, from `offset` on
inline bool read_table_tail(std::string_view text, std::uint64_t offset, table_outline& found) {
    const auto take_last = [&text](std::string_view sign) {
        text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
        if (text.empty() || text.substr(text.size() - 1) != sign) return false;
        text.remove_suffix(1);
        return true;
    };
    if (!take_last("}") || !take_last("]")) return false;
    found.rows_end = offset + text.size();
    if (take_last("]")) {
        found.rows_end = offset + text.size() + 1;
        return found.rows_end > found.rows_begin;
    }
    if (!take_last("[") || offset + text.size() + 1 != found.rows_begin) return false;
    found.rows_end = found.rows_begin;
    return true;
}

/// \return false where the file is no such table. \cost memory for its head, 64 KiB at least
inline bool read_table_outline(byte_window& file, table_outline& found) {
    constexpr std::size_t longest_head = std::size_t{1} << 24;
    std::size_t length = std::size_t{1} << 12;
    while (!read_table_head(file.at(0, length), found)) {
        if (length >= file.size() || length >= longest_head) return false;
        length *= 8;
    }
    constexpr std::uint64_t longest_tail = 4096;
    const std::uint64_t tail = (std::min)(file.size(), longest_tail);
    const std::uint64_t offset = file.size() - tail;
    return read_table_tail(file.at(offset, static_cast<std::size_t>(tail)), offset, found);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
