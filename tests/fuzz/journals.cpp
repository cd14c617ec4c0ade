// SPDX-License-Identifier: MIT
/// \file Any journal in a run's directory: it is looked into, then recovered.
///
/// An input is a journal as some process may have left it, by its number, and changes of it: a
/// page, a place in that, and a number of bytes that follow; without bytes the file ends there.
/// Behind the last page lies the level that the metric is thinned to.
#include <mlscribe/query/run_metrics.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "journal/test_journal.hpp"

using mlscribe::point;
using mlscribe::detail::given_time;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::latest_point;
using mlscribe::detail::recovered_points;
using mlscribe::detail::run_metrics;
using mlscribe::detail::thinned_series;
using test::must_hold;

namespace {

struct left_run {
    std::string journal;
    std::string loss;   ///< the file of this metric; empty for none
    std::string level;  ///< the tag of its thinning; empty for none
};

class journal_maker : public test::journaled_run {
  public:
    std::vector<left_run> all() {
        std::vector<left_run> made;
        made.push_back(
            {std::string((journal_file::first_block + 4) * journal_file::page, '\0'), {}, {}});
        made.push_back(take({}));
        made.push_back(waiting(test::lines_of(test::points_from(-2, 2))));
        made.push_back(waiting(test::lines_of(test::points_from(-2, 2)) + "1700000000000 0.5"));
        made.push_back(waiting("1700000000000 nan 3\n1700"));
        for (const std::size_t written : {0u, 2u, 5u}) made.push_back(interrupted(written));
        made.push_back(thinned(false));
        made.push_back(thinned(true));
        return made;
    }

  private:
    left_run take(const std::string& loss) {
        journal.reset();
        left_run made{test::read_file(scratch / "journal"), loss, {}};
        make_journal();
        return made;
    }
    left_run waiting(const std::string& loss) {
        const std::uint32_t series = add("loss");
        fill(series, test::points_from(0, 3))->drained = 1;
        fill(series, {{given_time(test::noon), 0.5, 1}, {given_time(test::noon), 0.5, 1}});
        fill(add("val/accuracy"), test::points_from(0, journal_block::capacity));
        add("silent");
        return take(loss);
    }
    left_run interrupted(std::size_t written) {
        const std::uint32_t series = add("loss");
        const auto points = test::points_from(0, 8);
        const journal_block* const block = fill(series, points);
        fill(add("other"), points);
        const std::string old = test::lines_of(test::points_from(-2, 2));
        const std::vector<point> rows(points.begin(), points.begin() + 5);
        journal->file().intend(series, old.size(), rows, {{journal->file().index_of(*block), 5}});
        return take(old + test::lines_of(
                              {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(written)}));
    }
    left_run thinned(bool interrupted) {
        const std::uint32_t series = add("loss");
        const auto points = test::points_from(0, 40);
        const journal_block* const block = fill(series, points);
        thinned_series* entry = nullptr;
        if (journal->file().add_thinned(series, 8, entry) != 0) test::give_up("no entry");
        const std::vector<point> rows(points.begin(), points.begin() + 9);
        const std::uint32_t index = journal->file().index_of(*block);
        if (interrupted) journal->file().intend(series, 0, rows, {{index, 9}}, entry, 9);
        return take(interrupted ? test::lines_of(test::points_from(0, 4)) : "");
    }
};

/// Takes bytes from the front of an input; 0 behind its end.
class input {
  public:
    input(const std::uint8_t* data, std::size_t size) noexcept
        : rest_(reinterpret_cast<const char*>(data), size) {}

    bool empty() const noexcept { return rest_.empty(); }
    std::size_t byte() noexcept {
        const std::string_view one = bytes(1);
        return one.empty() ? 0 : static_cast<unsigned char>(one.front());
    }
    std::string_view bytes(std::size_t count) noexcept {
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }

  private:
    std::string_view rest_;
};

left_run read_input(input bytes, const std::vector<left_run>& runs) {
    left_run made = runs[bytes.byte() % runs.size()];
    constexpr std::size_t most_pages = 32;
    constexpr std::size_t numbers = 96;  // where these stand in a page
    while (!bytes.empty()) {
        const std::size_t which = bytes.byte();
        if (which == 255) {
            made.level = bytes.bytes(bytes.byte());
            continue;
        }
        const std::size_t page = which % most_pages * journal_file::page;
        const std::size_t low = bytes.byte();
        const std::size_t high = bytes.byte();
        const std::size_t place = high < 128 ? low % numbers : ((high << 8) + low);
        const std::size_t at = page + place % journal_file::page;
        const std::string_view changed = bytes.bytes(bytes.byte());
        if (changed.empty()) made.journal.resize(at);
        if (made.journal.size() < at + changed.size()) made.journal.resize(at + changed.size());
        changed.copy(&made.journal[at], changed.size());
    }
    return made;
}

/// One run's directory, filled anew for each input.
class fuzzed_run {
  public:
    fuzzed_run() : runs_(journal_maker().all()) {
        if (mlscribe::detail::directory::open(scratch_.path(), run_) != 0) test::give_up("no run");
    }

