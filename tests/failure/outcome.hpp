// SPDX-License-Identifier: MIT
/// \file What became of a reference program with a fault: what it said, what stands in its store.
#ifndef MLSCRIBE_TESTS_FAILURE_OUTCOME_HPP
#define MLSCRIBE_TESTS_FAILURE_OUTCOME_HPP

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

namespace failure {

/// Thrown with what is wrong.
struct broken_promise : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void demand(bool kept, const std::string& otherwise) {
    if (!kept) throw broken_promise(otherwise);
}

/// What the program said about one of its runs.
struct told_run {
    std::string name;
    std::uint64_t lost = 0;
    std::map<std::string, std::uint64_t> logged;
};

struct told {
    std::map<std::string, told_run> runs;  ///< by id
    std::vector<std::string> heard;

    explicit told(const std::string& output) {
        std::istringstream lines(output);
        bool done = false;
        std::string line;
        std::string id;
        while (std::getline(lines, line)) {
            std::istringstream words(line);
            std::string word;
            words >> word;
            if (word == "run") {
                told_run run;
                words >> run.name >> id >> run.lost;
                runs[id] = run;
            } else if (word == "logged") {
                words >> word;
                words >> runs[id].logged[word];
            } else if (word == "heard") {
                heard.push_back(line.substr(6));
            } else {
                done = line == "done";
                demand(done, "it said: " + line);
            }
        }
        demand(done, "it stopped in the middle");
    }
};

/// The files of a store without what differs from one program to the next: ids, times, and the
/// library's own temporary files. A metric is the number of its rows.
using content = std::map<std::string, std::string>;

/// Replaces words of digits that name a moment or an id.
inline std::string without_numbers(const std::string& text) {
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
        if (end - i >= 12) {
            result += '#';
        } else {
            result.append(text, i, (std::max)(end, i + 1) - i);
        }
        i = (std::max)(end, i + 1);
    }
    return result;
}

inline std::string with_names(std::string text, const std::string& store, const told& said) {
    const auto replace = [&text](const std::string& from, const std::string& to) {
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
            text.replace(at, from.size(), to);
        }
    };
    replace(store, "STORE");
    for (const auto& [id, run] : said.runs) replace(id, run.name);
    return without_numbers(text);
}

/// \param temporary  with the names of temporary files and journals
inline content content_of(const std::string& store, const told& said, bool temporary) {
    content result;
    if (!test::exists(store)) return result;
    for (const std::string& path : test::tree(store)) {
        const bool own = path.find(".mlscribe-") != std::string::npos;
        if (own && !temporary) continue;
        const std::string name = with_names(path, store, said);
        if (own) {
            result[name.substr(0, name.find(".mlscribe-") + 12)] = "";
        } else if (path.back() == '/') {
            continue;
        } else if (path.find("/metrics/") != std::string::npos) {
            const std::string text = test::read_file(store + '/' + path);
            result[name] = std::to_string(std::count(text.begin(), text.end(), '\n'));
        } else {
            result[name] = with_names(test::read_file(store + '/' + path), store, said);
        }
    }
    return result;
}

/// The query side reads everything, and the doctor finds nothing that MLflow would stumble over.
/// \param left  what a process that could not end its runs leaves, until recover()
inline void check_readable(const std::string& store, bool left) {
    for (const mlscribe::finding& found : mlscribe::examine(store).findings) {
        const bool waits = found.what == mlscribe::damage::undrained_journal ||
                           found.what == mlscribe::damage::stale_run;
        demand(found.does == mlscribe::harm::untidy || (left && waits),
               "the doctor: " + found.message);
    }
    const mlscribe::store reader(store);
    const mlscribe::found_runs found = reader.search_runs();
    if (!found.damaged.empty()) throw broken_promise(found.damaged.front().why.message);
    for (const mlscribe::run_record& run : found) {
        for (const auto& metric : run.metrics) reader.metric_history(run.info.run_id, metric.first);
        reader.artifacts(run.info.run_id);
    }
}

