// SPDX-License-Identifier: MIT
/// \file Every call that takes a text is given texts that want to be elsewhere, or to be something
/// else: nothing changes outside the store, who calls is told why, and the store can be read.
/// hygiene.hostile_calls looks whether a call, an option or a variable is missing here.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/figure.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/model.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/query.hpp>
#include <mlscribe/registry.hpp>
#include <mlscribe/report.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "folder_snapshot.hpp"
#include "scratch_directory.hpp"

namespace {

struct plank {
    double length = 1;
    std::string wood = "oak";
};
MLSCRIBE_DESCRIBE(plank, length, wood)

/// A model whose own save function names its files so.
struct named_file {
    std::string name;
};
void save_model(const named_file& model, mlscribe::model_saver& to) {
    to.write(model.name, "bytes");
    to.file(model.name);
    to.add_file("own.txt", model.name);
    to.add_flavor(model.name, mlscribe::document_of(plank{1, model.name}));
    to.require(model.name);
}
void load_model(named_file& model, mlscribe::model_files& from) {
    from.read(model.name);
    from.file(model.name);
    from.flavor_text(model.name, model.name);
}

/// What a call takes the text for.
enum class meaning {
    name,    ///< of something in the store: refused where it could be elsewhere
    text,    ///< kept as it is, or refused
    search,  ///< of what is looked for
    place,   ///< the user's own: refused where the system would take another one for it
};

struct hostile_text {
    std::string text;
    bool is_elsewhere;  ///< as a name
};

std::vector<hostile_text> hostile_texts(const std::string& absolute) {
    const std::string nul(1, '\0');
    return {{"", false},
            {".", true},
            {"..", true},
            {"../x", true},
            {"../../x", true},
            {"../../../x", true},
            {"../../../../x", true},
            {"../../../../../x", true},
            {"a/../../../../../x", true},
            {"a/..", true},
            {"a/./b", true},
            {"a//b", true},
            {"a/", true},
            {absolute, true},
            {absolute + "/x", true},
            {"//" + absolute, true},
            {"x" + nul + ".txt", true},
            {nul, true},
            {"../x" + nul, true},
            {"two\nlines", false},
            {"\x1b[2Jescape\x07", false},
            {"\xE2\x80\xAEmirrored", false},
            {std::string(65536, 'n'), false},
            {std::string(30000, '/'), true},
            {"deep" +
                 [] {
                     std::string deep;
                     for (int i = 0; i != 3000; ++i) deep += "/d";
                     return deep;
                 }(),
             false},
            {"\xFF\xFE", false},
            {"..\xC0\xAFx", false},
            {"%2e%2e%2fx", false},
            {"%2e%2e/%2e%2e/x", false},
            {"a%00b", false},
            {"..\\x", false},
            {"file://" + absolute + "/x", false},
            {"runs:/../../x", false},
            {"models:/../../x", false},
            {"meta.yaml", false},
            {".trash", false},
            {"tags", false},
            {"models", false},
            {"0", false},
            {"~/x", false},
            {"$HOME/x", false},
            {"-rf", false},
            {"it's \"quoted\"; `x`", false}};
}

/// What a call is made on.
struct stage {
    std::string store;
    std::string experiment;
    std::string id;    ///< of a run that has ended
    std::string away;  ///< what the user's own places are below
    test::error_log log;
    mlscribe::run run = {};
    mlscribe::client client;
    mlscribe::registry models;
    mlscribe::store read;

    explicit stage(const std::string& root)
        : store(root),
          client(root, mlscribe::strictness::report, log.handler()),
          models(root, mlscribe::strictness::report, log.handler()),
          read(root) {}

