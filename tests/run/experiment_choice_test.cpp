// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/experiment_choice.hpp>

#include <filesystem>
#include <string>

#include "environment.hpp"
#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::run_options;
using mlscribe::detail::choose_experiment;
using mlscribe::detail::experiment_id_candidate;
using mlscribe::detail::found_experiment;
using mlscribe::detail::store_root;

namespace {

struct opened_store {
    test::scratch_directory scratch;
    store_root store;

    opened_store() {
        BOOST_REQUIRE(!store_root::open_for_writing(scratch.store(), store));
        found_experiment made;
        BOOST_REQUIRE(!store.claim_experiment("11", "eleven", 1, made));
        BOOST_REQUIRE(!store.claim_experiment("22", "twenty-two", 1, made));
    }
    /// The chosen experiment's id, or the message.
    std::string choose(const run_options& options, const char* name, const char* id) const {
        const test::variable name_set("MLFLOW_EXPERIMENT_NAME", name);
        const test::variable id_set("MLFLOW_EXPERIMENT_ID", id);
        found_experiment found;
        std::string neighbours;
        const error failure = choose_experiment(store, options, found, neighbours);
        return failure ? failure.message : found.id;
    }
    std::string choose(const char* name, const char* id) const { return choose({}, name, id); }
};

run_options by_name(const std::string& name) {
    run_options options;
    options.experiment = name;
    return options;
}

run_options by_id(const std::string& id) {
    run_options options;
    options.experiment_id = id;
    return options;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_experiment_choice)

BOOST_FIXTURE_TEST_CASE(the_program_comes_before_the_environment, opened_store) {
    run_options both = by_name("eleven");
    both.experiment_id = "22";
    BOOST_TEST(choose(both, "Default", nullptr) == "22");
    BOOST_TEST(choose(by_id("11"), "twenty-two", nullptr) == "11");
    BOOST_TEST(choose(by_name("eleven"), "twenty-two", "22") == "11");
    BOOST_TEST(choose(by_name("new"), nullptr, nullptr) == experiment_id_candidate("new", 0));
}

BOOST_FIXTURE_TEST_CASE(then_the_name_then_the_id_then_the_default, opened_store) {
    BOOST_TEST(choose("eleven", nullptr) == "11");
    BOOST_TEST(choose("eleven", "11") == "11");
    BOOST_TEST(choose(nullptr, "22") == "22");
    BOOST_TEST(choose("", "22") == "22");
    BOOST_TEST(choose(nullptr, nullptr) == "0");
    BOOST_TEST(choose("", "") == "0");
    // As in MLflow a name that is new wins over an id.
    BOOST_TEST(choose("new", "22") == experiment_id_candidate("new", 0));
    BOOST_TEST(contains(choose("eleven", "22"), "unset one"));
}

BOOST_FIXTURE_TEST_CASE(an_id_must_exist, opened_store) {
    BOOST_TEST(contains(choose(by_id("999"), nullptr, nullptr), "experiment_id must name an"));
    BOOST_TEST(contains(choose(nullptr, "999"), "MLFLOW_EXPERIMENT_ID must name an existing one"));
    BOOST_TEST(contains(choose(by_id("../x"), nullptr, nullptr), "is no experiment id"));
    std::filesystem::rename(scratch.store() + "/11", scratch.store() + "/.trash/11");
    BOOST_TEST(contains(choose(by_id("11"), nullptr, nullptr), "is deleted; restore it"));
    BOOST_TEST(contains(choose(nullptr, "11"), "MLFLOW_EXPERIMENT_ID 11 is deleted"));
    BOOST_TEST(contains(choose("eleven", nullptr), "is deleted; restore it or use another name"));
}

BOOST_FIXTURE_TEST_CASE(the_default_is_made_where_it_is_missing, opened_store) {
    std::filesystem::remove_all(scratch.store() + "/0");
    BOOST_TEST(choose(nullptr, nullptr) == "0");
    BOOST_TEST(test::meta(scratch.store() + "/0", "name") == "Default");
}

BOOST_FIXTURE_TEST_CASE(a_deleted_default_is_told, opened_store) {
    std::filesystem::rename(scratch.store() + "/0", scratch.store() + "/.trash/0");
    const std::string chosen = choose(nullptr, nullptr);
    BOOST_TEST(contains(chosen, "deleted"), chosen);
    BOOST_TEST(!test::exists(scratch.store() + "/0"));
}

BOOST_AUTO_TEST_SUITE_END()
