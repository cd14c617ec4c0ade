// SPDX-License-Identifier: MIT
/// \file A run that records nothing and reports nothing: logging is switched off.
#ifndef MLSCRIBE_RUN_DISABLED_RUN_HPP
#define MLSCRIBE_RUN_DISABLED_RUN_HPP

#include <mlscribe/run/run_state.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline reference<run_state> disabled();

/// Steps are counted all the same, so that a loop that reads them trains as it would when logged.
class disabled_run final : public run_state {
  public:
    disabled_run() noexcept : run_state(false) {}

    std::string_view id() const noexcept override { return {}; }
    std::string_view experiment_id() const noexcept override { return {}; }
    std::string_view artifact_uri() const noexcept override { return {}; }

    reference<series> open_series(std::string_view) override { return {}; }
    reference<series> find_series(std::string_view) noexcept override { return {}; }
    reference<remark> open_remark(std::string_view, const std::string&) override { return {}; }
    reference<value_watch> open_watch(std::string_view, const series&,
                                      const metric_options&) override {
        return {};
    }
    reference<series> find_pass_seconds(range_kind) noexcept override { return {}; }
    reference<timing> find_timing(std::string_view) noexcept override { return {}; }
    void drain_all() noexcept override {}
    void hurry() noexcept override {}
    bool reclaim() noexcept override { return false; }
    void refuse(const series&, refusal) noexcept override {}

    void log_params(const std::vector<param>&) override {}
    void set_tag(std::string_view, std::string_view) override {}
    void log_artifact(const std::string&, std::string_view, const artifact_options&) override {}
    void log_artifacts(const std::string&, std::string_view, const artifact_options&) override {}
    void log_text(std::string_view, std::string_view) override {}
    void log_dict(const document&, std::string_view) override {}
    void log_bytes(error, std::string_view, std::string_view, const artifact_kind&) override {}
    void log_input(const dataset&, std::string_view, const text_pair*, std::size_t) override {}
    reference<artifact_sink> open_artifact(std::string_view) override { return {}; }
    void capture_output(const output_options&) override {}

    void write(run_writing&) override {}
    void report(const error&) noexcept override {}
    void fail(error) override {}
    strictness policy() const noexcept override { return strictness::report; }
    void sample_by(const reference<sampler>&, std::int64_t, const error&) override {}

    reference<run_state> start_child(std::string_view) override { return disabled(); }
    reference<run_state> start_child(const run_options&) override { return disabled(); }

    bool stop_requested() const noexcept override { return false; }
    void flush() override {}
    void checkpoint(std::string_view) override {}
    void end(run_status) override {}
    void end_quietly(run_status) noexcept override {}
};

inline reference<run_state> disabled() {
    return reference<run_state>(new disabled_run);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
