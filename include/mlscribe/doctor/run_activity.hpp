// SPDX-License-Identifier: MIT
/// \file When something happened in a run, told by what stands in its folder.
#ifndef MLSCRIBE_DOCTOR_RUN_ACTIVITY_HPP
#define MLSCRIBE_DOCTOR_RUN_ACTIVITY_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/query/metric_keys.hpp>
#include <mlscribe/query/metric_text_file.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Time stamps of a run's points, in milliseconds.
struct time_span {
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;

    void add(std::int64_t time) {
        if (!first || time < *first) first = time;
        if (!last || time > *last) last = time;
    }
};

inline std::int64_t milliseconds_of(const timespec& time) noexcept {
    return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1000000;
}

/// \cost reads all metrics
inline time_span times_of_points(const directory& run) {
    time_span span;
    directory metrics;
    std::vector<std::string> keys;
    if (run.open_below("metrics", missing::fail, metrics) != 0) return span;
    if (list_metric_files(metrics, keys) != 0) return span;
    metric_text_file text;
    for (const std::string& key : keys) {
        descriptor file;
        metric_text_place place;
        if (metrics.open_file(key, O_RDONLY, file) != 0) continue;
        text.for_each_row(
            file, UINT64_MAX, torn_end::skip, place,
            [&span](const read_row& row, std::uint64_t) { span.add(row.timestamp); }, [] {});
    }
    return span;
}

/// When a file of the run was last written, by its disk's clock; none where nothing can be told.
inline std::optional<std::int64_t> last_write(const directory& run) {
    std::optional<std::int64_t> latest;
    const auto look = [&](const directory& folder, const std::string& name) {
        struct stat found {};
        if (folder.status(name, found) != 0) return;
        const std::int64_t time = milliseconds_of(found.st_mtim);
        if (!latest || time > *latest) latest = time;
    };
    for (const char* const part : {"meta.yaml", "metrics", "params", "tags", "artifacts"}) {
        look(run, part);
    }
    directory metrics;
    std::vector<std::string> keys;
    if (run.open_below("metrics", missing::fail, metrics) == 0) list_metric_files(metrics, keys);
    for (const std::string& key : keys) look(metrics, key);
    return latest;
}

/// When the oldest part of the run was last touched: no later than this it began.
inline std::int64_t first_sign(const directory& run) {
    std::int64_t earliest = milliseconds_now();
    for (const char* const part : {".", "metrics", "params", "tags", "artifacts", "meta.yaml",
                                   "tags/mlflow.user", "tags/mlflow.source.type"}) {
        struct stat found {};
        if (run.status(part, found) != 0) continue;
        earliest = (std::min)(earliest, milliseconds_of(found.st_mtim));
    }
    return earliest;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
