// SPDX-License-Identifier: MIT
/// \file The scoped run: light to include, ends itself.
#ifndef MLSCRIBE_RUN_RUN_HPP
#define MLSCRIBE_RUN_RUN_HPP

#include <mlscribe/metric/observed_metric.hpp>
#include <mlscribe/metric/quantiles.hpp>
#include <mlscribe/metric/reduced_metric.hpp>
#include <mlscribe/metric/scoped_timer.hpp>
#include <mlscribe/metric/several.hpp>
#include <mlscribe/metric/step_range.hpp>
#include <mlscribe/reflect/flatten.hpp>
#include <mlscribe/reflect/param_text.hpp>
#include <mlscribe/run/metric_outputs.hpp>
#include <mlscribe/run/run_artifacts.hpp>
#include <mlscribe/run/run_state.hpp>

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// One MLflow run, from `start_run` (in `<mlscribe/run/start_run.hpp>`) to the end of its scope:
/// FINISHED, or FAILED when an exception unwinds it. Move-only. A default-made or moved-from run
/// does nothing, and nothing here throws unless the options ask for strictness::raise.
/// \threadsafety all calls from any thread, but for moving, `epochs`, `steps`, `checkpoint` and
///               `metric<Reducer>`, which belong to the loop's thread, and `flush` and `end`
///               outside of every range while reducers hold values
class run : public run_artifacts {
  public:
    run() noexcept = default;
    explicit run(detail::reference<detail::run_state> state) noexcept
        : run_artifacts(std::move(state)) {}

    run(run&& other) noexcept = default;
    run& operator=(run&& other) noexcept {
        if (this != &other) {
            leave();
            state_ = std::move(other.state_);
            unwinding_ = other.unwinding_;
        }
        return *this;
    }
    run(const run&) = delete;
    run& operator=(const run&) = delete;
    ~run() { leave(); }

    /// The id that MLflow knows the run by; empty when nothing is recorded.
    std::string_view id() const noexcept { return state_ ? state_->id() : std::string_view(); }
    /// The id of its experiment; empty likewise.
    std::string_view experiment_id() const noexcept {
        return state_ ? state_->experiment_id() : std::string_view();
    }
    /// The URI below which its artifacts lie; empty likewise.
    std::string_view artifact_uri() const noexcept {
        return state_ ? state_->artifact_uri() : std::string_view();
    }

    /// Whether a signal has asked the process to end: a loop that looks can leave in time. Always
    /// false unless the options' `signals` or MLSCRIBE_SIGNALS ask for it. \cost a few loads
    bool stop_requested() const noexcept { return state_ && state_->stop_requested(); }

    /// Points that were logged and could not be written; also the tag `mlscribe.lost_points`.
    std::uint64_t lost_points() const noexcept { return state_ ? state_->lost() : 0; }

    /// Logs one param. Its text is what Python's `str()` gives, so that Python may log it again.
    /// A value of more than 6000 characters is cut with a mark and kept whole as an artifact; a
    /// param that has another value keeps it.
    /// \onfailure invalid_key, key_clash, value_changed, value_truncated, system
    template <class Value>
    void log_param(std::string_view key, const Value& value) {
        guarded("log_param", [&](inside& within) {
            within.log_params({param{std::string(key), param_text(value)}});
        });
    }

    /// Logs the members of a struct or the entries of a map, nested ones as `outer.inner`.
    /// \param prefix    put before every key, with a separator
    /// \param separator '.' or '/'
    template <class Object>
    void log_params(const Object& object, std::string_view prefix = {}, char separator = '.') {
        guarded("log_params",
                [&](inside& within) { within.log_params(flatten(object, prefix, separator)); });
    }

    /// Registers a metric: its key is checked now, before the loop.
    /// \onfailure invalid_key, key_clash: points logged to the handle count as lost
    metric_handle metric(std::string_view key) { return metric_handle(open_lane(key)); }

