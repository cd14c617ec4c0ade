// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/state_shelf.hpp>

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include "environment.hpp"
#include "scratch_directory.hpp"

using namespace mlscribe::detail;

namespace {

struct shelf_place {
    test::scratch_directory scratch;
    test::variable home{"XDG_STATE_HOME", (scratch / "state").c_str()};
};

push_state state_of(const std::string& id) {
    push_state state;
    state.remote_id = id;
    return state;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_state_shelf, shelf_place)

BOOST_AUTO_TEST_CASE(what_was_pushed_is_remembered_for_one_store_and_one_server) {
    state_shelf shelf;
    BOOST_TEST(!shelf.open("http://a", "/store", false));
    BOOST_TEST(shelf.load("run").remote_id.empty());
    BOOST_TEST(shelf.save("run", state_of("there")) == 0);
    state_shelf again;
    BOOST_TEST(!again.open("http://a", "/store", false));
    BOOST_TEST(again.load("run").remote_id == "there");
    state_shelf other_server;
    BOOST_TEST(!other_server.open("http://b", "/store", false));
    BOOST_TEST(other_server.load("run").remote_id.empty());
    state_shelf other_store;
    BOOST_TEST(!other_store.open("http://a", "/store2", false));
    BOOST_TEST(other_store.load("run").remote_id.empty());
}

BOOST_AUTO_TEST_CASE(a_dry_push_makes_nothing) {
    state_shelf shelf;
    BOOST_TEST(!shelf.open("http://a", "/store", true));
    BOOST_TEST(!test::exists(scratch / "state"));
    BOOST_TEST(shelf.load("run").remote_id.empty());
}

BOOST_AUTO_TEST_CASE(without_a_place_it_is_remembered_as_long_as_the_push_lasts) {
    const test::variable none("XDG_STATE_HOME", "");
    const test::variable nowhere("HOME", nullptr);
    state_shelf shelf;
    BOOST_TEST(shelf.open("http://a", "/store", false).message.find("HOME") != std::string::npos);
    BOOST_TEST(shelf.save("run", state_of("there")) == 0);
    BOOST_TEST(shelf.load("run").remote_id == "there");
    test::write_file(scratch / "file", "");
    const test::variable file("XDG_STATE_HOME", (scratch / "file").c_str());
    state_shelf refused;
    BOOST_TEST((refused.open("http://a", "/store", false).code == mlscribe::error_code::system));
}

BOOST_AUTO_TEST_CASE(links_that_others_planted_are_not_followed) {
    state_shelf shelf;
    BOOST_TEST(!shelf.open("http://a", "/store", false));
    std::string folder;
    for (const std::string& each : test::tree(scratch / "state")) {
        if (each.size() > folder.size()) folder = each;
    }
    for (std::string place = "state/" + folder; place != "state"; place.resize(place.rfind('/'))) {
        if (place.back() == '/') place.pop_back();
        std::filesystem::remove_all(scratch / place);
        std::filesystem::create_directories(scratch / "outside/mlscribe");
        std::filesystem::create_symlink(scratch / "outside", scratch / place);
        state_shelf own;
        BOOST_TEST(!own.open("http://a", "/store", false), "one's own link leads anywhere");
        std::filesystem::remove_all(scratch / "outside");
        std::filesystem::create_directories(scratch / "outside");
        if (::lchown((scratch / place).c_str(), 54321, 54321) != 0) return;  // no superuser
        state_shelf refused;
        const mlscribe::error failure = refused.open("http://a", "/store", false);
        BOOST_TEST(failure.message.find("the link belongs to user 54321") != std::string::npos,
                   failure.message);
        state_shelf dry;
        BOOST_TEST(!dry.open("http://a", "/store", true));
        BOOST_TEST(refused.save("run", state_of("there")) == 0);
        BOOST_TEST(test::tree(scratch / "outside").empty());
        std::filesystem::remove(scratch / place);
        BOOST_TEST(!refused.open("http://a", "/store", false));
    }
}

BOOST_AUTO_TEST_CASE(nor_links_in_the_shelf) {
    state_shelf shelf;
    BOOST_TEST(!shelf.open("http://a", "/store", false));
    BOOST_TEST(shelf.save("run", state_of("there")) == 0);
    for (const std::string& each : test::tree(scratch / "state")) {
        const std::string place = scratch / ("state/" + each);
        if (std::filesystem::is_directory(place)) continue;
        std::filesystem::copy_file(place, scratch / "outside");
        std::filesystem::remove(place);
        std::filesystem::create_symlink(scratch / "outside", place);
    }
    const std::string before = test::read_file(scratch / "outside");
    BOOST_TEST(shelf.load("run").remote_id.empty());
    { const push_turn turn = shelf.turn("run"); }
    BOOST_TEST(shelf.save("run", state_of("another")) == 0);
    BOOST_TEST(shelf.load("run").remote_id == "another");
    BOOST_TEST(test::read_file(scratch / "outside") == before);
}

BOOST_AUTO_TEST_CASE(pushes_of_one_run_take_turns) {
    state_shelf shelf;
    BOOST_TEST(!shelf.open("http://a", "/store", false));
    std::optional<push_turn> first(std::in_place, shelf.turn("run"));
    const push_turn other = shelf.turn("another run");
    std::atomic<bool> waits{false};
    std::atomic<bool> has_turn{false};
    std::thread second([&] {
        waits = true;
        const push_turn turn = shelf.turn("run");
        has_turn = true;
    });
    while (!waits) std::this_thread::yield();
    bool is_early = false;
    for (int i = 0; i < 1000; ++i) {
        std::this_thread::yield();
        is_early = is_early || has_turn;
    }
    BOOST_TEST(!is_early);
    first.reset();
    second.join();
    BOOST_TEST(has_turn);
}

BOOST_AUTO_TEST_CASE(it_stands_in_the_home_folder_where_no_other_is_named) {
    const test::variable none("XDG_STATE_HOME", nullptr);
    const test::variable own("HOME", (scratch / "home").c_str());
    state_shelf shelf;
    BOOST_TEST(!shelf.open("http://a", "/store", false));
    BOOST_TEST(shelf.save("run", state_of("there")) == 0);
    BOOST_TEST(test::exists(scratch / "home/.local/state/mlscribe/sync"));
}

BOOST_AUTO_TEST_SUITE_END()
