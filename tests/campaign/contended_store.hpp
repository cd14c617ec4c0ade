// SPDX-License-Identifier: MIT
/// \file What each process of a crowd does in a store, and what must stand there afterwards.
#ifndef MLSCRIBE_TESTS_CAMPAIGN_CONTENDED_STORE_HPP
#define MLSCRIBE_TESTS_CAMPAIGN_CONTENDED_STORE_HPP

#include <mlscribe/mlscribe.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crowd.hpp"
#include "scratch_directory.hpp"

namespace campaign {

constexpr int sweeps = 5;

/// Reports that a process has no right to make.
class no_reports {
  public:
    mlscribe::error_handler handler() { return log_.handler(); }
    void check() const {
        for (const mlscribe::error& failure : log_.all()) throw broken_order(failure.message);
    }

  private:
    test::error_log log_;
};

inline mlscribe::run_options options_of(const std::string& store, const std::string& experiment,
                                        const std::string& name, no_reports& none) {
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = experiment;
    options.run_name = name;
    options.on_error = none.handler();
    return options;
}

/// Every second run goes into an experiment that all have, the others into one of some.
inline std::string experiment_of(int number, int turn) {
    if (turn % 2 == 0) return "of all";
    return "sweep " + std::to_string((number + turn) % sweeps);
}

inline void log_one_run(const std::string& store, const std::string& experiment,
                        const std::string& name) {
    no_reports none;
    mlscribe::run run = mlscribe::start_run(options_of(store, experiment, name, none));
    none.check();
    run.log_param("name", name);
    mlscribe::metric_handle loss = run.metric("loss");
    for (int step = 0; step < 3; ++step) loss.log(step * 0.5);
    run.set_tag("done", name);
    run.end();
    require(run.lost_points() == 0, "points are lost");
    none.check();
}

inline void log_runs(const std::string& store, int number, int runs) {
    for (int turn = 0; turn < runs; ++turn) {
        const std::string name = std::to_string(number) + '.' + std::to_string(turn);
        log_one_run(store, experiment_of(number, turn), name);
    }
}

/// Looks at all files. \return the run names of each experiment
inline std::map<std::string, std::set<std::string>> checked_store(const std::string& store) {
    namespace files = std::filesystem;
    std::map<std::string, std::set<std::string>> found;
    std::set<std::string> ids;
    require(test::exists(store + "/.trash"), "there is no .trash");
    require(test::exists(store + "/models"), "there is no models");
    for (const std::string& path : test::tree(store)) {
        require(path.find(".mlscribe-") == std::string::npos, path + " was left");
    }
    for (files::directory_iterator folder(store), end; folder != end; ++folder) {
        const std::string id = folder->path().filename().string();
        if (id == ".trash" || id == "models") continue;
        const std::string experiment = store + '/' + id;
        require(test::meta(experiment, "experiment_id") == id, id + " is that of another");
        const std::string name = test::meta(experiment, "name");
        require(found.count(name) == 0, "two experiments are called " + name);
        std::set<std::string>& runs = found[name];
        for (files::directory_iterator entry(experiment); entry != end; ++entry) {
            const std::string path = entry->path().string();
            const std::string run_id = entry->path().filename().string();
            if (run_id == "meta.yaml") continue;
            require(ids.insert(run_id).second, run_id + " is there twice");
            require(test::meta(path, "run_id") == run_id, path + " is another run");
            require(test::meta(path, "experiment_id") == id, path + " is another's");
            require(test::meta(path, "status") == "3", path + " is not FINISHED");
            const std::string run_name = test::meta(path, "run_name");
            require(runs.insert(run_name).second, run_name + " is there twice");
            require(test::read_file(path + "/params/name") == run_name, path + ": wrong param");
            require(test::read_file(path + "/tags/done") == run_name, path + ": wrong tag");
            require(test::points(path, "loss").size() == 3, path + ": not every point");
        }
    }
    require(found.count("Default") == 1, "there is no experiment Default");
    return found;
}

/// How many runs MLflow sees in each experiment; each has a meta.yaml and a right status.
inline std::multimap<std::string, std::size_t> store_names(const std::string& store) {
    namespace files = std::filesystem;
    std::multimap<std::string, std::size_t> found;
    require(test::exists(store + "/.trash"), "there is no .trash");
    for (files::directory_iterator folder(store), end; folder != end; ++folder) {
        const std::string experiment = folder->path().string();
        if (!test::exists(experiment + "/meta.yaml")) continue;
        std::size_t runs = 0;
        for (files::directory_iterator entry(experiment); entry != end; ++entry) {
            const std::string path = entry->path().string();
            const std::string name = entry->path().filename().string();
            if (name == "meta.yaml" || name == "datasets") continue;
            if (name.compare(0, 10, ".mlscribe-") == 0) continue;
            const std::string status = test::meta(path, "status");
            require(status == "3" || status == "5", path + " has the status " + status);
            ++runs;
        }
        found.emplace(test::meta(experiment, "name"), runs);
    }
    return found;
}

/// Whether every run of a crowd stands where it belongs.
inline void check_runs(const std::string& store, int processes, int runs) {
    std::map<std::string, std::set<std::string>> expected;
    expected["Default"] = {};
    for (int number = 0; number < processes; ++number) {
        for (int turn = 0; turn < runs; ++turn) {
            expected[experiment_of(number, turn)].insert(std::to_string(number) + '.' +
                                                         std::to_string(turn));
        }
    }
    require(checked_store(store) == expected, "other runs than were logged");
}

}  // namespace campaign

#endif
