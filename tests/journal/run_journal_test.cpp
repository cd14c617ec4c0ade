// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/run_journal.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::journal_place;
using mlscribe::detail::run_journal;
using mlscribe::detail::writer;
using where = mlscribe::detail::journal_place::where;

namespace {

constexpr std::size_t capacity = std::size_t{1} << 20;
const std::string run_id = "0123456789abcdef0123456789abcdef";

struct folders {
    test::scratch_directory scratch;
    directory run;
    std::string elsewhere = scratch / "elsewhere";

    folders() {
        std::filesystem::create_directory(scratch / "run");
        std::filesystem::create_directory(elsewhere);
        BOOST_REQUIRE_EQUAL(directory::open(scratch / "run", run), 0);
    }
    std::vector<std::string> in_run() const { return test::tree(scratch / "run"); }
    std::vector<std::string> in_elsewhere() const { return test::tree(elsewhere); }
};

bool is_of_this_process(const std::string& name) {
    writer found;
    return writer::read_name(name, found) && found.process == writer::current().process &&
           found.started == writer::current().started;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_run_journal)

BOOST_FIXTURE_TEST_CASE(lies_in_the_runs_directory_until_it_is_done, folders) {
    run_journal journal;
    journal_place place;
    BOOST_TEST(journal.open(run, run_id, "", capacity, place) == 0);
    BOOST_TEST((place.lies == where::run));
    BOOST_TEST(place.refused_elsewhere == 0);
    BOOST_TEST(place.refused_by_run == 0);
    BOOST_REQUIRE(in_run().size() == 1u);
    BOOST_TEST(is_of_this_process(in_run()[0]));
    BOOST_TEST(in_elsewhere().empty());
    journal.leave(true);
    BOOST_TEST(in_run().empty());
    journal.leave(true);
    journal.beat();
}

BOOST_FIXTURE_TEST_CASE(or_elsewhere_by_the_runs_id, folders) {
    run_journal journal;
    journal_place place;
    BOOST_TEST(journal.open(run, run_id, elsewhere, capacity, place) == 0);
    BOOST_TEST((place.lies == where::elsewhere));
    BOOST_TEST(in_run().empty());
    BOOST_REQUIRE(in_elsewhere().size() == 1u);
    BOOST_TEST(in_elsewhere()[0].compare(0, run_id.size() + writer::mark.size(),
                                         run_id + std::string(writer::mark)) == 0);
    BOOST_TEST(is_of_this_process(in_elsewhere()[0]));
    journal.leave(true);
    BOOST_TEST(in_elsewhere().empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_refused_elsewhere_lies_in_the_run, folders) {
    run_journal journal;
    journal_place place;
    BOOST_TEST(journal.open(run, run_id, elsewhere + "/missing", capacity, place) == 0);
    BOOST_TEST((place.lies == where::run));
    BOOST_TEST(place.refused_elsewhere == ENOENT);
    BOOST_TEST(place.refused_by_run == 0);
    BOOST_REQUIRE(in_run().size() == 1u);
    BOOST_TEST(in_run()[0].compare(0, writer::mark.size(), writer::mark) == 0);
    journal.leave(true);
    BOOST_TEST(in_run().empty());
}

BOOST_FIXTURE_TEST_CASE(and_what_the_run_refuses_in_memory, folders) {
    std::filesystem::remove(scratch / "run");  // a directory that is gone takes no file
    run_journal journal;
    journal_place place;
    BOOST_TEST(journal.open(run, run_id, elsewhere + "/missing", capacity, place) == 0);
    BOOST_TEST((place.lies == where::memory));
    BOOST_TEST(place.refused_elsewhere == ENOENT);
    BOOST_TEST(place.refused_by_run == ENOENT);
    journal_block* block = nullptr;
    BOOST_TEST(journal.file().take(0, block) == 0);
    block->points[167] = {1, 2.0, 3};
    journal.note_end(3, 4711);
    journal.beat();
    journal.leave(false);
    BOOST_TEST(in_elsewhere().empty());
}

BOOST_FIXTURE_TEST_CASE(left_undone_it_tells_so_and_the_end, folders) {
    std::string name;
    {
        run_journal journal;
        journal_place place;
        BOOST_REQUIRE(journal.open(run, run_id, "", capacity, place) == 0);
        name = in_run().at(0);
        journal_file running;
        BOOST_REQUIRE(running.open(run, name) == 0);
        BOOST_TEST(running.header().left.load() == 0u);
        BOOST_TEST(running.header().status.load() == 0u);
        journal.note_end(3, 4711);
        BOOST_TEST(running.header().status.load() == 3u);
        BOOST_TEST(running.header().end_time == 4711);
        journal.leave(false);
        journal.leave(true);  // whoever finishes it removes it
    }
    journal_file found;
    BOOST_REQUIRE(found.open(run, name) == 0);
    BOOST_TEST(found.header().left.load() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_beat_touches_the_file, folders) {
    run_journal journal;
    journal_place place;
    BOOST_REQUIRE(journal.open(run, run_id, "", capacity, place) == 0);
    const std::string path = scratch / ("run/" + in_run().at(0));
    const auto past = std::filesystem::last_write_time(path) - std::chrono::hours(24);
    std::filesystem::last_write_time(path, past);
    journal.beat();
    BOOST_TEST((std::filesystem::last_write_time(path) > past));
}

BOOST_FIXTURE_TEST_CASE(a_drain_is_not_waited_for_for_long, folders) {
    run_journal journal;
    {
        const std::unique_lock<std::mutex> free = journal.try_draining();
        BOOST_TEST(free.owns_lock());
        bool got = true;
        std::thread other([&] { got = journal.try_draining().owns_lock(); });
        other.join();
        BOOST_TEST(!got);
    }
    BOOST_TEST(journal.try_draining().owns_lock());
}

// One that is at work gives blocks back soon: only one that stands still is not waited for again.
BOOST_FIXTURE_TEST_CASE(a_drain_at_work_is_waited_for_again, folders) {
    for (const bool works : {true, false}) {
        // Where the machine held the other thread up, that one was not at work: once more.
        for (bool worked = !works; worked != works;) {
            run_journal journal;
            BOOST_REQUIRE_EQUAL(journal.file().create_in_memory(capacity), 0);
            std::atomic<bool> locked{false};
            std::atomic<bool> asked_again{false};
            std::atomic<bool> given_up{false};
            std::thread other([&] {
                const std::lock_guard<std::mutex> lock(journal.draining());
                locked = true;
                for (int left = 10; works ? left > 0 : !given_up; left -= asked_again ? 1 : 0) {
                    if (works) journal.file().commit();
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                }
            });
            while (!locked) std::this_thread::yield();
            const std::uint64_t before = journal.progress();
            BOOST_TEST(!journal.try_draining().owns_lock());
            worked = journal.progress() != before;
            asked_again = true;
            bool got = false;
            for (int i = 0; i < 100 && !got; ++i) got = journal.try_draining().owns_lock();
            if (worked == works) BOOST_TEST(got == works);
            given_up = true;
            other.join();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
