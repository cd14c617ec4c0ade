// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/journal_claim.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::detail::age_of;
using mlscribe::detail::claim;
using mlscribe::detail::directory;
using mlscribe::detail::find_journals;
using mlscribe::detail::is_unborn;
using mlscribe::detail::journal_file;
using mlscribe::detail::list_journals;
using mlscribe::detail::liveness;
using mlscribe::detail::placed_journal;
using mlscribe::detail::writer;

namespace {

const std::string run_id = "0123456789abcdef0123456789abcdef";

struct folder {
    test::scratch_directory scratch;
    directory place;
    folder() { BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), place), 0); }

    std::string put(const writer& of, const std::string& prefix = "") const {
        const std::string name = prefix + of.new_name();
        test::write_file(scratch / name, "x");
        return name;
    }
};

writer dead_writer() {
    writer dead = writer::current();
    dead.started = "1";
    return dead;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_journal_claim)

BOOST_FIXTURE_TEST_CASE(found_with_what_is_known_of_their_writers, folder) {
    BOOST_TEST(find_journals(place, {}).empty());
    test::write_file(scratch / "meta.yaml", "x");
    test::write_file(scratch / ".mlscribe-journal", "x");
    test::write_file(scratch / ".mlscribe-journal+a+b", "x");
    writer elsewhere = writer::current();
    elsewhere.host = "another-host";
    const std::string dead = put(dead_writer());
    const std::string mine = put(writer::current());
    const std::string unknown = put(elsewhere);
    put(dead_writer(), run_id);
    const std::vector<placed_journal> found = find_journals(place, {});
    BOOST_TEST(found.size() == 3u);
    for (const placed_journal& each : found) {
        const liveness expected = each.name == dead   ? liveness::dead
                                  : each.name == mine ? liveness::alive
                                                      : liveness::unknown;
        BOOST_TEST((each.name == dead || each.name == mine || each.name == unknown));
        BOOST_TEST((each.writer_is == expected));
    }
}

BOOST_FIXTURE_TEST_CASE(a_place_that_runs_share, folder) {
    const std::string other_id(32, 'f');
    const std::string wanted = put(dead_writer(), run_id);
    put(dead_writer(), other_id);
    put(dead_writer(), run_id + "0");
    put(dead_writer());
    const std::vector<placed_journal> found = find_journals(place, run_id);
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].name == wanted);
    BOOST_TEST((found[0].writer_is == liveness::dead));
}

BOOST_FIXTURE_TEST_CASE(claimed_it_has_a_name_of_this_process, folder) {
    for (const std::string& prefix : {std::string(), run_id}) {
        std::string name = put(dead_writer(), prefix);
        const std::string before = name;
        BOOST_TEST(claim(place, prefix, name) == 0);
        BOOST_TEST(name != before);
        BOOST_TEST(name.compare(0, prefix.size(), prefix) == 0);
        BOOST_TEST(!test::exists(scratch / before));
        BOOST_TEST(test::read_file(scratch / name) == "x");
        std::string late = before;
        BOOST_TEST(claim(place, prefix, late) == ENOENT);
        BOOST_TEST(late == before);
        const std::vector<placed_journal> found = find_journals(place, prefix);
        BOOST_REQUIRE(found.size() == 1u);
        BOOST_TEST(found[0].name == name);
        BOOST_TEST((found[0].writer_is == liveness::alive));
    }
}

BOOST_FIXTURE_TEST_CASE(of_eight_processes_one_wins, folder) {
    for (int round = 0; round < 10; ++round) {
        const std::string name = put(dead_writer());
        int start[2];
        BOOST_REQUIRE(::pipe(start) == 0);
        std::vector<std::unique_ptr<test::child_process>> children;
        for (int i = 0; i < 8; ++i) {
            children.emplace_back(new test::child_process([&] {
                ::close(start[1]);
                char none = 0;
                if (::read(start[0], &none, 1) != 0) return std::string("not started");
                std::string mine = name;
                const int failed = claim(place, {}, mine);
                if (failed == ENOENT) return std::string("late");
                return failed == 0 ? mine : "errno " + std::to_string(failed);
            }));
        }
        ::close(start[0]);
        ::close(start[1]);
        std::vector<std::string> winners;
        for (const auto& child : children) {
            const std::string result = child->result();
            if (result != "late") winners.push_back(result);
        }
        BOOST_REQUIRE(winners.size() == 1u);
        BOOST_TEST(test::read_file(scratch / winners[0]) == "x");
        BOOST_TEST(test::tree(scratch.path()).size() == 1u);
        // The winner is dead by now: its journal is claimed the same way.
        const std::vector<placed_journal> found = find_journals(place, {});
        BOOST_REQUIRE(found.size() == 1u);
        BOOST_TEST((found[0].writer_is == liveness::dead));
        BOOST_TEST(place.remove(winners[0]) == 0);
    }
}

BOOST_FIXTURE_TEST_CASE(the_age_is_that_of_the_last_touch, folder) {
    const std::string name = put(dead_writer());
    BOOST_TEST(age_of(place, name) < 5000);
    BOOST_TEST(age_of(place, "missing") == 0);
    timespec times[2] = {};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = ::time(nullptr) - 660;
    BOOST_REQUIRE(::utimensat(place.get(), name.c_str(), times, 0) == 0);
    BOOST_TEST(age_of(place, name) >= 660 * 1000);
    BOOST_TEST(age_of(place, name) < 670 * 1000);
    BOOST_REQUIRE(::utimensat(place.get(), name.c_str(), nullptr, 0) == 0);
    BOOST_TEST(age_of(place, name) < 5000);
    BOOST_TEST(test::tree(scratch.path()).size() == 1u);  // what it is compared with is gone
}

BOOST_FIXTURE_TEST_CASE(claimed_it_is_not_silent, folder) {
    std::string name = put(dead_writer());
    timespec times[2] = {};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = ::time(nullptr) - 3600;
    BOOST_REQUIRE(::utimensat(place.get(), name.c_str(), times, 0) == 0);
    BOOST_TEST(claim(place, {}, name) == 0);
    BOOST_TEST(age_of(place, name) < 5000);
}

BOOST_FIXTURE_TEST_CASE(a_place_that_cannot_be_read, folder) {
    std::vector<placed_journal> found;
    BOOST_TEST(list_journals(directory(), {}, found) != 0);
    BOOST_TEST(found.empty());
    put(dead_writer());
    BOOST_TEST(list_journals(place, {}, found) == 0);
    BOOST_TEST(found.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(unborn_is_what_never_held_a_point, folder) {
    const auto is = [this](const std::string& bytes) {
        test::write_file(scratch / "journal", bytes);
        return is_unborn(place, "journal");
    };
    const std::size_t page = journal_file::page;
    const std::string zeros(journal_file::first_block * page, '\0');
    std::string begun = zeros;
    begun[8] = 1;  // the version comes before the magic
    BOOST_TEST(is(""));
    BOOST_TEST(is(std::string(5, '\0')));
    BOOST_TEST(is(std::string(page, '\0')));
    BOOST_TEST(is(zeros));
    BOOST_TEST(is(begun));
    BOOST_TEST(!is("mlscribJ" + zeros));
    BOOST_TEST(!is("x"));
    // The first page went with its host's power, the points did not.
    BOOST_TEST(!is(zeros + "points"));
    BOOST_TEST(!is(std::string(page, '\0') + "rows of an intent"));
    BOOST_TEST(!is(zeros + zeros));
    BOOST_TEST(!is_unborn(place, "missing"));
}

BOOST_AUTO_TEST_SUITE_END()
