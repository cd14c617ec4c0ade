// SPDX-License-Identifier: MIT
/// \file In the place of an experiment or run stands a link that another user planted.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/query.hpp>

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(refused_links)

BOOST_AUTO_TEST_CASE(who_meets_one_is_told_whose_it_is_and_the_way_out) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string id(run.id());
    const std::string number(run.experiment_id());
    const std::string folder = test::folder(scratch, run);
    const std::string experiment = scratch.store() + '/' + number;
    run.end();
    mlscribe::client client(scratch.store(), mlscribe::strictness::report, log.handler());
    const auto told = [&log](const std::function<void(std::string&)>& ask) {
        const std::size_t known = log.all().size();
        std::string said;
        try {
            ask(said);
        } catch (const mlscribe::logging_error& thrown) {
            said += thrown.what();
        }
        const auto all = log.all();
        for (std::size_t i = known; i != all.size(); ++i) said += all[i].message + '\n';
        return said;
    };
    const std::pair<std::string, std::function<void(std::string&)>> of_an_experiment[] = {
        {"start_run", [&](std::string&) { mlscribe::start_run(test::options(scratch, log)); }},
        {"resume_run",
         [&](std::string&) { mlscribe::resume_run(id, test::resuming(scratch, log)); }},
        {"set_experiment_tag",
         [&](std::string&) { client.set_experiment_tag(number, "key", "value"); }},
        {"delete_experiment", [&](std::string&) { client.delete_experiment(number); }},
        {"delete_run", [&](std::string&) { client.delete_run(id); }},
        {"recover",
         [&](std::string&) {
             mlscribe::recover_options options;
             options.on_error = log.handler();
             mlscribe::recover(scratch.store(), options);
         }},
        {"get_run", [&](std::string&) { mlscribe::store(scratch.store()).get_run(id); }},
        {"search_runs",
         [&](std::string& said) {
             for (const auto& each : mlscribe::store(scratch.store()).search_runs().damaged) {
                 said += each.why.message;
             }
         }},
        {"examine",
         [&](std::string& said) {
             for (const auto& each : mlscribe::examine(scratch.store()).findings) {
                 said += each.message;
             }
         }},
    };
    const auto is_told = [](const std::string& said, const std::string& link) {
        for (const std::string& part :
             {link + "\": the link belongs to user 54321, who is neither you nor the superuser",
              std::string("make it your own (chown -h), or put the directory in its place")}) {
            if (said.find(part) == said.npos) return false;
        }
        return said.find("not permitted") == said.npos;
    };
    const auto swap = [&scratch](const std::string& place) {
        std::filesystem::rename(place, scratch / "away");
        std::filesystem::create_symlink(scratch / "away", place);
        return ::lchown(place.c_str(), 54321, 54321) == 0;
    };
    if (!swap(experiment)) return;  // only the superuser makes others' links
    for (const auto& [name, ask] : of_an_experiment) {
        const std::string said = told(ask);
        BOOST_TEST(is_told(said, '/' + number) | is_told(said, '"' + number), name << ": " << said);
    }
    std::filesystem::remove(experiment);
    std::filesystem::rename(scratch / "away", experiment);
    swap(folder);
    for (const auto& [name, ask] : of_an_experiment) {
        if (name != "search_runs" && name != "examine") continue;
        const std::string said = told(ask);
        BOOST_TEST(is_told(said, '/' + id), name << ": " << said);
    }
}

BOOST_AUTO_TEST_SUITE_END()