    void check(const left_run& left) {
        for (const char* name : {"metrics", "artifacts", "tags"}) {
            std::filesystem::remove_all(scratch_ / name);
            run_.make(name);
        }
        run_.remove(name_);
        test::write_file(scratch_ / name_, left.journal);
        if (!left.loss.empty()) test::write_file(scratch_ / "metrics/loss", left.loss);
        if (!left.level.empty()) {
            test::write_file(scratch_ / "tags/mlscribe.thinning_level.loss", left.level);
        }
        look(left);
        recover(left);
    }
    const std::vector<left_run>& runs() const noexcept { return runs_; }

  private:
    /// What a search of the run does.
    void look(const left_run& left) {
        run_metrics metrics(run_, std::string(32, 'a'), scratch_.path(), text_);
        std::vector<std::string> keys;
        metrics.keys(keys);
        keys.push_back("loss");
        const std::size_t most =
            journal_file::max_rows + left.loss.size() + left.journal.size() / sizeof(point);
        for (const std::string& key : keys) {
            must_hold(!key_problem(mlscribe::key_kind::metric, key), "a key is one for MLflow");
            latest_point expected;
            std::size_t rows = 0;
            metrics.for_each_row(key, [&](const point& row) {
                expected.look(row);
                ++rows;
            });
            must_hold(rows <= most, "no more rows than the files have room for");
            std::optional<point> latest;
            metrics.latest(key, latest);
            const bool has_rows = expected.has_value();
            must_hold(latest.has_value() == has_rows, "a metric with rows has a latest");
            must_hold(!has_rows || std::memcmp(&*latest, &expected.value(), sizeof(point)) == 0,
                      "the latest row is the latest of all rows");
        }
        must_hold(test::read_file(scratch_ / name_) == left.journal, "a look changes nothing");
    }

    void recover(const left_run& left) {
        bool is_thinned = false;
        for (const bool again : {false, true}) {
            mlscribe::detail::run_journal journal;
            if (journal.file().open(run_, name_) != 0) break;
            is_thinned = is_thinned || !journal.file().thinned().empty();
            recovered_points result;
            const int failed = recover_points(run_, journal, result);
            if (again) must_hold(failed != 0 || result.points == 0, "each point is written once");
            std::set<std::string> keys;
            for (const auto& [series, key] : journal.file().keys()) keys.insert(key);
            check_files(left, keys);
            if (failed != 0) break;
        }
        // Of a metric that is thinned rows may go.
        const std::string whole = left.loss.substr(0, left.loss.rfind('\n') + 1);
        if (is_thinned || whole.empty()) return;
        const std::string now = test::read_file(scratch_ / "metrics/loss");
        must_hold(now.compare(0, whole.size(), whole) == 0, "the rows that were there are");
    }

    /// No file but of metrics that the journal names and MLflow reads, no line that it does not.
    void check_files(const left_run& left, const std::set<std::string>& keys) const {
        for (const std::string& path : test::tree(scratch_.path())) {
            if (path.back() == '/' || path == name_) continue;
            const auto lies_in = [&path](const std::string& place) {
                return path.compare(0, place.size(), place) == 0;
            };
            if (lies_in("artifacts/torn_lines/") || lies_in("tags/mlscribe.thinn")) continue;
            must_hold(lies_in("metrics/"), "only metrics are written");
            const std::string key = path.substr(8);
            if (key == "loss" && keys.count(key) == 0) {
                must_hold(test::read_file(scratch_ / path) == left.loss,
                          "a metric that the journal does not name stays as it was");
                continue;
            }
            must_hold(keys.count(key) != 0, "only metrics that the journal names are written");
            must_hold(!key_problem(mlscribe::key_kind::metric, key), "a file is named by a key");
            test::points(scratch_.path(), key);
        }
    }

    std::vector<left_run> runs_;
    test::scratch_directory scratch_;
    mlscribe::detail::directory run_;
    mlscribe::detail::metric_text_file text_;
    const std::string name_ = mlscribe::detail::writer::current().new_name();
};

/// Made when the fuzzer runs: a child of its may only merge.
fuzzed_run& only_run() {
    static const bool in_memory =
        ::access("/dev/shm", W_OK) == 0 && ::setenv("TMPDIR", "/dev/shm", 1) == 0;
    static_cast<void>(in_memory);
    static fuzzed_run run;
    return run;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzzed_run& run = only_run();
    run.check(read_input({data, size}, run.runs()));
    return 0;
}