    /// The same with a best value kept, NaNs left out, or long series thinned.
    observed_metric metric(std::string_view key, const metric_options& options) {
        detail::reference<detail::lane> way = open_lane(key);
        detail::reference<detail::value_watch> watch;
        if (!way) return {};
        detail::thin(way->target(), options);
        guarded("metric",
                [&](inside& within) { watch = within.open_watch(key, way->target(), options); });
        return observed_metric(std::move(way), std::move(watch));
    }

    /// Registers a metric that takes many values a step and logs one point, or one for each value
    /// of the reducer. Keep the handle, or copies of it: each call makes a reducer of its own, with
    /// a point of its own.
    /// \param first  what each step begins with, for reducers that can be told something
    template <class Reducer>
    reduced_metric<Reducer> metric(std::string_view key, const metric_options& options = {},
                                   const Reducer& first = Reducer{}) {
        reduced_metric<Reducer> handle;
        guarded("metric", [&](inside& within) {
            auto outputs = detail::open_outputs<Reducer>(within, key, options);
            if (outputs.ways.empty()) return;
            const detail::reference<detail::reduction<Reducer>> made(
                new detail::reduction<Reducer>(first, options, std::move(outputs)));
            if (within.recording()) {
                within.listen(detail::reference<detail::step_listener>(made.get()));
            }
            handle = reduced_metric<Reducer>(made->shares());
        });
        return handle;
    }

    /// Times the scope of what it returns, in seconds. At the end of each epoch (without epochs: at
    /// the first step border after a second) the metrics `<key>.mean`, `.min`, `.max` and `.count`
    /// have a point. \onfailure invalid_key, key_clash: told once, nothing is timed
    scoped_timer timer(std::string_view key) noexcept {
        return scoped_timer(state_ ? state_->find_timing(key)
                                   : detail::reference<detail::timing>());
    }

    /// Logs one point by name: \cost a look-up more than a handle
    template <class Value>
    void log_metric(std::string_view key, Value value) noexcept {
        by_name(key).log(value);
    }
    template <class Value, class Step>
    void log_metric(std::string_view key, Value value, Step step) noexcept {
        by_name(key).log(value, step);
    }
    template <class Value, class Step>
    void log_metric(std::string_view key, Value value, Step step, timestamp at) noexcept {
        by_name(key).log(value, step, at);
    }

    /// Logs several points at once: a list `{{"loss", 0.5}, {"accuracy", 0.9}}` or a map.
    void log_metrics(std::initializer_list<std::pair<std::string_view, double>> values) noexcept {
        for (const auto& entry : values) log_metric(entry.first, entry.second);
    }
    template <class Step>
    void log_metrics(std::initializer_list<std::pair<std::string_view, double>> values,
                     Step step) noexcept {
        for (const auto& entry : values) log_metric(entry.first, entry.second, step);
    }
    template <class Map>
    void log_metrics(const Map& values) noexcept {
        for (const auto& entry : values) log_metric(entry.first, entry.second);
    }
    template <class Map, class Step>
    void log_metrics(const Map& values, Step step) noexcept {
        for (const auto& entry : values) log_metric(entry.first, entry.second, step);
    }

    /// Logs a whole series at the steps first_step, first_step + 1, …
    template <class Values, class Step = int>
    void log_series(std::string_view key, const Values& values, Step first_step = 0) noexcept {
        auto series = by_name(key);
        const detail::checked_step first = detail::check_step(first_step);
        if (first.negative || first.too_large) {
            for ([[maybe_unused]] const auto& value : values) series.log(value, first_step);
            return;
        }
        std::int64_t step = first.step;
        for (const auto& value : values) series.log(value, step++);
    }

