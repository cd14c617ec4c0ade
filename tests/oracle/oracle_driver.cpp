// SPDX-License-Identifier: MIT
/// \file Does what a test written in Python asks for: one call a line, words separated by blanks,
/// texts as hexadecimal digits behind an 'x'; answers with a line each.
#include <mlscribe/figure.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/report/log_report.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "oracle/driver_words.hpp"

using test::bits_of;
using test::decoded;
using test::encoded;
using test::number;

namespace {

/// A value in prefix order: `n`, `b1`, `i-3`, `r` and the bits, a text, `[ … ]`, `{ key value … }`.
mlscribe::document value_in(const std::vector<std::string>& words, std::size_t& at) {
    using kind = mlscribe::document::kind;
    const std::string& word = words.at(at++);
    mlscribe::document value;
    if (word == "[") {
        value.type = kind::list;
        while (words.at(at) != "]") value.items.push_back(value_in(words, at));
        ++at;
        return value;
    }
    if (word == "{") {
        value.type = kind::map;
        while (words.at(at) != "}") {
            mlscribe::document key = value_in(words, at);
            value.entries.push_back({std::move(key), value_in(words, at)});
        }
        ++at;
        return value;
    }
    if (word[0] == 'b') return mlscribe::document_of(word == "b1");
    if (word[0] == 'i') return mlscribe::document_of(std::stoll(word.substr(1)));
    if (word[0] == 'r') return mlscribe::document_of(number(word.substr(1)));
    return word[0] == 'x' ? mlscribe::document_of(decoded(word)) : value;
}

mlscribe::artifact_options transferred(const std::string& mode) {
    mlscribe::artifact_options options;
    options.mode = mode == "hard_link" ? mlscribe::transfer::hard_link
                   : mode == "move"    ? mlscribe::transfer::move
                                       : mlscribe::transfer::copy;
    return options;
}

/// Thrown through a run's scope to see it FAILED.
struct training_failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class driver {
  public:
    explicit driver(std::string root) : root_(std::move(root)), client_(root_, raise) {}

    std::string answer(const std::vector<std::string>& words) {
        const std::string& call = words.at(0);
        const auto text = [&words](std::size_t i) { return decoded(words.at(i)); };
        const auto whole = [&words](std::size_t i) { return std::stoll(words.at(i)); };
        if (call == "start") {
            mlscribe::run_options options;
            options.tracking_uri = root_;
            options.errors = raise;
            options.experiment = text(1);
            options.run_name = text(2);
            options.run_id = text(3);
            options.parent_run_id = text(4);
            options.description = text(5);
            for (std::size_t i = 6; i + 1 < words.size(); i += 2) {
                options.tags.emplace_back(text(i), text(i + 1));
            }
            return keep(mlscribe::start_run(options));
        }
        if (call == "resume") {
            mlscribe::resume_options options;
            options.tracking_uri = root_;
            options.errors = raise;
            options.keep_status = whole(2) != 0;
            return keep(mlscribe::resume_run(text(1), options));
        }
        if (call == "create_experiment") return encoded(client_.create_experiment(text(1)));
        if (call == "experiment_tag") {
            return said(client_.set_experiment_tag(text(1), text(2), text(3)));
        }
        if (call == "experiment_description") {
            return said(client_.set_experiment_description(text(1), text(2)));
        }
        if (call == "rename_experiment") return said(client_.rename_experiment(text(1), text(2)));
        if (call == "delete_experiment") return said(client_.delete_experiment(text(1)));
        if (call == "restore_experiment") return said(client_.restore_experiment(text(1)));
        if (call == "delete_run") return said(client_.delete_run(text(1)));
        if (call == "restore_run") return said(client_.restore_run(text(1)));
        if (call == "recover") return std::to_string(mlscribe::recover(root_).points);
        if (call == "experiments") return experiments();
        if (call == "run") return run_on_disk(text(1));
        return with_run(runs_.at(text(1)), words);
    }

  private:
    static constexpr mlscribe::strictness raise = mlscribe::strictness::raise;

