// SPDX-License-Identifier: MIT
/// \file What may be logged as a table, to its columns.
#ifndef MLSCRIBE_TABLE_GATHER_TABLE_HPP
#define MLSCRIBE_TABLE_GATHER_TABLE_HPP

#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/table/table_columns.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A member whose members are columns. What may be missing or of another kind is one cell.
template <class T>
inline constexpr bool is_column_group_v =
    is_reflected_v<T> && !has_param_text_hook_v<T> && !std::is_same_v<T, document>;

template <class T>
inline constexpr bool is_column_v = is_range_v<T> && !is_string_like_v<T>;

template <class Visitor, class T>
void add_table_member(Visitor& out, std::string_view name, const void* value) {
    out.add(name, *static_cast<const T*>(value));
}

/// A member without its type, so that every struct shares one loop.
template <class Visitor>
struct table_member {
    const void* value;
    void (*add)(Visitor& out, std::string_view name, const void* value);
};

/// Adds the cells of one row.
class row_gatherer {
  public:
    explicit row_gatherer(table_columns& out) noexcept : out_(out), first_(out.names().empty()) {}

    /// What the description of a struct calls.
    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        const table_member<row_gatherer> values[] = {
            {&members, &add_table_member<row_gatherer, Members>}...};
        for (const auto& member : values) member.add(*this, names.next(), member.value);
    }

    template <class T>
    void add(std::string_view name, const T& value) {
        if constexpr (is_column_group_v<T>) {
            const std::size_t length = prefix_.size();
            prefix_.append(name).append(".");
            visit_members(value, *this);
            prefix_.resize(length);
        } else {
            document cell;
            fill_document(cell, value);
            add_cell(name, cell);
        }
    }

  private:
    void add_cell(std::string_view name, const document& value) {
        if (first_) out_.add_column(prefix_ + std::string(name));
        out_.add_cell(column_++, value);
    }

    table_columns& out_;
    std::string prefix_;
    std::size_t column_ = 0;
    bool first_;
};

/// Adds whole columns.
class column_gatherer {
  public:
    explicit column_gatherer(table_columns& out) noexcept : out_(out) {}

    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        const table_member<column_gatherer> values[] = {
            {&members, &add_table_member<column_gatherer, Members>}...};
        for (const auto& member : values) member.add(*this, names.next(), member.value);
    }

    template <class Range>
    void add(std::string_view name, const Range& values) {
        static_assert(is_column_v<Range>,
                      "mlscribe: log_table() takes a range of structs, which are rows, or a struct "
                      "or map of ranges, which are columns; put a single row into a vector");
        if constexpr (is_column_v<Range>) {
            const std::size_t column = out_.names().size();
            out_.add_column(name);
            for (auto&& value : values) {
                document cell;
                fill_document(cell, static_cast<const range_value_t<Range>&>(value));
                out_.add_cell(column, cell);
            }
        }
    }

  private:
    table_columns& out_;
};

template <class Rows>
constexpr bool is_range_of_rows() noexcept {
    if constexpr (is_range_v<Rows> && !is_map_like_v<Rows>) {
        return is_reflected_v<range_value_t<Rows>>;
    } else {
        return false;
    }
}

template <class Rows>
void gather_table(const Rows& rows, table_columns& out) {
    constexpr bool known = is_range_of_rows<Rows>() || is_map_like_v<Rows> || is_reflected_v<Rows>;
    static_assert(known,
                  "mlscribe: log_table() takes a range of structs, which are rows, or a struct or "
                  "map of ranges, which are columns; in C++17 describe the struct with "
                  "MLSCRIBE_DESCRIBE(type, members...)");
    if constexpr (is_range_of_rows<Rows>()) {
        for (const auto& row : rows) {
            row_gatherer gatherer(out);
            visit_members(row, gatherer);
        }
    } else if constexpr (is_map_like_v<Rows>) {
        column_gatherer gatherer(out);
        for (const auto& column : rows) gatherer.add(column.first, column.second);
    } else if constexpr (known) {
        column_gatherer gatherer(out);
        visit_members(rows, gatherer);
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
