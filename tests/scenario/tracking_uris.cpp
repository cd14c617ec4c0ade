// SPDX-License-Identifier: MIT
/// \file Where runs go for each spelling of MLFLOW_TRACKING_URI.
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

/// Starts a run in `scratch` as working directory. \return whether it records, and the messages
std::string start(const test::scratch_directory& scratch, const std::string& uri,
                  bool by_environment) {
    return test::in_child([&] {
        test::error_log log;
        mlscribe::run_options options;
        options.on_error = log.handler();
        if (::chdir(scratch.path().c_str()) != 0) return std::string("no directory");
        if (by_environment) {
            ::setenv("MLFLOW_TRACKING_URI", uri.c_str(), 1);
        } else {
            ::setenv("MLFLOW_TRACKING_URI", "s3://bucket", 1);
            options.tracking_uri = uri;
        }
        mlscribe::run run = mlscribe::start_run(options);
        std::string text = run.recording() ? "recording" : "";
        for (const mlscribe::error& failure : log.all()) text += '|' + failure.message;
        return text;
    });
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tracking_uris)

BOOST_AUTO_TEST_CASE(folders_in_every_spelling_that_mlflow_reads) {
    const test::scratch_directory scratch;
    const std::string& here = scratch.path();
    for (const std::string& uri :
         {here + "/a", here + "/a/", "file://" + here + "/a", "file:" + here + "/a",
          "file://localhost" + here + "/a", std::string("./a"), std::string("a"),
          std::string("file:a"), std::string("b/../a")}) {
        for (const bool by_environment : {false, true}) {
            BOOST_TEST(start(scratch, uri, by_environment) == "recording", uri);
        }
    }
    BOOST_TEST(start(scratch, "", true) == "recording");
    const std::vector<std::string> expected = {"a/", "mlruns/"};
    std::vector<std::string> top;
    for (const std::string& name : test::tree(here)) {
        if (name.find('/') + 1 == name.size()) top.push_back(name);
    }
    BOOST_TEST(top == expected, boost::test_tools::per_element());
    // All in the default experiment, none lost.
    std::size_t runs = 0;
    for (const std::string& name : test::tree(scratch / "a/0")) {
        runs += name.find("/meta.yaml") != std::string::npos ? 1u : 0u;
    }
    BOOST_TEST(runs == 18u);
}

BOOST_AUTO_TEST_CASE(a_folder_above_the_working_directory) {
    const test::scratch_directory scratch;
    const std::string& here = scratch.path();
    std::filesystem::create_directories(here + "/below/it");
    const auto location = [&](const std::string& uri) {
        return test::in_child([&] {
            if (::chdir((here + "/below/it").c_str()) != 0) return std::string("no directory");
            return mlscribe::detail::find_tracking_location(uri).path;
        });
    };
    BOOST_TEST(location("../../a") == here + "/a");
    BOOST_TEST(location("./../a") == here + "/below/a");
    BOOST_TEST(location("file:../../b/../a") == here + "/a");
    BOOST_TEST(location("../../below/it/../%2e%2e/a") == here + "/a");
}

BOOST_AUTO_TEST_CASE(spellings_that_lead_elsewhere_are_refused) {
    const test::scratch_directory scratch;
    for (const std::string uri :
         {"s3://bucket/x", "file://host/x", "file://rel", "FILE:///x", "~/x", "ftp://x", "uc"}) {
        for (const bool by_environment : {false, true}) {
            const std::string told = start(scratch, uri, by_environment);
            BOOST_TEST(contains(told, "|tracking URI \""), told);
            BOOST_TEST(contains(told, "; nothing is recorded"), told);
            BOOST_TEST(!contains(told, "recording"), told);
        }
    }
    BOOST_TEST(test::tree(scratch.path()).empty());
}

BOOST_AUTO_TEST_CASE(a_server_is_told_where_the_runs_wait_for_it) {
    for (const std::string uri : {"http://user:secret@host:5000", "https://host", "databricks",
                                  "sqlite:///x.db", "postgresql://host/db"}) {
        const test::scratch_directory scratch;
        const std::string told = start(scratch, uri, true);
        BOOST_TEST(told.compare(0, 10, "recording|") == 0, told);
        BOOST_TEST(contains(told, scratch.store()), told);
        const bool is_http = uri.compare(0, 4, "http") == 0;
        BOOST_TEST(contains(told, is_http ? "mlscribe sync" : "mlflow migrate-filestore"), told);
        BOOST_TEST(!contains(told, "secret"), told);
        BOOST_TEST(test::exists(scratch.store() + "/0/meta.yaml"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
