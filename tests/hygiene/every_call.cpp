// SPDX-License-Identifier: MIT
/// \file Every call, for a build in which none does anything: "", 0 and false come back.
#include <mlscribe/figure.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/image.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/mpi.hpp>
#include <mlscribe/registry.hpp>
#include <mlscribe/report/log_report.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

bool says_nothing(const mlscribe::run& run) {
    return run.id().empty() && run.experiment_id().empty() && run.artifact_uri().empty() &&
           !run.recording() && run.lost_points() == 0 && !run.stop_requested();
}

int passes_of(mlscribe::run& run) {
    int passes = 0;
    auto loss = run.metric<mlscribe::mean>("loss");
    auto copy = loss;
    copy.add(1);
    for ([[maybe_unused]] auto epoch : run.epochs(3)) {
        for (auto step : run.steps(4)) {
            const auto timer = run.timer("seconds");
            loss.add(1.0);
            passes += step == passes ? 1 : 100;
        }
    }
    for (auto step : run.steps(2, mlscribe::restart)) passes += step >= 0 ? 0 : 100;
    return passes;
}

void log_with_options(mlscribe::run& run) {
    mlscribe::metric_options options;
    options.best = mlscribe::best::min;
    options.nan = mlscribe::nan_policy::divert;
    options.border = mlscribe::border::epoch;
    options.thinning = mlscribe::keep{100};
    auto observed = run.metric("@", options);
    observed.log(1.0);
    observed.log(1.0, 2);
    auto several = run.metric<mlscribe::mean_min_max>("@", options);
    several.add(1.0);
    auto quantiles = run.metric<mlscribe::quantiles<50>>("@");
    quantiles.add(1.0);
    auto average = run.metric("@", {}, mlscribe::moving_average(0.5));
    average.add(1.0);
}

void log_everything(mlscribe::run& run) {
    const std::map<std::string, int> params = {{"a", 1}};
    const std::map<std::string, double> values = {{"b", 0.5}};
    const std::map<std::string, std::string> tags = {{"c", "d"}};
    run.log_param("@", 1);
    run.log_params(params, "prefix");
    auto handle = run.metric("@");
    auto copy = handle;
    copy.log(1.0);
    copy.log(1.0, -1);
    copy.log(1.0, 1, mlscribe::timestamp{-1});
    run.log_metric("m", 1.0);
    run.log_metric("m", 1.0, 2);
    run.log_metric("m", 1.0, 2, mlscribe::timestamp{3});
    run.log_metrics(values);
    run.log_metrics({{"e", 1.0}}, 7);
    run.log_series("s", std::vector<double>{1.0, 2.0}, 5);
    run.set_tag("t", "v");
    run.set_tags(tags);
    run.set_description("text");
    mlscribe::artifact_options options;
    options.mode = mlscribe::transfer::move;
    run.log_artifact("missing", "", options);
    run.log_artifacts("missing", "", options);
    run.log_text("text", "../outside");
    run.log_dict(params, "a.yaml");
    run.log_array(std::vector<double>{1.0, 2.0}, "weights");
    run.log_image(std::vector<std::vector<int>>{{1, 256}}, "a.png");
    run.log_image(mlscribe::image_view{nullptr, 1, 1, 2}, "@", 1);
    run.log_image(mlscribe::image_view{}, "@", 2, mlscribe::timestamp{-3});
    run.log_report();
    mlscribe::report_options page;
    page.title = "t";
    run.log_report("../outside.html", page);
    mlscribe::figure chart("chart");
    run.log_figure(chart.line(std::vector<double>{1.0, 2.0}, "line"), "chart.png");
    mlscribe::dataset described;
    described.name = std::string(501, 'n');
    described.set_source("s3://bucket/train.csv");
    run.log_input(described);
    run.log_input(mlscribe::dataset_of_file("missing"), "training", tags);
    const std::vector<std::vector<int>> ragged = {{1}, {2, 3}};
    run.log_input(mlscribe::dataset_of(ragged, "ragged"), "", {{"fold", "1"}});
    run.log_table(std::map<std::string, std::vector<int>>{{"a", {1}}}, "../outside");
    mlscribe::histogram_options bins;
    bins.bins = -1;
    run.log_histogram("@", std::vector<double>{1.0, 2.0}, bins);
    run.log_histogram("h", ragged, -1);
    run.log_model("model", std::vector<double>{1.0, 2.0});
    mlscribe::model_options choices;
    choices.registered_name = "reg/ular";
    run.log_model("../outside", params, choices);
    mlscribe::output_options kept;
    kept.limit = 1;
    run.capture_output(kept);
    auto stream = run.open_artifact("stream.txt");
    stream << "text" << 1;
    stream.close();
    mlscribe::monitor_options often;
    often.interval = std::chrono::milliseconds(-1);
    often.node_id = "@";
    auto watch = mlscribe::monitor_system(run, often);
    mlscribe::monitor moved = std::move(watch);
    watch = mlscribe::monitor_system(run);
    moved.stop();
    run.flush();
    run.checkpoint("../outside");
}

