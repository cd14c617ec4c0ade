// SPDX-License-Identifier: MIT
/// \file Each request for memory that a call on a store makes is refused in turn: what was not done
/// is told, and the store stays whole.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/registry.hpp>
#include <mlscribe/report.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "memory_sweep.hpp"
#include "scratch_directory.hpp"

// Without exceptions `new` itself ends the program.
#if defined(__cpp_exceptions)

namespace {

using mlscribe::strictness;
using test::may_throw;
using test::swept_call;

/// The policy of a case, what was told, and a sweep that allows what the policy does.
struct telling {
    const strictness policy;
    std::size_t told = 0;
    test::memory_sweep memory{[this] { return told; }, policy == strictness::raise
                                                           ? may_throw::logging_error
                                                           : may_throw::nothing};

    explicit telling(strictness chosen) : policy(chosen) {}

    mlscribe::error_handler handler() {
        return [this](const mlscribe::error&) { ++told; };
    }
    void check(long least) const {
        BOOST_TEST(memory.complaints() == "");
        BOOST_TEST(memory.met() > least);
        BOOST_TEST((memory.raised() > least / 2) == (policy == strictness::raise));
    }
};

std::string what_is_damaged(const std::string& store) {
    std::string told;
    for (const mlscribe::finding& each : mlscribe::examine(store).findings) {
        told += "\n  " + each.path + ": " + each.message;
    }
    return told;
}

/// A store with a run whose process was killed before it wrote any point.
struct killed_store {
    static constexpr std::size_t logged = 20;
    test::scratch_directory scratch{test::folder_in_memory()};
    std::string run;  ///< below the root

    killed_store() {
        test::in_child([this] {
            test::error_log log;
            mlscribe::run_options options = test::options(scratch, log);
            options.flush_interval = std::chrono::hours(1);
            mlscribe::run started = mlscribe::start_run(options);
            for (std::size_t i = 0; i < logged; ++i) started.log_metric("loss", 1.0);
            test::write_file(scratch / "run",
                             test::folder(scratch, started).substr(scratch.store().size() + 1));
            ::kill(::getpid(), SIGKILL);
            return std::string();
        });
        run = test::read_file(scratch / "run");
    }

