// SPDX-License-Identifier: MIT
/// \file Each request for memory that a call makes is refused in turn: nothing reaches the caller,
/// and what was not written is told.
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure.hpp>
#include <mlscribe/hpc.hpp>
#include <mlscribe/monitor.hpp>
#include <mlscribe/report.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "planned_memory.hpp"
#include "scratch_directory.hpp"

struct weights {
    std::int64_t version = 0;
    std::vector<double> values;
};
MLSCRIBE_DESCRIBE(weights, version, values)

namespace {

using mlscribe::strictness;

/// What goes wrong with a call, in words; the first of its kind.
class complaints {
  public:
    void add(const std::string& call, long request, bool for_good, const std::string& what) {
        if (!told_.emplace(call + what, request).second) return;
        text_ += "\n  " + call + ", request " + std::to_string(request) +
                 (for_good ? " and all after it: " : ": ") + what;
    }
    const std::string& text() const noexcept { return text_; }

  private:
    std::map<std::string, long> told_;
    std::string text_;
};

/// One call of the library, and what it leaves.
struct call {
    std::string name;
    std::function<void()> act;
    /// Whether all that it does is done; asked where it told nothing. None: nothing is to be told.
    std::function<bool()> is_done = {};
    std::function<void()> prepare = [] {};
    std::function<void()> clean = [] {};
};

/// Has each request for memory of a call refused, alone and with all that follow it.
class sweep {
  public:
    explicit sweep(strictness policy = strictness::report) : policy_(policy) {}

    /// \param told  how many failures were told so far
    void refuse(const call& of, const std::function<std::size_t()>& told) {
        for (const bool for_good : {false, true}) {
            for (long request = 0; refuse_one(of, told, request, for_good); ++request) {
            }
        }
    }

    const std::string& complaints_text() const noexcept { return complaints_.text(); }
    /// How many calls met a refusal.
    long met() const noexcept { return met_; }

  private:
    bool refuse_one(const call& of, const std::function<std::size_t()>& told, long request,
                    bool for_good) {
        prepare(of);
        const std::size_t told_before = told();
        std::string thrown;
        bool raised = false;
        long met = 0;
        {
            test::refuse_memory refusal(request, for_good);
            try {
                of.act();
            } catch (const mlscribe::logging_error&) {
                raised = true;
            } catch (...) {
                test::planned_memory().is_on = false;
                thrown = what_is_caught();
            }
            met = test::planned_memory().met;
        }
        if (!thrown.empty()) complaints_.add(of.name, request, for_good, "threw " + thrown);
        if (raised && policy_ == strictness::report) {
            complaints_.add(of.name, request, for_good, "threw logging_error");
        }
        const bool is_silent = thrown.empty() && !raised && told() == told_before;
        if (is_silent && of.is_done && !of.is_done()) {
            complaints_.add(of.name, request, for_good, "did not do all, and told nothing");
        }
        of.clean();
        met_ += met == 0 ? 0 : 1;
        return met != 0;
    }

    /// What a call that never throws had to keep is raised by the next that may.
    static void prepare(const call& of) {
        try {
            of.prepare();
        } catch (const mlscribe::logging_error&) {
            of.prepare();
        }
    }

    static std::string what_is_caught() {
        try {
            throw;
        } catch (const std::exception& caught) {
            return caught.what();
        } catch (...) {
            return "something";
        }
    }

    const strictness policy_;
    complaints complaints_;
    long met_ = 0;
};

std::string text_of(const std::string& path) {
    return test::exists(path) ? test::read_file(path) : std::string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refused_memory)

BOOST_AUTO_TEST_CASE(no_call_of_a_run_throws) {
    for (const auto policy : {strictness::report}) {
        const test::scratch_directory scratch;
        std::size_t told = 0;
        mlscribe::run_options options;
        options.tracking_uri = scratch.store();
        options.source_tags = false;
        options.drain = mlscribe::drain_mode::inline_;
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
        mlscribe::metric_handle logged;
        mlscribe::artifact_stream stream;
        const std::vector<call> calls = {
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
            {"log_metric", [&] { run.log_metric(name, 1.0); }, {}, rename},
            {"log_series", [&] { run.log_series(name, numbers); }, {}, rename},
            {"timer", [&] { run.timer(name).stop(); }, {}, rename},
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
        };
        sweep memory(policy);
        for (const call& each : calls) memory.refuse(each, [&told] { return told; });
        BOOST_TEST(memory.complaints_text() == "");
        BOOST_TEST(memory.met() > 1000);
        run = {};
        BOOST_TEST(test::meta(folder, "status") == "3");
    }
}

BOOST_AUTO_TEST_CASE(no_start_of_a_run_throws) {
    const test::scratch_directory scratch;
    std::size_t told = 0;
    const auto hears = [&told](const mlscribe::error&) { ++told; };
    const auto lets_hear = [&](auto options) {
        options.tracking_uri = scratch.store();
        options.drain = mlscribe::drain_mode::inline_;
        options.on_error = hears;
        return options;
    };
    mlscribe::run_options options = lets_hear(mlscribe::run_options());
    options.source_directory = scratch.path();
    mlscribe::run first = mlscribe::start_run(options);
    const std::string id(first.id());
    first.log_metric("loss", 1.0);
    first.end();
    const mlscribe::resume_options resume = lets_hear(mlscribe::resume_options());
    mlscribe::run run;
    std::vector<std::string> recorded;
    mlscribe::run_options given_options;
    mlscribe::resume_options given_resume;
    const auto copy = [&] {
        given_options = options;
        given_resume = resume;
    };
    const auto end = [&] {
        if (run.recording()) recorded.push_back(test::folder(scratch, run));
        run = {};
    };
    const auto records = [&run] { return run.recording(); };
    const std::vector<call> calls = {
        {"start_run", [&] { run = mlscribe::start_run(std::move(given_options)); }, records, copy,
         end},
        {"start_job_run", [&] { run = mlscribe::start_job_run(std::move(given_options)); }, records,
         copy, end},
        {"resume_run", [&] { run = mlscribe::resume_run(id, std::move(given_resume)); }, records,
         copy, end},
    };
    sweep memory;
    for (const call& each : calls) memory.refuse(each, [&told] { return told; });
    BOOST_TEST(memory.complaints_text() == "");
    BOOST_TEST(memory.met() > 500);
    for (const std::string& folder : recorded) BOOST_REQUIRE(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_SUITE_END()
