// SPDX-License-Identifier: MIT
/// \file Each request for memory that a call makes is refused in turn: nothing reaches the caller,
/// and what was not written is told.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/figure.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/report.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "environment.hpp"
#include "memory_sweep.hpp"
#include "scratch_directory.hpp"

// Without exceptions `new` itself ends the program.
#if defined(__cpp_exceptions)

struct weights {
    std::int64_t version = 0;
    std::vector<double> values;
};
MLSCRIBE_DESCRIBE(weights, version, values)

namespace {

using mlscribe::strictness;
using test::may_throw;
using test::swept_call;

std::string text_of(const std::string& path) {
    return test::exists(path) ? test::read_file(path) : std::string();
}

std::size_t inputs_of(const std::string& folder) {
    return test::exists(folder + "/inputs") ? test::tree(folder + "/inputs").size() : 0;
}

/// What goes to stderr while it lives.
class printed_lines {
  public:
    explicit printed_lines(const std::string& path)
        : file_(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)), stderr_(::dup(2)) {
        ::dup2(file_, 2);
    }
    printed_lines(const printed_lines&) = delete;
    printed_lines& operator=(const printed_lines&) = delete;
    ~printed_lines() {
        ::dup2(stderr_, 2);
        ::close(stderr_);
        ::close(file_);
    }

    std::size_t size() const {
        struct stat status {};
        return ::fstat(file_, &status) == 0 ? static_cast<std::size_t>(status.st_size) : 0;
    }

  private:
    int file_;
    int stderr_;
};

/// The findings of the doctor.
std::string what_is_damaged(const std::string& store) {
    std::string told;
    for (const mlscribe::finding& each : mlscribe::examine(store).findings) {
        told += "\n  " + each.path + ": " + each.message;
    }
    return told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refused_memory)

