// SPDX-License-Identifier: MIT
/// \file A search of runs: filter, order, cut, and only then the rest of what is returned is read.
#ifndef MLSCRIBE_QUERY_RUN_SEARCH_HPP
#define MLSCRIBE_QUERY_RUN_SEARCH_HPP

#include <mlscribe/query/filter_parser.hpp>
#include <mlscribe/query/in_parallel.hpp>
#include <mlscribe/query/run_shelves.hpp>
#include <mlscribe/query/run_sort.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One search. \threadsafety one thread at a time; it has others help it
class run_search {
  public:
    /// What MLflow would refuse is refused before anything is read.
    query_problem parse(const search_query& query) {
        query_problem problem = parse_filter(query.filter, clauses_);
        if (problem) problem.why = "filter \"" + query.filter + "\": " + problem.why;
        for (const std::string& entry : query.order_by) {
            if (problem) break;
            orders_.emplace_back();
            problem = parse_order(entry, orders_.back());
            if (problem) problem.why = "order_by \"" + entry + "\": " + problem.why;
        }
        const auto is_name = [](const auto& each) {
            return each.field.attribute == run_attribute::run_name;
        };
        names_matter_ = std::any_of(clauses_.begin(), clauses_.end(), is_name) ||
                        std::any_of(orders_.begin(), orders_.end(), is_name);
        return problem;
    }

    error run(const store_root& store, const search_query& query, found_runs& result) {
        run_shelves shelves(store);
        if (error failure = shelves.open(query)) return failure;
        result.damaged = shelves.damaged();
        const std::vector<shelved_run>& candidates = shelves.runs();
        std::vector<sortable_run> hits;
        std::mutex mutex;
        texts_ = std::vector<metric_text_file>(
            (std::max)((std::min)(std::size_t{query.threads}, candidates.size()), std::size_t{1}));
        bool whole =
            in_parallel(candidates.size(), query.threads, [&](std::size_t i, std::size_t thread) {
                sortable_run hit;
                error failure;
                const bool is_hit =
                    look_at(shelves, candidates[i], query.view, texts_[thread], hit, failure);
                if (!is_hit && !failure) return;
                hit.index = i;
                const std::lock_guard<std::mutex> lock(mutex);
                if (failure) {
                    note_damage(candidates[i], std::move(failure), result);
                } else {
                    hits.push_back(std::move(hit));
                }
            });
        std::sort(hits.begin(), hits.end(), run_sorter(orders_));
        // A hit that turns out to be damaged leaves its place to the next one.
        for (std::size_t next = 0; next < hits.size() && result.runs.size() < query.max_results;) {
            const std::size_t count =
                (std::min)(hits.size() - next, query.max_results - result.runs.size());
            whole = load(shelves, hits, next, count, query, result) && whole;
            next += count;
        }
        std::sort(result.damaged.begin(), result.damaged.end(), [](const auto& a, const auto& b) {
            return std::tie(a.experiment_id, a.run_id) < std::tie(b.experiment_id, b.run_id);
        });
        if (whole) return {};
        return {error_code::system, ENOMEM, "no memory for a search of \"" + store.path() + '"'};
    }

  private:
    /// \return whether the run matches
    bool look_at(const run_shelves& shelves, const shelved_run& which, run_view view,
                 metric_text_file& text, sortable_run& hit, error& failure) const {
        std::unique_ptr<stored_run> run;
        failure = shelves.open_run(which, view, text, run);
        if (!run) return false;
        if (names_matter_) run->find_name();
        for (const filter_clause& clause : clauses_) {
            const bool holds = matches(clause, *run);
            failure = run->failure();
            if (failure || !holds) return false;
        }
        for (const order_key& order : orders_) {
            hit.values.push_back(value_for_sort(order.field, *run));
        }
        failure = run->failure();
        hit.start_time = run->info().start_time;
        hit.run_id = run->info().run_id;
        return !failure;
    }

    bool load(const run_shelves& shelves, const std::vector<sortable_run>& hits, std::size_t first,
              std::size_t count, const search_query& query, found_runs& result) {
        const std::vector<shelved_run>& candidates = shelves.runs();
        std::vector<run_record> records(count);
        std::vector<error> failures(count);
        const bool whole =
            in_parallel(count, query.threads, [&](std::size_t i, std::size_t thread) {
                std::unique_ptr<stored_run> run;
                const shelved_run& which = candidates[hits[first + i].index];
                failures[i] = shelves.open_run(which, query.view, texts_[thread], run);
                if (run) failures[i] = run->load(records[i]);
            });
        for (std::size_t i = 0; i < count; ++i) {
            if (failures[i]) {
                note_damage(candidates[hits[first + i].index], std::move(failures[i]), result);
            } else if (!records[i].info.run_id.empty()) {  // else it was removed meanwhile
                result.runs.push_back(std::move(records[i]));
            }
        }
        return whole;
    }

    static void note_damage(const shelved_run& which, error why, found_runs& result) {
        result.damaged.push_back({which.shelf->experiment_id, which.name, std::move(why)});
    }

    std::vector<filter_clause> clauses_;
    std::vector<order_key> orders_;
    std::vector<metric_text_file> texts_;  // one a thread
    bool names_matter_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
