// SPDX-License-Identifier: MIT
/// \file Where rank 0 begins its loop in this start of a job, for the ranks that come later.
#ifndef MLSCRIBE_HPC_START_POINT_HPP
#define MLSCRIBE_HPC_START_POINT_HPP

#include <mlscribe/file/publish.hpp>
#include <mlscribe/run/checkpoint_text.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// In the run's root. Checkpoints cannot tell: rank 0 makes further ones as soon as it has begun.
inline constexpr std::string_view start_point_file = ".mlscribe-start";

struct start_point {
    std::string checkpoint;  ///< "" at step 0
    checkpoint_record record = {};
};

/// \param start  what this start of the job is called \return 0 or errno
inline int keep_start_point(const directory& run, const std::string& start, start_point begin) {
    begin.record.series.clear();  // which only rank 0 takes back
    json_map all;
    all.add("start", json_string(start))
        .add("checkpoint", json_string(std::move(begin.checkpoint)))
        .add("record", checkpoint_document(begin.record));
    return replace_file(run, start_point_file, json_text(all.take()) + '\n');
}

/// \param start  "" where it has no name of its own
/// \return nullopt where rank 0 has not written that of this start
inline std::optional<start_point> read_start_point(const directory& run, const std::string& start) {
    std::string text;
    if (start.empty() || run.read(start_point_file, text) != 0) return std::nullopt;
    const json_members all(text);
    if (!all || all.find("start") != start) return std::nullopt;
    const auto checkpoint = all.find("checkpoint");
    const auto record = all.find("record");
    if (!checkpoint || !record) return std::nullopt;
    std::optional<checkpoint_record> parsed = parse_checkpoint(*record);
    if (!parsed) return std::nullopt;
    return start_point{std::string(*checkpoint), std::move(*parsed)};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
