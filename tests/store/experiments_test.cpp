// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/experiments.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"
#include "skipped.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::experiment_id_candidate;
using mlscribe::detail::found_experiment;
using mlscribe::detail::get_or_create_experiment;
using mlscribe::detail::store_root;

namespace {

struct opened_store {
    test::scratch_directory scratch;
    store_root store;
    std::string neighbours;

    opened_store() { BOOST_REQUIRE(!store_root::open_for_writing(scratch.store(), store)); }
    error get(const std::string& name, found_experiment& found) {
        return get_or_create_experiment(store, name, 1000, found, neighbours);
    }
    std::string id_of(const std::string& name) {
        found_experiment found;
        const error failure = get(name, found);
        return failure ? failure.message : found.id;
    }
    /// What becomes of get(name) for a user who owns nothing here: an id, or a message.
    std::string id_for_another_user(const std::string& name) {
        return test::in_child([&] {
            if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("not another");
            return id_of(name);
        });
    }
    int mode(const std::string& folder, mode_t bits) const {
        return ::chmod((scratch.store() + folder).c_str(), bits);
    }
    /// An experiment as another program made it.
    void write(const std::string& folder, const std::string& id, const std::string& name,
               const std::string& stage) const {
        test::write_file(scratch.store() + '/' + folder + "/meta.yaml",
                         "artifact_location: /x\nexperiment_id: '" + id +
                             "'\nlifecycle_stage: " + stage + "\nname: " + name + '\n');
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_experiments)

BOOST_FIXTURE_TEST_CASE(created_once_and_found_ever_after, opened_store) {
    const std::string id = id_of("sweep");
    BOOST_TEST(id == experiment_id_candidate("sweep", 0));
    BOOST_TEST(id_of("sweep") == id);
    BOOST_TEST(id_of("other") != id);
    BOOST_TEST(id_of("Default") == "0");
    BOOST_TEST(neighbours.empty());
}

BOOST_FIXTURE_TEST_CASE(found_under_the_id_that_mlflow_gave, opened_store) {
    write("219160639440920645", "219160639440920645", "sweep", "active");
    BOOST_TEST(id_of("sweep") == "219160639440920645");
}

BOOST_FIXTURE_TEST_CASE(of_two_with_a_name_always_the_same, opened_store) {
    write("33", "33", "sweep", "active");
    write("22", "22", "sweep", "active");
    write("11", "11", "sweep", "deleted");
    BOOST_TEST(id_of("sweep") == "22");
}

BOOST_FIXTURE_TEST_CASE(a_deleted_one_is_told, opened_store) {
    write(".trash/33", "33", "trashed", "deleted");
    write("34", "34", "marked", "deleted");
    for (const std::string name : {"trashed", "marked"}) {
        found_experiment found;
        const error failure = get(name, found);
        BOOST_TEST((failure.code == error_code::deleted));
        BOOST_TEST(failure.message.find('"' + name + '"') != std::string::npos);
        BOOST_TEST(failure.message.find("restore it or use another name") != std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(an_id_that_another_has_is_passed_over, opened_store) {
    const std::string first = experiment_id_candidate("sweep", 0);
    const std::string second = experiment_id_candidate("sweep", 1);
    const std::string third = experiment_id_candidate("sweep", 2);
    write(first, first, "renamed", "active");
    write(".trash/" + second, second, "other", "deleted");
    test::write_file(scratch.store() + '/' + third + "/meta.yaml", "");
    BOOST_TEST(id_of("sweep") == experiment_id_candidate("sweep", 3));
    BOOST_TEST(neighbours.find(third) != std::string::npos);
    BOOST_TEST(test::read_file(scratch.store() + '/' + third + "/meta.yaml").empty());
}

BOOST_FIXTURE_TEST_CASE(neighbours_that_hurt_are_named, opened_store) {
    test::write_file(scratch.store() + "/77/meta.yaml", "name: [");
    test::write_file(scratch.store() + "/lost+found/x", "");
    id_of("sweep");
    BOOST_TEST(neighbours.find("77/meta.yaml") != std::string::npos);
    BOOST_TEST(neighbours.find("lost+found") != std::string::npos);
    BOOST_TEST(neighbours.find("move it away") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_store_that_cannot_be_listed_hides_nothing_silently, opened_store) {
    // Who owns a folder gives himself its rights.
    if (::geteuid() != 0) return test::skipped("there is no other user (root only)");
    write("22", "22", "sweep", "active");
    const std::string own = id_of("own");
    for (const std::string closed : {"", "/.trash"}) {
        BOOST_TEST(mode("", 0777) == 0);
        BOOST_TEST(mode(closed, 0733) == 0);
        const auto before = test::tree(scratch.store());
        const std::string told = id_for_another_user("new");
        BOOST_TEST(told.find("cannot list the store") != std::string::npos, told);
        BOOST_TEST(
            told.find(scratch.store() + closed + "\": Permission denied") != std::string::npos,
            told);
        BOOST_TEST(id_for_another_user("own") == own);
        BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
    }
    BOOST_TEST(id_for_another_user("sweep") == "22");
}

BOOST_FIXTURE_TEST_CASE(an_experiment_that_cannot_be_read_may_be_the_one, opened_store) {
    if (::geteuid() != 0) return test::skipped("there is no other user (root only)");
    write("22", "22", "sweep", "active");
    write("33", "33", "grid", "active");
    BOOST_TEST(mode("", 0777) == 0);
    BOOST_TEST(mode("/22/meta.yaml", 0600) == 0);
    const auto before = test::tree(scratch.store());
    const std::string told = id_for_another_user("sweep");
    BOOST_TEST(told.find("/22\": Permission denied") != std::string::npos, told);
    BOOST_TEST(told.find("have it readable, or move it away") != std::string::npos, told);
    BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
    BOOST_TEST(id_for_another_user("grid") == "33");
    // MLflow passes over a folder that it must not look into.
    BOOST_TEST(mode("/22", 0700) == 0);
    BOOST_TEST(id_for_another_user("new") == experiment_id_candidate("new", 0));
}

BOOST_FIXTURE_TEST_CASE(a_meta_file_that_is_none_hides_no_store, opened_store) {
    std::filesystem::create_directories(scratch.store() + "/77/meta.yaml");
    std::filesystem::create_directories(scratch.store() + "/78");
    std::filesystem::create_symlink("/etc/passwd", scratch.store() + "/78/meta.yaml");
    BOOST_TEST(id_of("new") == experiment_id_candidate("new", 0));
    BOOST_TEST(neighbours.find("/77") != std::string::npos);
    BOOST_TEST(neighbours.find("/78") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_name_that_is_not_allowed_makes_nothing, opened_store) {
    const auto before = test::tree(scratch.store());
    found_experiment found;
    BOOST_TEST((get("it's", found).code == error_code::invalid_value));
    BOOST_TEST((get("", found).code == error_code::invalid_value));
    BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_race_of_many_makes_one, opened_store) {
    for (int round = 0; round < 20; ++round) {
        const std::string name = "sweep " + std::to_string(round);
        std::vector<std::string> ids(8);
        std::vector<std::thread> threads;
        for (std::string& id : ids) {
            threads.emplace_back([&] {
                store_root own;
                found_experiment found;
                std::string ignored;
                const error failed = store_root::open_for_writing(scratch.store(), own);
                const error unfound = get_or_create_experiment(own, name, 1000, found, ignored);
                id = failed || unfound ? unfound.message : found.id;
            });
        }
        for (std::thread& thread : threads) thread.join();
        const std::set<std::string> different(ids.begin(), ids.end());
        BOOST_REQUIRE(different.size() == 1u);
        BOOST_REQUIRE(*different.begin() == experiment_id_candidate(name, 0));
    }
    BOOST_TEST(store.scan().experiments.size() == 21u);
}

BOOST_AUTO_TEST_SUITE_END()
