// SPDX-License-Identifier: MIT
/// \file The metrics of a run by key: each registered once, its key checked, its file looked at.
#ifndef MLSCRIBE_RUN_METRIC_REGISTRY_HPP
#define MLSCRIBE_RUN_METRIC_REGISTRY_HPP

#include <mlscribe/journal/written_series.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/sanitize.hpp>
#include <mlscribe/layout/system_keys.hpp>
#include <mlscribe/run/run_options.hpp>
#include <mlscribe/store/runs.hpp>
#include <mlscribe/tag/mapped_key.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread
class metric_registry {
  public:
    /// Finds or registers the metric `key`. Always gives a series; of a refused key it is one that
    /// counts its points as lost. \param failure receives why, at the first call for a key
    reference<series> open(ledger& owner, const found_run& run, run_journal& journal,
                           sanitize policy, std::string_view key, error& failure) {
        if (reference<series> known = find(key)) return known;
        // Only one reads, cuts and then writes the file of a key. It may be long, or hang: whoever
        // uses or drains the metrics that there are does not wait for it.
        const std::lock_guard<std::mutex> making(making_);
        if (reference<series> known = find(key)) return known;
        const reference<written_series> made = make(owner, run, journal, policy, key, failure);
        const std::lock_guard<std::mutex> lock(mutex_);
        made->thin(thinning_.points);
        if (cleared_) return reference<series>(made.get());
        all_.push_back(made);
        by_key_.emplace(std::string(key), made);
        return reference<series>(made.get());
    }

    /// What metrics keep that are registered from now on, unless a handle says otherwise.
    void thin(keep wished) {
        const std::lock_guard<std::mutex> lock(mutex_);
        thinning_ = wished;
    }

    /// Before the first metric: what the keys of this process begin with, behind the `system/` that
    /// some have.
    void prefix_keys(std::string prefix) {
        const std::lock_guard<std::mutex> making(making_);
        prefix_ = std::move(prefix);
    }

    /// Calls `visit(written_series&)` for each, without holding the registry locked.
    template <class Visit>
    void for_each(Visit&& visit) {
        for (std::size_t i = 0;; ++i) {
            reference<written_series> one;
            {
                const std::lock_guard<std::mutex> lock(mutex_);
                if (i >= all_.size()) return;
                one = all_[i];
            }
            visit(*one);
        }
    }

    /// The lowest steps that metrics go on at which are registered later.
    void go_on_at(std::map<std::string, std::int64_t> next_steps) {
        const std::lock_guard<std::mutex> making(making_);
        next_steps_ = std::move(next_steps);
    }

    /// Behind the end of the run: what is registered later is not kept.
    void clear() {
        const std::lock_guard<std::mutex> lock(mutex_);
        cleared_ = true;
        by_key_.clear();
        all_.clear();
    }

  private:
    reference<series> find(std::string_view key) {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = by_key_.find(key);
        return reference<series>(found == by_key_.end() ? nullptr : found->second.get());
    }

    reference<written_series> make(ledger& owner, const found_run& run, run_journal& journal,
                                   sanitize policy, std::string_view key, error& failure) {
        std::string legal = prefixed_key(prefix_, key);
        if (policy == sanitize::map) legal = mapped(run, legal);
        if (auto problem = key_problem(key_kind::metric, legal)) {
            failure = {error_code::invalid_key, 0, std::move(*problem)};
        } else if (const std::string clash = clashing_key(run, legal); !clash.empty()) {
            failure = {error_code::key_clash, 0, clash_message(key_kind::metric, legal, clash)};
        }
        if (failure) return refused(owner, journal, std::move(legal));
        metric_file file(run.folder, legal);
        metric_file_state state;
        std::optional<row_filter> filter;
        const int unread = file.open_existing(state);
        if (unread != 0) {
            // Points are kept, and the file is tried again when they are drained.
            failure = system_error("cannot read metric \"" + legal + "\" in", run.path, unread);
        } else {
            filter = filter_behind(state);
            if (!state.torn.empty()) failure = torn_line(legal, state);
        }
        taken_.emplace(legal);
        const std::int64_t last = state.highest_step;
        std::int64_t next = last < 0 ? 0 : last == INT64_MAX ? INT64_MAX : last + 1;
        const auto going_on = next_steps_.find(legal);
        if (going_on != next_steps_.end()) next = (std::max)(next, going_on->second);
        if (unread != 0) failure.message += "; its steps go on at " + std::to_string(next);
        const reference<written_series> made(
            new written_series(reference<ledger>(&owner), std::move(legal), next, journal,
                               series_drain(std::move(file), std::move(filter), state.tail)));
        made->set_history(state.values);
        return made;
    }

    static reference<written_series> refused(ledger& owner, run_journal& journal, std::string key) {
        return reference<written_series>(
            new written_series(reference<ledger>(&owner), std::move(key), 0, journal, {}));
    }

    std::string mapped(const found_run& run, std::string_view key) const {
        std::string legal = sanitized_key(key);
        if (!clashing_key(run, legal).empty()) {
            legal = unnested_key(legal);
        }
        remember_mapped_key(run.folder, run.path, legal, key);
        return legal;
    }

    /// The metric that would have to be a folder and a file if `key` were registered; or "".
    std::string clashing_key(const found_run& run, const std::string& key) const {
        for (std::size_t slash = key.find('/'); slash != std::string::npos;
             slash = key.find('/', slash + 1)) {
            struct stat found {};
            const std::string folder = key.substr(0, slash);
            if (taken_.count(folder) != 0) return folder;
            if (run.folder.status("metrics/" + folder, found) != 0) break;
            if (!S_ISDIR(found.st_mode)) return folder;
        }
        const auto below = taken_.lower_bound(key + '/');
        if (below != taken_.end() && keys_clash(*below, key)) return *below;
        struct stat found {};
        if (run.folder.status("metrics/" + key, found) == 0 && S_ISDIR(found.st_mode)) {
            return key + "/…";
        }
        return {};
    }

    static error torn_line(const std::string& key, const metric_file_state& state) {
        return {error_code::damaged, 0,
                "metric \"" + key + "\": its file ended in a torn line \"" +
                    shown(state.torn.substr(0, 100)) +
                    "\", which was cut off and kept as the artifact " + state.kept};
    }

    std::mutex making_;  // before mutex_; for what follows
    std::string prefix_;
    std::map<std::string, std::int64_t> next_steps_;
    std::set<std::string> taken_;  // keys with a file, or about to have one

    std::mutex mutex_;  // for what follows
    keep thinning_;
    bool cleared_ = false;
    std::map<std::string, reference<written_series>, std::less<>> by_key_;
    std::vector<reference<written_series>> all_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
