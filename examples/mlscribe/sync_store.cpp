// SPDX-License-Identifier: MIT
#include "sync_store.hpp"

#include <mlscribe/sync.hpp>

#include <sys/stat.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "json.hpp"
#include "progress.hpp"
#include "run_choice.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

bool is_server(const std::string& word) {
    return word.compare(0, 7, "http://") == 0 || word.compare(0, 8, "https://") == 0;
}

bool is_folder(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

/// A word that can be no run is a store that is not there.
/// \param has_store  whether there is another one that may have such a run
bool is_store(const std::string& word, bool has_store) {
    return !has_store || word.compare(0, 5, "file:") == 0 || word[0] == '/' ||
           word.compare(0, 2, "./") == 0 || word.compare(0, 3, "../") == 0 || is_folder(word);
}

/// The pace of points and bytes together, on a terminal.
class sync_line {
  public:
    void draw(const mlscribe::sync_progress& now) {
        // A point takes a server as long as so many bytes of a file.
        constexpr double bytes_of_point = 20000;
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
        const double done = static_cast<double>(now.points_done) +
                            static_cast<double>(now.bytes_done) / bytes_of_point;
        const double all =
            static_cast<double>(now.points) + static_cast<double>(now.bytes) / bytes_of_point;
        std::string text = std::to_string(now.runs_done) + " of " + counted(now.runs, "run");
        if (all > 0) text += "  " + bar(done / all);
        if (now.points_done > 0) {
            text += "  " + counted(now.points_done, "point");
            if (seconds > 0) {
                text += ", " +
                        std::to_string(static_cast<std::uint64_t>(
                            static_cast<double>(now.points_done) / seconds)) +
                        "/s";
            }
        }
        if (now.bytes_done > 0) text += "  " + size_text(now.bytes_done);
        if (done > 0 && all > done) {
            const double left = seconds * (all - done) / done;
            text += "  ETA " + duration_text(static_cast<std::int64_t>(left * 1000));
        }
        line_.show(text);
    }
    void clear() { line_.clear(); }

  private:
    static std::string bar(double part) {
        constexpr std::size_t width = 20;
        const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
        return '[' + std::string(filled, '#') + std::string(width - filled, '.') + ']';
    }

    progress line_{""};
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// What there was, or would be, to send.
std::string sent_text(const mlscribe::pushed_run& run) {
    std::string text;
    const auto add = [&text](std::uint64_t count, const std::string& part) {
        if (count != 0) text += (text.empty() ? "" : ", ") + part;
    };
    add(run.points, counted(run.points, "point"));
    add(run.texts, std::to_string(run.texts) + " params and tags");
    add(run.artifacts, counted(run.artifacts, "artifact") + " (" + size_text(run.bytes) + ')');
    return text.empty() ? "no points" : text;
}

void print_run(session& of, const mlscribe::pushed_run& run, bool dry_run) {
    output& out = of.out();
    const std::string id = of.short_id(run.run_id);
    const char* const what = !run.failures.empty() ? "failed" : dry_run ? "would push" : "pushed";
    const std::string status = mlscribe::to_string(run.status);
    const std::string rest = sent_text(run);
    const std::size_t taken =
        std::strlen(what) + id.size() + status.size() + rest.size() + 4 * std::strlen("  ");
    const std::size_t room = out.columns() > taken + 1 ? out.columns() - taken : 1;
    out.write(out.painted(what, run.failures.empty() ? ink::green : ink::red) + "  " + id + "  " +
              cut(out.shown(run.run_name), room, out.letters()) + "  " +
              out.painted(status, ink_of(run.status)) + "  " + rest + '\n');
    out.flush();
    for (const auto& each : run.failures) tell("run " + id + ": " + each.message);
    for (const auto& each : run.notes) tell("run " + id + ": " + each.message);
}

std::string messages_json(const std::vector<mlscribe::error>& all) {
    json_members list;
    for (const auto& each : all) list.item(json_string(each.message));
    return list.list();
}

void print_json(session& of, const mlscribe::sync_report& done, bool dry_run) {
    json_members runs;
    const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    for (const auto& each : done.runs) {
        runs.item(json_members()
                      .text("run_id", each.run_id)
                      .text("run_name", each.run_name)
                      .text("remote_run_id", each.remote_run_id)
                      .text("status", mlscribe::to_string(each.status))
                      .integer("points", number(each.points))
                      .integer("texts", number(each.texts))
                      .integer("artifacts", number(each.artifacts))
                      .integer("bytes", number(each.bytes))
                      .raw("failures", messages_json(each.failures))
                      .raw("notes", messages_json(each.notes))
                      .object());
    }
    of.out().write(json_members()
                       .truth("dry_run", dry_run)
                       .raw("runs", runs.list())
                       .raw("failures", messages_json(done.failures))
                       .raw("stopped", done.stopped ? json_string(done.stopped.message) : "null")
                       .object() +
                   '\n');
}

void tell_sum(const mlscribe::sync_report& done, bool dry_run) {
    mlscribe::pushed_run sum;
    std::uint64_t pushed = 0;
    std::uint64_t failed = 0;
    for (const auto& each : done.runs) {
        if (!each.failures.empty()) {
            ++failed;
        } else if (each.is_changed) {
            ++pushed;
        }
        sum.points += each.points;
        sum.texts += each.texts;
        sum.artifacts += each.artifacts;
        sum.bytes += each.bytes;
    }
    std::string text = counted(pushed, "run") + (dry_run ? " would be pushed, " : " pushed, ") +
                       std::to_string(done.runs.size() - pushed - failed) + " unchanged";
    if (failed != 0) text += ", " + std::to_string(failed) + " failed";
    tell(text + ": " + sent_text(sum));
}

exit_code code_of(const mlscribe::sync_report& done) {
    using mlscribe::error_code;
    if (done.stopped && done.runs.empty()) {
        switch (done.stopped.code) {
            case error_code::unreachable:
            case error_code::access_denied:
                return exit_code::unreachable;
            case error_code::unsupported_uri:
            case error_code::invalid_value:
                return exit_code::usage;
            default:
                return exit_code::unreadable;
        }
    }
    return done.is_complete() ? exit_code::done : exit_code::nothing;
}

}  // namespace

void settle_words(sync_choices& choices, std::string& store) {
    if (!is_server(choices.words.back())) {
        throw failure(exit_code::usage,
                      "the last word is the server, http://… or https://…, not \"" +
                          mlscribe::detail::without_credentials(choices.words.back()) + '"');
    }
    // That variable may name the server, as MLflow has it.
    const char* const variable = std::getenv("MLFLOW_TRACKING_URI");
    const bool is_named = variable != nullptr && *variable != '\0' && !is_server(variable);
    const bool has_store = !store.empty() || is_named || is_folder("mlruns");
    if (choices.words.size() == 2 && is_store(choices.words.front(), has_store)) {
        store = choices.words.front();
        choices.words.erase(choices.words.begin());
    }
    if (store.empty() && !is_named) store = "mlruns";
}

exit_code sync_store(session& of, const sync_choices& choices) {
    mlscribe::sync_options options;
    const std::vector<std::string> words(choices.words.begin(), choices.words.end() - 1);
    options.runs = chosen_runs(of, words);
    options.experiments = choices.experiments;
    options.follow = choices.follow;
    options.dry_run = choices.dry_run;
    options.jobs = choices.jobs;
    options.every = choices.every;
    options.interval = choices.interval;
    sync_line line;
    if (!of.json()) {
        options.on_run = [&](const mlscribe::pushed_run& run) {
            line.clear();
            print_run(of, run, options.dry_run);
        };
    }
    options.on_progress = [&](const mlscribe::sync_progress& now) { line.draw(now); };
    const mlscribe::sync_report done =
        mlscribe::sync(of.store().path(), choices.words.back(), options);
    line.clear();
    if (of.json()) print_json(of, done, options.dry_run);
    of.out().flush();
    for (const auto& each : done.failures) tell(each.message);
    if (done.stopped) tell(done.stopped.message);
    if (!done.runs.empty() || !done.stopped) tell_sum(done, options.dry_run);
    return code_of(done);
}

}  // namespace tool
