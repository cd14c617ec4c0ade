// SPDX-License-Identifier: MIT
/// \file What a checkpoint knows: where each series ends, and which ranges are open.
#ifndef MLSCRIBE_RUN_CHECKPOINT_RECORD_HPP
#define MLSCRIBE_RUN_CHECKPOINT_RECORD_HPP

#include <mlscribe/journal/row_cut.hpp>
#include <mlscribe/journal/rows_tail.hpp>
#include <mlscribe/journal/step_context.hpp>
#include <mlscribe/layout/system_keys.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Metrics that are sampled by the clock, whatever the loop does.
inline bool goes_by_time(std::string_view key) noexcept {
    return is_system_key(key);
}

/// Where a series stood.
struct checkpoint_mark {
    std::int64_t next_step;  ///< behind the last row
    std::int64_t time;       ///< of the latest row
    bool by_time;            ///< steps do not tell later rows from these
};

/// Behind the work of one pass of the loop, or outside of every range.
struct checkpoint_record {
    std::int64_t time = 0;
    std::int64_t done_step = no_step;  ///< of the innermost open range's pass
    std::vector<range_frame> ranges;   ///< that are open, outermost first
    std::int64_t ranges_done = 0;      ///< outside of every range: how many were
    std::int64_t next_range_step = 0;
    std::map<std::string, checkpoint_mark> series;
    /// Where ranks share the run: what the keys of the one that made the checkpoint begin with.
    std::optional<std::string> own_prefix;
    /// What the other ranks kept at the same place of the loop.
    std::vector<checkpoint_record> guests = {};

    void mark(const std::string& key, const rows_tail& tail) {
        if (tail.empty()) return;
        const std::int64_t next = tail.last_step == INT64_MAX ? INT64_MAX : tail.last_step + 1;
        series[key] = {next, tail.highest_time, tail.restarts || goes_by_time(key)};
    }

    /// What a series loses that goes back to the checkpoint. Rows are later than those before them,
    /// unless the user gives the times; then the step tells.
    row_cut cut_of(const std::string& key) const {
        if (is_of_other_rank(key)) return cut_of_other_rank(key);
        const auto found = series.find(key);
        const bool known = found != series.end();
        const checkpoint_mark mark =
            known ? found->second : checkpoint_mark{0, INT64_MIN, goes_by_time(key)};
        row_cut cut;
        cut.after_time = mark.time;
        if (!mark.by_time) cut.from_step = known ? mark.next_step : INT64_MIN;
        // A series by the step of a pass around the innermost one is not done with that pass.
        const bool by_outer =
            !mark.by_time && mark.next_step == done_step && is_outer_step(done_step);
        const bool may_follow = mark.next_step <= done_step || mark.next_step - 1 == done_step;
        if (!goes_by_time(key) && may_follow && !by_outer) cut.done_step = done_step;
        return cut;
    }

    /// Whether this one holds rows that go when the run goes back to `earlier`.
    bool is_behind(const checkpoint_record& earlier) const {
        return std::any_of(series.begin(), series.end(), [&earlier](const auto& entry) {
            const auto found = earlier.series.find(entry.first);
            return found == earlier.series.end() || found->second.time < entry.second.time;
        });
    }

    /// Whether it was made at the same place of the loop, by whatever rank.
    bool is_at(const checkpoint_record& other) const {
        return done_step == other.done_step && ranges_done == other.ranges_done &&
               next_range_step == other.next_range_step &&
               std::equal(ranges.begin(), ranges.end(), other.ranges.begin(), other.ranges.end(),
                          [](const range_frame& a, const range_frame& b) {
                              return a.kind == b.kind && a.first == b.first &&
                                     a.current == b.current && a.last == b.last &&
                                     a.before == b.before;
                          });
    }

    /// Where the ranges begin again: the innermost behind the pass that is done, those around it in
    /// their present pass.
    resumed_ranges resumed() const {
        resumed_ranges left;
        left.frames = ranges;
        left.ranges_done = ranges_done;
        left.next_range_step = next_range_step;
        if (ranges.empty()) return left;
        range_frame& innermost = left.frames.back();
        if (innermost.current != INT64_MAX) ++innermost.current;
        if (innermost.kind == range_kind::steps) {
            left.next_range_step = (std::max)(next_range_step, innermost.current);
        }
        return left;
    }

  private:
    bool is_of_other_rank(std::string_view key) const {
        if (!own_prefix) return false;
        key = without_system(key);
        if (!own_prefix->empty()) return key.substr(0, own_prefix->size()) != *own_prefix;
        const std::size_t slash = key.find('/');
        return key.substr(0, 5) == "rank_" && slash != std::string_view::npos && slash > 5 &&
               key.find_first_not_of("0123456789", 5) == slash;
    }

    /// Ranks go through the loop together, but their clocks differ. Of one that was killed before
    /// it came to the checkpoint the step tells: that of the same metric where the maker of the
    /// checkpoint has it.
    row_cut cut_of_other_rank(const std::string& key) const {
        for (const checkpoint_record& guest : guests) {
            if (!guest.is_of_other_rank(key)) return guest.cut_of(key);
        }
        row_cut cut;
        if (goes_by_time(key)) {
            cut.after_time = time;
            return cut;
        }
        const auto same = series.find(*own_prefix + key.substr(key.find('/') + 1));
        if (same != series.end()) {
            cut.from_step = same->second.next_step;
        } else {
            cut.from_step = done_step == no_step     ? next_range_step
                            : done_step == INT64_MAX ? done_step
                                                     : done_step + 1;
        }
        return cut;
    }

    bool is_outer_step(std::int64_t step) const {
        if (ranges.empty()) return false;
        return std::any_of(ranges.begin(), ranges.end() - 1,
                           [step](const range_frame& outer) { return outer.current == step; });
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
