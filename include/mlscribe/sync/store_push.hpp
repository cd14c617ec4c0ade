// SPDX-License-Identifier: MIT
/// \file Brings a store to the server: looks at all runs, and pushes those that changed.
#ifndef MLSCRIBE_SYNC_STORE_PUSH_HPP
#define MLSCRIBE_SYNC_STORE_PUSH_HPP

#include <mlscribe/file/unopened_folder.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/query/in_parallel.hpp>
#include <mlscribe/sync/model_push.hpp>
#include <mlscribe/sync/push_choice.hpp>
#include <mlscribe/sync/run_push.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread, which has others help it
class store_push {
  public:
    store_push(push_context& push, const server_settings& settings) : push_(push) {
        const unsigned jobs = (std::max)(push.options.jobs, 1u);
        for (unsigned i = 0; i != jobs; ++i) workers_.push_back(std::make_unique<worker>(settings));
    }

    /// Looks once at everything that was asked for, and pushes what is new.
    /// \param report  has each run once; what earlier looks sent stays counted
    void look(sync_report& report) {
        push_choice chosen;
        push_.begin_look();
        choose_what_to_push(push_, chosen);
        find_experiments(chosen);
        std::vector<seen_run> runs(chosen.runs.size());
        share(runs.size(), [&](std::size_t i, std::size_t) {
            runs[i].chosen = &chosen.runs[i];
            examine(chosen, runs[i]);
        });
        share(runs.size(), [&](std::size_t i, std::size_t thread) {
            if (!runs[i].is_new) return;
            if (push_.is_stopped()) {
                runs[i].report.failures.push_back(
                    {error_code::not_recording, 0, "it was not pushed any more"});
            } else {
                push(chosen, runs[i], *workers_[thread]);
            }
            tell(runs[i].report, report);
        });
        push_models(chosen);
        delete_experiments(chosen, runs);
        lives_ =
            std::any_of(runs.begin(), runs.end(), [](const seen_run& run) { return run.is_live; });
        for (seen_run& run : runs) {
            if (run.is_run) add(run, report);
        }
    }

    /// Whether the last look saw a run that goes on.
    bool has_live_runs() const noexcept { return lives_; }

    /// The next look is at all runs, also those that had ended and were there.
    void forget_quiet_runs() { quiet_.clear(); }

    /// What the server has is asked for anew.
    void forget_experiments() { experiments_.forget(); }

  private:
    /// What one thread works with.
    struct worker {
        explicit worker(const server_settings& settings) : server(settings) {}
        tracking_server server;
        metric_text_file text;
    };

    struct seen_run {
        const chosen_run* chosen = nullptr;
        run_look look = {};
        std::string meta = {};  ///< which meta.yaml it has
        pushed_run report = {};
        bool is_run = false;
        bool is_new = false;  ///< something of it may have to be sent
        bool is_live = false;
    };

    /// Work that was ended by an exception is not taken for done.
    template <class Work>
    void share(std::size_t count, Work&& work) {
        if (in_parallel(count, static_cast<unsigned>(workers_.size()), work)) return;
        push_.stop({error_code::system, ENOMEM,
                    "memory was out, or on_run or on_progress threw an exception; push again"});
    }

    void find_experiments(const push_choice& chosen) {
        known_.clear();
        if (push_.options.dry_run) return;
        for (const chosen_experiment& each : chosen.experiments) {
            experiment_place place;
            // Of one that has nothing to push the server is asked only once.
            if (each.is_empty && experiments_.is_whole(each.id, each.in_trash)) continue;
            const error failure =
                experiments_.find(workers_[0]->server, each.id, each.in_trash, place);
            if (ends_push(failure)) return push_.stop(failure);
            if (failure) {
                push_.note_failure(failure);
            } else if (!place.is_done) {
                known_[each.id] = place.identity;
            }
        }
    }