/// Each row is one that was logged, none stands twice. \return how many there are
inline std::uint64_t checked_rows(const std::string& folder, const told_run& run) {
    std::uint64_t rows = 0;
    for (const auto& [key, logged] : run.logged) {
        const std::string path = folder + "/metrics/" + key;
        if (!test::exists(path)) continue;
        std::set<double> values;
        for (const mlscribe::point& row : test::points(folder, key)) {
            demand(row.value >= 0 && row.value < static_cast<double>(logged) &&
                       values.insert(row.value).second,
                   path + ": a row of " + std::to_string(row.value));
        }
        rows += values.size();
    }
    return rows;
}

/// Points in the files, and those that are lost, are those that were logged.
inline void check_account(const std::string& store, const told& said) {
    for (const auto& [id, run] : said.runs) {
        std::uint64_t logged = 0;
        for (const auto& metric : run.logged) logged += metric.second;
        const mlscribe::run_record record = mlscribe::store(store).get_run(id);
        const std::string folder = store + '/' + record.info.experiment_id + '/' + id;
        const std::uint64_t rows = checked_rows(folder, run);
        demand(rows + run.lost == logged, run.name + ": " + std::to_string(logged) + " logged, " +
                                              std::to_string(rows) + " there, " +
                                              std::to_string(run.lost) + " told to be lost");
    }
}

/// Who comes next writes what was left, and can log into the store.
inline void check_next_process(const std::string& store) {
    test::error_log log;
    mlscribe::recover_options options;
    options.on_error = log.handler();
    mlscribe::recover(store, options);
    for (const mlscribe::error& failure : log.all()) {
        throw broken_promise("recover(): " + failure.message);
    }
}

inline void check_next_run(const std::string& store) {
    test::error_log log;
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = "reference";
    options.source_tags = false;
    options.on_error = log.handler();
    options.drain = mlscribe::drain_mode::inline_;
    mlscribe::run run = mlscribe::start_run(options);
    run.log_metric("loss", 1.0);
    run.end();
    for (const mlscribe::error& failure : log.all()) {
        throw broken_promise("the next run: " + failure.message);
    }
    check_readable(store, false);
}

/// What differs, for people.
inline std::string first_difference(const content& expected, const content& found) {
    for (const auto& [path, text] : expected) {
        const auto same = found.find(path);
        if (same == found.end()) return path + " is missing";
        if (same->second != text) return path + " is \"" + same->second + "\", not \"" + text + '"';
    }
    for (const auto& entry : found) {
        if (expected.count(entry.first) == 0) return entry.first + " was made";
    }
    return {};
}

/// \param whole    the store that a program without faults leaves
/// \param is_like  whether a store like this one was found readable
/// \return one word:
///     same     as without the fault, and nothing was told
///     told     the store has everything; there was something to tell
///     late     points or an end waited in a journal for the next process
///     less     a param, tag or artifact is missing or another, told
///     lost     points are lost, told how many
///     fewer    a run could not start, told
///     none     no run could start, told
inline std::string outcome_of(const std::string& store, const told& said, const content& whole,
                              bool is_like) {
    const content before = content_of(store, said, false);
    std::uint64_t lost = 0;
    for (const auto& run : said.runs) lost += run.second.lost;
    content after;
    if (test::exists(store)) {
        if (!is_like) check_readable(store, true);
        check_next_process(store);
        check_account(store, said);
        after = content_of(store, said, false);
        if (!is_like) check_readable(store, false);
        if (!is_like) check_next_run(store);
    }
    const std::string missing = first_difference(whole, after);
    demand(missing.empty() || !said.heard.empty(), "nobody was told: " + missing);
    demand(lost == 0 || !said.heard.empty(), "nobody was told of lost points");
    if (said.runs.empty()) return "none";
    if (lost != 0) return "lost";
    if (said.runs.size() != 3) return "fewer";
    if (!missing.empty()) return "less";
    if (before != after) return "late";
    return said.heard.empty() ? "same" : "told";
}

}  // namespace failure

#endif
