// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/client.hpp>

#include <unistd.h>

#include <filesystem>
#include <string>

#include "child_process.hpp"
#include "few_descriptors.hpp"
#include "scratch_directory.hpp"

using mlscribe::client;
using mlscribe::error_code;
using mlscribe::strictness;

namespace {

struct managed_store {
    test::scratch_directory scratch;
    test::error_log log;
    client manager{scratch.store(), strictness::report, log.handler()};

    std::string folder(const std::string& id) const { return scratch.store() + '/' + id; }
    mlscribe::run start() {
        mlscribe::run_options options = test::options(scratch, log);
        options.experiment = "sweep";
        return mlscribe::start_run(options);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_client)

BOOST_FIXTURE_TEST_CASE(creates_finds_and_renames_experiments, managed_store) {
    const std::string id = manager.create_experiment("sweep");
    BOOST_TEST(id.size() == 18u);
    BOOST_TEST(manager.create_experiment("sweep").empty());
    BOOST_TEST(log.count(error_code::already_exists) == 1u);
    BOOST_TEST(manager.get_experiment_by_name("sweep").value().experiment_id == id);
    BOOST_TEST(!manager.get_experiment_by_name("other"));
    BOOST_TEST(manager.rename_experiment(id, "grid"));
    BOOST_TEST(manager.rename_experiment(id, "grid"));
    BOOST_TEST(test::meta(folder(id), "name") == "grid");
    BOOST_TEST(!manager.get_experiment_by_name("sweep"));
    BOOST_TEST(!manager.rename_experiment(id, "Default"));
    BOOST_TEST(!manager.rename_experiment(id, "it's"));
    BOOST_TEST(!manager.rename_experiment("999", "new"));
    BOOST_TEST(!manager.rename_experiment("../0", "new"));
    BOOST_TEST(test::meta(folder(id), "name") == "grid");
    BOOST_TEST(log.all().size() == 5u);
    // The freed name is a new experiment, under another id.
    const std::string again = manager.create_experiment("sweep");
    BOOST_TEST(!again.empty());
    BOOST_TEST(again != id);
}

BOOST_FIXTURE_TEST_CASE(a_name_of_which_nothing_is_known_is_given_to_nobody, managed_store) {
    const std::string id = manager.create_experiment("sweep");
    const auto before = test::tree(scratch.store());
    const auto with_few_descriptors = [](auto&& call) {
        const test::few_descriptors few(0);
        return call();
    };
    BOOST_TEST(!with_few_descriptors([&] { return manager.get_experiment_by_name("sweep"); }));
    BOOST_TEST(log.count(error_code::system) == 1u);
    BOOST_TEST(with_few_descriptors([&] { return manager.create_experiment("grid"); }).empty());
    BOOST_TEST(log.count(error_code::system) == 2u);
    BOOST_TEST(!with_few_descriptors([&] { return manager.rename_experiment(id, "grid"); }));
    BOOST_TEST(log.count(error_code::system) == 3u);
    BOOST_TEST(log.all().size() == 3u);
    BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(tags_and_describes_experiments, managed_store) {
    const std::string id = manager.create_experiment("sweep");
    BOOST_TEST(manager.set_experiment_tag(id, "team", "hpc"));
    BOOST_TEST(manager.set_experiment_description(id, "**bold**"));
    BOOST_TEST(test::read_file(folder(id) + "/tags/team") == "hpc");
    BOOST_TEST(test::read_file(folder(id) + "/tags/mlflow.note.content") == "**bold**");
    BOOST_TEST(!manager.set_experiment_tag(id, "a@b", "x"));
    BOOST_TEST(!manager.set_experiment_tag("999", "team", "x"));
    BOOST_TEST(log.count(error_code::invalid_key) == 1u);
    BOOST_TEST(log.count(error_code::not_found) == 1u);
}

BOOST_FIXTURE_TEST_CASE(deletes_and_restores_an_experiment_with_its_runs, managed_store) {
    mlscribe::run run = start();
    const std::string id(run.experiment_id());
    const std::string run_id(run.id());
    run.end();
    BOOST_TEST(manager.delete_experiment(id));
    BOOST_TEST(!test::exists(folder(id)));
    const std::string trashed = folder(".trash/" + id);
    BOOST_TEST(test::meta(trashed, "lifecycle_stage") == "deleted");
    BOOST_TEST(test::meta(trashed + '/' + run_id, "lifecycle_stage") == "deleted");
    BOOST_TEST(test::meta(trashed + '/' + run_id, "deleted_time").size() == 13u);
    BOOST_TEST(!manager.delete_experiment(id));
    BOOST_TEST(!start().recording());
    BOOST_TEST(log.count(error_code::deleted) == 1u);
    BOOST_TEST(manager.restore_experiment(id));
    BOOST_TEST(test::meta(folder(id), "lifecycle_stage") == "active");
    BOOST_TEST(test::meta(folder(id) + '/' + run_id, "lifecycle_stage") == "active");
    BOOST_TEST(test::meta(folder(id) + '/' + run_id, "deleted_time") == "(missing)");
    BOOST_TEST(start().recording());
}

BOOST_FIXTURE_TEST_CASE(deletes_and_restores_a_run, managed_store) {
    mlscribe::run run = start();
    const std::string run_id(run.id());
    const std::string where = test::folder(scratch, run);
    run.end();
    BOOST_TEST(manager.delete_run(run_id));
    BOOST_TEST(test::meta(where, "lifecycle_stage") == "deleted");
    BOOST_TEST(!mlscribe::resume_run(run_id, test::resuming(scratch, log)).recording());
    BOOST_TEST(log.count(error_code::deleted) == 1u);
    BOOST_TEST(manager.restore_run(run_id));
    BOOST_TEST(mlscribe::resume_run(run_id, test::resuming(scratch, log)).recording());
    BOOST_TEST(!manager.delete_run("absent"));
    BOOST_TEST(!manager.delete_run("../x"));
}

BOOST_FIXTURE_TEST_CASE(a_run_goes_on_in_an_experiment_that_is_deleted, managed_store) {
    mlscribe::run run = start();
    const std::string id(run.experiment_id());
    const std::string run_id(run.id());
    run.log_metric("loss", 1.0);
    run.flush();
    BOOST_TEST(manager.delete_experiment(id));
    run.log_metric("loss", 2.0);
    run.log_param("late", 1);
    run.end();
    const std::string where = folder(".trash/" + id + '/' + run_id);
    BOOST_TEST(test::points(where, "loss").size() == 2u);
    BOOST_TEST(test::meta(where, "status") == "3");
    BOOST_TEST(test::meta(where, "lifecycle_stage") == "deleted");
    BOOST_TEST(!test::exists(folder(id)));
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_opened) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "file", "");
    test::error_log log;
    client manager(scratch / "file", strictness::report, log.handler());
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(manager.create_experiment("x").empty());
    BOOST_TEST(!manager.get_experiment_by_name("x"));
    BOOST_TEST(!manager.delete_run("x"));
    BOOST_TEST(!manager.set_experiment_tag("0", "a", "b"));
    BOOST_TEST(!manager.delete_experiment("7"));
    BOOST_TEST(log.count(error_code::not_recording) == 5u);
    BOOST_CHECK_THROW(client(scratch / "file", strictness::raise), mlscribe::logging_error);
    BOOST_CHECK_THROW(client("s3://bucket", strictness::raise), mlscribe::logging_error);
}

BOOST_AUTO_TEST_CASE(raise_throws_at_each_call) {
    const test::scratch_directory scratch;
    client manager(scratch.store(), strictness::raise);
    BOOST_CHECK_THROW(manager.create_experiment("it's"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.create_experiment("Default"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.rename_experiment("9", "x"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.set_experiment_tag("9", "a", "b"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.delete_experiment("9"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.restore_experiment("9"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.delete_run("x"), mlscribe::logging_error);
    BOOST_CHECK_THROW(manager.restore_run("x"), mlscribe::logging_error);
}

BOOST_FIXTURE_TEST_CASE(an_experiment_that_has_no_other_place_is_not_moved, managed_store) {
    BOOST_TEST(manager.create_experiment("sweep").size() == 18u);
    BOOST_TEST(!manager.delete_experiment("0"));
    BOOST_TEST(log.tells({"experiment 0 is MLflow's default"}));
    const std::string id = manager.create_experiment("other");
    std::filesystem::create_directories(folder(".trash/" + id));
    BOOST_TEST(!manager.delete_experiment(id));
    BOOST_TEST(log.tells({"both an active and a deleted", "move one away"}));
    BOOST_TEST(test::meta(folder(id), "lifecycle_stage") == "active");
}

BOOST_AUTO_TEST_CASE(a_place_where_mlflow_finds_no_run_is_told) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.tracking_uri = scratch / "artifacts/mlruns";
    BOOST_TEST(mlscribe::start_run(options).recording());
    BOOST_TEST(log.tells({"below a directory called artifacts", "name another place"}));
}

BOOST_AUTO_TEST_CASE(below_a_working_directory_that_is_gone_there_is_no_store) {
    const test::scratch_directory scratch;
    const std::string told = test::in_child([&scratch] {
        const std::string place = scratch / "gone";
        std::filesystem::create_directories(place);
        if (::chdir(place.c_str()) != 0) return std::string("no such place");
        std::filesystem::remove(place);
        test::error_log log;
        mlscribe::run_options options = test::options(scratch, log);
        options.tracking_uri = "mlruns";
        const bool recording = mlscribe::start_run(options).recording();
        const auto all = log.all();
        return std::string(recording ? "recording" : "") + (all.empty() ? "" : all[0].message);
    });
    BOOST_TEST(told.find("the working directory is gone") != std::string::npos, told);
    BOOST_TEST(told.find("recording") != 0u, told);
}

BOOST_AUTO_TEST_SUITE_END()