    mlscribe::run_options options() {
        mlscribe::run_options chosen;
        chosen.tracking_uri = store;
        chosen.experiment = "test";
        chosen.on_error = log.handler();
        chosen.source_tags = false;
        chosen.sync_interval = std::chrono::milliseconds(0);
        return chosen;
    }
    mlscribe::resume_options resuming() {
        mlscribe::resume_options chosen;
        chosen.tracking_uri = store;
        chosen.on_error = log.handler();
        return chosen;
    }
    mlscribe::model_options plain() {
        mlscribe::model_options chosen;
        chosen.source = false;
        return chosen;
    }
};

struct call {
    std::string name;
    meaning takes;
    std::function<void(stage&, const std::string&)> make;
};

std::vector<call> calls_of_a_run() {
    using text = const std::string&;
    return {
        {"run.log_param key", meaning::name, [](stage& s, text t) { s.run.log_param(t, 1); }},
        {"run.log_param value", meaning::text, [](stage& s, text t) { s.run.log_param("v", t); }},
        {"run.log_params key", meaning::name,
         [](stage& s, text t) {
             s.run.log_params(std::map<std::string, int>{{t, 1}});
         }},
        {"run.log_params prefix", meaning::text,
         [](stage& s, text t) { s.run.log_params(plank{}, t, '/'); }},
        {"run.metric", meaning::name, [](stage& s, text t) { s.run.metric(t).log(1.0); }},
        {"run.metric options", meaning::name,
         [](stage& s, text t) {
             mlscribe::metric_options wishes;
             wishes.best = mlscribe::best::min;
             s.run.metric(t, wishes).log(1.0);
         }},
        {"run.metric reducer", meaning::text,
         [](stage& s, text t) {
             auto mean = s.run.metric<mlscribe::mean_min_max>(t);
             for ([[maybe_unused]] auto step : s.run.steps(1)) mean.add(1.0);
         }},
        {"run.timer", meaning::text, [](stage& s, text t) { const auto timed = s.run.timer(t); }},
        {"run.log_metric", meaning::name, [](stage& s, text t) { s.run.log_metric(t, 1.0); }},
        {"run.log_metrics list", meaning::name,
         [](stage& s, text t) {
             s.run.log_metrics({{t, 1.0}}, 2);
         }},
        {"run.log_metrics map", meaning::name,
         [](stage& s, text t) {
             s.run.log_metrics(std::map<std::string, double>{{t, 1.0}});
         }},
        {"run.log_series", meaning::name,
         [](stage& s, text t) {
             s.run.log_series(t, std::vector<double>{1.0, 2.0});
         }},
        {"run.set_tag key", meaning::name, [](stage& s, text t) { s.run.set_tag(t, "v"); }},
        {"run.set_tag value", meaning::text, [](stage& s, text t) { s.run.set_tag("k", t); }},
        {"run.set_tag of the name", meaning::text,
         [](stage& s, text t) { s.run.set_tag("mlflow.runName", t); }},
        {"run.set_tag of the journal", meaning::text,
         [](stage& s, text t) {
             s.run.set_tag("mlscribe.journal", t);
             s.run.set_tag("mlscribe.journal", "");
         }},
        {"run.set_tags", meaning::name,
         [](stage& s, text t) {
             s.run.set_tags({{t, "v"}});
         }},
        {"run.set_description", meaning::text, [](stage& s, text t) { s.run.set_description(t); }},
        {"run.start_child name", meaning::text, [](stage& s, text t) { s.run.start_child(t); }},
        {"run.start_child options", meaning::name,
         [](stage& s, text t) {
             auto options = s.options();
             options.run_id = t;
             s.run.start_child(options);
         }},
        {"run.checkpoint", meaning::name, [](stage& s, text t) { s.run.checkpoint(t); }},
        {"run.log_artifact source", meaning::place,
         [](stage& s, text t) { s.run.log_artifact(t, "taken"); }},
        {"run.log_artifact path", meaning::name,
         [](stage& s, text t) { s.run.log_artifact(s.away + "/own.txt", t); }},
        {"run.log_artifact moved", meaning::name,
         [](stage& s, text t) {
             mlscribe::artifact_options moving;
             moving.mode = mlscribe::transfer::move;
             s.run.log_artifact(s.away + "/gone.txt", t, moving);
         }},
        {"run.log_artifacts source", meaning::place,
         [](stage& s, text t) {
             // Else it is the whole scratch.
             if (t.find_first_not_of("./") != t.npos) s.run.log_artifacts(t, "taken");
         }},
        {"run.log_artifacts path", meaning::name,
         [](stage& s, text t) { s.run.log_artifacts(s.away + "/own", t); }},
        {"run.log_artifacts patterns", meaning::search,
         [](stage& s, text t) {
             mlscribe::artifact_options wishes;
             wishes.only = t;
             wishes.except = t;
             s.run.log_artifacts(s.away + "/own", "chosen", wishes);
         }},
        {"run.log_text text", meaning::text, [](stage& s, text t) { s.run.log_text(t, "t"); }},
        {"run.log_text path", meaning::name,
         [](stage& s, text t) { s.run.log_text("text", t + "/t.txt"); }},
        {"run.log_text whole path", meaning::name,
         [](stage& s, text t) { s.run.log_text("text", t); }},
        {"run.log_dict path", meaning::name,
         [](stage& s, text t) { s.run.log_dict(plank{}, t + "/d.json"); }},
        {"run.log_dict key", meaning::text,
         [](stage& s, text t) {
             s.run.log_dict(std::map<std::string, std::string>{{t, t}}, "d.yaml");
             s.run.log_dict(std::map<std::string, std::string>{{t, t}}, "d.json");
         }},
        {"run.log_array", meaning::name,
         [](stage& s, text t) {
             s.run.log_array(std::vector<double>{1.0, 2.0}, t + "/a.npy");
         }},
        {"run.log_table path", meaning::name,
         [](stage& s, text t) { s.run.log_table(std::vector<plank>(1), t + "/t.json"); }},
        {"run.log_table column", meaning::text,
         [](stage& s, text t) {
             s.run.log_table(std::map<std::string, std::vector<std::string>>{{t, {t}}},
                             "columns.json");
         }},
        {"run.log_histogram", meaning::name,
         [](stage& s, text t) {
             s.run.log_histogram(t, std::vector<double>{1.0, 2.0});
         }},
        {"run.log_figure path", meaning::name,
         [](stage& s, text t) {
             mlscribe::figure chart("chart");
             chart.line(std::vector<double>{1.0, 2.0}, "line");
             s.run.log_figure(chart, t + "/f.svg");
         }},
        {"run.log_figure texts", meaning::text,
         [](stage& s, text t) {
             mlscribe::figure chart(t);
             chart.line(std::vector<double>{1.0, 2.0}, t).x_label(t).y_label(t);
             s.run.log_figure(chart, "texts.svg");
         }},
        {"run.open_artifact", meaning::name,
         [](stage& s, text t) { s.run.open_artifact(t) << "text"; }},
        {"run.log_report path", meaning::name,
         [](stage& s, text t) { s.run.log_report(t + "/r.html"); }},
        {"run.log_report options", meaning::text,
         [](stage& s, text t) {
             mlscribe::report_options page;
             page.title = t;
             page.metrics = {t};
             s.run.log_report("r.html", page);
         }},
        {"run.log_model name", meaning::name,
         [](stage& s, text t) { s.run.log_model(t, plank{}, s.plain()); }},
        {"run.log_model value", meaning::text,
         [](stage& s, text t) {
             s.run.log_model("value", plank{1, t}, s.plain());
         }},
        {"run.log_model registered_name", meaning::name,
         [](stage& s, text t) {
             if (t.empty()) return;  // none
             auto options = s.plain();
             options.registered_name = t;
             s.run.log_model("registered", plank{}, options);
         }},
        {"run.log_model metadata", meaning::text,
         [](stage& s, text t) {
             auto options = s.plain();
             options.metadata = {{t, t}};
             s.run.log_model("described", plank{}, options);
         }},
        {"run.log_model source_files", meaning::place,
         [](stage& s, text t) {
             mlscribe::model_options options;
             options.source_files = {t};
             options.source_directory = s.away;
             s.run.log_model("sourced", plank{}, options);
         }},
        {"run.log_model source_directory", meaning::search,
         [](stage& s, text t) {
             mlscribe::model_options options;
             options.source_directory = t;
             s.run.log_model("sourced", plank{}, options);
         }},
        {"run.log_input name", meaning::text,
         [](stage& s, text t) { s.run.log_input(mlscribe::dataset_of(std::vector<plank>(1), t)); }},
        {"run.log_input digest", meaning::text,
         [](stage& s, text t) {
             auto used = mlscribe::dataset_of(std::vector<plank>(1), "rows");
             used.digest = t;
             used.schema = t;
             used.profile = t;
             used.set_source(t);
             s.run.log_input(used, t);
         }},
        {"run.log_input tags", meaning::text,
         [](stage& s, text t) {
             s.run.log_input(mlscribe::dataset_of(std::vector<plank>(2), "rows"), "", {{t, t}});
         }},
        {"monitor_system", meaning::text,
         [](stage& s, text t) {
             mlscribe::monitor_options wishes;
             wishes.node_id = t;
             wishes.interval = std::chrono::milliseconds(1);
             auto watched = mlscribe::monitor_system(s.run, wishes);
             s.run.flush();
         }},
    };
}

std::vector<call> calls_that_begin() {
    using text = const std::string&;
    using options = mlscribe::run_options;
    const auto start = [](const char* name, meaning takes, auto&& choose) {
        return call{name, takes, [choose](stage& s, text t) {
                        options wishes = s.options();
                        choose(wishes, t);
                        mlscribe::run run = mlscribe::start_run(wishes);
                        run.log_metric("loss", 1.0);
                    }};
    };
    const auto variable = [](const char* name, meaning takes) {
        return call{name, takes, [name](stage& s, text t) {
                        if (t.find('\0') != t.npos || t.empty()) return;
                        ::setenv(name, t.c_str(), 1);
                        options wishes = s.options();
                        wishes.experiment.clear();
                        {
                            mlscribe::run run = mlscribe::start_run(wishes);
                            run.log_metric("loss", 1.0);
                            mlscribe::start_job_run(wishes).log_metric("loss", 1.0);
                        }
                        ::unsetenv(name);
                    }};
    };
    return {
        start("run_options.experiment", meaning::text,
              [](options& wishes, text t) { wishes.experiment = t; }),
        start("run_options.experiment_id", meaning::text,
              [](options& wishes, text t) { wishes.experiment_id = t; }),
        start("run_options.run_name", meaning::text,
              [](options& wishes, text t) { wishes.run_name = t; }),
        start("run_options.run_id", meaning::name,
              [](options& wishes, text t) { wishes.run_id = t; }),
        start("run_options.parent_run_id", meaning::text,
              [](options& wishes, text t) { wishes.parent_run_id = t; }),
        start("run_options.description", meaning::text,
              [](options& wishes, text t) { wishes.description = t; }),
        start("run_options.tags", meaning::name,
              [](options& wishes, text t) {
                  wishes.tags = {{t, t}};
              }),
        start("run_options.tracking_uri", meaning::place,
              [](options& wishes, text t) { wishes.tracking_uri = t; }),
        start("run_options.source_directory", meaning::search,
              [](options& wishes, text t) {
                  wishes.source_directory = t;
                  wishes.source_tags = true;
              }),
        {"run_options.keys", meaning::text,
         [](stage& s, text t) {
             options wishes = s.options();
             wishes.keys = mlscribe::sanitize::map;
             mlscribe::run run = mlscribe::start_run(wishes);
             run.log_metric(t, 1.0);
             run.log_param(t, 1);
             run.set_tag(t, t);
         }},
        {"start_run", meaning::text,
         [](stage& s, text t) {
             ::setenv("MLFLOW_TRACKING_URI", s.store.c_str(), 1);
             mlscribe::start_run(t, t);
             ::unsetenv("MLFLOW_TRACKING_URI");
         }},
        {"resume_run", meaning::name,
         [](stage& s, text t) { mlscribe::resume_run(t, s.resuming()); }},
        {"resume_run from_checkpoint", meaning::name,
         [](stage& s, text t) {
             mlscribe::resume_run(s.id, mlscribe::from_checkpoint{t}, s.resuming());
         }},
        {"resume_run from_step", meaning::search,
         [](stage& s, text t) {
             mlscribe::resume_run(s.id, mlscribe::from_step{{t, 100}}, s.resuming());
         }},
        {"resume_options.tags", meaning::name,
         [](stage& s, text t) {
             auto wishes = s.resuming();
             wishes.tags = {{t, t}};
             mlscribe::resume_run(s.id, wishes);
         }},
        {"resume_options.tracking_uri", meaning::place,
         [](stage& s, text t) {
             auto wishes = s.resuming();
             wishes.tracking_uri = t;
             mlscribe::resume_run(s.id, wishes);
         }},
        {"start_job_run", meaning::name,
         [](stage& s, text t) {
             options wishes = s.options();
             wishes.run_id = t;
             mlscribe::start_job_run(wishes).log_metric("loss", 1.0);
         }},
        {"job_run_id", meaning::text,
         [](stage& s, text t) {
             options wishes = s.options();
             wishes.run_id = mlscribe::job_run_id(t);
             mlscribe::start_run(wishes);
         }},
        {"recover", meaning::place,
         [](stage& s, text t) {
             mlscribe::recover_options wishes;
             wishes.on_error = s.log.handler();
             mlscribe::recover(t, wishes);
         }},
        variable("MLFLOW_RUN_ID", meaning::name),
        variable("MLSCRIBE_RUN_ID", meaning::text),
        variable("MLSCRIBE_RUN_ID_FILE", meaning::place),
        variable("MLSCRIBE_JOURNAL_DIR", meaning::place),
        variable("MLFLOW_EXPERIMENT_NAME", meaning::text),
        variable("MLFLOW_EXPERIMENT_ID", meaning::text),
        variable("MLFLOW_RUN_CONTEXT", meaning::text),
        variable("MLFLOW_SYSTEM_METRICS_NODE_ID", meaning::text),
        variable("MLSCRIBE_RANKS", meaning::text),
        variable("MLSCRIBE_DEADLINE", meaning::text),
        variable("SLURM_JOB_ID", meaning::text),
        variable("SLURM_ARRAY_TASK_ID", meaning::text),
        variable("SLURM_CLUSTER_NAME", meaning::text),
        variable("SLURM_JOB_NODELIST", meaning::text),
        variable("PBS_JOBID", meaning::text),
        variable("LSB_JOBID", meaning::text),
        variable("FLUX_JOB_ID", meaning::text),
        variable("TORCHELASTIC_RUN_ID", meaning::text),
        {"MLFLOW_RUN_CONTEXT with tags", meaning::text,
         [](stage& s, text t) {
             std::string json;
             mlscribe::detail::append_json_string(json, t);
             ::setenv("MLFLOW_RUN_CONTEXT", ("{" + json + ": " + json + "}").c_str(), 1);
             mlscribe::start_run(s.options());
             ::unsetenv("MLFLOW_RUN_CONTEXT");
         }},
        {"MLSCRIBE_RUN_ID_FILE with a text", meaning::text,
         [](stage& s, text t) {
             test::write_file(s.away + "/id", t);
             ::setenv("MLSCRIBE_RUN_ID_FILE", (s.away + "/id").c_str(), 1);
             mlscribe::start_job_run(s.options()).log_metric("loss", 1.0);
             ::unsetenv("MLSCRIBE_RUN_ID_FILE");
         }},
        {"MLFLOW_TRACKING_URI", meaning::place,
         [](stage& s, text t) {
             if (t.find('\0') != t.npos || t.empty()) return;
             ::setenv("MLFLOW_TRACKING_URI", t.c_str(), 1);
             options wishes = s.options();
             wishes.tracking_uri.clear();
             mlscribe::start_run(wishes);
             ::unsetenv("MLFLOW_TRACKING_URI");
         }},
    };
}

std::vector<call> calls_that_manage() {
    using text = const std::string&;
    return {
        {"client", meaning::place,
         [](stage& s, text t) {
             mlscribe::client(t, mlscribe::strictness::report, s.log.handler())
                 .create_experiment("made");
         }},
        {"client.get_experiment_by_name", meaning::search,
         [](stage& s, text t) { s.client.get_experiment_by_name(t); }},
        {"client.create_experiment", meaning::text,
         [](stage& s, text t) {
             s.client.create_experiment(t);
             s.client.create_experiment(t);
         }},
        {"client.set_experiment_tag experiment_id", meaning::name,
         [](stage& s, text t) {
             if (t != "0") s.client.set_experiment_tag(t, "k", "v");
         }},
        {"client.set_experiment_tag key", meaning::name,
         [](stage& s, text t) { s.client.set_experiment_tag(s.experiment, t, "v"); }},
        {"client.set_experiment_tag value", meaning::text,
         [](stage& s, text t) { s.client.set_experiment_tag(s.experiment, "k", t); }},
        {"client.set_experiment_description", meaning::text,
         [](stage& s, text t) { s.client.set_experiment_description(s.experiment, t); }},
        {"client.rename_experiment experiment_id", meaning::name,
         [](stage& s, text t) { s.client.rename_experiment(t, "renamed"); }},
        {"client.rename_experiment name", meaning::text,
         [](stage& s, text t) {
             s.client.rename_experiment(s.experiment, t);
             s.client.rename_experiment("0", t);
             s.client.rename_experiment(s.experiment, "test");
         }},
        {"client.delete_experiment", meaning::name,
         [](stage& s, text t) { s.client.delete_experiment(t); }},
        {"client.restore_experiment", meaning::name,
         [](stage& s, text t) { s.client.restore_experiment(t); }},
        {"client.delete_run", meaning::name, [](stage& s, text t) { s.client.delete_run(t); }},
        {"client.restore_run", meaning::name, [](stage& s, text t) { s.client.restore_run(t); }},
        {"registry", meaning::place,
         [](stage& s, text t) {
             mlscribe::registry(t, mlscribe::strictness::report, s.log.handler())
                 .create_registered_model("made");
         }},
        {"registry.create_registered_model", meaning::name,
         [](stage& s, text t) { s.models.create_registered_model(t, t); }},
        {"registry.create_model_version name", meaning::name,
         [](stage& s, text t) { s.models.create_model_version(t, "runs:/" + s.id + "/line"); }},
        {"registry.create_model_version source", meaning::place,
         [](stage& s, text t) { s.models.create_model_version("lines", t); }},
        {"registry.create_model_version below a run", meaning::name,
         [](stage& s, text t) {
             s.models.create_model_version("lines", "runs:/" + s.id + '/' + t);
         }},
        {"registry.create_model_version of a run", meaning::name,
         [](stage& s, text t) { s.models.create_model_version("lines", "runs:/" + t + "/line"); }},
        {"registry.create_model_version run_id", meaning::text,
         [](stage& s, text t) {
             s.models.create_model_version("lines", "runs:/" + s.id + "/line", t, t);
         }},
        {"registry.register_model", meaning::name,
         [](stage& s, text t) { s.models.register_model("runs:/" + s.id + "/line", t); }},
        {"registry.register_model of a version", meaning::name,
         [](stage& s, text t) { s.models.register_model("models:/" + t + "/1", "other"); }},
        {"register_model", meaning::search,
         [](stage& s, text t) {
             ::setenv("MLFLOW_TRACKING_URI", s.store.c_str(), 1);
             mlscribe::register_model(t, "lines");
             ::unsetenv("MLFLOW_TRACKING_URI");
         }},
        {"registry.get_registered_model", meaning::search,
         [](stage& s, text t) { s.models.get_registered_model(t); }},
        {"registry.get_model_version", meaning::search,
         [](stage& s, text t) { s.models.get_model_version(t, 1); }},
        {"registry.get_model_version_by_alias", meaning::search,
         [](stage& s, text t) {
             s.models.get_model_version_by_alias(t, "best");
             s.models.get_model_version_by_alias("lines", t);
         }},
        {"registry.model_versions", meaning::search,
         [](stage& s, text t) { s.models.model_versions(t); }},
        {"registry.get_latest_versions", meaning::search,
         [](stage& s, text t) {
             s.models.get_latest_versions(t);
             s.models.get_latest_versions("lines", {t});
         }},
        {"registry.set_registered_model_alias", meaning::name,
         [](stage& s, text t) {
             s.models.set_registered_model_alias(t, "best", 1);
             s.models.set_registered_model_alias("lines", t, 1);
         }},
        {"registry.delete_registered_model_alias", meaning::name,
         [](stage& s, text t) {
             s.models.delete_registered_model_alias(t, "best");
             s.models.delete_registered_model_alias("lines", t);
         }},
        {"registry.set_registered_model_tag", meaning::name,
         [](stage& s, text t) {
             s.models.set_registered_model_tag(t, "k", "v");
             s.models.set_registered_model_tag("lines", t, "v");
             s.models.set_registered_model_tag("lines", "k", t);
         }},
        {"registry.delete_registered_model_tag", meaning::name,
         [](stage& s, text t) {
             s.models.delete_registered_model_tag(t, "k");
             s.models.delete_registered_model_tag("lines", t);
         }},
        {"registry.set_model_version_tag", meaning::name,
         [](stage& s, text t) {
             s.models.set_model_version_tag(t, 1, "k", "v");
             s.models.set_model_version_tag("lines", 1, t, "v");
             s.models.set_model_version_tag("lines", 1, "k", t);
         }},
        {"registry.delete_model_version_tag", meaning::name,
         [](stage& s, text t) {
             s.models.delete_model_version_tag(t, 1, "k");
             s.models.delete_model_version_tag("lines", 1, t);
         }},
        {"registry.update_registered_model", meaning::name,
         [](stage& s, text t) {
             s.models.update_registered_model(t, "text");
             s.models.update_registered_model("lines", t);
         }},
        {"registry.update_model_version", meaning::name,
         [](stage& s, text t) {
             s.models.update_model_version(t, 1, "text");
             s.models.update_model_version("lines", 1, t);
         }},
        {"registry.rename_registered_model", meaning::name,
         [](stage& s, text t) {
             s.models.rename_registered_model(t, "other");
             if (s.models.rename_registered_model("lines", t)) {
                 s.models.rename_registered_model(t, "lines");
             }
         }},
        {"registry.delete_registered_model", meaning::name,
         [](stage& s, text t) { s.models.delete_registered_model(t); }},
        {"registry.delete_model_version", meaning::name,
         [](stage& s, text t) { s.models.delete_model_version(t, 1); }},
    };
}

std::vector<call> calls_that_read() {
    using text = const std::string&;
    const auto searched = [](const char* name, auto&& choose) {
        return call{name, meaning::search, [choose](stage& s, text t) {
                        mlscribe::search_query query;
                        choose(query, t);
                        s.read.search_runs(query);
                    }};
    };
    return {
        {"store", meaning::place, [](stage&, text t) { mlscribe::store(t).search_runs(); }},
        {"store.get_run", meaning::name, [](stage& s, text t) { s.read.get_run(t); }},
        {"store.search_runs", meaning::search, [](stage& s, text t) { s.read.search_runs(t); }},
        {"store.search_runs value", meaning::search,
         [](stage& s, text t) { s.read.search_runs("params.`a` = '" + t + '\''); }},
        {"store.search_runs key", meaning::search,
         [](stage& s, text t) { s.read.search_runs("metrics.`" + t + "` > 1"); }},
        {"store.search_runs pattern", meaning::search,
         [](stage& s, text t) { s.read.search_runs("tags.a LIKE '%" + t + "%'"); }},
        searched("search_query.filter", [](auto& query, text t) { query.filter = t; }),
        searched("search_query.order_by", [](auto& query, text t) { query.order_by = {t}; }),
        searched("search_query.order_by key",
                 [](auto& query, text t) { query.order_by = {"params.`" + t + "` DESC"}; }),
        searched("search_query.experiments", [](auto& query, text t) { query.experiments = {t}; }),
        {"store.for_each_point", meaning::name,
         [](stage& s, text t) { s.read.for_each_point(t, "loss", [](const mlscribe::point&) {}); }},
        {"store.metric_history", meaning::search,
         [](stage& s, text t) { s.read.metric_history(s.id, t); }},
        {"store.artifacts", meaning::name,
         [](stage& s, text t) {
             if (!t.empty()) s.read.artifacts(s.id, t);
         }},
        {"store.parent", meaning::name, [](stage& s, text t) { s.read.parent(t); }},
        {"store.children", meaning::search, [](stage& s, text t) { s.read.children(t); }},
        {"store.compare", meaning::name,
         [](stage& s, text t) {
             s.read.compare({s.id, t});
         }},
        {"store.read", meaning::search, [](stage& s, text t) { s.read.read<plank>(s.id, t, '/'); }},
        {"examine", meaning::place, [](stage&, text t) { mlscribe::examine(t); }},
        {"migration_check", meaning::place, [](stage&, text t) { mlscribe::migration_check(t); }},
        {"repair", meaning::place,
         [](stage& s, text t) {
             mlscribe::repair_options wishes;
             wishes.quarantine = s.away + "/quarantine";
             mlscribe::repair(t, wishes);
         }},
        {"repair_options.quarantine", meaning::place,
         [](stage& s, text t) {
             if (t.empty()) return;  // beside the store
             test::write_file(s.store + '/' + s.experiment + '/' + s.id + "/metrics/torn",
                              "no line\n");
             mlscribe::repair_options wishes;
             wishes.quarantine = t;
             for (const auto& each : mlscribe::repair(s.store, wishes).left) {
                 s.log.handler()({mlscribe::error_code::invalid_path, 0, each.message});
             }
             std::filesystem::remove(s.store + '/' + s.experiment + '/' + s.id + "/metrics/torn");
         }},
        {"relocate", meaning::place, [](stage&, text t) { mlscribe::relocate(t); }},
        {"relocate_options.from", meaning::search,
         [](stage& s, text t) {
             mlscribe::relocate_options wishes;
             wishes.from = t;
             wishes.dry_run = true;
             mlscribe::relocate(s.store, wishes);
         }},
        {"report_html", meaning::name,
         [](stage& s, text t) {
             const auto report = mlscribe::report_html(s.read, {t});
             if (report.failure) s.log.handler()(report.failure);
         }},
        {"report_options", meaning::search,
         [](stage& s, text t) {
             mlscribe::report_options wishes;
             wishes.title = t;
             wishes.metrics = {t};
             mlscribe::report_html(s.read, {s.id}, wishes);
         }},
        {"write_report", meaning::place,
         [](stage& s, text t) {
             if (const auto failure = mlscribe::write_report(s.read, {s.id}, t)) {
                 s.log.handler()(failure);
             }
         }},
        {"load_model", meaning::place,
         [](stage& s, text t) { mlscribe::load_model<plank>(t, {s.store}); }},
        {"load_model of a run", meaning::name,
         [](stage& s, text t) { mlscribe::load_model<plank>("runs:/" + t + "/line", {s.store}); }},
        {"load_model below a run", meaning::name,
         [](stage& s, text t) {
             mlscribe::load_model<plank>("runs:/" + s.id + '/' + t, {s.store});
         }},
        {"load_model of a name", meaning::name,
         [](stage& s, text t) { mlscribe::load_model<plank>("models:/" + t + "/1", {s.store}); }},
        {"load_model of an alias", meaning::name,
         [](stage& s, text t) { mlscribe::load_model<plank>("models:/lines@" + t, {s.store}); }},
        {"load_model of an id", meaning::name,
         [](stage& s, text t) { mlscribe::load_model<plank>("models:/" + t, {s.store}); }},
        {"load_options.tracking_uri", meaning::place,
         [](stage&, text t) { mlscribe::load_model<plank>("models:/lines/1", {t}); }},
        {"model_saver", meaning::name,
         [](stage& s, text t) { s.run.log_model("named", named_file{t}, s.plain()); }},
        {"model_files", meaning::name,
         [](stage& s, text t) {
             // What save_model() of it would refuse.
             const std::string model =
                 s.store + '/' + s.experiment + '/' + s.id + "/artifacts/line";
             mlscribe::detail::directory folder;
             mlscribe::detail::directory::open(model, folder);
             mlscribe::model_files files(folder, model, {});
             named_file named{t};
             load_model(named, files);
             if (files.failure()) s.log.handler()(files.failure());
         }},
        {"load_array", meaning::place, [](stage&, text t) { mlscribe::load_array<double>(t); }},
        {"dataset_of", meaning::text,
         [](stage& s, text t) {
             s.run.log_input(mlscribe::dataset_of(std::vector<double>{1.0, 2.0}, t));
         }},
        {"dataset_of_file", meaning::place,
         [](stage& s, text t) { s.run.log_input(mlscribe::dataset_of_file(t)); }},
        {"dataset_of_file name", meaning::text,
         [](stage& s, text t) { s.run.log_input(mlscribe::dataset_of_file("own.txt", t)); }},
    };
}

/// What is wrong with a message: nothing where it may go to a terminal.
std::string fault_of(const std::string& message) {
    if (message.empty()) return "says nothing";
    if (message.size() > 13000) return "is " + std::to_string(message.size()) + " bytes long";
    if (!mlscribe::utf8::is_valid(message)) return "is no UTF-8";
    for (const char c : message) {
        if (mlscribe::detail::is_control(c)) return "has a control character";
    }
    return {};
}

/// Where the store is, beside what must not change and what the user's own places are.
struct grounds {
    test::scratch_directory scratch;
    std::string root = scratch / "guarded/box/mlruns";
    std::string own = scratch / "own/a/b/c/d/e/f";

