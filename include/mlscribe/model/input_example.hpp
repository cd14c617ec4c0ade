// SPDX-License-Identifier: MIT
/// \file An example of what a model takes, in the files that MLflow shows and serves it from.
#ifndef MLSCRIBE_MODEL_INPUT_EXAMPLE_HPP
#define MLSCRIBE_MODEL_INPUT_EXAMPLE_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/reflect/document_of.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// A few inputs of a model, empty by default. Made of any value that `run.log_dict` takes:
///
/// - a list of structs or of maps, one a row: a table, the members its columns;
/// - a map of lists of one length (`{"x": {1, 2}, "y": {3, 4}}`): a table, column by column;
/// - a list of numbers, or of lists of numbers: an array;
/// - a map with lists of lists: named arrays.
struct input_example {
    document content;

    input_example() = default;
    input_example(document value) : content(std::move(value)) {}
    template <class Value>
    input_example(const Value& value) : content(document_of(value)) {}

    bool empty() const noexcept { return content.type == document::kind::null; }
};

namespace detail {

inline constexpr std::string_view example_path = "input_example.json";
inline constexpr std::string_view serving_example_path = "serving_input_example.json";

inline bool is_scalar(const document& value) noexcept {
    return value.type != document::kind::list && value.type != document::kind::map;
}

/// An example as MLflow stores it.
struct stored_example {
    bool is_table = false;
    document content;
};

/// `{"columns": …, "data": …}` of a list of rows. A column that only later rows have comes last;
/// rows without it have null there.
inline document table_of_rows(const document& rows) {
    document columns;
    document data;
    columns.type = data.type = document::kind::list;
    std::vector<std::string_view> names;
    data.items.resize(rows.items.size());
    for (std::size_t i = 0; i < rows.items.size(); ++i) {
        std::vector<document>& cells = data.items[i].items;
        for (const document_entry& cell : rows.items[i].entries) {
            const std::string_view name = json_word(cell.key);
            const auto found = std::find(names.begin(), names.end(), name);
            const auto at = static_cast<std::size_t>(found - names.begin());
            if (at == names.size()) names.push_back(name);
            if (cells.size() <= at) cells.resize(at + 1);
            cells[at] = cell.value;
        }
    }
    for (document& row : data.items) {
        row.type = document::kind::list;
        row.items.resize(names.size());
    }
    for (const std::string_view name : names) columns.items.push_back(document_of(name));
    document table;
    add_member(table, "columns", columns);
    add_member(table, "data", data);
    return table;
}

/// Turns `{"x": [1, 2], "y": [3, 4]}` into a list of rows.
inline document rows_of_columns(const document& columns) {
    document rows;
    rows.type = document::kind::list;
    for (const document_entry& column : columns.entries) {
        rows.items.resize(column.value.items.size());
        for (std::size_t i = 0; i < rows.items.size(); ++i) {
            add_member(rows.items[i], json_word(column.key), column.value.items[i]);
        }
    }
    return rows;
}

inline bool are_rows(const document& value) {
    for (const document& item : value.items) {
        if (item.type != document::kind::map) return false;
    }
    return value.type == document::kind::list && !value.items.empty();
}

inline bool are_columns(const document& value) {
    if (value.type != document::kind::map || value.entries.empty()) return false;
    for (const document_entry& column : value.entries) {
        if (column.value.type != document::kind::list ||
            column.value.items.size() != value.entries.front().value.items.size()) {
            return false;
        }
        for (const document& cell : column.value.items) {
            if (!is_scalar(cell)) return false;
        }
    }
    return true;
}

/// MLflow writes numbers that JSON has no word for as null in an array.
inline void blank_non_numbers(document& value) {
    if (value.type == document::kind::real &&
        json_word(value).find_first_of("NI") != std::string_view::npos) {
        value = {};
    }
    for (document& item : value.items) blank_non_numbers(item);
    for (document_entry& entry : value.entries) blank_non_numbers(entry.value);
}

inline bool is_array(const document& value) {
    if (value.type != document::kind::list || value.items.empty()) return false;
    for (const document& item : value.items) {
        if (item.type == document::kind::map) return false;
        if (item.type == document::kind::list && !is_array(item)) return false;
        if (is_scalar(item) != is_scalar(value.items.front())) return false;
    }
    return true;
}

inline bool are_named_arrays(const document& value) {
    for (const document_entry& entry : value.entries) {
        if (!is_array(entry.value)) return false;
    }
    return value.type == document::kind::map && !value.entries.empty();
}

/// \onfailure invalid_value: neither a table nor an array
inline error store_example(const input_example& example, stored_example& stored) {
    const document& content = example.content;
    stored.is_table = are_rows(content) || are_columns(content);
    if (stored.is_table) {
        stored.content = table_of_rows(are_rows(content) ? content : rows_of_columns(content));
        return {};
    }
    if (!is_array(content) && !are_named_arrays(content)) {
        return {error_code::invalid_value, 0,
                "the input example is neither rows, nor columns of one length, nor an array"};
    }
    stored.content = content;
    blank_non_numbers(stored.content);
    return {};
}

/// Writes `input_example.json` and, as a request to a model server has it,
/// `serving_input_example.json` into a model's directory. Nothing for an empty example.
/// \param info  becomes what MLmodel tells of it under `saved_input_example_info`
/// \onfailure invalid_value: neither a table nor an array; system
inline error write_input_example(const directory& model, const input_example& example,
                                 document& info) {
    if (example.empty()) return {};
    stored_example stored;
    if (error failure = store_example(example, stored)) return failure;
    document request;
    add_member(request, stored.is_table ? "dataframe_split" : "inputs", stored.content);
    for (const auto& [path, text] : {std::pair(example_path, json_line(stored.content)),
                                     std::pair(serving_example_path, json_text(request))}) {
        const int failed = replace_file(model, path, text);
        if (failed != 0) return system_error("cannot write", path, failed);
    }
    add_member(info, "artifact_path", example_path);
    if (stored.is_table) add_member(info, "pandas_orient", "split");
    add_member(info, "serving_input_path", serving_example_path);
    add_member(info, "type", stored.is_table ? "dataframe" : "ndarray");
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