BOOST_AUTO_TEST_CASE(no_call_of_a_run_throws) {
    for (const auto policy : {strictness::report, strictness::raise}) {
        const bool raises = policy == strictness::raise;
        const test::scratch_directory scratch(test::folder_in_memory());
        std::size_t told = 0;
        mlscribe::run_options options;
        options.tracking_uri = scratch.store();
        options.source_tags = false;
        options.drain = mlscribe::drain_mode::inline_;
        options.sync_interval = std::chrono::milliseconds(0);  // a disk's time tells nothing here
        options.errors = policy;
        options.on_error = [&told](const mlscribe::error&) { ++told; };
        mlscribe::run run;
        std::string folder;
        test::write_file(scratch / "source/deep/file.txt", "text");
        const std::string source = scratch / "source";
        const std::string source_file = source + "/deep/file.txt";
        const std::string text(100, 'x');
        const std::map<std::string, double> map = {{"first", 1.5}, {"second", 2.5}};
        const std::vector<double> numbers = {1.0, 2.0, 3.0};
        const std::vector<weights> rows = {{1, {2.0}}, {3, {4.0}}};
        const weights model = {1, {2.0}};
        mlscribe::model_options no_source;  // for which git would be started
        no_source.source = false;
        const mlscribe::dataset data = mlscribe::dataset_of_file(source_file, {});
        mlscribe::figure figure;
        figure.line({1.0, 2.0}, {3.0, 4.0});
        int count = 0;
        std::string name;
        std::string npy;
        std::string json;
        std::string svg;
        std::string html;
        const auto rename = [&] {
            // Few metrics each, all of which are drained together.
            if (count++ % 32 == 0) {
                run = mlscribe::start_run(options);
                folder = test::folder(scratch, run);
            }
            name = "a_name_that_needs_memory_of_its_own_" + std::to_string(count);
            npy = name + ".npy";
            json = name + ".json";
            svg = name + ".svg";
            html = name + ".html";
        };
        const auto appears = [&](const std::string& below, const std::string& end) {
            return
                [&name, &folder, below, end] { return test::exists(folder + below + name + end); };
        };
        std::size_t inputs = 0;
        std::uint64_t lost = 0;
        const auto count_inputs = [&] {
            rename();
            inputs = inputs_of(folder);
        };
        const auto has_one_more = [&] { return inputs_of(folder) > inputs; };
        const auto renew = [&] {
            count = 0;
            rename();
            run.log_metric(name, 1.0);
            mlscribe::metric_options watched;
            watched.nan = mlscribe::nan_policy::skip;
            run.metric("watched", watched).log(std::nan(""));
        };
        const auto is_ended = [&] {
            return test::meta(folder, "status") == "3" && test::points(folder, name).size() == 1u &&
                   test::exists(folder + "/tags/mlscribe.nan_values.watched");
        };
        mlscribe::metric_handle logged;
        mlscribe::artifact_stream stream;
        const std::vector<swept_call> calls = {
            {"log_param", [&] { run.log_param(name, text); }, appears("/params/", ""), rename},
            {"log_params", [&] { run.log_params(map, name); }, appears("/params/", ".second"),
             rename},
            {"set_tag", [&] { run.set_tag(name, text); }, appears("/tags/", ""), rename},
            {"set_tag of the name", [&] { run.set_tag("mlflow.runName", name); },
             [&] { return test::meta(folder, "run_name") == name; }, rename},
            {"log_text", [&] { run.log_text(text, name); }, appears("/artifacts/", ""), rename},
            {"log_dict", [&] { run.log_dict(map, name); }, appears("/artifacts/", ""), rename},
            {"log_array", [&] { run.log_array(numbers, npy); }, appears("/artifacts/", ".npy"),
             rename},
            {"log_artifact", [&] { run.log_artifact(source_file, name); },
             appears("/artifacts/", "/file.txt"), rename},
            {"log_artifacts", [&] { run.log_artifacts(source, name); },
             appears("/artifacts/", "/deep/file.txt"), rename},
            {"log_table", [&] { run.log_table(rows, json); }, appears("/artifacts/", ".json"),
             rename},
            {"log_histogram", [&] { run.log_histogram(name, numbers, 1); },
             appears("/artifacts/histograms/", ".json"), rename},
            {"log_figure", [&] { run.log_figure(figure, svg); }, appears("/artifacts/", ".svg"),
             rename},
            {"log_report", [&] { run.log_report(html); }, appears("/artifacts/", ".html"), rename},
            {"log_model", [&] { run.log_model(name, model, no_source); },
             appears("/artifacts/", "/MLmodel"), rename},
            {"log_input",
             [&] {
                 run.log_input(data, "training", {{"key", text}});
             },
             {},
             rename},
            {"log_input of a file",
             [&] { run.log_input(mlscribe::dataset_of_file(source_file, name)); }, has_one_more,
             count_inputs},
            {"log_input of an array",
             [&] { run.log_input(mlscribe::dataset_of(numbers, name), "training"); }, has_one_more,
             count_inputs},
            {"log_input of rows", [&] { run.log_input(mlscribe::dataset_of(rows, name)); },
             has_one_more, count_inputs},
            {"open_artifact", [&] { stream = run.open_artifact(name); },
             [&] { return static_cast<bool>(stream); }, rename, [&] { stream.discard(); }},
            {"artifact_stream",
             [&] {
                 stream << map << text << 0.123456789012345678;
                 stream.close();
             },
             appears("/artifacts/", ""),
             [&] {
                 rename();
                 stream = run.open_artifact(name);
             }},
            {"metric", [&] { logged = run.metric(name); }, [&] { return !logged.key().empty(); },
             rename},
            {"metric with options",
             [&] {
                 mlscribe::metric_options watched;
                 watched.best = mlscribe::best::min;
                 watched.nan = mlscribe::nan_policy::divert;
                 run.metric(name, watched).log(1.0);
             },
             {},
             rename},
            {"reduced metric",
             [&] {
                 auto mean = run.metric<mlscribe::mean_min_max>(name);
                 for ([[maybe_unused]] auto step : run.steps(2)) mean.add(1.0);
             },
             {},
             rename},
            {"quantiles",
             [&] {
                 auto spread = run.metric<mlscribe::quantiles<5, 50>>(name);
                 auto copy = spread;
                 for ([[maybe_unused]] auto epoch : run.epochs(2)) {
                     spread.add(1.0);
                     copy.add(2.0);
                 }
             },
             {},
             rename},
            {"log_metric", [&] { run.log_metric(name, 1.0); }, {}, rename},
            {"log_series", [&] { run.log_series(name, numbers); }, {}, rename},
            {"timer",
             [&] {
                 run.timer(name).stop();
                 run.flush();
             },
             [&] {
                 return run.lost_points() != lost ||
                        !text_of(folder + "/metrics/" + name + ".mean").empty();
             },
             [&] {
                 rename();
                 lost = run.lost_points();
             }},
            {"monitor_system", [&] { mlscribe::monitor_system(run).stop(); }, {}, rename},
            {"flush", [&] { run.flush(); },
             [&] { return !text_of(folder + "/metrics/" + name).empty(); },
             [&] {
                 rename();
                 run.log_metric(name, 1.0);
             }},
            {"checkpoint", [&] { run.checkpoint(name); },
             appears("/artifacts/checkpoints/", ".json"), rename},
            {"start_child", [&] { run.start_child(name).log_param("key", text); }, {}, rename},
            {"end", [&] { run.end(); }, is_ended, renew, [&] { count = 0; }},
            {"destructor", [&] { run = {}; }, is_ended, renew, [&] { count = 0; }},
        };
        test::memory_sweep memory([&told] { return told; },
                                  raises ? may_throw::logging_error : may_throw::nothing);
        if (raises) memory.raise_kept_by([&run] { run.flush(); });
        for (const swept_call& each : calls) memory.refuse(each);
        BOOST_TEST(memory.complaints() == "");
        BOOST_TEST(memory.met() > 1000);
        BOOST_TEST((memory.raised() > 500) == raises);
        run = {};
        BOOST_TEST(what_is_damaged(scratch.store()) == "");
    }
}

