// SPDX-License-Identifier: MIT
/// \file The abstract inside of a run: what keeps run.hpp free of Boost, fmt and threads.
#ifndef MLSCRIBE_RUN_RUN_STATE_HPP
#define MLSCRIBE_RUN_RUN_STATE_HPP

#include <mlscribe/artifact/artifact_kind.hpp>
#include <mlscribe/artifact/artifact_options.hpp>
#include <mlscribe/artifact/artifact_stream.hpp>
#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/journal/remark.hpp>
#include <mlscribe/journal/sampler.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/run_status.hpp>
#include <mlscribe/metric/scoped_timer.hpp>
#include <mlscribe/metric/value_watch.hpp>
#include <mlscribe/reflect/flatten.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

struct dataset;
struct output_options;
struct run_options;

namespace detail {

using text_pair = std::pair<std::string_view, std::string_view>;

/// Calls that are not noexcept may throw what memory and the user's types throw: who makes one for
/// the user makes it by guarded(). \threadsafety any thread
class run_state : public ledger {
  public:
    virtual std::string_view id() const noexcept = 0;
    virtual std::string_view experiment_id() const noexcept = 0;
    virtual std::string_view artifact_uri() const noexcept = 0;

    /// Registers a metric; never null while the run records.
    virtual reference<series> open_series(std::string_view key) = 0;
    /// The same for calls by name: finds a registered metric first, and never throws.
    virtual reference<series> find_series(std::string_view key) noexcept = 0;

    /// A number about a metric, told in the tag `mlscribe.<what>.<key>`. Null where nothing is
    /// recorded.
    virtual reference<remark> open_remark(std::string_view what, const std::string& key) = 0;
    /// What looks at the values of a metric, the same for all of its handles with the same options.
    /// Null where the options ask for nothing. \param key  as the user gave it
    virtual reference<value_watch> open_watch(std::string_view key, const series& target,
                                              const metric_options& options) = 0;
    /// The metric of how long a pass takes; null where nobody asks.
    virtual reference<series> find_pass_seconds(range_kind kind) noexcept = 0;
    /// Null where nothing is recorded.
    virtual reference<timing> find_timing(std::string_view key) noexcept = 0;

    virtual void log_params(const std::vector<param>& params) = 0;
    virtual void set_tag(std::string_view key, std::string_view value) = 0;
    virtual void log_artifact(const std::string& source, std::string_view path,
                              const artifact_options& options) = 0;
    virtual void log_artifacts(const std::string& source, std::string_view path,
                               const artifact_options& options) = 0;
    virtual void log_text(std::string_view text, std::string_view path) = 0;
    virtual void log_dict(const document& value, std::string_view path) = 0;
    /// \param told   why there are no bytes, or what they do not show
    virtual void log_bytes(error told, std::string_view bytes, std::string_view path,
                           const artifact_kind& kind) = 0;
    virtual void log_input(const dataset& used, std::string_view context, const text_pair* tags,
                           std::size_t count) = 0;
    /// Null where nothing is recorded or the file cannot be made.
    virtual reference<artifact_sink> open_artifact(std::string_view path) = 0;
    virtual void capture_output(const output_options& options) = 0;

    /// Has `task` write where the run records, and reports what it could not.
    virtual void write(run_writing& task) = 0;

    /// What a call that never throws has to tell: as the run's errors are told.
    virtual void report(const error& failure) noexcept = 0;
    /// What another call has to tell: thrown under strictness::raise.
    virtual void fail(error failure) = 0;
    virtual strictness policy() const noexcept = 0;

    /// Has whoever drains the run ask `by`, now and at the first drain behind each interval, until
    /// it is stopped or the run ends. Null is not asked.
    /// \param interval  milliseconds, 1 or more
    /// \param told      what is wrong, to be reported
    virtual void sample_by(const reference<sampler>& by, std::int64_t interval,
                           const error& told) = 0;

    virtual reference<run_state> start_child(std::string_view name) = 0;
    virtual reference<run_state> start_child(const run_options& options) = 0;

    virtual bool stop_requested() const noexcept = 0;
    virtual void flush() = 0;
    virtual void checkpoint(std::string_view name) = 0;
    virtual void end(run_status status) = 0;
    /// end() for destructors: what goes wrong is reported.
    virtual void end_quietly(run_status status) noexcept = 0;

  protected:
    using ledger::ledger;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
