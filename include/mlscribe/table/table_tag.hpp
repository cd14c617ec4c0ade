// SPDX-License-Identifier: MIT
/// \file The tag by which MLflow knows which artifacts are tables (docs/format.md, "Artifacts of
/// images, tables and texts").
#ifndef MLSCRIBE_TABLE_TABLE_TAG_HPP
#define MLSCRIBE_TABLE_TABLE_TAG_HPP

#include <mlscribe/journal/writing_turn.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/store/list_tag.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view table_tag = "mlflow.loggedArtifacts";
/// MLflow's longest tag: its next log_table() would cut a longer list off.
inline constexpr std::size_t longest_table_tag = 8000;

inline bool is_table_entry(const document& entry, std::string_view path) noexcept {
    const document* const name = entry.find("path");
    const document* const type = entry.find("type");
    return name != nullptr && name->text == path && type != nullptr && type->text == "table";
}

/// Adds a table to the list unless it is there. \threadsafety writers take turns
inline error write_table_tag(const directory& run, std::string_view run_path, std::string_view path,
                             writing_turn& turn) {
    document list;
    if (error failure = read_list_tag(run, run_path, table_tag, list)) return failure;
    for (const document& entry : list.items) {
        if (is_table_entry(entry, path)) return {};
    }
    document& added = list.items.emplace_back();
    add_member(added, "path", path);
    add_member(added, "type", "table");
    const std::string text = json_line(list);
    const auto write = [&turn](const std::string& bytes) {
        return turn.replace("tags/" + std::string(table_tag), bytes);
    };
    if (text.size() <= longest_table_tag) return write_tag_by(write, run_path, table_tag, text);
    return {error_code::value_truncated, 0,
            "is logged, and MLflow shows it as a file only: the tag " + std::string(table_tag) +
                " holds 8000 characters, which name the run's " +
                std::to_string(list.items.size() - 1) + " other tables"};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
