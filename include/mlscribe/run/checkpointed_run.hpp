// SPDX-License-Identifier: MIT
/// \file A run that notes where its loop and its metrics stand.
#ifndef MLSCRIBE_RUN_CHECKPOINTED_RUN_HPP
#define MLSCRIBE_RUN_CHECKPOINTED_RUN_HPP

#include <mlscribe/run/captured_run.hpp>
#include <mlscribe/run/guest_checkpoints.hpp>
#include <mlscribe/run/resume_target.hpp>

#include <time.h>

#include <cstdint>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class checkpointed_run : public captured_run {
  public:
    using captured_run::captured_run;

    void checkpoint(std::string_view name) override {
        if (!recording()) return;
        check_artifact_uri();
        fail(write_checkpoint(name));
        reporter_.raise_kept();
    }

  private:
    error write_checkpoint(std::string_view name) {
        if (error failure = check_checkpoint_name(name)) return failure;
        finish_pass();
        checkpoint_record record;
        record.done_step = step();
        record.ranges = open_ranges();
        record.ranges_done = record.ranges.empty() ? ranges_begun() : 0;
        record.next_range_step = next_range_step();
        error failure = mark_series(record);
        record.time = milliseconds_now();
        if (!failure) {
            std::string path = "artifacts/" + checkpoint_path(name);
            int failed = 0;
            if (choices_.is_guest) {
                path = guest_checkpoint_path(choices_.key_prefix, name);
                failed = keep_previous_checkpoint(run_.folder, path);
            }
            const std::string text = checkpoint_text(record);
            if (failed == 0) failed = replace_file(run_.folder, path, text, durability::synced);
            if (failed != 0) failure = system_error("cannot write", run_.path + '/' + path, failed);
        }
        if (failure) failure.message += "; checkpoint \"" + std::string(name) + "\" is not made";
        wait_for_tick(record.time);
        return failure;
    }

    /// The next points are later than those before, whatever metric they belong to.
    void wait_for_tick(std::int64_t time) noexcept {
        for (int waited = 0; waited < 20 && milliseconds_now() <= time; ++waited) {
            const timespec pause{0, 1000000};
            ::nanosleep(&pause, nullptr);
        }
        forget_time();
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
