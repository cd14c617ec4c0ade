// SPDX-License-Identifier: MIT
/// \file Writes a table, or rows behind those of one that is there: a reader sees the old or the
/// new.
#ifndef MLSCRIBE_TABLE_TABLE_FILE_HPP
#define MLSCRIBE_TABLE_TABLE_FILE_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/copy_bytes.hpp>
#include <mlscribe/journal/writing_turn.hpp>
#include <mlscribe/table/table_columns.hpp>
#include <mlscribe/table/table_outline.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety writers take turns (see writing_turn)
class table_file {
  public:
    /// \param path  below `artifacts/`; both outlive the table
    table_file(const directory& run, std::string_view path)
        : run_(run), path_("artifacts/" + std::string(path)) {}

    /// \onfailure value_changed: the table has other columns; damaged: what is there is no table;
    ///            system. It stays as it is then
    /// \cost a copy of the table, which file systems with shared blocks give for nothing
    error append(const table_columns& rows, writing_turn& turn) const {
        for (int tries = 0; tries < 100; ++tries) {
            bool changed = false;
            error failure = try_append(rows, turn, changed);
            if (!changed) return failure;
        }
        return {error_code::system, EBUSY,
                "another program goes on writing it, and these rows are not in it"};
    }

  private:
    /// \param changed  whether a program that takes no turns, as MLflow, wrote it meanwhile
    error try_append(const table_columns& rows, writing_turn& turn, bool& changed) const {
        descriptor old;
        int failed = run_.open_file(path_, O_RDONLY, old);
        if (failed == ENOENT) return told(turn.replace(path_, rows.text()));
        struct stat before {};
        if (failed == 0 && uninterrupted::fstat(old.get(), &before) != 0) failed = errno;
        if (failed == 0 && !S_ISREG(before.st_mode)) failed = EISDIR;
        if (failed != 0) return told(failed);
        byte_window bytes(old.get(), static_cast<std::uint64_t>(before.st_size));
        table_outline outline;
        if (!read_table_outline(bytes, outline)) {
            if (bytes.failure() != 0) return told(bytes.failure());
            return {error_code::damaged, 0,
                    "what is there is no table that log_table wrote, or not the whole of one; "
                    "use another name"};
        }
        std::vector<std::size_t> order;
        if (!rows.order_by(outline.columns, order)) {
            return {error_code::value_changed, 0,
                    "it has the columns " + shown_columns(outline.columns) +
                        " and these rows have " + shown_columns(rows.names()) +
                        "; log them to another file"};
        }
        if (rows.rows() == 0) return {};
        staged_file staged(run_);
        failed = turn.open(staged);
        if (failed == 0) failed = byte_copy(old.get(), staged.get()).run();
        if (failed == 0) {
            const bool first = outline.rows_end == outline.rows_begin;
            const std::string text = rows.rows_text(order, first ? "" : ",") + "]}";
            failed = write_at(staged, outline.rows_end, text);
        }
        if (failed != 0) return told(failed);
        struct stat now {};
        changed = run_.status(path_, now) != 0 || !is_same(before, now);
        return changed ? error{} : told(staged.rename_to(path_));
    }

    static int write_at(const staged_file& staged, std::uint64_t place, std::string_view text) {
        const auto end = static_cast<off_t>(place);
        if (uninterrupted::ftruncate(staged.get(), end) != 0) return errno;
        if (::lseek(staged.get(), end, SEEK_SET) < 0) return errno;
        std::size_t written = 0;
        return write_all(staged.get(), text, written);
    }

    static bool is_same(const struct stat& a, const struct stat& b) noexcept {
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
               a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
    }

    error told(int failed) const {
        if (failed == 0) return {};
        error failure = system_error("cannot write", path_, failed);
        if (failed == EISDIR || failed == ENOTDIR) failure.message += "; use another path";
        return failure;
    }

    const directory& run_;
    const std::string path_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
