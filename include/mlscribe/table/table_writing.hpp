// SPDX-License-Identifier: MIT
/// \file Writes a table into a run: its file, then the tag that names it.
#ifndef MLSCRIBE_TABLE_TABLE_WRITING_HPP
#define MLSCRIBE_TABLE_TABLE_WRITING_HPP

#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/journal/writing_turn.hpp>
#include <mlscribe/table/gather_table.hpp>
#include <mlscribe/table/table_file.hpp>
#include <mlscribe/table/table_path.hpp>
#include <mlscribe/table/table_tag.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Without columns there is nothing to write.
/// \onfailure invalid_path, invalid_value, value_changed, damaged, system: the table is as before
inline error write_table(const run_place& run, std::string_view path, const table_columns& rows) {
    if (error failure = check_table_path(path)) return failure;
    if (rows.names().empty()) return {};
    error failure = rows.check();
    if (!failure) {
        bool written = false;
        failure = write_in_turn(run.folder, run.path, [&](writing_turn& turn) {
            error refused = written ? error{} : table_file(run.folder, path).append(rows, turn);
            written = !refused;
            return refused ? refused : write_table_tag(run.folder, run.path, path, turn);
        });
    }
    if (failure) failure.message = "table \"" + shown(path) + "\": " + failure.message;
    return failure;
}

template <class Rows>
class table_writing final : public run_writing {
  public:
    table_writing(const Rows& rows, std::string_view path) : rows_(rows), path_(path) {}

    error write(const run_place& run) override {
        table_columns columns;
        gather_table(rows_, columns);
        return write_table(run, path_, columns);
    }

  private:
    const Rows& rows_;
    std::string_view path_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
