// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/recovery_turn.hpp>

#include <unistd.h>

#include <optional>
#include <string>

#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::milliseconds_now;
using mlscribe::detail::recovery_turn;

namespace {

struct folder {
    test::scratch_directory scratch;
    directory place;
    directory again;
    folder() {
        BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), place), 0);
        BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), again), 0);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_recovery_turn)

BOOST_FIXTURE_TEST_CASE(one_after_the_other, folder) {
    {
        const recovery_turn first(place);
        BOOST_TEST(first.is_held());
    }
    const recovery_turn second(again);
    BOOST_TEST(second.is_held());
}

BOOST_FIXTURE_TEST_CASE(whoever_waits_gets_its_turn_when_the_other_ends, folder) {
    test::child_process child([this] {
        directory own;
        directory::open(scratch.path(), own);
        const recovery_turn turn(own);
        test::write_file(scratch / "held", "");
        while (!test::exists(scratch / "asked")) ::usleep(1000);
        ::usleep(50 * 1000);
        test::write_file(scratch / "given back", "");
        return std::string(turn.is_held() ? "held" : "not held");
    });
    while (!test::exists(scratch / "held")) ::usleep(1000);
    test::write_file(scratch / "asked", "");
    const recovery_turn turn(place);
    BOOST_TEST(turn.is_held());
    BOOST_TEST(!turn.is_others());
    BOOST_TEST(test::exists(scratch / "given back"));
    BOOST_TEST(child.result() == "held");
}

BOOST_FIXTURE_TEST_CASE(a_dead_one_holds_nothing, folder) {
    test::child_process child([this] {
        directory own;
        directory::open(scratch.path(), own);
        const recovery_turn turn(own);
        test::write_file(scratch / "held", "");
        ::usleep(60 * 1000 * 1000);
        return std::string();
    });
    while (!test::exists(scratch / "held")) ::usleep(1000);
    child.kill();
    const recovery_turn turn(place);
    BOOST_TEST(turn.is_held());
}

BOOST_FIXTURE_TEST_CASE(a_long_one_is_not_waited_for, folder) {
    const recovery_turn first(place);
    const std::int64_t before = milliseconds_now();
    {
        const recovery_turn second(again);
        BOOST_TEST(!second.is_held());
        BOOST_TEST(second.is_others());
    }
    BOOST_TEST(milliseconds_now() - before < 10 * 1000);
    const recovery_turn third(again);
    BOOST_TEST(!third.is_held());  // what was not held was not given back
}

BOOST_AUTO_TEST_CASE(where_there_are_no_locks_nobody_waits) {
    const directory none;
    const std::int64_t before = milliseconds_now();
    const recovery_turn turn(none);
    BOOST_TEST(!turn.is_held());
    BOOST_TEST(!turn.is_others());
    BOOST_TEST(milliseconds_now() - before < 1000);
}

BOOST_AUTO_TEST_SUITE_END()
