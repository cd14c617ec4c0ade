// SPDX-License-Identifier: MIT
/// \file reference_program <store> <artifact>: a training as users write it. Says what it logged
/// and wrote to runs that record, and what it was told; then its exit status is 0.
#include <mlscribe/mlscribe.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

/// What the error handler heard.
class heard {
  public:
    mlscribe::error_handler handler() {
        return [this](const mlscribe::error& failure) {
            const std::lock_guard<std::mutex> lock(mutex_);
            messages_.push_back(failure.message);
        };
    }
    void tell() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (const std::string& message : messages_) std::printf("heard %s\n", message.c_str());
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> messages_;
};

/// Logs 0, 1, 2, … to each metric of one run, also when the run is opened again.
struct logged_run {
    std::string id;
    std::map<std::string, int> points;
    std::vector<std::string> texts;

    void set_tag(mlscribe::run& run, const std::string& key, const std::string& value) {
        run.set_tag(key, value);
        wrote(run, "tags/" + key + ' ' + value);
    }
    /// \param text  a path in the run, for a tag its value
    void wrote(const mlscribe::run& run, const std::string& text) {
        if (!run.id().empty()) texts.push_back(text);
    }

    void log(mlscribe::run& run, const std::vector<std::string>& keys, int count) {
        std::vector<mlscribe::metric_handle> handles;
        for (const std::string& key : keys) handles.push_back(run.metric(key));
        for (int i = 0; i < count; ++i) {
            for (std::size_t k = 0; k < keys.size(); ++k) handles[k].log(points[keys[k]] + i);
        }
        for (const std::string& key : keys) points[key] += count;
    }
    void tell(const char* name, std::uint64_t lost) const {
        std::printf("run %s %s %llu\n", name, id.c_str(), static_cast<unsigned long long>(lost));
        for (const auto& [key, count] : points) std::printf("logged %s %d\n", key.c_str(), count);
        for (const std::string& text : texts) std::printf("wrote %s\n", text.c_str());
    }
};

mlscribe::run_options choices(const char* name) {
    mlscribe::run_options options;
    options.experiment = "reference";
    options.run_name = name;
    options.source_tags = false;
    return options;
}

template <class Options>
Options with(Options options, const std::string& store, heard& errors) {
    options.tracking_uri = store;
    options.on_error = errors.handler();
    // Only where the program asks for it, so that the calls are the same each time.
    options.flush_interval = std::chrono::hours(24);
    return options;
}

void train(const std::string& store, const std::string& artifact, heard& errors) {
    logged_run parent;
    logged_run child;
    std::uint64_t lost = 0;
    std::uint64_t child_lost = 0;
    {
        mlscribe::run run = mlscribe::start_run(with(choices("parent"), store, errors));
        parent.id = run.id();
        run.log_params(std::map<std::string, double>{{"rate", 0.1}, {"model/depth", 3}});
        run.log_param("solver", "descent");
        for (const char* const key : {"rate", "model/depth", "solver"}) {
            parent.wrote(run, std::string("params/") + key);
        }
        if (!parent.id.empty()) parent.log(run, {"loss", "val/accuracy", "val/loss"}, 500);
        run.flush();
        parent.set_tag(run, "stage", "half");
        run.log_artifact(artifact);
        run.log_artifact(artifact, "plots/late");
        run.log_text("all is well\n", "notes.txt");
        run.checkpoint("half");
        for (const char* const path :
             {"artifact.txt", "plots/late/artifact.txt", "notes.txt", "checkpoints/half.json"}) {
            parent.wrote(run, std::string("artifacts/") + path);
        }

        mlscribe::run nested = run.start_child("child");
        child.id = nested.id();
        nested.log_param("fold", 1);
        child.wrote(nested, "params/fold");
        if (!child.id.empty()) child.log(nested, {"loss"}, 100);
        nested.end();
        child_lost = nested.lost_points();

        if (!parent.id.empty()) parent.log(run, {"loss", "val/accuracy", "val/loss"}, 500);
        parent.set_tag(run, "stage", "done");
        run.end();
        lost = run.lost_points();
    }
    if (!parent.id.empty()) {
        mlscribe::run again =
            mlscribe::resume_run(parent.id, with(mlscribe::resume_options(), store, errors));
        parent.set_tag(again, "resumed", "yes");
        if (!again.id().empty()) parent.log(again, {"loss"}, 300);
        again.end();
        lost += again.lost_points();
        parent.tell("parent", lost);
    }
    if (!child.id.empty()) child.tell("child", child_lost);

    logged_run second;
    mlscribe::run next = mlscribe::start_run(with(choices("next"), store, errors));
    second.id = next.id();
    if (!second.id.empty()) second.log(next, {"loss"}, 10);
    next.end();
    if (!second.id.empty()) second.tell("next", next.lost_points());
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    try {
        heard errors;
        train(arguments[1], arguments[2], errors);
        errors.tell();
    } catch (const std::exception& thrown) {
        std::printf("thrown %s\n", thrown.what());
        return 1;
    }
    std::puts("done");
    return 0;
}
