// SPDX-License-Identifier: MIT
/// \file A process is killed at every system call by which it changes the model registry: MLflow
/// could list the registry at once, and the next process does what was asked and tidies up.
#include <boost/test/unit_test.hpp>

#include <mlscribe/registry.hpp>

#include <functional>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"

using mlscribe::registry;
using mlscribe::strictness;

namespace {

constexpr unsigned every_change = test::call_write | test::call_fsync | test::call_linkat |
                                  test::call_renameat | test::call_unlinkat;

bool is_folder(const std::string& path) {
    return std::filesystem::is_directory(std::filesystem::symlink_status(path));
}

/// What MLflow's search of models and versions would fail on.
std::string unreadable(const std::string& store) {
    for (const std::string& path : test::tree(store + "/models")) {
        const std::string parent = path.substr(0, path.find('/'));
        const bool model = path == parent + '/';
        const bool version = path.compare(0, parent.size() + 9, parent + "/version-") == 0 &&
                             path.find('/', parent.size() + 1) == path.size() - 1;
        const std::string folder = store + "/models/" + path;
        if ((model || version) && is_folder(folder) &&
            (!test::exists(folder + "meta.yaml") || test::meta(folder, "name") != parent)) {
            return path;
        }
        if (path.find("/aliases/.") != std::string::npos) return path;
        if (path.find("/tags/.") != std::string::npos) return path;
    }
    for (const std::string& path : test::tree(store)) {
        const std::size_t slash = path.find('/');
        const std::string top = path.substr(0, slash);
        if (slash == path.size() - 1 && top != "models" && top != "0" &&
            (top.size() < 6 || top.substr(top.size() - 6) != ".trash")) {
            return path;
        }
    }
    return {};
}

/// Models `old`, of two versions, and what a process asks of them.
struct asked {
    const char* what;
    std::function<bool(registry&, const std::string&)> change;
    bool again;  ///< whether it can be done twice
};

std::vector<asked> changes() {
    return {
        {"register the first",
         [](registry& models, const std::string& net) {
             return models.register_model(net, "fresh").has_value();
         },
         true},
        {"register another",
         [](registry& models, const std::string& net) {
             return models.register_model(net, "old").has_value();
         },
         true},
        {"set an alias",
         [](registry& models, const std::string&) {
             return models.set_registered_model_alias("old", "champion", 2);
         },
         true},
        {"set a tag",
         [](registry& models, const std::string&) {
             return models.set_model_version_tag("old", 1, "team/name", "x");
         },
         true},
        {"rename",
         [](registry& models, const std::string&) {
             return models.rename_registered_model("old", "renamed");
         },
         false},
        {"delete a version",
         [](registry& models, const std::string&) { return models.delete_model_version("old", 1); },
         false},
        {"delete a model",
         [](registry& models, const std::string&) { return models.delete_registered_model("old"); },
         false},
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(killed_registrations)

BOOST_AUTO_TEST_CASE(the_registry_can_be_read_at_every_instant) {
    const test::scratch_directory prepared;
    const std::string net = prepared / "net";
    test::write_file(net + "/MLmodel", "");
    {
        registry models(prepared.store());
        models.register_model(net, "old");
        models.register_model(net, "old");
        models.set_registered_model_alias("old", "champion", 1);
    }
    for (const asked& each : changes()) {
        long calls = 0;
        for (bool survived = false; !survived && calls < 100; ++calls) {
            const test::scratch_directory scratch;
            test::error_log log;
            for (const std::string& path : test::tree(prepared.store())) {
                const std::string copy = scratch.store() + '/' + path;
                if (path.back() == '/') {
                    std::filesystem::create_directories(copy);
                } else {
                    test::write_file(copy, test::read_file(prepared.store() + '/' + path));
                }
            }
            registry models(scratch.store(), strictness::report, log.handler());
            const std::string result = test::in_child([&]() -> std::string {
                const test::plan_calls plan(every_change, test::call_end::died_before, 0, calls,
                                            false);
                const bool done = each.change(models, net);
                test::plan_calls::stop();
                return test::plan_calls::met() == 0 && done ? "survived" : "met";
            });
            survived = result == "survived";
            BOOST_TEST_CONTEXT(each.what << ", call " << calls) {
                if (!survived) BOOST_REQUIRE(result == "signal 9");
                BOOST_REQUIRE(unreadable(scratch.store()).empty());
                const auto found = models.search_registered_models();
                for (const auto& model : found) {
                    for (const auto& version : models.model_versions(model.name)) {
                        BOOST_REQUIRE(version.name == model.name);
                    }
                }
                BOOST_REQUIRE(log.all().empty());
                if (each.again) BOOST_REQUIRE(each.change(models, net));
                BOOST_REQUIRE(models.register_model(net, "old").has_value());
                for (const std::string& path : test::tree(scratch.store())) {
                    const bool ours = path.find(".mlscribe-") != std::string::npos &&
                                      path.find("/version-") == std::string::npos;
                    BOOST_REQUIRE(!ours);
                }
            }
        }
        BOOST_TEST(calls > 4);
        BOOST_TEST(calls < 100);
    }
}

BOOST_AUTO_TEST_SUITE_END()
