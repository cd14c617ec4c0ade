// SPDX-License-Identifier: MIT
/// \file browser_store ROOT PAGES: a store for people to look at, and pages that need no server:
/// the figures of the gallery, a report of one run and one of several. Prints a line `<what> <id>`
/// for each run and experiment, then `ready`, and keeps one run open; at each line of its input
/// that run logs ten points more and says `logged`. It ends with its input.
#include <mlscribe/figure.hpp>
#include <mlscribe/image.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/model.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/query.hpp>
#include <mlscribe/report.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "figure/gallery.hpp"

namespace {

/// What would run, were it not shown as text.
const std::string script = "<script>window.scripted = 1; alert(1)</script>";
const std::string onerror = "<img src=/health onerror=\"window.scripted = 1\">";

struct hyperparameters {
    double lr = 0.1;
    std::string optimizer = "adam";
    int batch_size = 32;
};
MLSCRIBE_DESCRIBE(hyperparameters, lr, optimizer, batch_size)

struct flower {
    double sepal_length = 0;
    std::string species;
};
MLSCRIBE_DESCRIBE(flower, sepal_length, species)

struct prediction {
    std::string question, answer;
    double score = 0;
};
MLSCRIBE_DESCRIBE(prediction, question, answer, score)

struct line {
    double slope = 0, bias = 0;
};
MLSCRIBE_DESCRIBE(line, slope, bias)

/// Where runs are written, and what they are called there.
struct place {
    std::string root;
    std::map<std::string, std::string> ids = {};

