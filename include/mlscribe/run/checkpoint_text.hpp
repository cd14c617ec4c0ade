// SPDX-License-Identifier: MIT
/// \file A checkpoint as the JSON file that a run keeps of it.
#ifndef MLSCRIBE_RUN_CHECKPOINT_TEXT_HPP
#define MLSCRIBE_RUN_CHECKPOINT_TEXT_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/json_object.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/run/checkpoint_record.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A series takes a hundred bytes. What is larger in a folder of checkpoints is something else.
inline constexpr std::size_t max_checkpoint_bytes = std::size_t{16} << 20;

/// `artifacts/checkpoints/<name>.json` of a run.
inline std::string checkpoint_path(std::string_view name) {
    return "checkpoints/" + std::string(name) + ".json";
}

inline document json_integer(std::int64_t value) {
    return {document::kind::integer, std::to_string(value)};
}
inline document json_string(std::string text) {
    return {document::kind::text, std::move(text)};
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
    document map_{document::kind::map, {}};
};

constexpr std::string_view name_of(range_kind kind) noexcept {
    return kind == range_kind::epochs  ? "epochs"
           : kind == range_kind::steps ? "steps"
                                       : "restarted";
}

inline bool read_kind(std::string_view name, range_kind& kind) noexcept {
    for (const range_kind each : {range_kind::epochs, range_kind::steps, range_kind::restarted}) {
        if (name != name_of(each)) continue;
        kind = each;
        return true;
    }
    return false;
}

inline document checkpoint_document(const checkpoint_record& record) {
    json_map ranges;
    for (const range_frame& frame : record.ranges) {
        json_map range;
        range.add("kind", json_string(std::string(name_of(frame.kind))))
            .add("first", json_integer(frame.first))
            .add("current", json_integer(frame.current))
            .add("last", json_integer(frame.last))
            .add("before", json_integer(frame.before));
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
    if (record.own_prefix) all.add("own_prefix", json_string(*record.own_prefix));
    if (record.done_step != no_step) all.add("done_step", json_integer(record.done_step));
    all.add("ranges_done", json_integer(record.ranges_done))
        .add("next_range_step", json_integer(record.next_range_step))
        .add("ranges", ranges.take())
        .add("series", series.take());
    return all.take();
}
inline std::string checkpoint_text(const checkpoint_record& record) {
    return json_text(checkpoint_document(record)) + '\n';
}

/// The members of an object of integers and words.
class json_members {
  public:
    explicit json_members(std::string_view text)
        : members_(parse_flat_json_object(text, 4096 + text.size() / least_bytes)) {}

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
    static constexpr std::size_t least_bytes = 64;  // of a series, where they are many

    std::optional<std::vector<std::pair<std::string, std::string>>> members_;
};

/// \return nullopt for what is no checkpoint
inline std::optional<checkpoint_record> parse_checkpoint(std::string_view text) {
    const json_members all(text);
    if (!all || !all.find("ranges") || !all.find("series")) return std::nullopt;
    checkpoint_record record;
    bool good = all.read("time", record.time) && all.read("ranges_done", record.ranges_done) &&
                all.read("next_range_step", record.next_range_step) &&
                (!all.find("done_step") || all.read("done_step", record.done_step)) &&
                record.ranges_done >= 0 && record.next_range_step >= 0;
    const json_members ranges(*all.find("ranges"));
    const json_members series(*all.find("series"));
    if (!good || !ranges || !series) return std::nullopt;
    if (const auto prefix = all.find("own_prefix")) record.own_prefix = std::string(*prefix);
    for (const auto& entry : ranges.all()) {
        const json_members range(entry.second);
        range_frame frame{};
        good = good && range && range.find("kind") && range.read("first", frame.first) &&
               range.read("current", frame.current) && range.read("last", frame.last) &&
               range.read("before", frame.before) && read_kind(*range.find("kind"), frame.kind) &&
               frame.first >= 0 && frame.first <= frame.current && frame.current <= frame.last &&
               frame.before >= 0;
        if (!good) return std::nullopt;
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
