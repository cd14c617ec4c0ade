// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/registry.hpp>

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "few_descriptors.hpp"
#include "scratch_directory.hpp"
#include "small_stack.hpp"

using mlscribe::error_code;
using mlscribe::model_version;
using mlscribe::registry;
using mlscribe::strictness;

namespace {

/// A store, and a model's directory outside it.
struct registry_of_models {
    test::scratch_directory scratch;
    test::error_log log;
    std::string net = scratch / "net";
    registry models{scratch.store(), strictness::report, log.handler()};

    registry_of_models() { test::write_file(net + "/MLmodel", "flavors: {}\n"); }

    std::string folder(const std::string& below) const {
        return scratch.store() + "/models/" + below;
    }
    std::vector<std::int64_t> numbers(const std::string& name) {
        std::vector<std::int64_t> found;
        for (const model_version& version : models.model_versions(name)) {
            found.push_back(version.version);
        }
        return found;
    }
    /// The message of the one failure since the last call.
    std::string failure() {
        const auto all = log.all();
        BOOST_REQUIRE(all.size() == ++failures);
        return all.back().message;
    }
    std::size_t failures = 0;
};

using numbers_of_versions = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_model_registry)

BOOST_FIXTURE_TEST_CASE(registers_a_model_as_mlflow_does, registry_of_models) {
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_text("flavors: {}\n", "net/MLmodel");
    const std::string place = test::folder(scratch, run) + "/artifacts/net";
    const std::string run_id(run.id());
    run.end();
    const auto first = models.register_model("runs:/" + run_id + "/net", "iris");
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(first->version == 1);
    BOOST_TEST(first->run_id == run_id);
    BOOST_TEST(first->source == "file://" + place);
    const auto second = models.register_model(net, "iris");
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(second->version == 2);
    BOOST_TEST(second->run_id.empty());
    BOOST_TEST(second->storage_location == "file://" + net);
    const auto third = models.register_model("models:/iris/1", "other");
    BOOST_REQUIRE(third.has_value());
    BOOST_TEST(third->source == "models:/iris/1");
    BOOST_TEST(third->storage_location == "file://" + place);
    BOOST_TEST(third->run_id == run_id);
    BOOST_TEST(models.get_model_version("iris", 1).value().source == first->source);
    BOOST_TEST(test::tree(scratch.store() + "/models") ==
                   std::vector<std::string>(
                       {"iris/", "iris/meta.yaml", "iris/version-1/", "iris/version-1/meta.yaml",
                        "iris/version-2/", "iris/version-2/meta.yaml", "other/", "other/meta.yaml",
                        "other/version-1/", "other/version-1/meta.yaml"}),
               boost::test_tools::per_element());
    BOOST_TEST(!test::exists(scratch.store() + "/.mlscribe.trash"));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_no_model_is_not_registered, registry_of_models) {
    std::filesystem::create_directories(scratch / "empty");
    BOOST_TEST(!models.register_model(scratch / "empty", "iris"));
    BOOST_TEST(failure().find("has no file MLmodel") != std::string::npos);
    BOOST_TEST(!models.register_model("runs:/absent/net", "iris"));
    BOOST_TEST(failure().find("no run \"absent\"") == 0u);
    BOOST_TEST(!models.register_model(net, "team/iris"));
    BOOST_TEST(failure().find("'/' is not possible") != std::string::npos);
    BOOST_TEST(!models.create_model_version("iris", net));
    BOOST_TEST(failure().find("no registered model \"iris\"") == 0u);
    BOOST_TEST(!models.create_model_version("iris", net, "no/id"));
    BOOST_TEST(failure().find("run id \"no/id\"") == 0u);
    BOOST_TEST(models.search_registered_models().empty());
    // What lies elsewhere cannot be looked at.
    BOOST_TEST(models.create_registered_model("iris").has_value());
    const auto far = models.create_model_version("iris", "s3://bucket/net", "", "far");
    BOOST_REQUIRE(far.has_value());
    BOOST_TEST(far->storage_location == "s3://bucket/net");
    BOOST_TEST(models.get_model_version("iris", 1).value().description == "far");
}

