// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/registry/model_uri.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "bounded_memory.hpp"
#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::model_place;
using mlscribe::detail::resolve_model_uri;
using mlscribe::detail::store_root;

namespace {

const std::string run_id = "a0b027bfadc54c49b3659cd870ff79c4";
const std::string model_id = "m-6c63d8903095490697425eeb454e8adc";

/// Experiment 7 with a run that has the model `net` among its artifacts and a logged model
/// `outside`; the registered model `flowers` with what each test adds.
struct store_of_models {
    test::scratch_directory scratch;
    store_root store;
    model_place found;

    store_of_models() {
        BOOST_REQUIRE(!store_root::open_for_writing(scratch.store(), store));
        write("7/" + run_id + "/meta.yaml",
              "artifact_uri: file:///old/mlruns/7/" + run_id +
                  "/artifacts\nend_time: null\nexperiment_id: '7'\nlifecycle_stage: active\n"
                  "run_id: " +
                  run_id + "\nrun_name: x\nstart_time: 5\nstatus: 3\nuser_id: me\n");
        write(net() + "/MLmodel", "flavors: {}\n");
        write("7/models/" + model_id + "/meta.yaml",
              "artifact_location: file:///old/mlruns/7/models/" + model_id +
                  "/artifacts\ncreation_timestamp: 10\nmodel_id: " + model_id +
                  "\nname: outside\nsource_run_id: " + run_id + "\n");
        write("7/models/" + model_id + "/artifacts/MLmodel", "flavors: {}\n");
        write("models/flowers/meta.yaml", "name: flowers\n");
    }

