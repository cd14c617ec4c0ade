// SPDX-License-Identifier: MIT
/// \file In a shared store somebody puts links in a run's folder; nothing is written through them.
#include <boost/test/unit_test.hpp>

#include <string>

#include "scratch_directory.hpp"

namespace {

void plant(const std::string& target, const std::string& link) {
    boost::filesystem::remove_all(link);
    boost::filesystem::create_symlink(target, link);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(planted_links)

BOOST_AUTO_TEST_CASE(in_place_of_the_folders_of_a_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    boost::filesystem::create_directory(scratch / "elsewhere");
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
    BOOST_TEST(log.all().size() == 4u);
    run.end();
    BOOST_TEST(log.count(mlscribe::error_code::points_lost) > 0u);
    BOOST_TEST(run.lost_points() == 1u);
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
    BOOST_TEST(run.lost_points() == 1u);
    BOOST_TEST(test::read_file(folder + "/tags/team") == "hpc");
    BOOST_TEST(test::read_file(folder + "/artifacts/notes.txt") == "notes");
}

BOOST_AUTO_TEST_CASE(in_place_of_a_run_or_an_experiment) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.end();
    const std::string before = test::read_file(folder + "/meta.yaml");
    boost::filesystem::rename(folder, scratch / "away");
    boost::filesystem::create_symlink(scratch / "away", folder);
    BOOST_TEST(
        !mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log)).recording());
    BOOST_TEST(log.count(mlscribe::error_code::not_found) == 1u);
    BOOST_TEST(test::read_file(scratch / "away/meta.yaml") == before);
    const std::string experiment = folder.substr(0, folder.rfind('/'));
    boost::filesystem::rename(experiment, scratch / "experiment");
    boost::filesystem::create_symlink(scratch / "experiment", experiment);
    const auto names = test::tree(scratch / "experiment");
    mlscribe::start_run(test::options(scratch, log)).end();
    BOOST_TEST(test::tree(scratch / "experiment") == names, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
