// SPDX-License-Identifier: MIT
/// \file What a checkpoint knows: where each series ends, and which ranges are open.
#ifndef MLSCRIBE_RUN_CHECKPOINT_RECORD_HPP
#define MLSCRIBE_RUN_CHECKPOINT_RECORD_HPP

#include <mlscribe/journal/row_cut.hpp>
#include <mlscribe/journal/rows_tail.hpp>
#include <mlscribe/journal/step_context.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/json_object.hpp>
#include <mlscribe/layout/json_text.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Metrics that are sampled by the clock, whatever the loop does.
inline bool goes_by_time(std::string_view key) noexcept {
    return key.substr(0, 7) == "system/";
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
    std::int64_t next_range_step = 0;
    std::map<std::string, checkpoint_mark> series;

    void mark(const std::string& key, const rows_tail& tail) {
        if (tail.empty()) return;
        const std::int64_t next = tail.last_step == INT64_MAX ? INT64_MAX : tail.last_step + 1;
        series[key] = {next, tail.highest_time, tail.restarts || goes_by_time(key)};
    }

    /// What a series loses that goes back to the checkpoint. Rows are later than those before them,
    /// unless the user gives the times; then the step tells.
    row_cut cut_of(const std::string& key) const {
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
        const bool may_follow = mark.next_step - 1 <= done_step;
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

    /// Where the ranges begin again: the innermost behind the pass that is done, those around it in
    /// their present pass.
    resumed_ranges resumed() const {
        resumed_ranges left;
        left.frames = ranges;
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
    bool is_outer_step(std::int64_t step) const {
        if (ranges.empty()) return false;
        return std::any_of(ranges.begin(), ranges.end() - 1,
                           [step](const range_frame& outer) { return outer.current == step; });
    }
};

/// `artifacts/checkpoints/<name>.json` of a run.
inline std::string checkpoint_path(std::string_view name) {
    return "checkpoints/" + std::string(name) + ".json";
}

inline document json_integer(std::int64_t value) {
    return {document::kind::integer, std::to_string(value), {}, {}};
}
inline document json_string(std::string text) {
    return {document::kind::text, std::move(text), {}, {}};
}

/// A JSON object that grows.
class json_map {
  public:
    json_map& add(std::string key, document value) {
        map_.entries.push_back({json_string(std::move(key)), std::move(value)});
        return *this;
    }
    document take() { return std::move(map_); }

  private:
    document map_{document::kind::map, {}, {}, {}};
};

constexpr std::string_view name_of(range_kind kind) noexcept {
    return kind == range_kind::epochs  ? "epochs"
           : kind == range_kind::steps ? "steps"
                                       : "restarted";
}

inline std::string checkpoint_text(const checkpoint_record& record) {
    json_map ranges;
    for (const range_frame& frame : record.ranges) {
        json_map range;
        range.add("kind", json_string(std::string(name_of(frame.kind))))
            .add("first", json_integer(frame.first))
            .add("current", json_integer(frame.current))
            .add("last", json_integer(frame.last));
        ranges.add(std::to_string(&frame - record.ranges.data()), range.take());
    }
    json_map series;
    for (const auto& [key, mark] : record.series) {
        json_map entry;
        entry.add("next_step", json_integer(mark.next_step)).add("time", json_integer(mark.time));
        if (mark.by_time) entry.add("cut_by", json_string("time"));
        series.add(key, entry.take());
    }
    json_map all;
    all.add("time", json_integer(record.time));
    if (record.done_step != no_step) all.add("done_step", json_integer(record.done_step));
    all.add("next_range_step", json_integer(record.next_range_step))
        .add("ranges", ranges.take())
        .add("series", series.take());
    return json_text(all.take()) + '\n';
}

/// The members of an object of integers and words.
class json_members {
  public:
    explicit json_members(std::string_view text) : members_(parse_flat_json_object(text)) {}

    explicit operator bool() const noexcept { return members_.has_value(); }
    const std::vector<std::pair<std::string, std::string>>& all() const { return *members_; }

    std::optional<std::string_view> find(std::string_view key) const {
        for (const auto& member : *members_) {
            if (member.first == key) return member.second;
        }
        return std::nullopt;
    }
    bool read(std::string_view key, std::int64_t& number) const {
        const std::optional<std::string_view> text = find(key);
        if (!text) return false;
        const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
        return read.ec == std::errc() && read.ptr == text->data() + text->size();
    }

  private:
    std::optional<std::vector<std::pair<std::string, std::string>>> members_;
};

/// \return nullopt for what is no checkpoint
inline std::optional<checkpoint_record> parse_checkpoint(std::string_view text) {
    const json_members all(text);
    if (!all || !all.find("ranges") || !all.find("series")) return std::nullopt;
    checkpoint_record record;
    bool good = all.read("time", record.time) &&
                all.read("next_range_step", record.next_range_step) &&
                (!all.find("done_step") || all.read("done_step", record.done_step));
    const json_members ranges(*all.find("ranges"));
    const json_members series(*all.find("series"));
    if (!good || !ranges || !series) return std::nullopt;
    for (const auto& entry : ranges.all()) {
        const json_members range(entry.second);
        range_frame frame{};
        good = good && range && range.find("kind") && range.read("first", frame.first) &&
               range.read("current", frame.current) && range.read("last", frame.last);
        if (!good) return std::nullopt;
        for (const range_kind kind : {range_kind::steps, range_kind::restarted}) {
            if (*range.find("kind") == name_of(kind)) frame.kind = kind;
        }
        record.ranges.push_back(frame);
    }
    for (const auto& entry : series.all()) {
        const json_members members(entry.second);
        checkpoint_mark mark{};
        good =
            members && members.read("next_step", mark.next_step) && members.read("time", mark.time);
        if (!good) return std::nullopt;
        mark.by_time = members.find("cut_by").has_value();
        record.series.emplace(entry.first, mark);
    }
    return record;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
