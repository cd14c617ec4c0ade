// SPDX-License-Identifier: MIT
#include "export_runs.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "json.hpp"
#include "progress.hpp"
#include "run_json.hpp"
#include "value_text.hpp"

namespace tool {
namespace {

/// Rows of RFC 4180, save that a line ends with a line feed alone. Bytes stay as they are, except
/// on a terminal.
class csv_writer {
  public:
    explicit csv_writer(output& out) : out_(out) {}

    csv_writer& field(const std::string& text) {
        const std::string shown = out_.is_terminal() ? out_.shown(text) : text;
        if (!first_) out_.write(",");
        first_ = false;
        if (shown.find_first_of(",\"\r\n") == std::string::npos) {
            out_.write(shown);
            return *this;
        }
        std::string quoted = "\"";
        for (const char c : shown) quoted.append(c == '"' ? 2 : 1, c);
        out_.write(quoted + '"');
        return *this;
    }
    void end_row() {
        out_.write("\n");
        first_ = true;
    }

  private:
    output& out_;
    bool first_ = true;
};

template <class Values, class Text>
void add_fields(csv_writer& row, const std::set<std::string>& keys, const Values& values,
                Text&& text_of) {
    for (const std::string& key : keys) {
        const auto found = values.find(key);
        row.field(found == values.end() ? std::string() : text_of(found->second));
    }
}

/// The columns that MLflow's search_runs() gives to a data frame.
void write_runs_as_csv(session& of, const mlscribe::found_runs& found) {
    std::set<std::string> metrics;
    std::set<std::string> params;
    std::set<std::string> tags;
    for (const auto& run : found) {
        for (const auto& entry : run.metrics) metrics.insert(entry.first);
        for (const auto& entry : run.params) params.insert(entry.first);
        for (const auto& entry : run.tags) tags.insert(entry.first);
    }
    csv_writer row(of.out());
    for (const char* each : {"run_id", "run_name", "experiment_id", "experiment_name", "status",
                             "start_time", "end_time", "artifact_uri", "lifecycle_stage"}) {
        row.field(each);
    }
    for (const std::string& key : metrics) row.field("metrics." + key);
    for (const std::string& key : params) row.field("params." + key);
    for (const std::string& key : tags) row.field("tags." + key);
    row.end_row();
    const auto same = [](const std::string& text) { return text; };
    for (const auto& run : found) {
        const mlscribe::run_info& info = run.info;
        row.field(info.run_id).field(info.run_name).field(info.experiment_id);
        row.field(of.experiment_name(info.experiment_id)).field(mlscribe::to_string(info.status));
        row.field(std::to_string(info.start_time));
        row.field(info.end_time ? std::to_string(*info.end_time) : "").field(info.artifact_uri);
        row.field(mlscribe::to_string(info.lifecycle_stage));
        add_fields(row, metrics, run.metrics, exact_number);
        add_fields(row, params, run.params, same);
        add_fields(row, tags, run.tags, same);
        row.end_row();
    }
}

void write_history(session& of, const mlscribe::run_info& run, const std::string& key,
                   export_format format) {
    output& out = of.out();
    csv_writer row(out);
    const std::string front = json_members()
                                  .text("run_id", run.run_id)
                                  .text("run_name", run.run_name)
                                  .text("experiment_id", run.experiment_id)
                                  .text("key", key)
                                  .object();
    of.store().for_each_point(run.run_id, key, [&](const mlscribe::point& point) {
        if (format == export_format::json_lines) {
            // One object out of two.
            out.write(front.substr(0, front.size() - 1) + ", " + point_json(point).substr(1) +
                      '\n');
            return;
        }
        row.field(run.run_id).field(run.run_name).field(run.experiment_id).field(key);
        row.field(std::to_string(point.step)).field(std::to_string(point.timestamp));
        row.field(exact_number(point.value)).end_row();
    });
}

void write_histories(session& of, const mlscribe::found_runs& found,
                     const export_options& options) {
    const std::vector<std::string>& wanted = options.metrics;
    if (options.format == export_format::csv) {
        csv_writer row(of.out());
        for (const char* each :
             {"run_id", "run_name", "experiment_id", "key", "step", "timestamp", "value"}) {
            row.field(each);
        }
        row.end_row();
    }
    progress bar("runs");
    for (std::size_t i = 0; i < found.size(); ++i) {
        bar.at(i, found.size());
        for (const auto& entry : found[i].metrics) {
            const bool is_wanted = wanted.empty() || std::find(wanted.begin(), wanted.end(),
                                                               entry.first) != wanted.end();
            if (is_wanted) write_history(of, found[i].info, entry.first, options.format);
        }
    }
}

}  // namespace

exit_code export_runs(session& of, const export_options& options) {
    export_options chosen = options;
    if (of.json()) chosen.format = export_format::json_lines;
    const mlscribe::found_runs found = selected_runs(of, chosen.runs);
    if (chosen.histories) {
        write_histories(of, found, chosen);
    } else if (chosen.format == export_format::csv) {
        write_runs_as_csv(of, found);
    } else {
        for (const auto& run : found) {
            of.out().write(run_json(run, of.experiment_name(run.info.experiment_id)) + '\n');
        }
    }
    return found.empty() ? exit_code::nothing : exit_code::done;
}

}  // namespace tool
