// SPDX-License-Identifier: MIT
/// \file Takes a run back to where it is resumed: what was logged behind that goes to an artifact.
#ifndef MLSCRIBE_RUN_ROLL_BACK_HPP
#define MLSCRIBE_RUN_ROLL_BACK_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/journal/metric_cut.hpp>
#include <mlscribe/journal/metric_list.hpp>
#include <mlscribe/layout/tag_about.hpp>
#include <mlscribe/run/resume_target.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One roll-back of a run that nobody writes. A process may die at any point of it: the next
/// roll-back, to whatever point, loses no row and keeps none twice.
class roll_back {
  public:
    roll_back(const found_run& run, const resume_target& target, durability wish)
        : run_(run), target_(target), wish_(wish) {}

    error carry_out() {
        int failed = list_metrics(run_.folder, keys_);
        if (failed == 0) failed = settle_last();
        if (failed == 0) failed = retire_checkpoints();
        if (failed == 0) failed = plan_cuts();
        if (failed == 0) failed = cut_all();
        if (failed != 0) {
            return system_error("cannot take metrics back to an earlier step in", run_.path,
                                failed);
        }
        return tell();
    }

  private:
    static constexpr const char* shelf = "artifacts/cut_points";

    struct planned_cut {
        std::string key;
        row_cut cut;
        std::int64_t first_time;  ///< of the rows that go
    };

    static std::string place(std::uint64_t number) {
        return std::string(shelf) + '/' + std::to_string(number);
    }

    /// Finds this roll-back's number. One that died before may have left rows that no file has lost
    /// yet.
    int settle_last() {
        directory folder;
        const int failed = run_.folder.open_below(shelf, missing::fail, folder);
        if (failed == ENOENT) return 0;
        if (failed != 0) return failed;
        std::uint64_t last = 0;
        const int unread = folder.for_each_entry(".", [&last](const std::string& name, bool) {
            std::uint64_t number = 0;
            const char* const end = name.data() + name.size();
            const auto read = std::from_chars(name.data(), end, number);
            if (read.ec == std::errc() && read.ptr == end) last = (std::max)(last, number);
        });
        if (unread != 0 || last == 0) return unread;
        for (const std::string& key : keys_) {
            if (const int kept = withdraw_cut_rows(run_.folder, key, place(last))) return kept;
        }
        std::vector<std::string> kept;
        const int unlisted = list_files(run_.folder, place(last), kept);
        number_ = kept.empty() ? last : last + 1;
        return unlisted;
    }

    /// Checkpoints that know of rows which go: what they say would not be true any more.
    int retire_checkpoints() const {
        std::vector<std::string> paths;
        if (const int failed = list_files(run_.folder, "artifacts/checkpoints", paths)) {
            return failed;
        }
        for (const std::string& path : paths) {
            std::string text;
            const std::string from = "artifacts/checkpoints/" + path;
            const int unread = run_.folder.read(from, text, max_checkpoint_bytes);
            if (unread == EFBIG) continue;
            if (unread != 0) return unread;
            const std::optional<checkpoint_record> record = parse_checkpoint(text);
            if (!record || !target_.is_before(*record)) continue;
            const int failed =
                replace_file(run_.folder, place(number_) + "/checkpoints/" + path, text);
            if (failed != 0) return failed;
            if (const int kept = run_.folder.remove(from)) return kept;
        }
        return 0;
    }

    /// The first row that goes ends the pass before it, and what is sampled by the clock.
    int plan_cuts() {
        std::int64_t first_time = INT64_MAX;
        for (const std::string& key : keys_) {
            std::optional<row_cut> cut = target_.cut_of(key);
            if (!cut && target_.is_step() && goes_by_time(key)) cut = row_cut{};
            if (!cut) continue;
            cut_rows found;
            if (!goes_by_time(key)) {
                const std::int64_t start = run_.meta.start_time;
                const int failed = find_cut_rows(run_.folder, key, *cut, start, found);
                if (failed != 0) return failed;
            }
            first_time = (std::min)(first_time, found.earliest_time);
            planned_.push_back({key, *cut, found.earliest_time});
        }
        for (planned_cut& each : planned_) {
            each.cut.done_until = first_time;
            if (target_.is_step() && goes_by_time(each.key) && first_time != INT64_MAX) {
                each.cut.after_time = first_time - 1;
            }
        }
        // After a death the same time must be found again: who has that row loses it last.
        std::stable_sort(
            planned_.begin(), planned_.end(),
            [](const planned_cut& a, const planned_cut& b) { return a.first_time > b.first_time; });
        return 0;
    }

    int cut_all() {
        for (const planned_cut& each : planned_) {
            std::uint64_t count = 0;
            const int failed =
                cut_metric(run_.folder, each.key, each.cut, place(number_), wish_, count);
            if (failed != 0) return failed;
            if (count == 0) continue;
            // What is left may be far from the bound: it is thinned from the finest level again.
            run_.folder.remove("tags/" + tag_about("thinning_level", each.key));
            // The step that it names is done again.
            run_.folder.remove("tags/" + tag_about("partial_step", each.key));
        }
        return 0;
    }

    /// Counts all rows that were ever cut, so that a death before does not matter.
    error tell() const {
        std::vector<std::string> paths;
        int failed = list_files(run_.folder, shelf, paths);
        std::uint64_t rows = 0;
        for (const std::string& path : paths) {
            descriptor file;
            std::string rest;
            std::uint64_t length = 0;
            if (path.size() < 4 || path.compare(path.size() - 4, 4, ".txt") != 0) continue;
            failed = run_.folder.open_file(std::string(shelf) + '/' + path, O_RDONLY, file);
            if (failed != 0) break;
            failed = read_whole_lines(
                file.get(),
                [&rows](std::string_view lines) {
                    rows +=
                        static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
                },
                rest, length);
            if (failed != 0) break;
        }
        if (failed != 0) return system_error("cannot count the cut points of", run_.path, failed);
        if (rows == 0) return {};
        return write_tag(run_.folder, run_.path, "mlscribe.cut_points", std::to_string(rows));
    }

    const found_run& run_;
    const resume_target& target_;
    const durability wish_;
    std::vector<std::string> keys_;
    std::vector<planned_cut> planned_;
    std::uint64_t number_ = 1;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