/// Any type stands for an MPI_Comm: there is no MPI.
void reduce_across_ranks(mlscribe::run& run) {
    mlscribe::across_ranks ranks(run, 0, mlscribe::exchange::overlapping);
    mlscribe::across_ranks moved(std::move(ranks));
    auto loss =
        moved.metric<mlscribe::several<mlscribe::mean, mlscribe::max, mlscribe::max_rank>>("@");
    auto sum = moved.metric<mlscribe::sum>("sum", mlscribe::metric_options{});
    auto timer = moved.timer("seconds");
    for ([[maybe_unused]] auto epoch : run.epochs(2)) {
        auto timed = timer.start();
        loss.add(1);
        sum.add(1.5);
        timed.stop();
    }
    moved.reduce();
    moved.finish();
    ranks.finish();
}

bool client_says_no() {
    mlscribe::client client("mlruns", mlscribe::strictness::raise);
    return !client.get_experiment_by_name("x") && client.create_experiment("x").empty() &&
           !client.set_experiment_tag("0", "a", "b") &&
           !client.set_experiment_description("0", "text") && !client.rename_experiment("0", "y") &&
           !client.delete_experiment("0") && !client.restore_experiment("0") &&
           !client.delete_run("r") && !client.restore_run("r");
}

bool registry_says_no() {
    mlscribe::registry models("mlruns", mlscribe::strictness::raise);
    return !models.create_registered_model("x") && !models.create_model_version("x", "y") &&
           !models.register_model("y", "x") && !mlscribe::register_model("y", "x") &&
           !models.get_registered_model("x") && models.search_registered_models().empty() &&
           !models.get_model_version("x", 1) && !models.get_model_version_by_alias("x", "a") &&
           models.model_versions("x").empty() && models.get_latest_versions("x").empty() &&
           !models.set_registered_model_alias("x", "a", 1) &&
           !models.delete_registered_model_alias("x", "a") &&
           !models.set_registered_model_tag("x", "a", "b") &&
           !models.delete_registered_model_tag("x", "a") &&
           !models.set_model_version_tag("x", 1, "a", "b") &&
           !models.delete_model_version_tag("x", 1, "a") &&
           !models.update_registered_model("x", "y") && !models.update_model_version("x", 1, "y") &&
           !models.rename_registered_model("x", "y") && !models.delete_registered_model("x") &&
           !models.delete_model_version("x", 1);
}

bool recovery_finds_nothing() {
    mlscribe::recover_options options;
    options.force = true;
    options.errors = mlscribe::strictness::raise;
    const mlscribe::recovery done = mlscribe::recover("s3://bucket", options);
    return done.points == 0 && done.runs.empty() && done.alive.empty() && done.unknown.empty() &&
           mlscribe::recover().points == 0;
}

}  // namespace

int main() {
    mlscribe::run_options options;
    options.errors = mlscribe::strictness::raise;
    options.signals = mlscribe::on_signal::end_run;
    options.thinning = mlscribe::keep{-1};
    options.progress = true;
    options.time_passes = true;
    options.ranks = mlscribe::rank_policy::every_logs;
    mlscribe::resume_options resuming;
    resuming.thinning = {100};
    resuming.ranks = mlscribe::rank_policy::first_logs;
    auto run = mlscribe::start_run(options);
    auto child = run.start_child("child");
    auto other = run.start_child(options);
    auto resumed = mlscribe::resume_run("missing", resuming);
    auto back = mlscribe::resume_run("missing", mlscribe::from_checkpoint{"epoch-200"});
    auto stepped = mlscribe::resume_run("missing", mlscribe::from_step{200});
    auto parted =
        mlscribe::resume_run("missing", mlscribe::from_step{{"train/", 300}, {"val/", 3}}, {});
    auto of_job = mlscribe::start_job_run(options);
    auto requeued = mlscribe::start_job_run(options, mlscribe::from_last_checkpoint{});
    for (mlscribe::run* each :
         {&run, &child, &other, &resumed, &back, &stepped, &parted, &of_job, &requeued}) {
        log_everything(*each);
        log_with_options(*each);
        reduce_across_ranks(*each);
        if (!says_nothing(*each) || passes_of(*each) != 12) return 1;
        each->end(mlscribe::run_status::failed);
    }
    if (!recovery_finds_nothing()) return 3;
    if (!registry_says_no()) return 4;
    return client_says_no() ? 0 : 2;
}
