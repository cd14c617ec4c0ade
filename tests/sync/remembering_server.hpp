// SPDX-License-Identifier: MIT
/// \file A tracking server of MLflow 3 that keeps what it is sent in memory: what a whole push
/// makes there, without MLflow.
#ifndef MLSCRIBE_TESTS_SYNC_REMEMBERING_SERVER_HPP
#define MLSCRIBE_TESTS_SYNC_REMEMBERING_SERVER_HPP

#include <mlscribe/sync.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "environment.hpp"
#include "scratch_directory.hpp"
#include "stand_in_server.hpp"

namespace test {

/// What stands there is looked at while nobody pushes.
class remembering_server {
  public:
    using json = mlscribe::detail::server_json;

    std::string version = "3.17.2";
    /// Asked first; what it answers is not done. It may change what is there.
    std::function<std::optional<scripted_answer>(const seen_request&)> refuses;
    std::map<std::string, json> experiments;     ///< by id, as the server describes them
    std::map<std::string, json> runs;            ///< likewise
    std::map<std::string, json> models;          ///< likewise
    std::map<std::string, std::string> files;    ///< by their path among all artifacts
    std::map<std::string, std::string> metrics;  ///< of each run: key, value, step, model; in lines

    static scripted_answer no_such_thing() {
        return {404, R"({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "none there"})"};
    }
    static scripted_answer illegal(const std::string& why) {
        return {400, R"({"error_code": "INVALID_PARAMETER_VALUE", "message": ")" + why + "\"}"};
    }

    std::string url() const { return server_.url(); }
    std::vector<seen_request> seen() const { return server_.seen(); }

    /// The run of this name.
    json& run_named(const std::string& name) {
        for (auto& each : runs) {
            if (each.second["info"]["run_name"] == name) return each.second;
        }
        give_up("the server has no run " + name);
    }
    static std::string tag(const json& thing, const std::string& key) {
        for (const json& each : thing["data"]["tags"]) {
            if (each["key"] == key) return each["value"];
        }
        return {};
    }

