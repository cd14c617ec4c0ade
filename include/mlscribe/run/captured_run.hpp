// SPDX-License-Identifier: MIT
/// \file A run that keeps what its process prints.
#ifndef MLSCRIBE_RUN_CAPTURED_RUN_HPP
#define MLSCRIBE_RUN_CAPTURED_RUN_HPP

#include <mlscribe/artifact/output_capture.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/run/recorded_metrics.hpp>

#include <atomic>
#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class captured_run : public recorded_metrics {
  public:
    using recorded_metrics::recorded_metrics;

    void capture_output(const output_options& options) override {
        if (!recording()) return;
        check_artifact_uri();
        std::string logs = "artifacts/logs/";
        if (choices_.is_guest) logs += choices_.key_prefix;
        fail(output_.start(run_.folder, run_.meta.run_id, std::move(logs), options));
        reporter_.raise_kept();
    }

    void drain_all() noexcept override {
        MLSCRIBE_TRY {
            report(output_.heal());
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());
        }
        recorded_metrics::drain_all();
    }

  protected:
    /// MLflow finds artifacts by the URI alone; one that names another place hides what is logged.
    void check_artifact_uri() {
        if (artifact_uri_checked_.exchange(true)) return;
        const auto there = path_of_uri(run_.meta.artifact_uri);
        if (there && run_.folder.is_at("artifacts", *there)) return;
        reporter_.report({error_code::invalid_path, 0,
                          "run " + run_.meta.run_id + ": its artifact_uri is \"" +
                              run_.meta.artifact_uri + "\", so MLflow will not look in \"" +
                              run_.path +
                              "/artifacts\", where artifacts are kept; correct artifact_uri in "
                              "meta.yaml"});
    }

    /// By the loop alone: of a process that is ending, what it still says is logged as well.
    void end_output() noexcept {
        MLSCRIBE_TRY {
            std::uint64_t unlogged = 0;
            report(output_.end(unlogged));
            if (unlogged == 0) return;
            write_count("mlscribe.unlogged_output", unlogged);
        }
        MLSCRIBE_CATCH_ALL {
            report(out_of_memory());
        }
    }

  private:
    output_capture output_;
    std::atomic<bool> artifact_uri_checked_{false};
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
