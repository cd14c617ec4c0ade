// SPDX-License-Identifier: MIT
/// \file In a shared store somebody puts links in a run's folder; nothing is written through them.
#include <boost/test/unit_test.hpp>

#include <string>

#include "scratch_directory.hpp"

namespace {

void plant(const std::string& target, const std::string& link) {
    std::filesystem::remove_all(link);
    std::filesystem::create_symlink(target, link);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(planted_links)

BOOST_AUTO_TEST_CASE(in_place_of_the_folders_of_a_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    std::filesystem::create_directory(scratch / "elsewhere");
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    for (const std::string name : {"metrics", "params", "tags", "artifacts"}) {
        plant(scratch / "elsewhere", folder + '/' + name);
    }
    run.log_metric("loss", 1.0);
    run.flush();
    run.log_param("lr", 0.1);
    run.set_tag("team", "hpc");
    run.log_text("notes", "notes.txt");
    for (const std::string subject : {"metric \"loss\"", "param ", "tag ", "artifact "}) {
        BOOST_TEST(log.tells({"cannot ", subject}), subject);
    }
    run.end();
    BOOST_TEST(log.tells({"leaves 1 points in its journal"}));
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(test::tree(scratch / "elsewhere").empty());
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(in_place_of_its_files) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    const std::string victim = scratch / "victim";
    test::write_file(victim, "1700000000000 1.0 0\n1700");
    for (const std::string path :
         {"/metrics/loss", "/params/lr", "/tags/team", "/artifacts/notes.txt"}) {
        plant(victim, folder + path);
    }
    run.log_metric("loss", 1.0);
    run.log_param("lr", 0.1);
    run.set_tag("team", "hpc");
    run.log_text("notes", "notes.txt");
    run.end();
    BOOST_TEST(test::read_file(victim) == "1700000000000 1.0 0\n1700");
    BOOST_TEST(log.tells({"leaves 1 points in its journal"}));
    BOOST_TEST(run.lost_points() == 0u);
    BOOST_TEST(test::read_file(folder + "/tags/team") == "hpc");
    BOOST_TEST(test::read_file(folder + "/artifacts/notes.txt") == "notes");
}

BOOST_AUTO_TEST_CASE(in_place_of_a_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.end();
    const std::string before = test::read_file(folder + "/meta.yaml");
    std::filesystem::rename(folder, scratch / "away");
    std::filesystem::create_symlink(scratch / "away", folder);
    const std::string id(run.id());
    BOOST_TEST(!mlscribe::resume_run(id, test::resuming(scratch, log)).recording());
    BOOST_TEST(log.count(mlscribe::error_code::not_found) == 1u);
    BOOST_TEST(test::read_file(scratch / "away/meta.yaml") == before);
}

BOOST_AUTO_TEST_CASE(but_an_experiment_may_lie_on_another_disk) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string experiment = scratch.store() + '/' + std::string(run.experiment_id());
    const std::string id(run.id());
    run.end();
    std::filesystem::rename(experiment, scratch / "disk");
    std::filesystem::create_symlink(scratch / "disk", experiment);
    run = mlscribe::resume_run(id, test::resuming(scratch, log));
    run.log_metric("loss", 1.0);
    run = mlscribe::start_run(test::options(scratch, log));
    BOOST_TEST(run.recording());
    run.end();
    BOOST_TEST(test::points(scratch / ("disk/" + id), "loss").size() == 1u);
    BOOST_TEST(test::meta(scratch / ("disk/" + std::string(run.id())), "status") == "3");
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