    std::string with_run(mlscribe::run& run, const std::vector<std::string>& words) {
        const std::string& call = words.at(0);
        const auto text = [&words](std::size_t i) { return decoded(words.at(i)); };
        const auto whole = [&words](std::size_t i) { return std::stoll(words.at(i)); };
        if (call == "child") return keep(run.start_child(text(2)));
        if (call == "param") {
            run.log_param(text(2), text(3));
        } else if (call == "param_double") {
            run.log_param(text(2), number(words.at(3)));
        } else if (call == "param_int") {
            run.log_param(text(2), whole(3));
        } else if (call == "param_bool") {
            run.log_param(text(2), whole(3) != 0);
        } else if (call == "param_none") {
            run.log_param(text(2), nullptr);
        } else if (call == "metric") {
            run.log_metric(text(2), number(words.at(3)));
        } else if (call == "metric_step") {
            run.log_metric(text(2), number(words.at(3)), whole(4));
        } else if (call == "metric_time") {
            run.log_metric(text(2), number(words.at(3)), whole(4), mlscribe::timestamp{whole(5)});
        } else if (call == "burst") {
            mlscribe::metric_handle metric = run.metric(text(2));
            for (long long i = whole(3); i < whole(4); ++i) metric.log(static_cast<double>(i) / 3);
        } else if (call == "tag") {
            run.set_tag(text(2), text(3));
        } else if (call == "description") {
            run.set_description(text(2));
        } else if (call == "text") {
            run.log_text(text(2), text(3));
        } else if (call == "artifact") {
            run.log_artifact(text(2), text(3), transferred(text(4)));
        } else if (call == "artifacts") {
            run.log_artifacts(text(2), text(3), transferred(text(4)));
        } else if (call == "dict") {
            std::size_t at = 3;
            run.log_dict(value_in(words, at), text(2));
        } else if (call == "stream") {
            mlscribe::artifact_stream out = run.open_artifact(text(2));
            for (std::size_t i = 3; i < words.size(); ++i) out.write(text(i));
            out.close();
        } else if (call == "print") {
            run.capture_output();
            std::fputs(text(2).c_str(), stderr);
        } else if (call == "look") {
            run.log_figure(mlscribe::figure(text(2)).line(std::vector<double>{1, 2}, text(2)),
                           "plots/loss.svg");
            run.log_report();
        } else if (call == "flush") {
            run.flush();
        } else if (call == "end") {
            run.end(static_cast<mlscribe::run_status>(whole(2)));
        } else if (call == "fail") {
            try {
                const mlscribe::run unwound = std::move(run);
                throw training_failure("as asked");
            } catch (const training_failure&) {
            }
        } else {
            throw std::invalid_argument("no call " + call);
        }
        return "x";
    }

    static std::string said(bool done) { return done ? "x01" : "x00"; }

    std::string keep(mlscribe::run run) {
        const std::string id(run.id());
        const std::string answer =
            encoded(id) + ' ' + encoded(run.experiment_id()) + ' ' + encoded(run.artifact_uri());
        runs_[id] = std::move(run);
        return answer;
    }

    mlscribe::detail::store_root open() const {
        mlscribe::detail::store_root store;
        if (const mlscribe::error failure = mlscribe::detail::store_root::open(root_, store)) {
            throw std::runtime_error(failure.message);
        }
        return store;
    }

    /// id, name, location, stage, creation and update time of each, then what is damaged.
    std::string experiments() const {
        const mlscribe::detail::store_scan scan = open().scan();
        std::string answer;
        for (const auto& found : scan.experiments) {
            const mlscribe::experiment_meta& meta = found.meta;
            answer += encoded(found.id) + ' ' + encoded(meta.name) + ' ' +
                      encoded(meta.artifact_location) + ' ' +
                      encoded(to_string(meta.lifecycle_stage)) + ' ' +
                      std::to_string(meta.creation_time.value_or(-1)) + ' ' +
                      std::to_string(meta.last_update_time.value_or(-1)) + ' ';
        }
        return answer + "x " + std::to_string(scan.damaged.size());
    }

    /// The run's info, then each metric named behind it with its rows.
    std::string run_on_disk(const std::string& id) const {
        const mlscribe::detail::store_root store = open();
        mlscribe::detail::found_run found;
        if (const mlscribe::error failure = mlscribe::detail::find_run(store, id, found)) {
            throw std::runtime_error(failure.message);
        }
        const mlscribe::run_meta& meta = found.meta;
        std::string answer =
            encoded(meta.run_name) + ' ' + encoded(meta.experiment_id) + ' ' +
            encoded(meta.user_id) + ' ' + encoded(to_string(meta.status)) + ' ' +
            std::to_string(meta.start_time) + ' ' + std::to_string(meta.end_time.value_or(-1)) +
            ' ' + encoded(to_string(meta.lifecycle_stage)) + ' ' + encoded(meta.artifact_uri);
        read_metrics(found.folder, "", answer);
        return answer;
    }

    static void read_metrics(const mlscribe::detail::directory& run, const std::string& below,
                             std::string& answer) {
        mlscribe::detail::directory folder;
        std::vector<std::string> names;
        if (run.open_below("metrics" + below, mlscribe::detail::missing::fail, folder) != 0) return;
        folder.list(names);
        for (const std::string& name : names) {
            struct stat status {};
            folder.status(name, status);
            if (S_ISDIR(status.st_mode)) {
                read_metrics(run, below + '/' + name, answer);
                continue;
            }
            const std::string key = (below + '/' + name).substr(1);
            answer += " m " + encoded(key);
            mlscribe::detail::metric_file(run, key).for_each_row(
                [&answer](const mlscribe::point& row) {
                    answer += ' ' + std::to_string(row.timestamp) + ' ' + bits_of(row.value) + ' ' +
                              std::to_string(row.step);
                });
        }
    }

    std::string root_;
    mlscribe::client client_;
    std::map<std::string, mlscribe::run> runs_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    driver does(arguments[1]);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream in(line);
        std::vector<std::string> words;
        for (std::string word; in >> word;) words.push_back(word);
        try {
            const std::string answer = does.answer(words);
            std::cout << "ok " << answer << std::endl;
        } catch (const std::exception& failure) {
            std::cout << "error " << encoded(failure.what()) << std::endl;
        }
    }
}
