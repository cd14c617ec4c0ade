// SPDX-License-Identifier: MIT
/// \file The metrics of a recording run: opened by key, and what is told of them.
#ifndef MLSCRIBE_RUN_RECORDED_METRICS_HPP
#define MLSCRIBE_RUN_RECORDED_METRICS_HPP

#include <mlscribe/layout/fmt.hpp>
#include <mlscribe/layout/system_keys.hpp>
#include <mlscribe/run/drained_run.hpp>
#include <mlscribe/run/other_series.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The part of a run that the loop talks to.
class recorded_metrics : public drained_run {
  public:
    /// Of metrics that are registered later. \param next_steps  by key
    void go_on_at(std::map<std::string, std::int64_t> next_steps) {
        metrics_.go_on_at(std::move(next_steps));
    }

    reference<series> open_series(std::string_view key) override {
        if (!recording()) {
            return reference<series>(new written_series(reference<ledger>(this), std::string(key),
                                                        0, journal_, std::nullopt));
        }
        error failure;
        reference<series> opened =
            metrics_.open(*this, run_, journal_, choices_.keys, key, failure);
        fail(failure);
        return opened;
    }

    reference<series> find_series(std::string_view key) noexcept override {
        MLSCRIBE_TRY {
            if (!recording()) {
                lose(1);
                return {};
            }
            error failure;
            reference<series> found =
                metrics_.open(*this, run_, journal_, choices_.keys, key, failure);
            if (failure) reporter_.report(failure);
            return found;
        }
        MLSCRIBE_CATCH_ALL {}
        lose(1);
        return {};
    }

    reference<remark> open_remark(std::string_view what, const std::string& key) override {
        return recording() ? remarks_.open(tag_about(what, key)) : reference<remark>();
    }

    reference<value_watch> open_watch(std::string_view key, const series& target,
                                      const metric_options& options) override {
        const bool seeks = options.best != best::none;
        if (!recording() || (!seeks && options.nan == nan_policy::keep)) return {};
        const std::string name(key);
        watch_outputs outputs;
        if (seeks) outputs.best = open_series(name + ".best");
        if (seeks) outputs.best_step = open_series(name + ".best_step");
        if (options.nan == nan_policy::divert) outputs.nan = open_series(name + ".nan");
        if (options.nan != nan_policy::keep) outputs.nan_count = open_nan_count(target.key());
        const reference<value_watch> made(new value_watch(options, std::move(outputs)));
        made->begin_look();
        reference<value_watch> kept;
        {
            const std::lock_guard<std::mutex> lock(kept_mutex_);
            kept =
                watches_.try_emplace({target.key(), options.best, options.nan}, made).first->second;
        }
        // Unlocked: it may log, and a handler may register something, too.
        if (kept.get() == made.get()) made->look_back(target);
        made->end_look();
        return kept;
    }

    reference<series> find_pass_seconds(range_kind kind) noexcept override {
        const bool timed = choices_.time_passes && kind != range_kind::restarted;
        if (!timed || !recording()) return {};
        return find_series(kind == range_kind::epochs ? "epoch_seconds" : "step_seconds");
    }

    reference<timing> find_timing(std::string_view key) noexcept override {
        MLSCRIBE_TRY {
            if (!recording()) return {};
            error failure;
            reference<timing> found;
            if (find_known(key, found)) return found;
            {
                // Whoever uses one that there is does not wait for files that are read.
                const std::lock_guard<std::mutex> making(making_timing_);
                if (find_known(key, found)) return found;
                found = make_timing(key, failure);
                const std::lock_guard<std::mutex> lock(kept_mutex_);
                timings_.emplace(std::string(key), found);
            }
            // Unlocked: a handler may time something, too.
            if (failure) reporter_.report(failure);
            return found;
        }
        MLSCRIBE_CATCH_ALL {
            reporter_.report(out_of_memory());
        }
        return {};
    }

    void refuse(const series& of, refusal why) noexcept override {
        lose(1);
        if (is_disowned()) return;
        MLSCRIBE_TRY {
            const char* rule = why == refusal::negative_step
                                   ? "a negative step is left out of MLflow's charts; count from 0"
                               : why == refusal::large_step
                                   ? "a step above 2^63-1 cannot be migrated; use a smaller one"
                                   : "a time stamp is in milliseconds since 1970, 0 or more";
            reporter_.report({error_code::invalid_value, 0,
                              "metric \"" + of.key() + "\": " + rule + "; the point is lost"});
        }
        MLSCRIBE_CATCH_ALL {}
    }

  protected:
    using drained_run::drained_run;

    /// Appends ` key value` of metrics to a text until it has `length` bytes.
    void add_latest(std::string& text, std::size_t length) {
        metrics_.for_each([&](written_series& each) {
            point last{};
            const std::string& key = each.key();
            const bool of_library =
                key == "epoch_seconds" || key == "step_seconds" || is_system_key(key);
            if (text.size() >= length || of_library || !each.latest(last)) return;
            fmt::format_to(std::back_inserter(text), " {} {:.4g}", key, last.value);
        });
    }

    /// Writes all points and tells where each series of the run ends. \return what keeps points
    /// from the disk
    error mark_series(checkpoint_record& record) {
        error failure;
        metrics_.for_each([&](written_series& each) {
            rows_tail tail;
            const int failed = each.mark(tail);
            if (failed != 0 && !failure) failure = unwritten(each.key(), failed);
            record.mark(each.key(), tail);
        });
        if (failure) return failure;
        synchronise_briefly();
        if (choices_.shares_run) {
            // The points of others may still wait in their journals.
            record.own_prefix = choices_.key_prefix;
            return {};
        }
        const int unread = others_.mark(run_.folder, record);
        return unread == 0 ? error{} : system_error("cannot read metrics of", run_.path, unread);
    }

    bool end_metrics(run_status status) {
        const bool all_written = drained_run::end_metrics(status);
        forget_metrics();
        return all_written;
    }

    /// Each of them holds the run.
    void forget_metrics() noexcept {
        metrics_.clear();
        const std::lock_guard<std::mutex> lock(kept_mutex_);
        timings_.clear();
        watches_.clear();
    }

  private:
    /// A resumed run counts on.
    reference<remark> open_nan_count(const std::string& key) {
        const std::string tag = tag_about("nan_values", key);
        std::string text;
        run_.folder.read("tags/" + tag, text);
        return remarks_.open(tag, std::strtoll(text.c_str(), nullptr, 10));
    }

    bool find_known(std::string_view key, reference<timing>& found) {
        const std::lock_guard<std::mutex> lock(kept_mutex_);
        const auto known = timings_.find(key);
        if (known != timings_.end()) found = known->second;
        return known != timings_.end();
    }

    /// Null for a key that is refused.
    reference<timing> make_timing(std::string_view key, error& failure) {
        std::vector<reference<series>> outputs;
        for (std::size_t i = 0; i < timed_values::values; ++i) {
            const std::string output = reducer_key<timed_values>(std::string(key), i);
            outputs.push_back(metrics_.open(*this, run_, journal_, choices_.keys, output, failure));
            if (failure) return {};
        }
        const reference<timing> made(new timing(std::move(outputs)));
        listen(reference<step_listener>(made.get()));
        return made;
    }

    other_series others_;
    std::mutex making_timing_;
    std::mutex kept_mutex_;
    std::map<std::string, reference<timing>, std::less<>> timings_;
    std::map<std::tuple<std::string, best, nan_policy>, reference<value_watch>> watches_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
