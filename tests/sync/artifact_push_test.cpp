// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/file/publish.hpp>
#include <mlscribe/sync/artifact_push.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "few_descriptors.hpp"
#include "scratch_directory.hpp"
#include "small_stack.hpp"
#include "stand_in_server.hpp"

using namespace mlscribe::detail;

namespace {

/// Artifacts of a store, and a server that takes them.
struct pushed_artifacts {
    test::scratch_directory scratch;
    push_state state;
    mlscribe::pushed_run report;
    mlscribe::sync_options options;

    pushed_artifacts() { state.artifact_uri = "mlflow-artifacts:/1/run/artifacts"; }

    std::string place(const std::string& path) const { return scratch.store() + "/0/r/" + path; }
    /// \return the last parts of what was PUT
    std::vector<std::string> push(test::stand_in_server& to, bool is_live = false) {
        store_root store;
        directory folder;
        report = {};
        BOOST_REQUIRE(!store_root::open(scratch.store(), store));
        BOOST_REQUIRE(directory::open(place(""), folder) == 0);
        push_context context(store, options);
        tracking_server server(to.settings());
        const std::size_t before = to.seen().size();
        artifact_push artifacts(context, server, state, scratch.store() + "/0/r", false, is_live,
                                report, [] {});
        BOOST_TEST(!artifacts.push(folder));
        std::vector<std::string> names;
        const std::vector<test::seen_request> seen = to.seen();
        for (std::size_t i = before; i != seen.size(); ++i) {
            if (seen[i].method != "PUT") continue;
            names.push_back(seen[i].target.substr(seen[i].target.find("/artifacts/1/run/") + 27));
        }
        return names;
    }
};
using names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_artifact_push, pushed_artifacts)

BOOST_AUTO_TEST_CASE(what_is_new_is_sent) {
    test::stand_in_server server;
    test::write_file(place("b.txt"), "bb");
    test::write_file(place("a/c.txt"), "ccc");
    BOOST_TEST(push(server) == (names{"a/c.txt", "b.txt"}), boost::test_tools::per_element());
    BOOST_TEST(report.bytes == 5u);
    BOOST_TEST(push(server).empty());
    test::write_file(place("b.txt"), "bbb");
    BOOST_TEST(push(server) == (names{"b.txt"}), boost::test_tools::per_element());
    BOOST_TEST(server.seen().size() == 3u);
    BOOST_TEST(report.failures.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_only_has_another_time_is_not_sent) {
    test::stand_in_server server;
    test::write_file(place("a.txt"), "before");
    push(server);
    const timespec times[2] = {{1, 0}, {1, 0}};
    ::utimensat(AT_FDCWD, place("a.txt").c_str(), times, 0);
    BOOST_TEST(push(server).empty());
    test::write_file(place("a.txt"), "behind");
    BOOST_TEST(push(server).size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_server_has_of_equal_size_is_not_sent) {
    test::stand_in_server server({{200, R"({"files": [{"path": "a.txt", "file_size": "6"},
        {"path": "b.txt", "file_size": 5}, {"path": "c", "is_dir": true}]})"}});
    test::write_file(place("a.txt"), "before");
    test::write_file(place("b.txt"), "before");
    state.adopted = true;
    BOOST_TEST(push(server) == (names{"b.txt"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_link_out_of_the_store_is_not_followed) {
    test::stand_in_server server;
    test::write_file(scratch / "secret", "nobody's business");
    test::write_file(place("a.txt"), "a");
    BOOST_REQUIRE(::symlink((scratch / "secret").c_str(), place("out").c_str()) == 0);
    BOOST_REQUIRE(::symlink(scratch.path().c_str(), place("folder").c_str()) == 0);
    BOOST_REQUIRE(::symlink("a.txt", place("inside").c_str()) == 0);
    BOOST_TEST(push(server) == (names{"a.txt", "inside"}), boost::test_tools::per_element());
    BOOST_TEST(report.failures.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_somebody_is_writing_is_left_for_the_next_look) {
    test::stand_in_server server;
    test::write_file(place("a.txt"), "a");
    test::write_file(place("old.txt"), "a");
    const timespec times[2] = {{1, 0}, {1, 0}};
    ::utimensat(AT_FDCWD, place("old.txt").c_str(), times, 0);
    BOOST_TEST(push(server, true) == (names{"old.txt"}), boost::test_tools::per_element());
    BOOST_TEST(push(server, false) == (names{"a.txt"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_refused_one_keeps_no_other_out) {
    test::stand_in_server server(
        {{400, R"({"error_code": "INVALID_PARAMETER_VALUE", "message": "Invalid path"})"}});
    test::write_file(place("a.txt"), "a");
    test::write_file(place("b.txt"), "b");
    push(server);
    BOOST_TEST(report.artifacts == 1u);
    BOOST_REQUIRE(report.failures.size() == 1u);
    BOOST_TEST(report.failures[0].message.find("a.txt") != std::string::npos);
    BOOST_TEST(push(server) == (names{"a.txt"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_file_or_has_no_name_there_is_told) {
    test::stand_in_server server;
    test::write_file(place("fine.txt"), "x");
    test::write_file(place("line\nend.txt"), "x");
    BOOST_REQUIRE_EQUAL(::mkfifo(place("pipe").c_str(), 0666), 0);
    BOOST_TEST(push(server) == names{"fine.txt"}, boost::test_tools::per_element());
    BOOST_REQUIRE(report.failures.size() == 2u);
    std::string told;
    for (const mlscribe::error& each : report.failures) told += each.message + '\n';
    BOOST_TEST(told.find("\"pipe\": is no regular file") != std::string::npos, told);
    BOOST_TEST(told.find("end.txt") != std::string::npos, told);
}

BOOST_AUTO_TEST_CASE(folders_in_each_other_are_walked_with_few_descriptors_and_little_stack) {
    std::string below = "d";
    for (int i = 1; i != 1400; ++i) below += "/d";
    store_root store;
    directory folder;
    BOOST_REQUIRE(!store_root::open_for_writing(scratch.store(), store));
    BOOST_REQUIRE(store.folder().open_below("0/r", missing::create, folder) == 0);
    BOOST_REQUIRE(replace_file(folder, below + "/deep.txt", "x") == 0);
    BOOST_REQUIRE(replace_file(folder, "a.txt", "x") == 0);
    const std::string said = test::on_a_small_stack([&] {
        const test::few_descriptors few(20);
        push_context context(store, options);
        tracking_server server{server_settings()};
        artifact_push artifacts(context, server, state, scratch.store() + "/0/r", true, false,
                                report, [] {});
        const mlscribe::error failure = artifacts.push(folder);
        std::string told = failure.message + std::to_string(state.artifacts.size()) + " of 2";
        for (const mlscribe::error& each : report.failures) told += '\n' + each.message;
        return told;
    });
    BOOST_TEST(said == "2 of 2");
    // The standard library opens them all.
    remove_tree(folder, "d");
}

BOOST_AUTO_TEST_SUITE_END()
