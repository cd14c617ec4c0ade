// SPDX-License-Identifier: MIT
/// \file The scoped run: light to include, ends itself.
#ifndef MLSCRIBE_RUN_RUN_HPP
#define MLSCRIBE_RUN_RUN_HPP

#include <mlscribe/artifact/artifact_options.hpp>
#include <mlscribe/artifact/artifact_stream.hpp>
#include <mlscribe/metric/metric_handle.hpp>
#include <mlscribe/metric/reducer.hpp>
#include <mlscribe/metric/step_range.hpp>
#include <mlscribe/reflect/document.hpp>
#include <mlscribe/reflect/flatten.hpp>
#include <mlscribe/reflect/param_text.hpp>
#include <mlscribe/run/run_state.hpp>

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// One MLflow run, from `start_run` (in `<mlscribe/run/start_run.hpp>`) to the end of its scope:
/// FINISHED, or FAILED when an exception unwinds it. Move-only. A default-made or moved-from run
/// does nothing, and nothing here throws unless the options ask for strictness::raise.
/// \threadsafety all calls from any thread, but for moving, `epochs`, `steps` and
/// `metric<Reducer>`,
///               and `flush` and `end` while reducers hold values: these belong to the loop's
///               thread
class run {
  public:
    run() noexcept = default;
    explicit run(detail::reference<detail::run_state> state) noexcept : state_(std::move(state)) {}

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
    std::string_view experiment_id() const noexcept {
        return state_ ? state_->experiment_id() : std::string_view();
    }
    std::string_view artifact_uri() const noexcept {
        return state_ ? state_->artifact_uri() : std::string_view();
    }

    /// False when the disk refused from the start, after the end, and in a forked child, which
    /// starts a run of its own: every call is a no-op then.
    bool recording() const noexcept { return state_ && state_->recording(); }

    /// Points that were logged and could not be written; also the tag `mlscribe.lost_points`.
    std::uint64_t lost_points() const noexcept { return state_ ? state_->lost() : 0; }

    /// Logs one param. Its text is what Python's `str()` gives, so that Python may log it again.
    /// A value of more than 6000 characters is cut with a mark and kept whole as an artifact; a
    /// param that has another value keeps it.
    /// \onfailure invalid_key, key_clash, value_changed, value_truncated, system
    template <class Value>
    void log_param(std::string_view key, const Value& value) {
        if (state_) state_->log_params({param{std::string(key), param_text(value)}});
    }

    /// Logs the members of a struct or the entries of a map, nested ones as `outer.inner`.
    /// \param prefix    put before every key, with a separator
    /// \param separator '.' or '/'
    template <class Object>
    void log_params(const Object& object, std::string_view prefix = {}, char separator = '.') {
        if (state_) state_->log_params(flatten(object, prefix, separator));
    }

    /// Registers a metric: its key is checked now, before the loop.
    /// \onfailure invalid_key, key_clash: points logged to the handle count as lost
    metric_handle metric(std::string_view key) { return metric_handle(open_lane(key)); }

    /// Registers a metric that takes many values a step and logs one point. Keep the handle, or
    /// copies of it: each call makes a reducer of its own, with a point of its own.
    template <class Reducer>
    reduced_metric<Reducer> metric(std::string_view key) {
        using listener = detail::reducing_listener<Reducer>;
        detail::reference<detail::lane> way = open_lane(key);
        if (!way) return {};
        const detail::reference<listener> made(new listener(std::move(way)));
        if (state_->recording())
            state_->listen(detail::reference<detail::step_listener>(made.get()));
        return reduced_metric<Reducer>(made);
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
        if (state_) state_->set_tag(key, value);
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

    /// Copies (or links, or moves) a file to `artifacts/<path>/<its name>`; it appears whole.
    /// A source that is its destination already stays. \onfailure invalid_path, system
    void log_artifact(const std::string& source, std::string_view path = {},
                      const artifact_options& options = {}) {
        if (state_) state_->log_artifact(source, path, options);
    }
    /// Brings the files below a directory to `artifacts/<path>/…`, each whole; FIFOs, links that
    /// lead nowhere or round in a circle and what cannot be read are reported one by one, and the
    /// other files are there.
    void log_artifacts(const std::string& source, std::string_view path = {},
                       const artifact_options& options = {}) {
        if (state_) state_->log_artifacts(source, path, options);
    }
    /// Writes a text to `artifacts/<path>`, as it is.
    void log_text(std::string_view text, std::string_view path) {
        if (state_) state_->log_text(text, path);
    }
    /// Writes a struct or map to `artifacts/<path>`: YAML where the name ends in `.yaml` or
    /// `.yml`, else JSON, with the bytes that MLflow's log_dict gives. See document_of().
    /// \onfailure invalid_path, system
    template <class Object>
    void log_dict(const Object& object, std::string_view path) {
        if (state_) state_->log_dict(document_of(object), path);
    }
    /// Opens `artifacts/<path>` for writing bit by bit; it is seen when it is complete.
    /// \onfailure invalid_path, system: the stream takes nothing then
    [[nodiscard]] artifact_stream open_artifact(std::string_view path) {
        return state_ ? artifact_stream(state_->open_artifact(path)) : artifact_stream();
    }

    /// A range of the epochs 0 … n-1.
    template <class Count>
    step_range epochs(Count count) noexcept {
        return step_range(ledger(), 0, detail::end_of_range(0, count), false);
    }
    /// A range of n steps that go on over the whole run: the fourth of 100 has 300 … 399.
    template <class Count>
    step_range steps(Count count) noexcept {
        const std::int64_t first = state_ ? state_->next_range_step() : 0;
        return step_range(ledger(), first, detail::end_of_range(first, count), true);
    }

    /// Starts a run that MLflow shows below this one, in the same experiment and store. By name
    /// alone it logs and reports as this one does.
    run start_child(std::string_view name) {
        return state_ ? run(state_->start_child(name)) : run();
    }
    run start_child(const run_options& options) {
        return state_ ? run(state_->start_child(options)) : run();
    }

    /// Writes all points that were logged before it. \onfailure points_lost, system
    void flush() {
        if (state_) state_->flush();
    }

    /// Ends the run now; the destructor then has nothing left to do.
    void end(run_status status = run_status::finished) {
        if (state_) state_->end(status);
    }

  private:
    detail::reference<detail::lane> open_lane(std::string_view key) {
        const auto opened = state_ ? state_->open_series(key) : detail::reference<detail::series>();
        return opened ? detail::open_lane(*opened) : detail::reference<detail::lane>();
    }

    using named = detail::point_logger<detail::series, coarse_clock>;
    named by_name(std::string_view key) noexcept {
        return state_ ? named(state_->find_series(key)) : named();
    }

    detail::reference<detail::ledger> ledger() const noexcept {
        return detail::reference<detail::ledger>(state_.get());
    }

    void leave() noexcept {
        if (!state_) return;
        const bool unwinding = std::uncaught_exceptions() > unwinding_;
        state_->end_quietly(unwinding ? run_status::failed : run_status::finished);
        state_ = {};
    }

    detail::reference<detail::run_state> state_;
    int unwinding_ = std::uncaught_exceptions();
};

MLSCRIBE_NAMESPACE_END

#endif