    grounds() {
        for (const std::string folder : {"guarded/", "guarded/box/", "guarded/box/tags/"}) {
            for (const std::string name : {"x", "x.txt", "t.txt", "meta.yaml", "loss", "MLmodel"}) {
                test::write_file(scratch / (folder + name), "guarded");
            }
        }
        test::write_file(own + "/own.txt", "own");
        test::write_file(own + "/own/file", "own");
        test::error_log log;
        mlscribe::run_options options;
        options.tracking_uri = root;
        options.experiment = "test";
        mlscribe::run run = mlscribe::start_run(options);
        run.log_metric("loss", 1.0);
        run.log_model("line", plank{});
        run.checkpoint("saved");
        run.end();
        mlscribe::registry(root).register_model("runs:/" + std::string(run.id()) + "/line",
                                                "lines");
        experiment = run.experiment_id();
        id = run.id();
    }
    /// All but the store and the user's places.
    std::map<std::string, std::string> guarded() const {
        return test::snapshot(scratch / "guarded", "mlruns");
    }
    std::string experiment;
    std::string id;
};

/// Makes one call with each text. \return what went wrong
std::string try_texts(const grounds& on, const call& each) {
    if (::chdir(on.own.c_str()) != 0) return "no working directory";
    ::setenv("HOME", on.own.c_str(), 1);
    stage s(on.root);
    s.experiment = on.experiment;
    s.id = on.id;
    s.away = on.own;
    s.run = mlscribe::start_run(s.options());
    std::string wrong;
    const auto before = on.guarded();
    const bool is_place = each.takes == meaning::place;
    const std::string absolute = is_place ? on.own + "/absolute" : on.scratch / "guarded/outside";
    for (const hostile_text& hostile : hostile_texts(absolute)) {
        const std::string& text = hostile.text;
        const std::string who = '\n' + each.name + " of \"" + mlscribe::detail::shown(text) + "\" ";
        std::vector<mlscribe::error> told;
        const std::size_t known = s.log.all().size();
        try {
            each.make(s, text);
        } catch (const mlscribe::logging_error& thrown) {
            told.push_back(thrown.reason());
        } catch (const mlscribe::query_error& thrown) {
            told.push_back({mlscribe::error_code::invalid_value, 0, thrown.what()});
        } catch (const std::exception& thrown) {
            wrong += who + "threw " + thrown.what();
        }
        const auto all = s.log.all();
        told.insert(told.end(), all.begin() + static_cast<std::ptrdiff_t>(known), all.end());
        for (const mlscribe::error& failure : told) {
            const std::string fault = fault_of(failure.message);
            if (!fault.empty()) {
                wrong +=
                    who + "tells what " + fault + ": " + mlscribe::detail::shown(failure.message);
            }
        }
        const bool is_nul = text.find('\0') != text.npos;
        const bool must_refuse = (each.takes == meaning::name && hostile.is_elsewhere) ||
                                 (each.takes == meaning::place && is_nul);
        const bool is_variable =
            each.name.compare(0, 3, "MLS") == 0 || each.name.compare(0, 3, "MLF") == 0;
        if (must_refuse && !(is_variable && is_nul)) {
            if (told.empty()) wrong += who + "was not refused";
            for (const mlscribe::error& failure : told) {
                if (failure.code != mlscribe::error_code::system) continue;
                wrong += who + "was left to the system: " + failure.message;
            }
        }
    }
    s.run.end();
    if (on.guarded() != before) wrong += '\n' + each.name + " changed what is outside";
    return wrong;
}

void try_calls(const std::vector<call>& calls) {
    const grounds on;
    for (const call& each : calls) {
        const std::string wrong = test::in_child([&] { return try_texts(on, each); });
        BOOST_TEST(wrong.empty(), each.name << ':' << wrong);
    }
    // It is whole.
    const mlscribe::store read(on.root);
    mlscribe::search_query all;
    all.view = mlscribe::run_view::all;
    all.max_results = SIZE_MAX;
    BOOST_TEST(read.search_runs(all).damaged.empty());
    for (const auto& each : mlscribe::examine(on.root).findings) {
        BOOST_TEST(false, each.path << ": " << each.message);
    }
    BOOST_TEST(read.metric_history(on.id, "loss").size() == 1u);
    mlscribe::load_model<plank>("models:/lines/1", {on.root});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_names)

BOOST_AUTO_TEST_CASE(in_the_calls_of_a_run) {
    try_calls(calls_of_a_run());
}

BOOST_AUTO_TEST_CASE(in_what_begins_a_run) {
    try_calls(calls_that_begin());
}

BOOST_AUTO_TEST_CASE(in_the_calls_that_manage_a_store) {
    try_calls(calls_that_manage());
}

BOOST_AUTO_TEST_CASE(in_the_calls_that_read_it) {
    try_calls(calls_that_read());
}

BOOST_AUTO_TEST_SUITE_END()