BOOST_FIXTURE_TEST_CASE(describes_tags_and_names, registry_of_models) {
    BOOST_TEST(models.create_registered_model("iris", "three *species*").has_value());
    BOOST_TEST(!models.create_registered_model("iris"));
    BOOST_TEST(failure().find("exists already") != std::string::npos);
    BOOST_REQUIRE(models.create_model_version("iris", net).has_value());
    BOOST_REQUIRE(models.create_model_version("iris", net).has_value());
    BOOST_TEST(models.set_registered_model_alias("iris", "champion", 1));
    BOOST_TEST(models.set_registered_model_alias("iris", "new", 2));
    BOOST_TEST(test::read_file(folder("iris/aliases/champion")) == "1");
    BOOST_TEST(models.set_registered_model_tag("iris", "team", "hpc"));
    BOOST_TEST(models.set_model_version_tag("iris", 2, "checked/by", "me"));
    BOOST_TEST(models.update_model_version("iris", 2, "better"));
    auto second = models.get_model_version_by_alias("iris", "new").value();
    BOOST_TEST(second.version == 2);
    BOOST_TEST(second.description == "better");
    BOOST_TEST(second.aliases == std::vector<std::string>{"new"}, boost::test_tools::per_element());
    BOOST_TEST(second.tags.at("checked/by") == "me");
    auto iris = models.search_registered_models().at(0);
    BOOST_TEST(iris.description == "three *species*");
    BOOST_TEST(iris.tags.at("team") == "hpc");
    BOOST_TEST(iris.aliases.at("champion") == 1);
    BOOST_TEST(
        test::read_file(folder("iris/meta.yaml")).find("aliases:\n  champion: '1'\n  new: '2'\n") ==
        0u);
    BOOST_TEST(models.delete_registered_model_tag("iris", "team"));
    BOOST_TEST(models.delete_registered_model_tag("iris", "team"));
    BOOST_TEST(models.delete_model_version_tag("iris", 2, "checked/by"));
    BOOST_TEST(models.delete_registered_model_alias("iris", "new"));
    BOOST_TEST(models.update_registered_model("iris", ""));
    iris = models.get_registered_model("iris").value();
    BOOST_TEST(iris.tags.empty());
    BOOST_TEST(iris.aliases.size() == 1u);
    BOOST_TEST(test::meta(folder("iris"), "description") == "null");
    BOOST_TEST(models.get_model_version("iris", 2).value().tags.empty());
    BOOST_TEST(!models.get_model_version_by_alias("iris", "new"));
    BOOST_TEST(failure().find("has no alias \"new\"") != std::string::npos);
    BOOST_TEST(!models.set_registered_model_alias("iris", "v1", 1));
    BOOST_TEST(failure().find("rename it") != std::string::npos);
    BOOST_TEST(!models.set_registered_model_alias("iris", "next", 3));
    BOOST_TEST(failure().find("has no version 3") != std::string::npos);
    BOOST_TEST(!models.set_model_version_tag("iris", 2, "a@b", "x"));
    BOOST_TEST(failure().find("tag key \"a@b\"") == 0u);
    BOOST_TEST(!models.delete_model_version_tag("iris", 2, "../../meta.yaml"));
    BOOST_TEST(failure().find("'..'") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_deleted_version_keeps_its_number, registry_of_models) {
    for (int i = 0; i != 3; ++i) BOOST_REQUIRE(models.register_model(net, "iris").has_value());
    BOOST_TEST(models.set_registered_model_alias("iris", "champion", 3));
    BOOST_TEST(models.delete_model_version("iris", 3));
    BOOST_TEST(test::meta(folder("iris/version-3"), "current_stage") == "Deleted_Internal");
    BOOST_TEST(!test::exists(folder("iris/aliases/champion")));
    BOOST_TEST((numbers("iris") == numbers_of_versions{1, 2}));
    BOOST_TEST(!models.delete_model_version("iris", 3));
    BOOST_TEST(failure().find("has no version 3") != std::string::npos);
    BOOST_TEST(models.register_model(net, "iris").value().version == 4);
    // Files and links in a version's place are none.
    test::write_file(folder("iris/version-5"), "");
    std::filesystem::create_symlink(net, folder("iris/version-6"));
    BOOST_TEST(models.register_model(net, "iris").value().version == 7);
    BOOST_TEST((numbers("iris") == numbers_of_versions{1, 2, 4, 7}));
    BOOST_TEST(models.delete_registered_model("iris"));
    BOOST_TEST(test::tree(scratch.store() + "/models").empty());
    BOOST_TEST(test::exists(net + "/MLmodel"));
    BOOST_TEST(!models.delete_registered_model("iris"));
    BOOST_TEST(failure().find("no registered model") == 0u);
}

BOOST_FIXTURE_TEST_CASE(stages_are_read, registry_of_models) {
    for (int i = 0; i != 3; ++i) BOOST_REQUIRE(models.register_model(net, "iris").has_value());
    const std::string file = folder("iris/version-1/meta.yaml");
    std::string text = test::read_file(file);
    text.replace(text.find("stage: None"), 11, "stage: Production");
    test::write_file(file, text);
    const auto all = models.get_latest_versions("iris");
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].version == 3);
    BOOST_TEST(all[1].version == 1);
    BOOST_TEST(models.get_latest_versions("iris", {"production"}).at(0).version == 1);
    BOOST_TEST(models.get_latest_versions("iris", {"Staging"}).empty());
    BOOST_TEST(models.get_latest_versions("iris", {"best"}).empty());
    BOOST_TEST(failure().find("stage \"best\" is none of") == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_renamed_model_keeps_what_it_has, registry_of_models) {
    BOOST_REQUIRE(models.register_model(net, "iris").has_value());
    BOOST_REQUIRE(models.register_model(net, "iris").has_value());
    BOOST_REQUIRE(models.create_registered_model("taken").has_value());
    models.set_registered_model_alias("iris", "champion", 2);
    models.set_registered_model_tag("iris", "team/name", "hpc");
    models.set_model_version_tag("iris", 1, "vt", "x");
    BOOST_TEST(!models.rename_registered_model("iris", "taken"));
    BOOST_TEST(failure().find("exists already") != std::string::npos);
    BOOST_TEST(!models.rename_registered_model("iris", "a/b"));
    BOOST_TEST(failure().find("'/'") != std::string::npos);
    BOOST_TEST(models.rename_registered_model("iris", "flowers"));
    BOOST_TEST(!test::exists(folder("iris")));
    BOOST_TEST(models.get_registered_model("flowers").value().tags.at("team/name") == "hpc");
    const auto champion = models.get_model_version_by_alias("flowers", "champion").value();
    BOOST_TEST(champion.name == "flowers");
    BOOST_TEST(champion.version == 2);
    BOOST_TEST(models.get_model_version("flowers", 1).value().tags.at("vt") == "x");
    BOOST_TEST(!test::exists(scratch.store() + "/.mlscribe.trash"));
}