    std::string copy() const {
        const std::string place = scratch / "copy/mlruns";
        std::filesystem::remove_all(scratch / "copy");
        std::filesystem::create_directories(scratch / "copy");
        std::filesystem::copy(scratch.store(), place, std::filesystem::copy_options::recursive);
        return place;
    }
    bool is_recovered(const std::string& root) const {
        const std::string folder = root + '/' + run;
        if (!test::exists(folder + "/metrics/loss")) return false;
        const std::vector<std::int64_t> steps = test::steps(folder, "loss");
        return test::meta(folder, "status") == "5" && steps.size() == logged &&
               std::set<std::int64_t>(steps.begin(), steps.end()).size() == logged;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(refused_memory_of_stores)

BOOST_AUTO_TEST_CASE(no_call_of_a_client_throws) {
    for (const auto policy : {strictness::report, strictness::raise}) {
        const test::scratch_directory scratch(test::folder_in_memory());
        test::error_log log;
        std::string run;
        {
            const mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
            run = made.id();
        }
        const std::string text(100, 'x');
        const std::string root = scratch.store();
        telling tells(policy);
        std::optional<mlscribe::client> made;
        mlscribe::client swept(scratch.store(), policy, tells.handler());
        mlscribe::client plain(scratch.store(), strictness::report, log.handler());
        int count = 0;
        bool done = false;
        std::string name;
        std::string other;
        std::string id;
        std::optional<mlscribe::experiment_meta> found;
        const auto rename = [&] {
            name = "an experiment that needs memory of its own " + std::to_string(++count);
            other = name + '!';
            done = false;
        };
        const auto create = [&] {
            rename();
            id = plain.create_experiment(name);
        };
        const auto discard = [&] { std::filesystem::remove_all(scratch.store() + '/' + id); };
        const auto discard_both = [&] {
            discard();
            std::filesystem::remove_all(scratch.store() + "/.trash/" + id);
        };
        const auto experiment = [&](const std::string& key) {
            return done ? test::meta(scratch.store() + '/' + id, key) : std::string();
        };
        const auto stage = [&] {
            return mlscribe::store(scratch.store()).get_run(run).info.lifecycle_stage;
        };
        const std::vector<swept_call> calls = {
            {"client", [&] { made.emplace(root, policy, tells.handler()); },
             [&] { return made->get_experiment_by_name("test").has_value(); }},
            {"get_experiment_by_name", [&] { found = swept.get_experiment_by_name(name); },
             [&] { return found && found->name == name; }, create, discard},
            {"create_experiment", [&] { id = swept.create_experiment(name); },
             [&] {
                 done = !id.empty();
                 return experiment("name") == name;
             },
             [&] {
                 // The next one of this name takes what is left of the one before.
                 name = "an experiment that comes again and again";
                 id.clear();
             },
             [&] {
                 id = plain.create_experiment(name);
                 const auto left = plain.get_experiment_by_name(name);
                 BOOST_REQUIRE(left.has_value());
                 id = left->experiment_id;
                 discard();
             }},
            {"set_experiment_tag", [&] { done = swept.set_experiment_tag(id, "key", text); },
             [&] { return done && test::exists(scratch.store() + '/' + id + "/tags/key"); }, create,
             discard},
            {"set_experiment_description",
             [&] { done = swept.set_experiment_description(id, text); },
             [&] {
                 return done &&
                        test::exists(scratch.store() + '/' + id + "/tags/mlflow.note.content");
             },
             create, discard},
            {"rename_experiment", [&] { done = swept.rename_experiment(id, other); },
             [&] { return experiment("name") == name + "!"; }, create, discard},
            {"delete_experiment", [&] { done = swept.delete_experiment(id); },
             [&] { return done && test::exists(scratch.store() + "/.trash/" + id); }, create,
             discard_both},
            {"restore_experiment", [&] { done = swept.restore_experiment(id); },
             [&] { return experiment("lifecycle_stage") == "active"; },
             [&] {
                 create();
                 plain.delete_experiment(id);
             },
             discard_both},
            {"delete_run", [&] { done = swept.delete_run(run); },
             [&] { return done && stage() == mlscribe::lifecycle::deleted; },
             [&] { plain.restore_run(run); }},
            {"restore_run", [&] { done = swept.restore_run(run); },
             [&] { return done && stage() == mlscribe::lifecycle::active; },
             [&] { plain.delete_run(run); }},
        };
        for (const swept_call& each : calls) tells.memory.refuse(each);
        tells.check(300);
        BOOST_TEST(what_is_damaged(scratch.store()) == "");
    }
}

BOOST_AUTO_TEST_CASE(no_call_of_a_registry_throws) {
    for (const auto policy : {strictness::report, strictness::raise}) {
        const test::scratch_directory scratch(test::folder_in_memory());
        test::error_log log;
        const std::string source = scratch / "a network that needs memory of its own";
        test::write_file(source + "/MLmodel", "flavors: {}\n");
        const std::string text(100, 'x');
        const std::string root = scratch.store();
        telling tells(policy);
        std::optional<mlscribe::registry> made;
        mlscribe::registry swept(scratch.store(), policy, tells.handler());
        mlscribe::registry plain(scratch.store(), strictness::report, log.handler());
        int count = 0;
        bool done = false;
        std::string name;
        std::string other;
        const auto rename = [&] {
            name = "a model that needs memory of its own " + std::to_string(++count);
            other = name + '!';
            done = false;
        };
        const auto create = [&] {
            rename();
            plain.register_model(source, name);
            plain.set_registered_model_alias(name, "champion", 1);
            plain.set_registered_model_tag(name, "key", "before");
            plain.set_model_version_tag(name, 1, "key", "before");
        };
        const auto discard = [&] {
            std::filesystem::remove_all(scratch.store() + "/models/" + name);
            std::filesystem::remove_all(scratch.store() + "/models/" + name + '!');
        };
        const auto is_done = [&] { return done; };
        const auto has_version = [&] {
            return done && plain.get_model_version(name, 1).has_value();
        };
        const auto model = [&] { return *plain.get_registered_model(name); };
        const auto version = [&] { return *plain.get_model_version(name, 1); };
        const std::vector<swept_call> calls = {
            {"registry", [&] { made.emplace(root, policy, tells.handler()); },
             [&] { return made->create_registered_model(name).has_value(); }, rename, discard},
            {"create_registered_model",
             [&] { done = swept.create_registered_model(name, text).has_value(); },
             [&] { return done && model().description == text; }, rename, discard},
            {"create_model_version",
             [&] { done = swept.create_model_version(name, source, {}, text).has_value(); },
             has_version,
             [&] {
                 rename();
                 plain.create_registered_model(name);
             },
             discard},
            {"register_model", [&] { done = swept.register_model(source, name).has_value(); },
             has_version, rename, discard},
            {"get_registered_model", [&] { done = swept.get_registered_model(name).has_value(); },
             is_done, create, discard},
            {"search_registered_models",
             [&] { done = swept.search_registered_models().size() == 1; }, is_done, create,
             discard},
            {"get_model_version", [&] { done = swept.get_model_version(name, 1).has_value(); },
             is_done, create, discard},
            {"get_model_version_by_alias",
             [&] { done = swept.get_model_version_by_alias(name, "champion").has_value(); },
             is_done, create, discard},
            {"model_versions", [&] { done = swept.model_versions(name).size() == 1; }, is_done,
             create, discard},
            {"get_latest_versions", [&] { done = swept.get_latest_versions(name).size() == 1; },
             is_done, create, discard},
            {"set_registered_model_alias",
             [&] { done = swept.set_registered_model_alias(name, "best", 1); },
             [&] { return done && model().aliases.count("best") == 1; }, create, discard},
            {"delete_registered_model_alias",
             [&] { done = swept.delete_registered_model_alias(name, "champion"); },
             [&] { return done && model().aliases.empty(); }, create, discard},
            {"set_registered_model_tag",
             [&] { done = swept.set_registered_model_tag(name, "key", text); },
             [&] { return done && model().tags.at("key") == text; }, create, discard},
            {"delete_registered_model_tag",
             [&] { done = swept.delete_registered_model_tag(name, "key"); },
             [&] { return done && model().tags.empty(); }, create, discard},
            {"set_model_version_tag",
             [&] { done = swept.set_model_version_tag(name, 1, "key", text); },
             [&] { return done && version().tags.at("key") == text; }, create, discard},
            {"delete_model_version_tag",
             [&] { done = swept.delete_model_version_tag(name, 1, "key"); },
             [&] { return done && version().tags.empty(); }, create, discard},
            {"update_registered_model", [&] { done = swept.update_registered_model(name, text); },
             [&] { return done && model().description == text; }, create, discard},
            {"update_model_version", [&] { done = swept.update_model_version(name, 1, text); },
             [&] { return done && version().description == text; }, create, discard},
            {"rename_registered_model", [&] { done = swept.rename_registered_model(name, other); },
             [&] { return done && plain.get_model_version(name + '!', 1).has_value(); }, create,
             discard},
            {"delete_registered_model", [&] { done = swept.delete_registered_model(name); },
             [&] { return done && !test::exists(scratch.store() + "/models/" + name); }, create,
             discard},
            {"delete_model_version", [&] { done = swept.delete_model_version(name, 1); },
             [&] { return done && plain.model_versions(name).empty(); }, create, discard},
        };
        for (const swept_call& each : calls) tells.memory.refuse(each);
        tells.check(500);
        BOOST_TEST(log.all().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_recovery_is_told_and_done_by_the_next) {
    const killed_store killed;
    for (const auto policy : {strictness::report, strictness::raise}) {
        telling tells(policy);
        mlscribe::recover_options options;
        options.errors = policy;
        // More than a handler holds without memory of its own.
        const std::string text(100, 'x');
        options.on_error = [&tells, text](const mlscribe::error&) { tells.told += text.size(); };
        std::string root;
        tells.memory.refuse({"recover", [&] { mlscribe::recover(root, options); },
                             [&] { return killed.is_recovered(root); },
                             [&] { root = killed.copy(); },
                             [&] {
                                 mlscribe::recover(root);
                                 BOOST_REQUIRE(killed.is_recovered(root));
                                 BOOST_REQUIRE(what_is_damaged(root) == "");
                             }});
        tells.check(100);
    }
}

BOOST_AUTO_TEST_CASE(a_report_is_whole_or_tells_why_it_is_not) {
    const test::scratch_directory scratch(test::folder_in_memory());
    test::error_log log;
    std::string id;
    {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        for (int i = 0; i < 3; ++i) run.log_metric("loss", i);
        run.log_param("optimizer", "adam");
        run.log_text("text", "notes.txt");
        id = run.id();
    }
    const mlscribe::store store(scratch.store());
    const std::string whole = mlscribe::report_html(store, {id}).html;
    const std::string path = scratch / "a report that needs memory of its own.html";
    const std::vector<std::string> ids = {id};
    std::size_t told = 0;
    test::memory_sweep memory([&told] { return told; });
    mlscribe::report_text made;
    memory.refuse({"report_html",
                   [&] {
                       made = mlscribe::report_html(store, ids);
                       if (made.failure || !made.problems.empty()) ++told;
                   },
                   [&] { return made.html.size() == whole.size(); }});
    memory.refuse({"write_report",
                   [&] {
                       if (mlscribe::write_report(store, ids, path)) ++told;
                   },
                   [&] { return test::read_file(path).size() == whole.size(); },
                   [&] { std::filesystem::remove(path); }});
    BOOST_TEST(memory.complaints() == "");
    BOOST_TEST(memory.met() > 300);
}

BOOST_AUTO_TEST_CASE(a_repair_that_throws_is_ended_by_the_next) {
    const test::scratch_directory scratch(test::folder_in_memory());
    test::error_log log;
    std::string run;
    {
        mlscribe::run started = mlscribe::start_run(test::options(scratch, log));
        for (int step = 0; step < 3; ++step) started.log_metric("loss", step, step);
        run = test::folder(scratch, started).substr(scratch.store().size() + 1);
    }
    const std::string loss = test::read_file(scratch.store() + '/' + run + "/metrics/loss");
    test::write_file(scratch.store() + '/' + run + "/metrics/loss", "not a row\n" + loss);
    test::write_file(scratch.store() + '/' + run + "/params/who", "J\xFCrgen");
    std::filesystem::remove(scratch.store() + '/' + run + "/meta.yaml");
    const std::string root = scratch / "copy/mlruns";
    const std::string mended = root + '/' + run + "/metrics/loss";
    const auto copy = [&] {
        std::filesystem::remove_all(scratch / "copy");
        std::filesystem::create_directories(scratch / "copy");
        std::filesystem::copy(scratch.store(), root, std::filesystem::copy_options::recursive);
    };
    copy();
    mlscribe::repair(root);
    const std::string whole = test::read_file(mended);
    test::memory_sweep memory([] { return std::size_t{1}; }, may_throw::bad_alloc);
    memory.refuse({"repair",
                   [&] { mlscribe::repair(root); },
                   {},
                   copy,
                   [&] {
                       mlscribe::repair(root);
                       BOOST_REQUIRE(what_is_damaged(root) == "");
                       BOOST_REQUIRE(test::read_file(mended) == whole);
                   }});
    memory.refuse({"examine", [&] { mlscribe::examine(scratch.store()); }});
    memory.refuse({"relocate", [&] { mlscribe::relocate(root); }});
    BOOST_TEST(memory.complaints() == "");
    BOOST_TEST(memory.raised() > 300);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