    static std::string net() { return "7/" + run_id + "/artifacts/net"; }
    std::string path(const std::string& below) const { return scratch.store() + '/' + below; }
    void write(const std::string& below, const std::string& text) const {
        test::write_file(path(below), text);
    }
    void write_version(int number, const std::string& location, const std::string& stage) const {
        const std::string text = std::to_string(number);
        write("models/flowers/version-" + text + "/meta.yaml",
              "creation_timestamp: 1\ncurrent_stage: " + stage +
                  "\nname: flowers\nrun_id: " + run_id +
                  "\nsource: x\nstorage_location: " + location + "\nversion: " + text + "\n");
    }
    /// The path that a URI names, or the message why none.
    std::string resolve(const std::string& uri) {
        const error failure = resolve_model_uri(store, uri, found);
        return failure ? failure.message : found.path;
    }
    error_code code(const std::string& uri) { return resolve_model_uri(store, uri, found).code; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(registry_model_uri)

BOOST_FIXTURE_TEST_CASE(a_model_among_the_artifacts_of_a_run, store_of_models) {
    BOOST_TEST(resolve("runs:/" + run_id + "/net") == path(net()));
    BOOST_TEST(found.run_id == run_id);
    BOOST_TEST(found.name.empty());
    std::string text;
    BOOST_TEST(found.folder.read("MLmodel", text) == 0);
    BOOST_TEST(resolve("runs:/" + run_id + "/net/") == path(net()));
    write("elsewhere/far/MLmodel", "");
    BOOST_TEST(resolve(path("elsewhere/far")) == path("elsewhere/far"));
    const auto absent = resolve("runs:/" + run_id + "/nets");
    BOOST_TEST(absent.find("has no directory artifacts/nets") != std::string::npos);
    BOOST_TEST((code("runs:/absent/net") == error_code::not_found));
}

BOOST_FIXTURE_TEST_CASE(a_model_that_mlflow_3_logged, store_of_models) {
    const std::string place = path("7/models/" + model_id + "/artifacts");
    BOOST_TEST(resolve("models:/" + model_id) == place);
    BOOST_TEST(found.run_id == run_id);
    BOOST_TEST(found.model_id == model_id);
    BOOST_TEST(resolve("runs:/" + run_id + "/outside") == place);
    BOOST_TEST((code("models:/m-absent") == error_code::not_found));
    // A second one of the name, from a later step.
    write("7/models/m-1/meta.yaml", "name: outside\nsource_run_id: " + run_id + "\n");
    write("7/models/m-1/artifacts/MLmodel", "");
    BOOST_TEST(resolve("runs:/" + run_id + "/outside") == place);
    write("7/" + run_id + "/outputs/m-1/meta.yaml", "step: 3\n");
    BOOST_TEST(resolve("runs:/" + run_id + "/outside") == path("7/models/m-1/artifacts"));
    write("7/models/m-1/meta.yaml", "lifecycle_stage: deleted\nname: outside\n");
    BOOST_TEST((code("models:/m-1") == error_code::deleted));
    // A version of it, and one whose artifacts are not beside its meta.yaml.
    write_version(1, "models:/" + model_id, "None");
    BOOST_TEST(resolve("models:/flowers/1") == place);
    write("7/models/m-2/meta.yaml",
          "artifact_location: file://" + path("elsewhere") + "\nname: far_away\n");
    write("elsewhere/MLmodel", "");
    BOOST_TEST(resolve("models:/m-2") == path("elsewhere"));
}

BOOST_FIXTURE_TEST_CASE(a_version_by_number_alias_stage_or_the_latest, store_of_models) {
    const std::string old = "file:///old/mlruns/";
    write_version(1, old + net(), "Production");
    write_version(2, old + "7/models/" + model_id + "/artifacts", "None");
    write_version(3, old + net(), "Deleted_Internal");
    write("models/flowers/aliases/champion", "1\n");
    const std::string logged = path("7/models/" + model_id + "/artifacts");
    BOOST_TEST(resolve("models:/flowers/1") == path(net()));
    BOOST_TEST(found.name == "flowers");
    BOOST_TEST(found.version == 1);
    BOOST_TEST(found.run_id == run_id);
    BOOST_TEST(resolve("models:/flowers@champion") == path(net()));
    BOOST_TEST(resolve("models:/flowers/production") == path(net()));
    BOOST_TEST(resolve("models:/flowers/latest") == logged);
    BOOST_TEST(found.version == 2);
    BOOST_TEST(resolve("models:/flowers@Latest") == logged);
    BOOST_TEST(resolve("models:/flowers/None") == logged);
    for (const char* absent : {"flowers/3", "flowers/4", "flowers/Staging", "flowers@other", "x/1",
                               "flowers/99999999999999999999"}) {
        BOOST_TEST((code(std::string("models:/") + absent) == error_code::not_found), absent);
    }
    for (const char* wrong : {"flowers/best", "flowers/1/2", "/1", "flowers@"}) {
        BOOST_TEST((code(std::string("models:/") + wrong) == error_code::unsupported_uri), wrong);
    }
    BOOST_TEST((code("models:/flowers@v1") == error_code::invalid_value));
    BOOST_TEST((code("models:/../1") == error_code::invalid_value));
}

BOOST_FIXTURE_TEST_CASE(tags_are_not_read_for_a_load, store_of_models) {
    write_version(1, "file:///old/mlruns/" + net(), "Production");
    write("models/flowers/aliases/champion", "1");
    write("models/flowers/version-1/tags/large", "");
    std::filesystem::resize_file(path("models/flowers/version-1/tags/large"), 17 << 20);
    for (const char* const choice : {"/1", "@champion", "/latest", "/Production"}) {
        BOOST_TEST(resolve(std::string("models:/flowers") + choice) == path(net()), choice);
    }
}

BOOST_FIXTURE_TEST_CASE(what_the_store_has_comes_before_the_path_that_was_written,
                        store_of_models) {
    // A copy: the first one is still where it was.
    const std::string first = scratch / "first/mlruns/";
    test::write_file(first + net() + "/MLmodel", "");
    write_version(1, first + net(), "None");
    BOOST_TEST(resolve("models:/flowers/1") == path(net()));
    // What only the first one has.
    test::write_file(first + "7/other/artifacts/net/MLmodel", "");
    write_version(2, "file://" + first + "7/other/artifacts/net", "None");
    BOOST_TEST(resolve("models:/flowers/2") == first + "7/other/artifacts/net");
    write_version(3, "file:///nowhere/a%20b", "None");
    BOOST_TEST(resolve("models:/flowers/3").find("no directory \"/nowhere/a b\"") !=
               std::string::npos);
    write_version(4, "s3://bucket/net", "None");
    BOOST_TEST((code("models:/flowers/4") == error_code::unsupported_uri));
}

BOOST_FIXTURE_TEST_CASE(a_location_that_is_longer_than_a_path_takes_no_memory, store_of_models) {
    std::string location = "file:///0";
    while (location.size() < 1000000) location += "/artifacts/0/0";
    write_version(1, location, "None");
    const std::string said = test::in_child([this] {
        test::bound_memory(64);
        return resolve("models:/flowers/1");
    });
    BOOST_TEST(said.find("version 1 of \"flowers\": the model's location has 9") == 0u, said);
}

BOOST_FIXTURE_TEST_CASE(nothing_leads_out_of_a_run, store_of_models) {
    write("elsewhere/MLmodel", "");
    for (const char* way : {"../x", "net/../../x", "./net", "net//x", "..", "/net"}) {
        const error_code refused = code("runs:/" + run_id + '/' + way);
        BOOST_TEST((refused == error_code::invalid_path), way);
    }
    for (const char* wrong : {"runs:/", "runs:net", "runs://host/x/net"}) {
        BOOST_TEST((code(wrong) == error_code::unsupported_uri), wrong);
    }
    BOOST_TEST((code("runs:/" + run_id) == error_code::unsupported_uri));
    BOOST_TEST((code("runs:/../net") == error_code::invalid_value));
    BOOST_TEST((code("runs:/" + run_id + "/net" + '\0') == error_code::unsupported_uri));
    const std::string link = "7/" + run_id + "/artifacts/link";
    std::filesystem::create_symlink(path("elsewhere"), path(link));
    BOOST_TEST((code("runs:/" + run_id + "/link") == error_code::system));
    write_version(1, "file://" + path(link), "None");
    BOOST_TEST((code("models:/flowers/1") == error_code::system));
    std::filesystem::create_symlink(path("models/flowers"), path("models/planted"));
    BOOST_TEST((code("models:/planted/1") == error_code::system));
}

BOOST_FIXTURE_TEST_CASE(a_path_or_a_file_uri, store_of_models) {
    test::write_file(scratch / "a b%20c/MLmodel", "");
    BOOST_TEST(resolve(scratch / "a b%20c") == scratch / "a b%20c");
    BOOST_TEST(resolve("file://" + scratch.path() + "/a%20b%2520c") == scratch / "a b%20c");
    BOOST_TEST(found.run_id.empty());
    for (const char* far : {"s3://bucket/net", "http://host/net", "file://host/net", "x:y", ""}) {
        const std::string why = resolve(far);
        BOOST_TEST((code(far) == error_code::unsupported_uri), far);
        BOOST_TEST(why.find("file:///path") != std::string::npos, why);
    }
    BOOST_TEST((code(scratch / "absent") == error_code::system));
}

BOOST_FIXTURE_TEST_CASE(a_path_through_a_link_is_the_one_that_is_opened, store_of_models) {
    test::write_file(scratch / "net/MLmodel", "textual");
    test::write_file(scratch / "away/net/MLmodel", "real");
    std::filesystem::create_directory(scratch / "away/deep");
    std::filesystem::create_directory_symlink("away/deep", scratch / "link");
    BOOST_TEST(resolve(scratch / "link/../net") ==
               std::filesystem::canonical(scratch / "away/net").string());
    BOOST_TEST(test::read_file(found.path + "/MLmodel") == "real");
    BOOST_TEST(resolve(scratch / "away/deep/../net/") == scratch / "away/net");
}

BOOST_FIXTURE_TEST_CASE(a_deleted_run, store_of_models) {
    std::filesystem::rename(path("7"), path(".trash/7"));
    const std::string why = resolve("runs:/" + run_id + "/net");
    BOOST_TEST((code("runs:/" + run_id + "/net") == error_code::deleted));
    BOOST_TEST(why.find("restore it") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_trees_that_mlflow_wrote) {
    const char* const golden = std::getenv("MLSCRIBE_GOLDEN");
    BOOST_REQUIRE(golden != nullptr);
    for (const char* tree : {"golden_v2/mlruns", "golden_v3/mlruns", "golden_v3/portable_mlruns"}) {
        store_root store;
        model_place place;
        const std::string root = std::string(golden) + '/' + tree;
        BOOST_REQUIRE(!store_root::open(root, store));
        for (const char* uri : {"models:/golden-reg/1", "models:/golden-reg@champion"}) {
            const error failure = resolve_model_uri(store, uri, place);
            BOOST_TEST(!failure, failure.message);
            BOOST_TEST(place.path.compare(0, root.size(), root) == 0);
            BOOST_TEST(test::exists(place.path + "/MLmodel"));
            BOOST_TEST(place.run_id.size() == 32u);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
