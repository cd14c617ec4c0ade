// SPDX-License-Identifier: MIT
#include "run_choice.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tool {
namespace {

constexpr std::size_t shortest_prefix = 4;
constexpr std::size_t most_candidates = 10;

/// What an id may begin with.
bool is_id_front(const std::string& word) {
    return word.size() >= shortest_prefix && std::all_of(word.begin(), word.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '_' || c == '-';
           });
}

bool is_in_view(const mlscribe::run_info& info, mlscribe::run_view view) {
    const bool deleted = info.lifecycle_stage == mlscribe::lifecycle::deleted;
    return view == mlscribe::run_view::all || deleted == (view == mlscribe::run_view::deleted);
}

/// Whether `word` is a whole id. No store is searched for that.
bool is_whole_id(const session& of, const std::string& word, mlscribe::run_view view) {
    constexpr std::size_t size_of_id = 32;
    if (word.size() != size_of_id || !is_id_front(word)) return false;
    try {
        return is_in_view(of.store().get_run(word).info, view);
    } catch (const mlscribe::logging_error& failed) {
        if (failed.reason().code == mlscribe::error_code::not_found) return false;
        throw;
    }
}

mlscribe::found_runs matches_of(const session& of, const std::string& filter,
                                mlscribe::run_view view) {
    mlscribe::search_query query;
    query.filter = filter;
    query.view = view;
    query.max_results = SIZE_MAX;
    return of.store().search_runs(query);
}

/// The search language has no way to quote both kinds of quotes.
mlscribe::found_runs runs_of_name(const session& of, const std::string& name,
                                  mlscribe::run_view view) {
    const char quote = name.find('\'') == std::string::npos ? '\'' : '"';
    const bool quotable = !name.empty() && name.find(quote) == std::string::npos &&
                          name.find('\\') == std::string::npos;
    mlscribe::found_runs result =
        matches_of(of, quotable ? "attributes.run_name = " + (quote + name + quote) : "", view);
    const auto is_other = [&](const auto& run) { return run.info.run_name != name; };
    result.runs.erase(std::remove_if(result.runs.begin(), result.runs.end(), is_other),
                      result.runs.end());
    return result;
}

std::string candidate_list(session& of, const mlscribe::found_runs& found) {
    std::string list;
    for (std::size_t i = 0; i < (std::min)(found.size(), most_candidates); ++i) {
        const mlscribe::run_info& info = found[i].info;
        list += "\n  " + info.run_id + "  " + info.run_name + "  (" +
                of.experiment_name(info.experiment_id) + ", " + mlscribe::to_string(info.status) +
                ')';
    }
    if (found.size() > most_candidates) {
        list += "\n  and " + std::to_string(found.size() - most_candidates) + " more";
    }
    return list;
}

/// \return the damaged run that an id or the beginning of one means, if any
const mlscribe::damaged_run* damaged_run_of(const mlscribe::found_runs& found,
                                            const std::string& word) {
    if (word.size() < shortest_prefix) return nullptr;
    for (const auto& each : found.damaged) {
        if (each.run_id.compare(0, word.size(), word) == 0) return &each;
    }
    return nullptr;
}

}  // namespace

std::string chosen_run(session& of, const std::string& word, mlscribe::run_view view) {
    if (is_whole_id(of, word, view)) return word;
    mlscribe::found_runs found = runs_of_name(of, word, view);
    if (is_id_front(word)) {
        // An underscore in a pattern stands for any character.
        mlscribe::found_runs alike = matches_of(of, "attributes.run_id LIKE '" + word + "%'", view);
        for (auto& run : alike.runs) {
            const bool begins = run.info.run_id.compare(0, word.size(), word) == 0;
            if (begins && run.info.run_name != word) found.runs.push_back(std::move(run));
        }
    }
    for (const auto& run : found) {
        if (run.info.run_id == word) return word;
    }
    if (found.size() == 1) return found[0].info.run_id;
    if (found.size() > 1) {
        throw failure(exit_code::usage,
                      '"' + word + "\" means " + std::to_string(found.size()) +
                          " runs; name one by more of its id:" + candidate_list(of, found));
    }
    if (const mlscribe::damaged_run* const damaged = damaged_run_of(found, word)) {
        throw failure(exit_code::damaged, damaged->why.message);
    }
    const char* const kind = view == mlscribe::run_view::active    ? "active run"
                             : view == mlscribe::run_view::deleted ? "deleted run"
                                                                   : "run";
    throw failure(exit_code::nothing,
                  "no " + std::string(kind) + " \"" + mlscribe::detail::without_credentials(word) +
                      "\" in \"" + of.store().path() + "\": neither an id, nor at least " +
                      std::to_string(shortest_prefix) +
                      " characters of one, nor a name; see mlscribe ls --view all");
}

std::vector<std::string> chosen_runs(session& of, const std::vector<std::string>& words,
                                     mlscribe::run_view view) {
    std::vector<std::string> ids;
    for (const std::string& word : words) {
        std::string id = chosen_run(of, word, view);
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
    return ids;
}

}  // namespace tool