    /// Opens a run and reads its meta.yaml. \return false for what is none, which is told where it
    ///         should be one
    bool open(const push_choice& chosen, const chosen_run& which, found_run& run) {
        directory shelf;
        const chosen_experiment& experiment = chosen.experiments[which.experiment];
        run.experiment_id = experiment.id;
        run.in_trash = experiment.in_trash;
        run.path = experiment.path + '/' + which.name;
        int failed = push_.store.open_experiment(experiment.id, experiment.in_trash, shelf);
        if (failed == 0) failed = shelf.open_linked(which.name, run.folder);
        if (failed == ENOENT || failed == ENOTDIR) return false;
        meta_document document;
        std::string why;
        error failure = failed != 0 ? unopened_folder("cannot open", run.path, failed)
                                    : read_meta(run.folder, run.path, document);
        if (failure.code == error_code::not_found) return false;
        if (failure) failure = read_settled_meta(run.folder, run.path, document);
        if (!failure) {
            std::optional<run_meta> meta = read_run_meta(document, &why);
            if (meta && meta->run_id != which.name) {
                why = "is that of run \"" + shown(meta->run_id) + '"';
            }
            if (!why.empty()) {
                failure = {error_code::damaged, 0, '"' + run.path + "/meta.yaml\": " + why};
            } else {
                run.meta = std::move(*meta);
            }
        }
        if (failure) push_.note_failure(failure);
        return !failure;
    }

    /// Who goes on with a run replaces its meta.yaml.
    std::string meta_of(const push_choice& chosen, const chosen_run& which) const {
        struct stat found {};
        directory shelf;
        const chosen_experiment& experiment = chosen.experiments[which.experiment];
        if (push_.store.open_experiment(experiment.id, experiment.in_trash, shelf) != 0 ||
            shelf.status(which.name + "/meta.yaml", found) != 0)
            return {};
        return std::to_string(found.st_ino) + ' ' + std::to_string(found.st_size) + ' ' +
               std::to_string(nanoseconds_of(found.st_mtim));
    }

    void examine(const push_choice& chosen, seen_run& seen) {
        found_run run;
        seen.meta = meta_of(chosen, *seen.chosen);
        const auto quiet = quiet_.find(seen.chosen->name);
        if (quiet != quiet_.end() && quiet->second == seen.meta) return;
        if (!open(chosen, *seen.chosen, run)) return;
        seen.is_run = true;
        seen.report.run_id = run.meta.run_id;
        seen.report.run_name = run_name_of(run);
        seen.report.status = run.meta.status;
        push_.expect_run();
        if (const int failed = seen.look.take(run.folder)) {
            seen.report.failures.push_back(system_error("cannot read", run.path, failed));
        }
        const bool is_active = run.meta.lifecycle_stage == lifecycle::active;
        seen.is_live = is_active && !has_ended(run.meta.status) && is_heard_of(run, seen.look);
        const push_state state = push_.shelf.load(run.meta.run_id);
        seen.report.remote_run_id = state.remote_id;
        const auto experiment = known_.find(run.experiment_id);
        const bool is_dry = push_.options.dry_run;
        if (experiment == known_.end() && !is_dry) return push_.count_run();
        const bool is_same = (is_dry || experiment->second == state.experiment) &&
                             state.every == (std::max)(push_.options.every, std::uint64_t{1});
        seen.is_new = !is_same || state.look.empty() || state.look != seen.look.text();
        if (!seen.is_new) return push_.count_run();
        expect(seen.look, is_same ? state : push_state{});
    }

    /// A run that nobody has written for ten minutes, and that has no journal, or one that was not
    /// copied along, has no process any more that would end it.
    static bool is_heard_of(const found_run& run, const run_look& look) {
        const std::int64_t silence = milliseconds_now() - look.last_write() / 1000000;
        // The clock of a disk elsewhere may be ahead, but not by days.
        if (silence < longest_silence && silence > -longest_silence) return true;
        run_journals journals;
        if (look.has_journal()) journals.open(run.folder, run.meta.run_id, run.path);
        return journals.is_live();
    }

    void expect(const run_look& look, const push_state& state) {
        constexpr std::uint64_t usual_line = 36;
        std::uint64_t metric_bytes = 0;
        std::uint64_t artifact_bytes = 0;
        for (const auto& each : state.metrics) metric_bytes += each.second.bytes;
        for (const auto& each : state.artifacts) artifact_bytes += each.second.size;
        const auto rest = [](std::uint64_t all, std::uint64_t done) {
            return all > done ? all - done : 0;
        };
        const std::uint64_t every = (std::max)(push_.options.every, std::uint64_t{1});
        push_.expect(rest(look.metric_bytes(), metric_bytes) / usual_line / every,
                     rest(look.artifact_bytes(), artifact_bytes));
    }

