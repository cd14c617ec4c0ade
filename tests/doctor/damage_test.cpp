// SPDX-License-Identifier: MIT
/// \file Single damages: each is named, mended, and gone. What MLflow makes of them is shown beside
/// the real one.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::damage;

namespace {

/// A store with one ended run, written an hour ago.
struct damaged_store {
    test::scratch_directory scratch;
    test::error_log log;
    std::string root = scratch.store();
    std::string run;
    std::string experiment;

    damaged_store() {
        mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
        made.log_metric("loss", 0.5, 1);
        made.log_text("text", "note.txt");
        run = test::folder(scratch, made);
        experiment = run.substr(0, run.rfind('/'));
    }
    std::string run_id() const { return run.substr(run.rfind('/') + 1); }
    std::string experiment_id() const { return experiment.substr(experiment.rfind('/') + 1); }

    void append(const std::string& path, const std::string& text) const {
        test::write_file(path, test::read_file(path) + text);
    }
    void replace(const std::string& path, const std::string& key, const std::string& line) const {
        std::string text = test::read_file(path);
        const std::size_t at = text.find(key + ": ");
        BOOST_REQUIRE_MESSAGE(at != text.npos, key);
        test::write_file(path, text.replace(at, text.find('\n', at) - at, line));
    }
    /// What was written a moment ago may be in somebody's hands.
    void age() const {
        const auto hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
        for (const std::string& name : test::tree(root)) {
            if (test::exists(root + '/' + name)) {
                std::filesystem::last_write_time(root + '/' + name, hour_ago);
            }
        }
    }
    std::vector<mlscribe::finding> found(damage what) const {
        std::vector<mlscribe::finding> all;
        for (const mlscribe::finding& each : mlscribe::examine(root).findings) {
            if (each.what == what) all.push_back(each);
        }
        return all;
    }
    mlscribe::repair_report mend(damage what) const {
        mlscribe::repair_options options;
        options.only = {what};
        return mlscribe::repair(root, options);
    }
};

struct single_damage {
    damage what;
    const char* message;  ///< a part of it
    std::function<void(const damaged_store&)> make;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor_damage)

BOOST_AUTO_TEST_CASE(names_lead_back_to_what_they_name) {
    for (int i = 0; i <= static_cast<int>(damage::missing_trash); ++i) {
        const auto what = static_cast<damage>(i);
        const auto back = mlscribe::find_damage(to_string(what));
        BOOST_TEST((back && *back == what), to_string(what));
    }
    BOOST_TEST(!mlscribe::find_damage("torn line"));
    BOOST_TEST(to_string(mlscribe::harm::reads_wrong) == "reads wrong");
}

BOOST_AUTO_TEST_CASE(each_is_named_mended_and_gone) {
    const std::vector<single_damage> all = {
        {damage::glued_line, "was cut short with the next one behind it",
         [](const damaged_store& store) {
             store.append(store.run + "/metrics/loss", "171700000000001 0.25 2\n");
         }},
        {damage::float_step, "no whole number of 64 bits",
         [](const damaged_store& store) {
             store.append(store.run + "/metrics/loss", "1700000000001 0.25 1e+06\n");
         }},
        {damage::invalid_utf8, "is not UTF-8",
         [](const damaged_store& store) {
             store.append(store.run + "/metrics/loss", "1700000000001 0.\xFC 2\n");
         }},
        {damage::dataset_line, "has a dataset",
         [](const damaged_store& store) {
             store.append(store.run + "/metrics/loss", "1700000000001 0.25 2 set 976f33e0\n");
         }},
        {damage::missing_trash, "has no folder .trash",
         [](const damaged_store& store) { std::filesystem::remove(store.root + "/.trash"); }},
        {damage::experiment_without_meta, "has runs but no meta.yaml",
         [](const damaged_store& store) {
             std::filesystem::remove(store.experiment + "/meta.yaml");
         }},
        {damage::broken_experiment, "meta.yaml",
         [](const damaged_store& store) {
             store.replace(store.experiment + "/meta.yaml", "name", "name: null");
         }},
        {damage::broken_run, "an empty file",
         [](const damaged_store& store) { test::write_file(store.run + "/meta.yaml", ""); }},
        {damage::broken_run, "meta.yaml",
         [](const damaged_store& store) {
             store.replace(store.run + "/meta.yaml", "start_time", "start_time: 1.7e12");
             store.replace(store.run + "/meta.yaml", "status", "status: Failed");
             store.replace(store.run + "/meta.yaml", "end_time", "end_time: null");
         }},
        {damage::foreign_run, "takes that for the run's id",
         [](const damaged_store& store) {
             store.replace(store.run + "/meta.yaml", "run_uuid",
                           "run_uuid: " + std::string(32, 'e'));
         }},
        {damage::broken_input, "has no key \"source_id\"",
         [](const damaged_store& store) {
             test::write_file(store.run + "/inputs/i/meta.yaml",
                              "destination_id: a\ndestination_type: RUN\n");
         }},
        {damage::broken_input, "outputs/o",
         [](const damaged_store& store) {
             std::filesystem::create_directories(store.run + "/outputs/o");
         }},
        {damage::broken_input, "is no folder",
         [](const damaged_store& store) { test::write_file(store.run + "/inputs/file", "x"); }},
        {damage::unreadable_mode, "metrics/loss",
         [](const damaged_store& store) {
             std::filesystem::permissions(store.run + "/metrics/loss",
                                          std::filesystem::perms::owner_read);
         }},
    };
    for (const single_damage& each : all) {
        const damaged_store store;
        each.make(store);
        store.age();
        BOOST_TEST_CONTEXT(to_string(each.what) << ": " << each.message) {
            const auto found = store.found(each.what);
            BOOST_TEST_REQUIRE(found.size() == 1u);
            BOOST_TEST(has(found[0].message, each.message), found[0].message);
            BOOST_TEST(!found[0].remedy.empty());
            const auto done = store.mend(each.what);
            BOOST_TEST(done.changes.size() == 1u);
            BOOST_TEST(store.found(each.what).empty());
            const auto runs = mlscribe::store(store.root).search_runs();
            BOOST_TEST_REQUIRE(runs.size() == 1u);
            BOOST_TEST(runs[0].info.run_id == store.run_id());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_was_written_otherwise_keeps_its_meaning) {
    const damaged_store store;
    const std::string meta = store.run + "/meta.yaml";
    store.replace(meta, "start_time", "start_time: 1.7e12");
    store.replace(meta, "end_time", "end_time: '1700000000500'");
    store.replace(meta, "status", "status: Killed");
    store.age();
    BOOST_TEST(store.mend(damage::broken_run).changes.size() == 1u);
    const auto runs = mlscribe::store(store.root).search_runs();
    BOOST_TEST_REQUIRE(runs.size() == 1u);
    BOOST_TEST(runs[0].info.start_time == 1700000000000);
    BOOST_TEST(runs[0].info.end_time.value_or(0) == 1700000000500);
    BOOST_TEST((runs[0].info.status == mlscribe::run_status::killed));
}

BOOST_AUTO_TEST_CASE(an_experiment_is_rebuilt_from_its_runs) {
    const damaged_store store;
    const std::string before = test::meta(store.experiment, "artifact_location");
    std::filesystem::remove(store.experiment + "/meta.yaml");
    store.age();
    BOOST_TEST(store.mend(damage::experiment_without_meta).changes.size() == 1u);
    BOOST_TEST(test::meta(store.experiment, "artifact_location") == before);
    BOOST_TEST(test::meta(store.experiment, "creation_time") ==
               test::meta(store.run, "start_time"));
    BOOST_TEST(test::meta(store.experiment, "name") == "recovered " + store.experiment_id());
}

BOOST_AUTO_TEST_CASE(a_migration_is_told_what_ends_it) {
    struct broken {
        const char* key;
        const char* line;
    };
    for (const broken each : {broken{"status", "status: nonsense"},
                              broken{"lifecycle_stage", "lifecycle_stage: gone"}}) {
        const damaged_store store;
        store.replace(store.run + "/meta.yaml", "start_time", "start_time: soon");
        store.replace(store.run + "/meta.yaml", each.key, each.line);
        store.age();
        const auto aborts = mlscribe::migration_check(store.root).aborts;
        BOOST_TEST_REQUIRE(aborts.size() == 1u, each.line);
        BOOST_TEST((aborts[0].what == damage::broken_run));
    }
    const damaged_store store;
    store.replace(store.experiment + "/meta.yaml", "name", "name: null");
    store.age();
    BOOST_TEST(mlscribe::migration_check(store.root).aborts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_nothing_is_told_and_left) {
    const damaged_store store;
    std::filesystem::create_directories(store.root + "/123456/notes");
    store.age();
    const auto found = store.found(damage::stray_folder);
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(has(found[0].message, "\"123456\" is no experiment"), found[0].message);
    BOOST_TEST(store.mend(damage::stray_folder).changes.empty());
    BOOST_TEST(test::exists(store.root + "/123456/notes"));
}

BOOST_AUTO_TEST_CASE(a_renamed_experiment_takes_its_models_along) {
    const damaged_store store;
    const std::string model = "/models/m-" + std::string(32, '1');
    test::write_file(store.experiment + model + "/meta.yaml",
                     "artifact_location: file://" + store.experiment + model +
                         "/artifacts\nexperiment_id: '" + store.experiment_id() + "'\n");
    std::filesystem::rename(store.experiment, store.root + "/777777");
    store.age();
    BOOST_TEST(store.mend(damage::foreign_experiment).changes.size() == 1u);
    const std::string meta = test::read_file(store.root + "/777777" + model + "/meta.yaml");
    BOOST_TEST(has(meta, "experiment_id: '777777'\n"), meta);
    BOOST_TEST(has(meta, "/777777" + model + "/artifacts"), meta);
    BOOST_TEST(has(test::read_file(store.root + "/777777/" + store.run_id() + "/meta.yaml"),
                   "/777777/" + store.run_id() + "/artifacts"));
}

BOOST_AUTO_TEST_CASE(a_moved_store_is_led_back_where_that_is_asked_for) {
    damaged_store store;
    const std::string old = "file://" + store.root + '/';
    store.root = store.scratch / "moved";
    std::filesystem::rename(store.scratch.store(), store.root);
    store.age();
    const auto found = store.found(damage::moved_store);
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].count == 3u);
    const auto done = store.mend(damage::moved_store);
    BOOST_TEST_REQUIRE(done.changes.size() == 1u);
    BOOST_TEST(store.found(damage::moved_store).empty());
    // Each that was changed can be put back.
    BOOST_TEST(has(test::read_file(done.changes[0].kept), "\"was\": \"" + old));
    for (const std::string& name : test::tree(store.root)) {
        if (name.find("meta.yaml") == name.npos) continue;
        BOOST_TEST(!has(test::read_file(store.root + '/' + name), old), name);
    }
}

BOOST_AUTO_TEST_CASE(without_a_quarantine_nothing_is_taken_away) {
    const damaged_store store;
    test::write_file(store.run + "/inputs/file", "x");
    test::write_file(store.scratch / "no folder", "");
    store.age();
    mlscribe::repair_options options;
    options.quarantine = store.scratch / "no folder/below";
    const auto done = mlscribe::repair(store.root, options);
    BOOST_TEST(done.changes.empty());
    BOOST_TEST_REQUIRE(done.left.size() == 1u);
    BOOST_TEST(has(done.left[0].message, "name a folder that can be written"),
               done.left[0].message);
    BOOST_TEST(test::read_file(store.run + "/inputs/file") == "x");
}

BOOST_AUTO_TEST_CASE(a_migration_is_told_what_it_leaves_out) {
    const damaged_store store;
    std::filesystem::remove(store.run + "/meta.yaml");
    store.age();
    const auto found = mlscribe::migration_check(store.root);
    BOOST_TEST_REQUIRE(found.skips.size() == 1u);
    BOOST_TEST((found.skips[0].what == damage::run_without_meta));
}

BOOST_AUTO_TEST_CASE(a_legal_name_that_is_taken_is_not_taken_from_its_file) {
    const damaged_store store;
    const std::string params = store.run + "/params/";
    test::write_file(params + "a@b", "illegal");
    test::write_file(params + "a_x40_b", "legal");
    store.age();
    BOOST_TEST(store.mend(damage::illegal_key).changes.size() == 1u);
    BOOST_TEST(test::read_file(params + "a_x40_b") == "legal");
    BOOST_TEST(!test::exists(params + "a@b"));
    BOOST_TEST(test::tree(params.substr(0, params.size() - 1)).size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_a_network_leaves_in_place_of_an_open_file_is_no_metric) {
    const damaged_store store;
    test::write_file(store.run + "/metrics/.nfs00000000deadbeef00000001", "x");
    store.age();
    const auto found = store.found(damage::stray_file);
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(has(found[0].message, ".nfs00000000deadbeef00000001"), found[0].message);
}

BOOST_AUTO_TEST_SUITE_END()