    /// Sets or replaces a tag. `mlflow.runName` renames the run. \onfailure invalid_key, system
    void set_tag(std::string_view key, std::string_view value) {
        guarded("set_tag", [&](inside& within) { within.set_tag(key, value); });
    }
    /// Sets the pairs of a map or a list of pairs.
    template <class Map>
    void set_tags(const Map& tags) {
        for (const auto& tag : tags) set_tag(tag.first, tag.second);
    }
    void set_tags(std::initializer_list<std::pair<std::string_view, std::string_view>> tags) {
        for (const auto& tag : tags) set_tag(tag.first, tag.second);
    }
    /// Sets what MLflow's UI shows as the run's description (markdown).
    void set_description(std::string_view text) { set_tag("mlflow.note.content", text); }

    /// A range of the epochs 0 … n-1; of a resumed run from where it goes on. The metric
    /// `epoch_seconds` tells how long each took, unless the options say no.
    template <class Count>
    step_range epochs(Count count) noexcept {
        return range(detail::range_kind::epochs, count);
    }
    /// A range of n steps that go on over the whole run: the fourth of 100 has 300 … 399. The
    /// metric `step_seconds` tells what one took on average, at the step around the range or at its
    /// last.
    template <class Count>
    step_range steps(Count count) noexcept {
        return range(detail::range_kind::steps, count);
    }
    /// A range of the steps 0 … n-1: `run.steps(n, mlscribe::restart)`.
    template <class Count>
    step_range steps(Count count, restart_from_zero) noexcept {
        return range(detail::range_kind::restarted, count);
    }

    /// Starts a run that MLflow shows below this one, in the same experiment and store. By name
    /// alone it logs and reports as this one does.
    run start_child(std::string_view name) {
        return child([&](inside& within) { return within.start_child(name); });
    }
    run start_child(const run_options& options) {
        return child([&](inside& within) { return within.start_child(options); });
    }

    /// Writes all points that were logged before it. \onfailure points_lost, system
    void flush() {
        guarded("flush", [](inside& within) { within.flush(); });
    }

    /// Writes all points, and in `artifacts/checkpoints/<name>.json` which step comes next in every
    /// metric and range, for `resume_run(id, from_checkpoint{name})`. Call it beside saving the
    /// model, at the end of a pass and behind what the pass logs: the pass of the innermost range
    /// is done, those around it go on. A checkpoint of the same name is replaced.
    /// \onfailure invalid_path, system: the checkpoint before stays
    /// \threadsafety the thread that runs the loop
    /// \cost a flush, some fsyncs and a tick of the clock
    void checkpoint(std::string_view name) {
        guarded("checkpoint", [&](inside& within) { within.checkpoint(name); });
    }

    /// Ends the run now; the destructor then has nothing left to do.
    void end(run_status status = run_status::finished) {
        guarded("end", [&](inside& within) { within.end(status); });
    }

  private:
    friend class across_ranks;  // opens outputs and hears of borders, as metric<Reducer>() does

    detail::reference<detail::lane> open_lane(std::string_view key) {
        detail::reference<detail::lane> way;
        guarded("metric", [&](inside& within) { way = detail::open_lane_in(within, key); });
        return way;
    }

    template <class Start>
    run child(Start&& start) {
        detail::reference<inside> started;
        guarded("start_child", [&](inside& within) { started = start(within); });
        return run(std::move(started));
    }

    template <class Count>
    step_range range(detail::range_kind kind, Count count) const noexcept {
        using detail::ledger;
        return step_range(
            detail::reference<ledger>(state_.get()), kind, detail::end_of_range(0, count),
            state_ ? state_->find_pass_seconds(kind) : detail::reference<detail::series>());
    }

    using named = detail::point_logger<detail::series, coarse_clock>;
    named by_name(std::string_view key) noexcept {
        return state_ ? named(state_->find_series(key)) : named();
    }

    void leave() noexcept {
        if (!state_) return;
        const bool unwinding = std::uncaught_exceptions() > unwinding_;
        state_->end_quietly(unwinding ? run_status::failed : run_status::finished);
        state_ = {};
    }

    int unwinding_ = std::uncaught_exceptions();
};

MLSCRIBE_NAMESPACE_END

#endif
