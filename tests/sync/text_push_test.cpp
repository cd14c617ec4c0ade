// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/text_push.hpp>

#include <cstddef>
#include <string>

#include "scratch_directory.hpp"
#include "stand_in_server.hpp"

using namespace mlscribe::detail;

namespace {

/// A run whose texts are counted, or sent to a server that takes them.
struct pushed_texts {
    test::scratch_directory scratch;
    test::stand_in_server server;
    found_run run;
    push_state state;
    mlscribe::pushed_run report;

    void push() {
        tracking_server to(server.settings());
        run.path = scratch.path();
        BOOST_REQUIRE(directory::open(run.path, run.folder) == 0);
        batch_sender sender(
            to, "remote", false,
            [this](const batch_item* items, std::size_t count) {
                for (std::size_t i = 0; i != count; ++i) text_push::note(items[i], state);
            },
            [](const batch_item&, const mlscribe::error&) {});
        text_push texts(to, run, state, sender, report);
        BOOST_TEST(!texts.push_params());
        BOOST_TEST(!texts.push_tags({}, false));
        BOOST_TEST(!sender.flush());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_text_push, pushed_texts)

BOOST_AUTO_TEST_CASE(only_a_tag_that_is_gone_is_removed_there) {
    for (const char* const key : {"damaged", "gone", "group/gone", "kept"}) {
        test::write_file(scratch / (std::string("tags/") + key), key);
    }
    push();
    BOOST_TEST(state.tags.size() == 4u);
    test::write_file(scratch / "tags/damaged", "\xff");
    std::filesystem::remove(scratch / "tags/gone");
    std::filesystem::remove(scratch / "tags/group/gone");
    push();
    std::string removed;
    for (const auto& each : server.seen()) {
        if (each.target.find("delete-tag") != std::string::npos) removed += each.body;
    }
    BOOST_TEST(removed == R"({"key":"gone","run_id":""}{"key":"group/gone","run_id":""})");
    BOOST_TEST(report.failures.size() == 1u);
    BOOST_TEST(state.tags.count("damaged") == 1u);
}

BOOST_AUTO_TEST_CASE(of_a_long_text_no_more_is_held_than_is_sent) {
    const std::string text = "\xc3\xa4" + std::string(1000000, 'x');
    test::write_file(scratch / "params/long", text);
    directory folder;
    BOOST_REQUIRE(directory::open(scratch.path(), folder) == 0);
    const auto texts = read_texts(folder, "params", scratch.path(), max_param_characters,
                                  [](const mlscribe::error&) {});
    BOOST_TEST(texts.at("long") == text.substr(0, max_param_characters + 2));
    BOOST_TEST(texts.at("long").capacity() < 10000u);
    push();
    BOOST_TEST(state.params.at("long") == md5_text(text.substr(0, max_param_characters + 1)));
    BOOST_TEST(report.notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(keys_that_no_server_takes_are_told_and_keep_no_other_out) {
    test::write_file(scratch / ("tags/" + std::string(125, 'a') + '/' + std::string(125, 'b')),
                     "x");
    test::write_file(scratch / "tags/kept", "x");
    test::write_file(scratch / "params/damaged", "\xff");
    test::write_file(scratch / "params/\xff", "x");
    push();
    BOOST_TEST(report.failures.size() == 3u);
    std::string told;
    for (const mlscribe::error& each : report.failures) told += each.message + '\n';
    BOOST_TEST(told.find("/params/damaged\" is not UTF-8") != std::string::npos, told);
    BOOST_TEST(told.find("/params/\\xFF\": ") != std::string::npos, told);
    BOOST_TEST(told.find("keys of at most 250 characters") != std::string::npos, told);
    BOOST_TEST(state.tags.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
