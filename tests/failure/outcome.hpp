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
#include <utility>
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
    std::map<std::string, std::set<std::string>> wrote;  ///< by path in the run: a tag's values
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
            } else if (word == "wrote") {
                words >> word;
                std::set<std::string>& values = runs[id].wrote[word];
                if (words >> word) values.insert(word);
            } else if (word == "heard") {
                heard.push_back(line.substr(6));
            } else {
                done = line == "done";
                demand(done, "it said: " + line);
            }
        }
        demand(done, "it stopped in the middle");
    }

    /// A run with its id; null where there is none.
    const std::pair<const std::string, told_run>* run_named(const std::string& name) const {
        for (const auto& run : runs) {
            if (run.second.name == name) return &run;
        }
        return nullptr;
    }

    bool tells(const std::string& text) const {
        return std::any_of(heard.begin(), heard.end(), [&text](const std::string& message) {
            return message.find(text) != std::string::npos;
        });
    }
};

/// The files of a store without what differs from one program to the next: ids, times, and what is
/// in the library's own temporary files.
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

/// \param temporary  with the kinds and sizes of temporary files and journals
inline content content_of(const std::string& store, const told& said, bool temporary) {
    content result;
    if (!test::exists(store)) return result;
    for (const std::string& path : test::tree(store)) {
        const bool own = path.find(".mlscribe-") != std::string::npos;
        if (path.back() == '/' || (own && !temporary)) continue;
        const std::string name = with_names(path, store, said);
        const std::string text = test::read_file(store + '/' + path);
        if (own) {
            result[name.substr(0, name.find(".mlscribe-") + 12)] +=
                std::to_string(text.size()) + ' ';
        } else {
            result[name] = with_names(text, store, said);
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

/// What a program without faults said and left.
struct reference {
    told said;
    content store;
};

/// Compares what stands in a store with what stands there without a fault. Each text has to be
/// whole or missing, a tag may be as it was before; of each that differs somebody was told.
class text_account {
  public:
    text_account(const reference& whole, const content& found, const told& said)
        : whole_(whole), found_(found), said_(said) {}

    /// \return whether one differs
    bool check() const {
        content all = found_;
        all.insert(whole_.store.begin(), whole_.store.end());
        bool differs = false;
        for (const auto& entry : all) {
            const std::string* const expected = text_of(whole_.store, entry.first);
            const std::string* const present = text_of(found_, entry.first);
            if (expected != nullptr && present != nullptr && *expected == *present) continue;
            differs = true;
            check(entry.first, expected, present);
        }
        return differs;
    }

  private:
    static const std::string* text_of(const content& files, const std::string& path) {
        const auto file = files.find(path);
        return file == files.end() ? nullptr : &file->second;
    }

    void check(const std::string& path, const std::string* expected,
               const std::string* present) const {
        const std::string problem =
            path + (present == nullptr ? " is missing" : " is \"" + present->substr(0, 80) + '"');
        demand(!said_.heard.empty(), "nobody was told: " + problem);
        const auto [name, place] = run_and_place(path);
        const auto* const run = said_.run_named(name);
        if (run == nullptr) {
            // One that could not start, or was told not to have been made.
            const bool is_made = place == "meta.yaml" || place.find("tags/") == 0;
            return demand(present == nullptr || (is_made && tells_of(name)), problem);
        }
        if (expected == nullptr) return demand(is_remark(place, *present, run->second), problem);
        const told_run& asked = whole_.said.run_named(name)->second;
        if (place.find("metrics/") == 0) {
            // How many rows there have to be, check_account() knows.
            const bool is_whole = run->second.lost == 0 && run->second.logged == asked.logged;
            const std::string metric = "metric \"" + place.substr(place.find('/') + 1) + '"';
            const bool is_told = said_.tells(metric) && said_.tells("steps go on ");
            return demand(!is_whole || is_told, "nobody was told: " + problem);
        }
        if (place == "meta.yaml") {
            demand(present != nullptr && without_end(*present) == without_end(*expected), problem);
            return demand(said_.tells(run->first), "nobody was told whose end: " + problem);
        }
        const auto wrote = run->second.wrote.find(place);
        const bool is_asked = wrote != run->second.wrote.end();
        if (present == nullptr && !is_asked) {
            // Nor may the library's own be missing.
            return demand(asked.wrote.count(place) != 0, problem);
        }
        demand(present == nullptr || (is_asked && wrote->second.count(*present) != 0), problem);
        demand(tells_which(place), "nobody was told which: " + problem);
    }

    /// \param id  as with_names() leaves one that it does not know
    bool tells_of(const std::string& id) const {
        return std::any_of(said_.heard.begin(), said_.heard.end(), [&id](const std::string& text) {
            return without_numbers(text).find(id + "\": ") != std::string::npos;
        });
    }

    /// `EXPERIMENT/NAME/PATH`: a run's name and a path in it.
    static std::pair<std::string, std::string> run_and_place(const std::string& path) {
        const std::size_t name = path.find('/');
        const std::size_t place = path.find('/', name + 1);
        if (name == std::string::npos || place == std::string::npos) return {};
        return {path.substr(name + 1, place - name - 1), path.substr(place + 1)};
    }

    static std::string without_end(const std::string& meta) {
        std::string result;
        std::istringstream lines(meta);
        for (std::string line; std::getline(lines, line);) {
            if (line.find("status:") != 0 && line.find("end_time:") != 0) result += line + '\n';
        }
        return result;
    }

    /// A tag that only a run with a fault has.
    static bool is_remark(const std::string& place, const std::string& text, const told_run& run) {
        if (place == "tags/mlscribe.journal") return text == "memory";
        return place == "tags/mlscribe.lost_points" && text == std::to_string(run.lost);
    }

    bool tells_which(const std::string& place) const {
        const std::string name = place.substr(place.find('/') + 1);
        if (place.find("params/") == 0) return said_.tells("param \"" + name + '"');
        if (place.find("tags/") == 0) return said_.tells("tag \"" + name + '"');
        const std::string checkpoints = "checkpoints/";
        if (name.find(checkpoints) == 0) {
            const std::string checkpoint = name.substr(checkpoints.size());
            return said_.tells("checkpoint \"" + checkpoint.substr(0, checkpoint.find('.')) + '"');
        }
        return said_.tells("artifact \"" + name + '"') || said_.tells('"' + place + '"');
    }

    const reference& whole_;
    const content& found_;
    const told& said_;
};

/// Has the next process finish what the program left.
/// \return one word:
///     same     as without the fault, and nothing was told
///     told     the store has everything; there was something to tell
///     late     points or an end waited in a journal for the next process
///     less     a param, tag or artifact is missing, a tag or steps are others; told which
///     lost     points are lost, told how many
///     fewer    a run could not start, told
///     none     no run could start, told
inline std::string outcome_of(const std::string& store, const told& said, const reference& whole) {
    const content before = content_of(store, said, false);
    if (test::exists(store)) {
        check_next_process(store);
        check_account(store, said);
    }
    const content after = content_of(store, said, false);
    const bool differs = text_account(whole, after, said).check();
    bool has_lost = false;
    for (const auto& [id, run] : said.runs) {
        has_lost = has_lost || run.lost != 0;
        demand(run.lost == 0 || said.tells("run " + id + " lost "),
               "nobody was told of lost points of " + run.name);
    }
    const bool has_all = said.runs.size() == whole.said.runs.size();
    demand(has_all || said.tells("nothing is recorded"), "nobody was told of a missing run");
    demand(before == after || !said.heard.empty(), "nobody was told what was left to do");
    if (said.runs.empty()) return "none";
    if (has_lost) return "lost";
    if (!has_all) return "fewer";
    if (differs) return "less";
    if (before != after) return "late";
    return said.heard.empty() ? "same" : "told";
}

}  // namespace failure

#endif