    void push(const push_choice& chosen, seen_run& seen, worker& by) {
        found_run run;
        if (!open(chosen, *seen.chosen, run)) return;
        const auto known = known_.find(run.experiment_id);
        const std::string experiment = known == known_.end() ? std::string() : known->second;
        run_push one(push_, runs_, models_, by.server, by.text, experiment, run, seen.report);
        const error failure = one.push(seen.look);
        if (failure) {
            push_.stop(failure);
            seen.report.failures.push_back(failure);
        }
        // A process that died while it was looked at has its end by now.
        seen.is_live = seen.is_live && !has_ended(run.meta.status);
        push_.count_run();
    }

    void push_models(const push_choice& chosen) {
        if (push_.options.dry_run || !push_.server_has_models) return;
        share(chosen.models.size(), [&](std::size_t i, std::size_t thread) {
            const chosen_model& which = chosen.models[i];
            const chosen_experiment& experiment = chosen.experiments[which.experiment];
            const auto known = known_.find(experiment.id);
            found_model model;
            if (known == known_.end() || push_.is_stopped()) return;
            error failure =
                open_found_model(push_.store, experiment.id, experiment.in_trash, which.id, model);
            // One that somebody is making has none yet.
            if (failure.code == error_code::not_found) return;
            if (failure) return push_.note_failure(failure);
            if (!chosen.has_all && !chosen.has_run(text_or_none(model.meta, "source_run_id")))
                return;
            failure = model_push(push_, runs_, models_, workers_[thread]->server)
                          .push(model, known->second);
            if (failure) push_.stop(failure);
        });
    }

    /// Where all runs of it are there.
    void delete_experiments(const push_choice& chosen, const std::vector<seen_run>& runs) {
        if (push_.options.dry_run || !chosen.has_all) return;
        for (std::size_t i = 0; i != chosen.experiments.size(); ++i) {
            const chosen_experiment& each = chosen.experiments[i];
            if (!each.is_deleted || push_.is_stopped()) continue;
            const bool is_whole = std::none_of(runs.begin(), runs.end(), [i](const seen_run& run) {
                return run.chosen->experiment == i && !run.report.failures.empty();
            });
            if (!is_whole) continue;
            const error failure = experiments_.delete_again(workers_[0]->server, each.id);
            if (failure) push_.note_failure(failure);
        }
    }

    /// Unless nothing came of this look, or the same as of the one before.
    void tell(const pushed_run& fresh, const sync_report& report) const {
        if (!fresh.is_changed && fresh.failures.empty() && fresh.notes.empty()) return;
        const auto known = places_.find(fresh.run_id);
        if (known != places_.end() && fresh.points + fresh.texts + fresh.artifacts == 0) {
            const pushed_run& before = report.runs[known->second];
            if (before.failures.size() == fresh.failures.size() && before.status == fresh.status) {
                return;
            }
        }
        push_.tell(fresh);
    }

    void add(seen_run& seen, sync_report& report) {
        pushed_run& fresh = seen.report;
        if (!seen.is_new && has_ended(fresh.status)) quiet_[fresh.run_id] = std::move(seen.meta);
        const auto [known, is_first] = places_.emplace(fresh.run_id, report.runs.size());
        if (is_first) {
            report.runs.push_back(std::move(fresh));
            return;
        }
        pushed_run& before = report.runs[known->second];
        fresh.is_changed = fresh.is_changed || before.is_changed;
        fresh.points += before.points;
        fresh.texts += before.texts;
        fresh.artifacts += before.artifacts;
        fresh.bytes += before.bytes;
        before = std::move(fresh);
    }

    push_context& push_;
    std::vector<std::unique_ptr<worker>> workers_;
    remote_experiments experiments_{push_};
    remote_runs runs_{push_, experiments_};
    remote_models models_{push_, experiments_, runs_};
    std::map<std::string, std::string> known_;   // identities by the ids here
    std::map<std::string, std::string> quiet_;   // which meta.yaml runs had that were there
    std::map<std::string, std::size_t> places_;  // of runs in the report
    bool lives_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