    mlscribe::run start(const std::string& experiment, const std::string& name) {
        mlscribe::run_options options;
        options.tracking_uri = root;
        options.experiment = experiment;
        options.run_name = name;
        options.errors = mlscribe::strictness::raise;
        return mlscribe::start_run(options);
    }
    void tell(const std::string& what, std::string_view id) {
        std::cout << what << ' ' << id << '\n';
        ids[what] = id;
    }
};

/// A ring that gets sharper step by step, in colours.
mlscribe::array<std::uint8_t> ring(int step) {
    const int size = 48;
    mlscribe::array<std::uint8_t> picture{{size, size, 3}, {}};
    for (int y = 0; y < size; ++y) {
        for (int x = 0; x < size; ++x) {
            const double off = std::hypot(x - 23.5, y - 23.5) - 14;
            const double light = std::exp(-off * off / (60.0 / (1 + step)));
            for (const double channel : {0.2, 0.6, 1.0}) {
                picture.values.push_back(static_cast<std::uint8_t>(255 * light * channel));
            }
        }
    }
    return picture;
}

/// Curves that end at `left` (the loss) and 1 - left.
void log_curves(mlscribe::run& run, double left, int points) {
    std::vector<double> loss, val_loss, accuracy;
    for (int step = 0; step < points; ++step) {
        const double part = step + 1 < points ? std::exp(-6.0 * step / points) : 0;
        loss.push_back(left * 0.75 + part + 0.02 * part * std::sin(step));
        val_loss.push_back(left + part);
        accuracy.push_back(1 - left - 0.5 * part);
    }
    run.log_series("train/loss", loss);
    run.log_series("val_loss", val_loss);
    run.log_series("accuracy", accuracy);
    mlscribe::figure chart("Loss of each epoch");
    chart.x_label("epoch").y_label("loss").log_y();
    chart.line(loss, "train").line(val_loss, "validation");
    run.log_figure(chart, "loss.svg");
}

void log_grid(place& to) {
    const std::vector<double> rates = {0.1, 0.01, 0.001};
    for (std::size_t i = 0; i < 6; ++i) {
        auto run = to.start("digits", "grid-" + std::to_string(i));
        run.log_params(hyperparameters{rates[i % 3], i < 3 ? "adam" : "sgd", 32 << i});
        log_curves(run, (15 + 6 * static_cast<double>(i)) / 100, 300);
        to.tell("grid-" + std::to_string(i), run.id());
    }
}

void log_endings(place& to) {
    for (const auto status : {mlscribe::run_status::failed, mlscribe::run_status::killed}) {
        const std::string name = status == mlscribe::run_status::failed ? "failed" : "killed";
        auto run = to.start("digits", name);
        run.log_params(hyperparameters{10, "sgd", 8});
        log_curves(run, 0.9, 40);
        run.end(status);
        to.tell(name, run.id());
    }
}

void log_nested(place& to) {
    auto sweep = to.start("digits", "sweep");
    to.tell("sweep", sweep.id());
    for (const char* name : {"sweep-left", "sweep-right"}) {
        auto child = sweep.start_child(name);
        child.log_metric("val_loss", 0.7, 0);
        to.tell(name, child.id());
    }
}

void log_showcase(place& to) {
    auto run = to.start("digits", "showcase");
    to.tell("showcase", run.id());
    to.tell("digits", run.experiment_id());
    run.capture_output();
    std::cout << "epoch 1\nepoch 2" << std::endl;
    run.log_params(hyperparameters{});
    run.set_description(
        "# What this run shows\n\nA **bold** word, `code` and a list:\n\n- one\n- two\n");
    run.set_tags({{"stage", "trial"}, {"team", "vision"}});
    log_curves(run, 0.12, 400);
    for (int step = 0; step < 60; ++step) {
        run.log_metric("system/cpu_utilization_percentage", 50 + 40 * std::sin(step * 0.2), step);
        run.log_metric("system/system_memory_usage_megabytes", 2000 + 10 * step, step);
    }
    const std::vector<flower> flowers = {{5.1, "setosa"}, {6.2, "virginica"}};
    run.log_input(mlscribe::dataset_of(flowers, "flowers"), "training");
    run.log_model("line", line{2, 1});
    for (int step = 0; step < 5; ++step) {
        run.log_image(ring(step), "samples/ring", step);
        run.log_image(ring(4 - step), "samples/blur", step);
    }
    run.log_image(ring(4), "ring.png");
    run.log_text("one line\nanother line\n", "notes.txt");
    run.log_dict(hyperparameters{}, "config.json");
    run.log_dict(hyperparameters{}, "config.yaml");
    run.log_table(std::vector<prediction>{{"a", script, 1.5}, {"b <b>x</b>", "2", 2.5}},
                  "predictions.json");
    run.log_report();
}

void log_layers(place& to) {
    auto run = to.start("layers", "weights");
    to.tell("weights", run.id());
    to.tell("layers", run.experiment_id());
    for (int step = 0; step < 4; ++step) {
        std::vector<double> weights;
        for (int i = 0; i < 1000; ++i) weights.push_back(std::sin(i) * (step + 1));
        run.log_histogram("dense/weights", weights, step);
    }
}

/// What this machine does for a moment, as one machine and as one of several.
void log_machine(place& to) {
    mlscribe::run_options options;
    options.tracking_uri = to.root;
    options.experiment = "machine";
    options.run_name = "monitored";
    options.flush_interval = std::chrono::milliseconds(5);
    options.errors = mlscribe::strictness::raise;
    auto run = mlscribe::start_run(options);
    to.tell("monitored", run.id());
    to.tell("machine", run.experiment_id());
    mlscribe::monitor_options often;
    often.interval = std::chrono::milliseconds(50);
    const auto watch = mlscribe::monitor_system(run, often);
    often.node_id = "node-1";
    const auto node = mlscribe::monitor_system(run, often);
    run.log_metric("loss", 0.5, 0);
    std::this_thread::sleep_for(std::chrono::seconds(2));
}

void log_nasty(place& to) {
    auto run = to.start("nasty \"names\" " + script, script + onerror);
    to.tell("nasty", run.id());
    to.tell("nasty_experiment", run.experiment_id());
    run.set_description(script + "\n\n" + onerror + "\n\n[link](javascript:window.scripted=1)\n");
    run.log_param("script", script);
    run.log_param("onerror", onerror);
    run.log_param("quotes", "\"double\" 'single' `back` \\ & &amp; %41");
    run.log_param("emoji", "\xF0\x9F\x98\x80\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC");
    run.log_param("han", "\xE6\xBC\xA2\xE5\xAD\x97\xE3\x81\x8B\xE3\x81\xAA");
    run.log_param("hebrew", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D abc");
    run.set_tag("script", script);
    run.set_tag("quotes", "\"double\" 'single'");
    run.log_metric("loss", 0.5, 0);
    run.log_metric("loss", std::nan(""), 1);
    run.log_metric("loss", 0.25, 2);
    // Steps as times in ns, of which a browser's numbers hold no one by one; values that differ
    // late.
    for (int i = 0; i < 20; ++i) {
        run.log_metric("nanoseconds", 1e5 + i / 1024.0, 1700000000000000000 + i * 32);
        run.log_metric("late", 1e5 + i / 1024.0, 1234560 + i);
    }
    run.log_text(script + '\n', "script.txt");
    run.log_text("<!DOCTYPE html><p>" + onerror + "</p>", "page.html");
}

void write_pages(const place& from, const std::string& pages) {
    for (const auto& [name, figure] : test::gallery()) {
        std::ofstream(pages + '/' + name + ".svg") << figure.svg();
    }
    const mlscribe::store store(from.root);
    const auto report = [&](const char* name, const std::vector<std::string>& runs) {
        std::vector<std::string> ids;
        for (const std::string& run : runs) ids.push_back(from.ids.at(run));
        const mlscribe::error failure = mlscribe::write_report(store, ids, pages + '/' + name);
        if (failure) throw mlscribe::logging_error(failure);
    };
    report("report.html", {"showcase"});
    report("strings.html", {"nasty"});
    report("comparison.html", {"showcase", "grid-0", "grid-4", "killed", "live", "nasty"});
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    place to{argv[1]};
    log_grid(to);
    log_endings(to);
    log_nested(to);
    log_nasty(to);
    log_layers(to);
    log_machine(to);
    log_showcase(to);
    auto live = to.start("digits", "live");
    live.log_params(hyperparameters{0.01, "adam", 64});
    to.tell("live", live.id());
    auto loss = live.metric("val_loss");
    int points = 0;
    const auto more = [&] {
        for (int i = 0; i < 10; ++i) loss.log(1.0 / ++points);
        live.flush();
    };
    more();
    write_pages(to, argv[2]);
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        more();
        std::cout << "logged" << std::endl;
    }
}
