// SPDX-License-Identifier: MIT
/// \file Where the points of a reducer go: opened in a run.
#ifndef MLSCRIBE_RUN_METRIC_OUTPUTS_HPP
#define MLSCRIBE_RUN_METRIC_OUTPUTS_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/metric/reduced_metric.hpp>
#include <mlscribe/run/run_state.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Null where nothing is recorded, and where memory is out, which is told.
inline reference<lane> open_lane_in(run_state& run, std::string_view key) {
    const reference<series> opened = run.open_series(key);
    if (!opened) return {};
    reference<lane> way = open_lane(*opened);
    if (!way) run.fail(out_of_memory());
    return way;
}

inline void thin(series& target, const metric_options& options) noexcept {
    if (options.thinning.points != 0) target.thin(options.thinning.points);
}

/// Without ways where one is refused.
template <class Reducer>
reducer_outputs open_outputs(run_state& run, std::string_view key, const metric_options& options) {
    reducer_outputs outputs;
    const std::string name(key);
    for (std::size_t i = 0; i < series_of_reducer<Reducer>(); ++i) {
        outputs.ways.push_back(open_lane_in(run, reducer_key<Reducer>(name, i)));
        if (!outputs.ways.back()) return {};
        thin(outputs.ways.back()->target(), options);
    }
    const series& target = outputs.ways.front()->target();
    outputs.watch = run.open_watch(reducer_key<Reducer>(name, 0), target, options);
    outputs.partial = run.open_remark("partial_step", target.key());
    return outputs;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
