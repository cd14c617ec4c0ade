// SPDX-License-Identifier: MIT
/// \file The metrics of a model, each of which belongs to a run as well (docs/format.md, "Models of
/// MLflow 3").
#ifndef MLSCRIBE_SYNC_MODEL_METRICS_HPP
#define MLSCRIBE_SYNC_MODEL_METRICS_HPP

#include <mlscribe/file/whole_lines.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/sync/remote_models.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A line `time value step run` or `time value step run dataset digest`.
struct model_metric_line {
    point row{};
    std::string_view run_id;
    std::string_view dataset_name;  ///< may have blanks
    std::string_view dataset_digest;
};

inline std::optional<model_metric_line> parse_model_metric_line(std::string_view line) {
    line = python_stripped(line);
    std::vector<std::string_view> fields;
    for (std::string_view rest = line;;) {
        const std::size_t blank = rest.find(' ');
        fields.push_back(rest.substr(0, blank));
        if (blank == std::string_view::npos) break;
        rest.remove_prefix(blank + 1);
    }
    if (fields.size() != 4 && fields.size() < 6) return std::nullopt;
    const auto timestamp = parse_python_int(fields[0]);
    const auto value = parse_python_float(fields[1]);
    const auto step = parse_python_int(fields[2]);
    if (!timestamp || !value || !step) return std::nullopt;
    model_metric_line read{{*timestamp, *value, *step}, fields[3], {}, {}};
    if (fields.size() == 4) return read;
    read.dataset_digest = fields.back();
    const char* const begin = fields[4].data();
    read.dataset_name = {begin, static_cast<std::size_t>(fields.back().data() - begin - 1)};
    return read;
}

/// Sends those that are new. \threadsafety one thread
class model_metrics {
  public:
    model_metrics(push_context& push, remote_runs& runs, tracking_server& server,
                  const found_model& model, push_state& state)
        : push_(push), runs_(runs), server_(server), model_(model), state_(state) {}

    /// \onfailure what ends the push of this model; of single metrics the push tells
    error push() {
        std::vector<std::string> keys;
        if (const int failed = list_files(model_.folder, "metrics", keys)) {
            return system_error("cannot read", model_.path + "/metrics", failed);
        }
        for (const std::string& key : keys) {
            if (read_key_problem(key)) continue;
            if (error failure = push(key)) return failure;
        }
        return {};
    }

  private:
    error push(const std::string& key) {
        const std::string path = "metrics/" + key;
        descriptor file;
        if (const int failed = model_.folder.open_file(path, O_RDONLY, file)) {
            return system_error("cannot read", model_.path + '/' + path, failed);
        }
        const sent_metric& before = state_.metrics[key];
        std::uint64_t known = 0;
        if (!before.edges.empty() && before.edges == edges_of(model_.folder, path, before.bytes)) {
            known = before.bytes;
        }
        std::string rest;
        std::uint64_t length = 0;
        std::uint64_t offset = 0;
        error stopped;
        const int unread = read_whole_lines(
            file.get(),
            [&](std::string_view lines) {
                while (!lines.empty() && !stopped) {
                    const std::size_t size = lines.find('\n') + 1;
                    if (offset >= known) stopped = take(key, lines.substr(0, size - 1));
                    offset += size;
                    lines.remove_prefix(size);
                }
            },
            rest, length);
        if (unread != 0) return system_error("cannot read", model_.path + '/' + path, unread);
        if (!stopped) stopped = flush();
        if (stopped || length == known) return stopped;
        state_.metrics[key] = {length, 0, edges_of(model_.folder, path, length)};
        return {};
    }

    error take(const std::string& key, std::string_view line) {
        const std::optional<model_metric_line> read = parse_model_metric_line(line);
        if (!read) {
            push_.note_failure({error_code::damaged, 0,
                                "metric file \"" + model_.path + "/metrics/" + shown(key) +
                                    "\" has the line \"" + shown(line.substr(0, 100)) +
                                    "\", which MLflow cannot read either"});
            return {};
        }
        if (!sender_ || local_run_ != read->run_id) {
            if (error failure = flush()) return failure;
            remote_place run;
            local_run_ = read->run_id;
            const error failure = runs_.find(server_, local_run_, run);
            if (ends_push(failure)) return failure;
            sender_.reset();
            // Without its run the server takes no metric, nor where that is deleted.
            if (failure) push_.note_failure(failure);
            if (!failure && !push_.shelf.load(local_run_).deleted) start(run.id);
        }
        if (!sender_) return {};
        return sender_->add({batch_item::kind::metric,
                             key,
                             {},
                             read->row,
                             state_.remote_id,
                             std::string(read->dataset_name),
                             std::string(read->dataset_digest)});
    }
    error flush() { return sender_ ? sender_->flush() : error{}; }

    void start(const std::string& run) {
        sender_.emplace(
            server_, run, false,
            [this](const batch_item*, std::size_t count) { push_.count(count, 0); },
            [this](const batch_item& item, const error& why) {
                push_.note_failure({why.code, 0,
                                    "metric \"" + shown(item.key) + "\" of model \"" + model_.id +
                                        "\": " + why.message});
            });
    }

    push_context& push_;
    remote_runs& runs_;
    tracking_server& server_;
    const found_model& model_;
    push_state& state_;
    std::string local_run_;
    std::optional<batch_sender> sender_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