BOOST_AUTO_TEST_CASE(no_start_of_a_run_throws) {
    for (const auto policy : {strictness::report, strictness::raise}) {
        const bool raises = policy == strictness::raise;
        const test::scratch_directory scratch(test::folder_in_memory());
        const printed_lines printed(scratch / "printed");
        const test::variable uri("MLFLOW_TRACKING_URI", scratch.store().c_str());
        const test::variable drain("MLSCRIBE_DRAIN", "inline");
        std::size_t told = 0;
        // More than a handler holds without memory of its own.
        const std::string text(100, 'x');
        const auto lets_hear = [&](auto options) {
            options.sync_interval = std::chrono::milliseconds(0);
            options.errors = policy;
            options.on_error = [&told, text](const mlscribe::error&) { told += text.size(); };
            return options;
        };
        mlscribe::run_options options = lets_hear(mlscribe::run_options());
        options.source_directory = scratch.path();
        options.experiment = text;
        const mlscribe::resume_options resume = lets_hear(mlscribe::resume_options());
        mlscribe::run run = mlscribe::start_run(options);
        const std::string id(run.id());
        for ([[maybe_unused]] auto epoch : run.epochs(2)) run.log_metric("loss", 1.0);
        run.checkpoint("first");
        run.end();
        const mlscribe::from_checkpoint checkpoint{"first"};
        const mlscribe::from_step step{{"loss", 1}, {"", 1}};
        std::vector<std::string> recorded;
        const auto none = [] {};
        const auto end = [&] {
            if (run.recording()) recorded.push_back(test::folder(scratch, run));
            run = {};
        };
        const auto records = [&run] { return run.recording(); };
        std::vector<swept_call> calls = {
            {"start_run", [&] { run = mlscribe::start_run(options); }, records, none, end},
            {"start_job_run", [&] { run = mlscribe::start_job_run(options); }, records, none, end},
            {"start_job_run from a checkpoint",
             [&] { run = mlscribe::start_job_run(options, mlscribe::from_last_checkpoint()); },
             records, none, end},
            {"resume_run", [&] { run = mlscribe::resume_run(id, resume); }, records, none, end},
            {"resume_run from a checkpoint",
             [&] { run = mlscribe::resume_run(id, checkpoint, resume); }, records, none, end},
            {"resume_run from a step", [&] { run = mlscribe::resume_run(id, step, resume); },
             records, none, end},
        };
        if (!raises) {
            calls.push_back({"start_run by names", [&] { run = mlscribe::start_run(text, text); },
                             records, none, end, 20});
        }
        test::memory_sweep memory([&] { return told + printed.size(); },
                                  raises ? may_throw::logging_error : may_throw::nothing);
        for (const swept_call& each : calls) memory.refuse(each);
        BOOST_TEST(memory.complaints() == "");
        BOOST_TEST(memory.met() > 500);
        BOOST_TEST((memory.raised() > 500) == raises);
        for (const std::string& folder : recorded) {
            BOOST_REQUIRE(test::meta(folder, "status") == "3");
        }
        BOOST_TEST(what_is_damaged(scratch.store()) == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()

#endif