// A key may have 250 characters.
BOOST_FIXTURE_TEST_CASE(a_renamed_model_keeps_keys_of_many_parts, registry_of_models) {
    BOOST_REQUIRE(models.create_registered_model("iris").has_value());
    std::string key = "k";
    for (int i = 1; i != 125; ++i) key += "/k";
    test::write_file(folder("iris/tags/" + key), "deep");
    const std::string said = test::on_a_small_stack([&]() -> std::string {
        const test::few_descriptors few(30);
        return models.rename_registered_model("iris", "flowers") ? "renamed" : failure();
    });
    BOOST_TEST(said == "renamed");
    BOOST_TEST(models.get_registered_model("flowers").value().tags.at(key) == "deep");
}

BOOST_FIXTURE_TEST_CASE(a_version_of_a_model_that_is_renamed_meanwhile_is_not_lost,
                        registry_of_models) {
    BOOST_REQUIRE(models.register_model(net, "iris").has_value());
    mlscribe::detail::model_folder iris{{}, "iris", folder("iris")};
    mlscribe::detail::model_folder flowers{{}, "flowers", folder("flowers")};
    BOOST_TEST(mlscribe::detail::directory::open(iris.path, iris.folder) == 0);
    std::filesystem::rename(folder("iris"), folder("flowers"));
    model_version version;
    version.name = "iris";
    const auto failure = mlscribe::detail::add_model_version(iris, version);
    BOOST_TEST((failure.code == error_code::not_found));
    BOOST_TEST(failure.message.find("renamed or deleted while") != std::string::npos);

    BOOST_TEST(models.register_model(net, "iris").has_value());
    BOOST_TEST(mlscribe::detail::directory::open(flowers.path, flowers.folder) == 0);
    BOOST_TEST(mlscribe::detail::directory::open(iris.path, iris.folder) == 0);
    BOOST_TEST(!mlscribe::detail::add_late_versions(flowers, {1}, iris));
    BOOST_TEST(models.get_model_version("iris", 2).value().name == "iris");
    BOOST_TEST(models.model_versions("iris").size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(what_is_damaged_is_told_and_the_rest_is_listed, registry_of_models) {
    for (const char* name : {"a", "b", "c"}) {
        BOOST_REQUIRE(models.register_model(net, name).has_value());
        BOOST_REQUIRE(models.register_model(net, name).has_value());
    }
    test::write_file(folder("b/meta.yaml"), "name: [\n");
    const auto found = models.search_registered_models();
    BOOST_TEST(found.size() == 2u);
    BOOST_TEST(failure().find("/models/b/meta.yaml\" line") != std::string::npos);
    test::write_file(folder("a/version-1/meta.yaml"), "name: a\n");
    BOOST_TEST((numbers("a") == numbers_of_versions{2}));
    BOOST_TEST(failure().find("/models/a/version-1/meta.yaml\"") != std::string::npos);
    std::filesystem::rename(folder("c/version-1"), folder("c/version-9"));
    BOOST_TEST((numbers("c") == numbers_of_versions{2}));
    BOOST_TEST(failure().find("is that of version 1") != std::string::npos);
    test::write_file(folder("c/aliases/best"), "two");
    BOOST_TEST(!models.get_model_version_by_alias("c", "best"));
    BOOST_TEST(failure().find("/models/c/aliases/best\" holds no version") != std::string::npos);
    test::write_file(folder("c/tags/a\tb"), "");
    BOOST_TEST(!models.get_registered_model("c"));
    BOOST_TEST(failure().find("move the file away") != std::string::npos);
    std::filesystem::remove(folder("c/tags/a\tb"));
    std::filesystem::permissions(folder("c"), std::filesystem::perms::none);
    const std::string told = test::in_child([&]() -> std::string {
        // Who may read everything.
        if (::geteuid() == 0 && ::setuid(65534) != 0) return "cannot leave";
        test::error_log own_log;
        registry own(scratch.store(), strictness::report, own_log.handler());
        const std::string seen = std::to_string(own.search_registered_models().size());
        return seen + ' ' + (own_log.tells({"cannot open", "/models/c\""}) ? "told" : "untold");
    });
    std::filesystem::permissions(folder("c"), std::filesystem::perms::owner_all);
    BOOST_TEST(told == "1 told");
}

BOOST_FIXTURE_TEST_CASE(tags_that_take_too_much_memory_are_told, registry_of_models) {
    BOOST_REQUIRE(models.register_model(net, "flowers"));
    const std::string tags = folder("flowers/version-1/tags/");
    for (const char key : {'a', 'b', 'c', 'd'}) {
        test::write_file(tags + key, "");
        std::filesystem::resize_file(tags + key, 16 << 20);
    }
    BOOST_TEST(models.get_model_version("flowers", 1).value().tags.size() == 4u);
    test::write_file(tags + 'e', "1");
    BOOST_TEST(!models.get_model_version("flowers", 1));
    const std::string told = failure();
    BOOST_TEST(told.find("version-1/tags/e\"") != told.npos, told);
    BOOST_TEST(told.find("all tags together may have 64 MiB") != told.npos, told);
}

BOOST_FIXTURE_TEST_CASE(processes_that_register_at_once_lose_nothing, registry_of_models) {
    constexpr int processes = 8;
    constexpr std::int64_t each = 10;
    const std::string store = scratch.store();
    std::vector<std::unique_ptr<test::child_process>> children;
    for (int i = 0; i != processes; ++i) {
        children.push_back(std::make_unique<test::child_process>([&]() -> std::string {
            test::error_log own_log;
            registry own(store, strictness::report, own_log.handler());
            std::string got;
            for (std::int64_t k = 0; k != each; ++k) {
                const auto made = own.register_model(net, "iris");
                if (made) got += std::to_string(made->version) + '\n';
            }
            return own_log.all().empty() ? got : own_log.all().front().message;
        }));
    }
    std::set<std::int64_t> given;
    for (const auto& child : children) {
        const std::string got = child->result();
        BOOST_REQUIRE_MESSAGE(!got.empty() && got.back() == '\n', got);
        for (std::size_t at = 0; at < got.size(); at = got.find('\n', at) + 1) {
            BOOST_TEST(given.insert(std::atoll(got.c_str() + at)).second, got);
        }
    }
    BOOST_TEST(given.size() == static_cast<std::size_t>(processes * each));
    BOOST_TEST(*given.rbegin() == processes * each);
    BOOST_TEST((numbers("iris") == numbers_of_versions(given.begin(), given.end())));
    for (const std::string& path : test::tree(store)) {
        BOOST_TEST(path.find(".mlscribe") == std::string::npos, path);
    }
}

BOOST_AUTO_TEST_CASE(switched_off_or_without_a_store) {
    const test::scratch_directory scratch;
    test::error_log log;
    {
        const test::variable off("MLSCRIBE_MODE", "disabled");
        registry silent(scratch.store(), strictness::report, log.handler());
        BOOST_TEST(!silent.register_model("x", "y"));
        BOOST_TEST(!silent.create_registered_model("y"));
        BOOST_TEST(!silent.delete_registered_model("y"));
        BOOST_TEST(silent.search_registered_models().empty());
        BOOST_TEST(silent.model_versions("y").empty());
    }
    BOOST_TEST(!test::exists(scratch.store()));
    BOOST_TEST(log.all().empty());
    test::write_file(scratch / "file", "");
    registry nowhere(scratch / "file", strictness::report, log.handler());
    BOOST_TEST(!nowhere.create_registered_model("y"));
    BOOST_TEST(log.count(error_code::not_recording) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
