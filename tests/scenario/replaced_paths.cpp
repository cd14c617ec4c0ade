// SPDX-License-Identifier: MIT
/// \file Each path of a store in turn becomes another user's link to somewhere else, and everything
/// is called: nothing is written there, and nothing of it comes back.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/model.hpp>
#include <mlscribe/query.hpp>
#include <mlscribe/registry.hpp>
#include <mlscribe/report/report_html.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "folder_snapshot.hpp"
#include "scratch_directory.hpp"

namespace {

struct scales {
    double slope = 1.5;
    std::string unit = "m";
};
MLSCRIBE_DESCRIBE(scales, slope, unit)

// Put together: a model keeps this very source.
const std::string secret = std::string("S3CR3T") + "-7c1f";

void copy(const std::string& from, const std::string& to) {
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

/// A store that has a little of everything.
struct furnished_store {
    test::scratch_directory scratch;
    test::error_log log;
    std::string experiment;
    std::string id;
    std::string killed;

    furnished_store() {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        experiment = run.experiment_id();
        id = run.id();
        run.log_metric("loss", 1.0);
        run.log_metric("val/loss", 2.0);
        run.log_param("lr", 0.1);
        run.set_tag("team", "hpc");
        run.log_text("notes", "texts/notes.txt");
        run.log_input(mlscribe::dataset_of(std::vector<scales>(3), "rows"), "training");
        run.log_model("line", scales{});
        run.end();
        mlscribe::registry models(scratch.store(), mlscribe::strictness::report, log.handler());
        models.register_model("runs:/" + id + "/line", "lines");
        models.set_registered_model_alias("lines", "best", 1);
        models.set_registered_model_tag("lines", "stage", "trial");
        mlscribe::client client(scratch.store(), mlscribe::strictness::report, log.handler());
        client.set_experiment_tag(experiment, "team", "hpc");
        client.delete_experiment(client.create_experiment("gone"));
        killed = test::in_child([this] {
            auto options = test::options(scratch, log);
            options.flush_interval = std::chrono::hours(1);
            mlscribe::run died = mlscribe::start_run(options);
            died.log_metric("loss", 1.0);
            return std::string(died.id());  // and leaves by _exit
        });
    }
};

/// Calls everything in a store. \return what it said
std::string call_everything(const test::scratch_directory& scratch, const furnished_store& like) {
    const std::string store = scratch.store();
    const std::string& id = like.id;
    test::error_log log;
    std::string said;
    const auto attempt = [&said](auto&& body) {
        try {
            body();
        } catch (const std::exception& thrown) {
            said += std::string(thrown.what()) + '\n';
        }
    };
    const auto log_all = [&scratch](mlscribe::run& run) {
        run.log_metric("loss", 3.0);
        run.log_metric("val/loss", 3.0);
        run.flush();
        run.log_param("lr", 0.1);
        run.log_param("new/param", 1);
        run.set_tag("team", "other");
        run.log_text("other", "texts/notes.txt");
        run.log_artifact(scratch / "own.txt", "texts");
        run.log_artifacts(scratch / "own", "copied");
        run.log_input(mlscribe::dataset_of(std::vector<scales>(2), "rows"), "training");
        run.log_model("line", scales{});
        run.end();
    };
    attempt([&] {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        log_all(run);
        run = mlscribe::resume_run(id, test::resuming(scratch, log));
        log_all(run);
    });
    mlscribe::client client(store, mlscribe::strictness::report, log.handler());
    client.set_experiment_tag(like.experiment, "team", "other");
    client.rename_experiment(like.experiment, "renamed");
    client.rename_experiment(like.experiment, "test");
    client.delete_run(id);
    client.restore_run(id);
    client.delete_experiment(like.experiment);
    client.restore_experiment(like.experiment);
    client.create_experiment("more");
    mlscribe::registry models(store, mlscribe::strictness::report, log.handler());
    models.register_model("runs:/" + id + "/line", "lines");
    models.set_registered_model_alias("lines", "best", 1);
    models.delete_registered_model_alias("lines", "best");
    models.set_registered_model_tag("lines", "stage", "other");
    models.set_model_version_tag("lines", 1, "seen", "yes");
    models.update_registered_model("lines", "text");
    models.rename_registered_model("lines", "curves");
    models.rename_registered_model("curves", "lines");
    models.delete_model_version("lines", 2);
    mlscribe::recover_options recovering;
    recovering.on_error = log.handler();
    attempt([&] { mlscribe::recover(store, recovering); });
    attempt([&] {
        const mlscribe::store seen(store);
        const auto found = seen.search_runs("metrics.loss > 0 and params.lr = '0.1'");
        std::vector<std::string> ids{id};
        for (const auto& run : found) {
            for (const auto& [key, value] : run.params) said += key + '=' + value + '\n';
            for (const auto& [key, value] : run.tags) said += key + '=' + value + '\n';
            for (const auto& [key, value] : run.metrics) said += key + std::to_string(value) + '\n';
            ids.push_back(run.info.run_id);
        }
        for (const auto& each : ids) {
            const mlscribe::report_text report = mlscribe::report_html(seen, {each});
            said += report.html + report.failure.message + '\n';
            for (const auto& problem : report.problems) said += problem.message + '\n';
            attempt([&] { seen.get_run(each); });
            attempt([&] { seen.metric_history(each, "val/loss"); });
            attempt([&] { seen.artifacts(each, "texts"); });
        }
    });
    attempt([&] { mlscribe::load_model<scales>("models:/lines/1", {store}); });
    attempt([&] { mlscribe::load_model<scales>("runs:/" + id + "/line", {store}); });
    attempt([&] {
        for (const auto& each : mlscribe::examine(store).findings) said += each.message + '\n';
        for (const auto& each : mlscribe::repair(store).changes) said += each.what.message + '\n';
        mlscribe::relocate(store);
    });
    attempt([&] { models.delete_registered_model("lines"); });
    for (const auto& each : log.all()) said += each.message + '\n';
    return said;
}

/// Puts a link of another user in the place of `path`. \return whether it is another's
bool plant(const std::string& target, const std::string& path) {
    std::filesystem::remove_all(path);
    std::filesystem::create_symlink(target, path);
    return ::lchown(path.c_str(), 54321, 54321) == 0;
}

/// \param is_twin  the links lead to the same part of a copy of the store; else to a secret
void replace_each_path(bool is_twin) {
    const furnished_store store;
    const bool is_long = std::getenv("MLSCRIBE_TEST_ALL_PATHS") != nullptr;
    for (std::string path : test::tree(store.scratch.store())) {
        // Those that were written through once, and the folders that all is in.
        const std::string run = store.experiment + '/' + store.id + '/';
        const std::string usual[] = {
            ".trash/", "models/", store.experiment + '/', run, run + "metrics/loss", run + "tags/"};
        if (!is_long && std::find(std::begin(usual), std::end(usual), path) == std::end(usual)) {
            continue;
        }
        const test::scratch_directory scratch;
        const std::string outside = scratch / "outside";
        copy(store.scratch.store(), scratch.store());
        test::write_file(scratch / "own.txt", "own");
        test::write_file(scratch / "own/file", "own");
        const bool is_folder = path.back() == '/';
        if (is_folder) path.pop_back();
        if (is_twin) {
            copy(store.scratch.store(), outside);
        } else if (is_folder) {
            for (const std::string name : {"file", "meta.yaml", "loss", "notes.txt", "best"}) {
                test::write_file(outside + '/' + path + '/' + name, secret + '\n');
                test::write_file(outside + '/' + path + '/' + secret, "x");
            }
        } else {
            test::write_file(outside + '/' + path, secret + '\n');
        }
        const bool is_foreign = plant(outside + '/' + path, scratch.store() + '/' + path);
        // A user's own links lead to experiments and runs on another disk.
        const bool is_shelf = is_folder && path.find("/artifacts") == std::string::npos;
        if (is_twin && is_shelf && !is_foreign) continue;
        const auto before = test::snapshot(outside);
        const std::string said = call_everything(scratch, store);
        const auto after = test::snapshot(outside);
        for (const auto& [name, seen] : after) {
            const auto was = before.find(name);
            const bool same = was != before.end() && was->second == seen;
            BOOST_TEST(same, name << " was written through " << path);
        }
        BOOST_TEST(after.size() == before.size(), "removed through " << path);
        BOOST_TEST((said.find(secret) == std::string::npos), "told of " << path << ":\n" << said);
        if (is_twin) continue;
        for (const std::string& each : test::tree(scratch.path())) {
            const std::string inside = scratch / each;
            const bool is_file =
                std::filesystem::is_regular_file(std::filesystem::symlink_status(inside));
            if (each.compare(0, 8, "outside/") == 0 || !is_file) continue;
            BOOST_TEST((test::read_file(inside).find(secret) == std::string::npos),
                       path << " was read into " << each);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replaced_paths)

BOOST_AUTO_TEST_CASE(nothing_is_written_through_a_link_that_another_user_planted) {
    replace_each_path(true);
}

BOOST_AUTO_TEST_CASE(nothing_is_read_through_it) {
    replace_each_path(false);
}

BOOST_AUTO_TEST_SUITE_END()