  private:
    scripted_answer answer(const seen_request& request) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (refuses) {
            if (auto refusal = refuses(request)) return *refusal;
        }
        const std::string proxy = "/api/2.0/mlflow-artifacts/artifacts";
        const std::string rest = "/api/2.0/mlflow/";
        if (request.target == "/version") return {200, version, ""};
        if (request.target.compare(0, proxy.size(), proxy) == 0) {
            if (request.method == "PUT") files[request.target.substr(proxy.size())] = request.body;
            return {};
        }
        const std::size_t question = request.target.find('?');
        const std::string method = request.target.substr(rest.size(), question - rest.size());
        const std::string asked = question == request.target.npos
                                      ? std::string()
                                      : request.target.substr(request.target.find('=') + 1);
        const json body = request.body.empty() ? json::object() : json::parse(request.body);
        const std::size_t slash = method.find('/');
        const std::string kind = method.substr(0, slash);
        const std::string what = slash == method.npos ? "create" : method.substr(slash + 1);
        if (kind == "experiments") return of_experiments(what, body, asked);
        if (kind == "runs") return of_runs(what, body, asked);
        return of_models(what, body);
    }

    static scripted_answer told(const char* key, const json& thing) {
        return {200, json{{key, thing}}.dump()};
    }
    /// Those with the tag that a filter names.
    template <class Tags>
    static json found(const std::map<std::string, json>& things, const json& body, Tags&& tags) {
        const std::string filter = body["filter"];
        const std::size_t key = filter.find('`') + 1;
        const std::size_t value = filter.find('\'') + 1;
        const json wanted = {{"key", filter.substr(key, filter.find('`', key) - key)},
                             {"value", filter.substr(value, filter.size() - 1 - value)}};
        json list = json::array();
        for (const auto& each : things) {
            for (const json& tag : tags(each.second)) {
                if (tag == wanted) list.push_back(each.second);
            }
        }
        return list;
    }
    static void set_tag(json& tags, const json& tag) {
        for (json& each : tags) {
            if (each["key"] == tag["key"]) {
                each["value"] = tag["value"];
                return;
            }
        }
        tags.push_back({{"key", tag["key"]}, {"value", tag["value"]}});
    }

    scripted_answer of_experiments(const std::string& what, const json& body,
                                   const std::string& asked) {
        if (what == "search") return {};
        if (what == "get-by-name") {
            for (const auto& each : experiments) {
                if (each.second["name"] == asked) return told("experiment", each.second);
            }
            return no_such_thing();
        }
        if (what == "create") {
            const std::string id = std::to_string(experiments.size() + 1);
            experiments[id] = {{"experiment_id", id},
                               {"name", body["name"]},
                               {"lifecycle_stage", "active"},
                               {"creation_time", "1" + id},
                               {"tags", json::array()}};
            return told("experiment_id", id);
        }
        const auto at =
            experiments.find(what == "get" ? asked : std::string(body["experiment_id"]));
        if (at == experiments.end()) return no_such_thing();
        if (what == "get") return told("experiment", at->second);
        if (what == "set-experiment-tag") set_tag(at->second["tags"], body);
        if (what == "delete") at->second["lifecycle_stage"] = "deleted";
        if (what == "restore") at->second["lifecycle_stage"] = "active";
        return {};
    }

    scripted_answer of_runs(const std::string& what, const json& body, const std::string& asked) {
        if (what == "search") {
            return told("runs", found(runs, body, [](const json& run) -> const json& {
                            return run["data"]["tags"];
                        }));
        }
        if (what == "create") {
            const std::string id = "remote" + std::to_string(++made_);
            const std::string experiment = body["experiment_id"];
            json& run = runs[id];
            run["info"] = {{"run_id", id},
                           {"experiment_id", experiment},
                           {"run_name", body["run_name"]},
                           {"status", "RUNNING"},
                           {"lifecycle_stage", "active"},
                           {"artifact_uri", "mlflow-artifacts:/" + experiment + '/' + id}};
            run["data"]["tags"] = body["tags"];
            return told("run", run);
        }
        const auto at = runs.find(what == "get" ? asked : std::string(body["run_id"]));
        if (at == runs.end()) return no_such_thing();
        json& run = at->second;
        if (what == "get") return told("run", run);
        if (what == "delete") run["info"]["lifecycle_stage"] = "deleted";
        if (what == "restore") run["info"]["lifecycle_stage"] = "active";
        if (what == "update") {
            for (const char* const key : {"status", "end_time", "run_name"}) {
                if (body.contains(key)) run["info"][key] = body[key];
            }
        }
        if (what == "log-batch") log_batch(run, at->first, body);
        if (what == "log-inputs") {
            for (const char* const kind : {"datasets", "models"}) {
                if (!body.contains(kind)) continue;
                for (const json& each : body[kind]) run["inputs"][kind].push_back(each);
            }
        }
        if (what == "outputs") {
            for (const json& each : body["models"]) {
                run["outputs"]["model_outputs"].push_back(each);
            }
        }
        return {};
    }
    void log_batch(json& run, const std::string& id, const json& body) {
        const auto items = [&body](const char* key) {
            return body.contains(key) ? body[key] : json::array();
        };
        for (const json& each : items("tags")) set_tag(run["data"]["tags"], each);
        for (const json& each : items("params")) run["data"]["params"].push_back(each);
        for (const json& each : items("metrics")) {
            metrics[id] += std::string(each["key"]) + ' ' + each["value"].dump() + ' ' +
                           std::string(each["step"]) + ' ' + each.value("model_id", "-") + ' ' +
                           each.value("dataset_name", "-") + '\n';
        }
    }

    scripted_answer of_models(const std::string& what, const json& body) {
        if (what == "search") {
            return told("models", found(models, body, [](const json& model) -> const json& {
                            return model["info"]["tags"];
                        }));
        }
        if (what == "create") {
            const std::string id = "m-" + std::to_string(++made_);
            json& info = models[id]["info"];
            info = body;
            info["model_id"] = id;
            info["status"] = "LOGGED_MODEL_PENDING";
            info["artifact_uri"] = "mlflow-artifacts:/models/" + id;
            return told("model", models[id]);
        }
        const std::size_t slash = what.find('/');
        json& info = models.at(what.substr(0, slash))["info"];
        if (slash == what.npos) {
            info["status"] = body["status"];
        } else {
            for (const json& each : body["tags"]) set_tag(info["tags"], each);
        }
        return {};
    }

    std::mutex mutex_;
    int made_ = 0;
    stand_in_server server_{{}, [this](const seen_request& request) { return answer(request); }};
};

/// A store, a server, and what was pushed from one to the other.
struct remembered_pushes {
    scratch_directory scratch;
    variable home{"XDG_STATE_HOME", (scratch / "state").c_str()};
    variable no_patience{"MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0"};
    error_log log;
    remembering_server server;
    mlscribe::sync_options options;

    mlscribe::run_options named(const std::string& name) {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.run_name = name;
        return chosen;
    }
    mlscribe::sync_report push() {
        options.jobs = 1;
        return mlscribe::sync(scratch.store(), server.url(), options);
    }
    /// All that a report complains of, a line each.
    static std::string complaints(const mlscribe::sync_report& report) {
        std::string text = report.stopped.message;
        for (const auto& each : report.failures) text += each.message + '\n';
        for (const auto& run : report.runs) {
            for (const auto& each : run.failures) text += each.message + '\n';
        }
        return text;
    }
    static std::string notes(const mlscribe::sync_report& report) {
        std::string text;
        for (const auto& run : report.runs) {
            for (const auto& each : run.notes) text += each.message + '\n';
        }
        return text;
    }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != text.npos;
    }
    std::size_t requests(const std::string& part) const {
        std::size_t count = 0;
        for (const seen_request& each : server.seen()) {
            if (has(each.target, part)) ++count;
        }
        return count;
    }
};

}  // namespace test

#endif
