// SPDX-License-Identifier: MIT
/// \file A run's directory with a journal in it, and blocks as lanes would have filled them.
#ifndef MLSCRIBE_TESTS_JOURNAL_TEST_JOURNAL_HPP
#define MLSCRIBE_TESTS_JOURNAL_TEST_JOURNAL_HPP

#include <mlscribe/journal/journal_recovery.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "give_up.hpp"
#include "scratch_directory.hpp"

namespace test {

constexpr std::int64_t noon = 1700000000000;

/// Points of consecutive steps and milliseconds.
inline std::vector<mlscribe::point> points_from(std::int64_t first, std::size_t count) {
    std::vector<mlscribe::point> made;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t step = first + static_cast<std::int64_t>(i);
        made.push_back({noon + step, 1.0 / (static_cast<double>(step) + 3), step});
    }
    return made;
}

inline std::string lines_of(const std::vector<mlscribe::point>& rows) {
    std::string text;
    char line[mlscribe::metric_line_capacity];
    for (const mlscribe::point& row : rows) text.append(line, write_metric_line(line, row));
    return text;
}

/// How often each row stands in a file; lines that are no rows do not count.
using row_counts = std::map<std::tuple<std::int64_t, std::int64_t, double>, int>;
inline void count_row(row_counts& counts, const mlscribe::point& row) {
    ++counts[{row.timestamp, row.step, row.value}];
}

class journaled_run {
  public:
    journaled_run() {
        if (mlscribe::detail::directory::open(scratch.path(), run) != 0 ||
            run.make("metrics") != 0 || run.make("artifacts") != 0) {
            give_up("no run");
        }
        make_journal();
    }

    /// Another journal, a new file.
    void make_journal(std::size_t capacity = std::size_t{4} << 20) {
        run.remove("journal");
        journal.reset(new mlscribe::detail::run_journal);
        if (journal->file().create(run, "journal", capacity) != 0) {
            give_up("no journal");
        }
    }
    /// As another process finds it.
    void reopen() {
        journal.reset(new mlscribe::detail::run_journal);
        if (journal->file().open(run, "journal") != 0) give_up("not opened");
    }

    std::uint32_t add(const std::string& key) const {
        std::uint32_t series = 0;
        if (journal->file().add_key(key, series) != 0) give_up("no key");
        return series;
    }
    mlscribe::detail::journal_block* fill(std::uint32_t series,
                                          const std::vector<mlscribe::point>& points) const {
        mlscribe::detail::journal_block* block = nullptr;
        if (points.size() > mlscribe::detail::journal_block::capacity ||
            journal->file().take(series, block) != 0) {
            give_up("no block");
        }
        for (const mlscribe::point& each : points) {
            const std::uint32_t used = block->count.load();
            block->points[used] = each;
            block->count.store(used + 1);
        }
        return block;
    }

    int recover(mlscribe::detail::recovered_points& result) {
        reopen();
        return mlscribe::detail::recover_points(run, *journal, result);
    }
    /// \return how many points it wrote, or -errno
    std::int64_t recover() {
        mlscribe::detail::recovered_points result;
        const int failed = recover(result);
        return failed == 0 ? static_cast<std::int64_t>(result.points) : -failed;
    }

    std::string text(const std::string& key = "loss") const {
        return read_file(scratch / ("metrics/" + key));
    }
    void write(const std::string& bytes, const std::string& key = "loss") const {
        write_file(scratch / ("metrics/" + key), bytes);
    }
    row_counts rows(const std::string& key = "loss") const {
        row_counts found;
        const int failed = mlscribe::detail::metric_file(run, key).for_each_row(
            [&found](const mlscribe::point& row) { count_row(found, row); });
        if (failed != 0) give_up("not read");
        return found;
    }

    /// Makes every write fail until mended.
    void break_disk() const {
        std::filesystem::rename(scratch / "metrics", scratch / "away");
        write_file(scratch / "metrics", "in the way");
    }
    void mend_disk() const {
        std::filesystem::remove(scratch / "metrics");
        std::filesystem::rename(scratch / "away", scratch / "metrics");
    }

    scratch_directory scratch;
    mlscribe::detail::directory run;
    std::unique_ptr<mlscribe::detail::run_journal> journal;
};

}  // namespace test

#endif
