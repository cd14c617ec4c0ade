// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/recover.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "few_descriptors.hpp"
#include "journal/test_journal.hpp"
#include "skipped.hpp"

using mlscribe::point;
using mlscribe::detail::directory;
using mlscribe::detail::find_journals;
using mlscribe::detail::found_run;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::journal_search;
using mlscribe::detail::run_recovery;
using mlscribe::detail::writer;

namespace {

constexpr std::size_t capacity = std::size_t{8} << 20;

writer dead_writer() {
    writer dead = writer::current();
    dead.started = "1";
    return dead;
}
writer distant_writer() {
    writer distant = writer::current();
    distant.host = "another-host";
    return distant;
}

/// A run that nobody writes, and journals as processes would have left them.
struct stored_run {
    test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    std::string folder;
    directory place;

    stored_run() {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        id = run.id();
        folder = test::folder(scratch, run);
        run.end();
        BOOST_REQUIRE_EQUAL(directory::open(folder, place), 0);
        run_again();
    }

    void run_again() const {
        mlscribe::detail::update_meta(place, folder, [](mlscribe::meta_document& document) {
            document.set_integer("status", 1);
            document.set_null("end_time");
        });
    }

    struct contents {
        std::string key = "loss";
        std::vector<point> points = test::points_from(0, 5);
        bool keep_status = false;
        bool heartbeat = true;
    };

    std::string put(const writer& of, const contents& held, const directory& where,
                    const std::string& prefix = "") const {
        std::string name = prefix + of.new_name();
        journal_file journal;
        std::uint32_t series = 0;
        BOOST_REQUIRE_EQUAL(journal.create(where, name, capacity), 0);
        BOOST_REQUIRE_EQUAL(journal.add_key(held.key, series), 0);
        journal.header().keep_status = held.keep_status ? 1 : 0;
        journal.header().heartbeat = held.heartbeat ? 1 : 0;
        for (std::size_t at = 0; at < held.points.size(); at += journal_block::capacity) {
            journal_block* block = nullptr;
            BOOST_REQUIRE_EQUAL(journal.take(series, block), 0);
            const std::size_t count =
                (std::min)(held.points.size() - at, std::size_t{journal_block::capacity});
            std::copy_n(held.points.begin() + static_cast<std::ptrdiff_t>(at), count,
                        block->points);
            block->count = static_cast<std::uint32_t>(count);
        }
        return name;
    }
    std::string put(const writer& of, const contents& held) const { return put(of, held, place); }
    std::string put(const writer& of) const { return put(of, contents()); }

    mlscribe::recovery recover(bool force = false) {
        mlscribe::recover_options options;
        options.force = force;
        options.on_error = log.handler();
        return mlscribe::recover(scratch.store(), options);
    }

    std::string status() const { return test::meta(folder, "status"); }
    std::size_t journals() const { return find_journals(place, {}).size(); }
    std::size_t rows(const std::string& key = "loss") const {
        const std::string path = "/metrics/" + key;
        return test::exists(folder + path) ? test::points(folder, key).size() : 0;
    }
    void touch(const std::string& name, std::int64_t seconds_ago) const {
        timespec times[2] = {};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = ::time(nullptr) - seconds_ago;
        BOOST_REQUIRE(::utimensat(place.get(), name.c_str(), times, 0) == 0);
    }
    void tell_place(const std::string& path) const {
        test::write_file(folder + "/tags/mlscribe.journal", path);
    }
    void check_ended(std::size_t points) const {
        BOOST_TEST(status() == "5");
        BOOST_TEST(rows() == points);
        BOOST_TEST(journals() == 0u);
    }
    void check_waiting() const {
        BOOST_TEST(status() == "1");
        BOOST_TEST(rows() == 0u);
        BOOST_TEST(journals() == 1u);
    }
};

struct slurm_job {
    test::variable cluster{"SLURM_CLUSTER_NAME", "cluster"};
    test::variable job;
    test::variable restarts;
    slurm_job(const char* id, const char* count)
        : job("SLURM_JOB_ID", id), restarts("SLURM_RESTART_COUNT", count) {}
};

/// Both run at once. \return what they tell
template <class Body>
std::vector<std::string> two_at_once(Body&& body) {
    int start[2];
    BOOST_REQUIRE(::pipe(start) == 0);
    std::vector<std::unique_ptr<test::child_process>> children;
    for (int i = 0; i < 2; ++i) {
        children.emplace_back(new test::child_process([&] {
            ::close(start[1]);
            char none = 0;
            if (::read(start[0], &none, 1) != 0) return std::string("not started");
            return body();
        }));
    }
    ::close(start[0]);
    ::close(start[1]);
    std::vector<std::string> told;
    for (const auto& child : children) told.push_back(child->result());
    return told;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_run_recovery)

/// As a requeued job finds them on a host that went down under it, outside of Slurm.
BOOST_FIXTURE_TEST_CASE(of_an_earlier_start_of_this_host, stored_run) {
    writer earlier = writer::current();
    earlier.boot = earlier.boot == "00000000" ? "11111111" : "00000000";
    const std::string name = put(earlier);
    BOOST_TEST(recover().unknown.size() == 1u);  // another host of this name may be writing it
    check_waiting();
    touch(name, 11 * 60);
    BOOST_TEST(recover().points == 5u);
    check_ended(5);

    run_again();
    contents without_thread;
    without_thread.points = test::points_from(5, 5);
    without_thread.heartbeat = false;
    const std::string silent = put(earlier, without_thread);
    BOOST_TEST(recover().unknown.size() == 1u);
    touch(silent, mlscribe::detail::uptime() / 1000 + 4 * 60);
    BOOST_TEST(recover().points == 5u);
    check_ended(10);
}

BOOST_FIXTURE_TEST_CASE(a_dead_process_of_this_host, stored_run) {
    put(dead_writer());
    const mlscribe::recovery done = recover();
    BOOST_TEST(done.points == 5u);
    BOOST_REQUIRE(done.runs.size() == 1u);
    BOOST_TEST(done.runs[0] == id);
    check_ended(5);
    BOOST_TEST(test::meta(folder, "end_time") ==
               std::to_string((std::max)(
                   test::noon + 4, std::int64_t{std::stoll(test::meta(folder, "start_time"))})));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_distant_one_is_waited_for_or_forced, stored_run) {
    const std::string name = put(distant_writer());
    for (const std::int64_t seconds : {0, 590}) {
        touch(name, seconds);
        const mlscribe::recovery done = recover();
        BOOST_TEST(done.unknown.size() == 1u);
        check_waiting();
    }
    touch(name, 615);
    BOOST_TEST(recover().points == 5u);
    check_ended(5);
    run_again();
    put(distant_writer(), {"loss", test::points_from(5, 5), false, false});
    BOOST_TEST(recover(true).points == 5u);
    check_ended(10);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(without_a_heartbeat_silence_tells_nothing, stored_run) {
    const std::string name = put(distant_writer(), {"loss", test::points_from(0, 5), false, false});
    touch(name, 100000);
    BOOST_TEST(recover().unknown.size() == 1u);
    check_waiting();
}

BOOST_FIXTURE_TEST_CASE(a_later_start_of_the_same_job_recovers_at_once, stored_run) {
    {
        const slurm_job first("4711", nullptr);
        put(distant_writer(), {"loss", test::points_from(0, 5), false, false});
    }
    {
        const slurm_job same("4711", nullptr);
        BOOST_TEST(recover().unknown.size() == 1u);
    }
    {
        const slurm_job other("4712", "3");
        BOOST_TEST(recover().unknown.size() == 1u);
    }
    BOOST_TEST(recover().unknown.size() == 1u);
    check_waiting();
    const slurm_job again("4711", "1");
    BOOST_TEST(recover().points == 5u);
    check_ended(5);
}

BOOST_FIXTURE_TEST_CASE(resumed_by_a_later_start_of_the_job, stored_run) {
    {
        const slurm_job first("4711", nullptr);
        put(distant_writer());
    }
    const slurm_job again("4711", "1");
    mlscribe::run run = mlscribe::resume_run(id, test::resuming(scratch, log));
    run.log_metric("loss", 1.0);
    BOOST_TEST(status() == "1");
    run.end();
    BOOST_TEST(rows() == 6u);
    BOOST_TEST(test::steps(folder, "loss").back() == 5);
    BOOST_TEST(status() == "3");
    BOOST_TEST(log.all().empty());
}

/// The job in a journal is its writer's; somebody of another job may have claimed it since.
BOOST_FIXTURE_TEST_CASE(a_claimed_journal_is_not_of_the_old_job, stored_run) {
    std::string name;
    {
        const slurm_job first("4711", nullptr);
        name = put(distant_writer());
    }
    const std::string claimed = distant_writer().new_name();
    BOOST_REQUIRE(::renameat(place.get(), name.c_str(), place.get(), claimed.c_str()) == 0);
    const slurm_job again("4711", "1");
    BOOST_TEST(recover().unknown.size() == 1u);
    check_waiting();
}

BOOST_FIXTURE_TEST_CASE(a_living_writer_keeps_its_run_and_the_dead_ones_end, stored_run) {
    put(dead_writer());
    const std::string living = put(writer::current(), {"other", {}, true, true});
    const mlscribe::recovery first = recover();
    BOOST_TEST(first.points == 5u);
    BOOST_TEST(first.alive.size() == 1u);
    BOOST_TEST(status() == "1");
    BOOST_TEST(rows() == 5u);
    // It leaves the run without a status; that the other one is dead must not be forgotten.
    place.remove(living);
    const mlscribe::recovery second = recover();
    BOOST_TEST(second.points == 0u);
    check_ended(5);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(who_only_adds_points_does_not_end_the_run, stored_run) {
    put(dead_writer(), {"loss", test::points_from(0, 5), true, true});
    BOOST_TEST(recover().points == 5u);
    BOOST_TEST(status() == "1");
    BOOST_TEST(journals() == 0u);
    BOOST_TEST(rows() == 5u);
}

BOOST_FIXTURE_TEST_CASE(added_to_after_its_death_it_has_an_end, stored_run) {
    put(dead_writer());
    mlscribe::resume_options options = test::resuming(scratch, log);
    options.keep_status = true;
    mlscribe::resume_run(id, options).log_metric("test", 1.0);
    BOOST_TEST(rows("test") == 1u);
    check_ended(5);
}

BOOST_FIXTURE_TEST_CASE(two_journals_and_two_recoveries_at_once, stored_run) {
    for (int round = 0; round < 10; ++round) {
        run_again();
        const auto count = static_cast<std::size_t>(round + 1) * 3000;
        const std::int64_t first = 1000000 * (round + 1);
        put(dead_writer(), {"loss", test::points_from(first, 3000), false, true});
        put(dead_writer(), {"other", test::points_from(first, 3000), false, true});
        for (const std::string& told : two_at_once([this] {
                 recover();
                 return std::to_string(log.all().size());
             })) {
            BOOST_TEST(told == "0");
        }
        check_ended(count);
        BOOST_TEST(rows("other") == count);
    }
}

BOOST_FIXTURE_TEST_CASE(a_recovery_waits_for_the_one_before, stored_run) {
    put(dead_writer());
    const std::string claimed = scratch / "claimed";
    test::child_process child([&] {
        found_run run;
        run_recovery result;
        directory::open(folder, run.folder);
        run.path = folder;
        const mlscribe::detail::recovery_turn turn(run.folder);
        journal_search search(run.folder, {}, run, false, result);
        search.recover();
        test::write_file(claimed, "");
        ::usleep(300 * 1000);
        search.leave(true);  // it saw another journal and left the end to whoever has that
        return std::to_string(result.points);
    });
    while (!test::exists(claimed)) ::usleep(1000);
    put(dead_writer(), {"other", test::points_from(0, 5), false, true});
    const mlscribe::recovery done = recover();
    BOOST_TEST(child.result() == "5");
    BOOST_TEST(done.points == 5u);
    BOOST_TEST(done.alive.empty());
    check_ended(5);
    BOOST_TEST(rows("other") == 5u);
}

BOOST_FIXTURE_TEST_CASE(without_turns_the_next_recovery_ends_the_run, stored_run) {
    directory held;
    BOOST_REQUIRE(directory::open(folder, held) == 0);
    BOOST_REQUIRE(::flock(held.get(), LOCK_EX) == 0);
    put(dead_writer(), {"loss", test::points_from(0, 20000), false, true});
    put(dead_writer(), {"other", test::points_from(0, 20000), false, true});
    for (const std::string& told : two_at_once([this] {
             recover();
             return std::to_string(log.all().size());
         })) {
        BOOST_TEST(told == "0");
    }
    BOOST_TEST(rows() == 20000u);
    BOOST_TEST(rows("other") == 20000u);
    held = {};
    recover();
    check_ended(20000);
    BOOST_TEST(rows("other") == 20000u);
}

/// Whoever comes too late for a journal must not take the run for one that nobody writes.
BOOST_FIXTURE_TEST_CASE(a_journal_that_another_recovery_took_is_alive, stored_run) {
    constexpr int count = 40;
    for (int round = 0; round < 8; ++round) {
        for (int i = 0; i < count; ++i)
            put(dead_writer(),
                {"m" + std::to_string(i), test::points_from(100 * round, 10), false, true});
        const std::string looked = scratch / ("looked" + std::to_string(round));
        std::filesystem::create_directory(looked);
        int late = 0;
        int points = 0;
        for (const std::string& told : two_at_once([&] {
                 found_run run;
                 run_recovery result;
                 directory::open(folder, run.folder);
                 run.path = folder;
                 journal_search search(run.folder, {}, run, false, result);
                 search.recover();
                 // Both live until both have looked.
                 test::write_file(looked + '/' + std::to_string(::getpid()), "");
                 while (test::tree(looked).size() < 2) ::usleep(1000);
                 const int own = static_cast<int>(result.points) / 10;
                 if (own + result.alive != count) {
                     return std::to_string(own) + " and " + std::to_string(result.alive);
                 }
                 return std::to_string(own);
             })) {
            BOOST_TEST(told.find("and") == std::string::npos, told);
            points += std::atoi(told.c_str());
            late += told == std::to_string(count) || told == "0" ? 0 : 1;
        }
        BOOST_TEST(points == count);
        BOOST_TEST_MESSAGE(late << " took a part");
        recover();
        run_again();
    }
}

BOOST_FIXTURE_TEST_CASE(a_place_that_is_not_to_be_seen_is_named, stored_run) {
    const std::string missing = scratch / "of-another-host";
    tell_place(missing);
    BOOST_TEST(recover().unknown.size() == 1u);
    BOOST_TEST(log.tells({"cannot see the latest points", id, missing, "another host"}));
    BOOST_TEST(status() == "1");
    // With a dead process' journal in the run the other one may still live.
    put(dead_writer());
    BOOST_TEST(recover().points == 5u);
    BOOST_TEST(status() == "1");
    BOOST_TEST(recover(true).points == 0u);
    BOOST_TEST(status() == "5");
    BOOST_TEST(test::exists(folder + "/tags/mlscribe.journal"));
}

BOOST_FIXTURE_TEST_CASE(a_place_of_the_same_name_is_not_the_same_place, stored_run) {
    const std::string path = scratch / "local";
    std::filesystem::create_directory(path);
    tell_place(path);
    BOOST_TEST(recover().unknown.size() == 1u);
    BOOST_TEST(log.tells({"cannot see the latest points", id, path}));
    // Nothing is missing of a run that has ended: its process died before it removed the tag.
    test::error_log own;
    mlscribe::detail::update_meta(place, folder, [](mlscribe::meta_document& document) {
        document.set_integer("status", 3);
    });
    mlscribe::recover_options options;
    options.on_error = own.handler();
    BOOST_TEST(mlscribe::recover(scratch.store(), options).unknown.empty());
    BOOST_TEST(own.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_resumed_run_hears_of_points_it_cannot_see, stored_run) {
    const std::string missing = scratch / "of-another-host";
    tell_place(missing);
    mlscribe::run run = mlscribe::resume_run(id, test::resuming(scratch, log));
    BOOST_TEST(run.recording());
    BOOST_TEST(log.tells({"cannot see the latest points", id, missing}));
}

BOOST_FIXTURE_TEST_CASE(the_tag_stays_while_a_journal_lies_there, stored_run) {
    const std::string path = scratch / "local";
    std::filesystem::create_directory(path);
    tell_place(path);
    directory local;
    BOOST_REQUIRE(directory::open(path, local) == 0);
    put(dead_writer(), {}, local, id);
    const std::string living = put(writer::current(), {"other", {}, false, true}, local, id);
    BOOST_TEST(recover().points == 5u);
    BOOST_TEST(test::exists(folder + "/tags/mlscribe.journal"));
    local.remove(living);
    recover();
    BOOST_TEST(!test::exists(folder + "/tags/mlscribe.journal"));
    BOOST_TEST(test::tree(path).empty());
    check_ended(5);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(one_metric_in_the_way_does_not_hold_up_the_others, stored_run) {
    journal_file journal;
    const std::string name = dead_writer().new_name();
    BOOST_REQUIRE(journal.create(place, name, capacity) == 0);
    for (const char* key : {"a", "loss", "z"}) {
        std::uint32_t series = 0;
        journal_block* block = nullptr;
        BOOST_REQUIRE(journal.add_key(key, series) == 0);
        BOOST_REQUIRE(journal.take(series, block) == 0);
        block->points[0] = {test::noon, 0.5, 1};
        block->count = 1;
    }
    std::filesystem::create_directory(folder + "/metrics/loss");
    const mlscribe::recovery first = recover();
    BOOST_TEST(first.points == 2u);
    BOOST_TEST(first.runs.empty());
    BOOST_TEST(rows("a") == 1u);
    BOOST_TEST(rows("z") == 1u);
    BOOST_TEST(status() == "1");
    BOOST_TEST(log.tells({"metric \"loss\"", id}));
    std::filesystem::remove(folder + "/metrics/loss");
    BOOST_TEST(recover().points == 1u);
    check_ended(1);
    BOOST_TEST(rows("a") == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_journal_of_another_version_is_left_alone, stored_run) {
    const std::string name = put(dead_writer());
    std::string bytes = test::read_file(folder + '/' + name);
    bytes[8] = 99;
    test::write_file(folder + '/' + name, bytes);
    BOOST_TEST(recover().points == 0u);
    BOOST_TEST(log.tells({"cannot read the journal", name}));
    BOOST_TEST(test::read_file(folder + '/' + name) == bytes);
    BOOST_TEST(status() == "5");
    // One whose process lives is neither a damage nor the end of the run.
    run_again();
    place.remove(name);
    const std::string living = writer::current().new_name();
    test::write_file(folder + '/' + living, bytes);
    put(dead_writer());
    test::error_log own;
    mlscribe::recover_options options;
    options.on_error = own.handler();
    BOOST_TEST(mlscribe::recover(scratch.store(), options).alive.size() == 1u);
    BOOST_TEST(own.all().empty());
    BOOST_TEST(status() == "1");
}

BOOST_FIXTURE_TEST_CASE(an_unborn_journal_ends_the_run, stored_run) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{3}, std::size_t{28672}}) {
        run_again();
        test::write_file(folder + '/' + dead_writer().new_name(), std::string(size, '\0'));
        recover();
        check_ended(0);
    }
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_damaged_end_is_no_status, stored_run) {
    for (const std::uint32_t status_in_journal : {1u, 2u, 77u, 0xFFFFFFFFu}) {
        run_again();
        const std::string name = put(dead_writer());
        journal_file journal;
        BOOST_REQUIRE(journal.open(place, name) == 0);
        journal.header().status = status_in_journal;
        recover();
        BOOST_TEST(status() == "5");
    }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_run_with_a_journal_is_told, stored_run) {
    put(dead_writer());
    const std::string meta = test::read_file(folder + "/meta.yaml");
    test::write_file(folder + "/meta.yaml", meta.substr(0, 40));
    BOOST_TEST(recover().points == 0u);
    BOOST_TEST(log.tells({"meta.yaml", id}));
    BOOST_TEST(journals() == 1u);
    test::write_file(folder + "/meta.yaml", meta);
    BOOST_TEST(recover().points == 5u);
}

BOOST_FIXTURE_TEST_CASE(a_place_that_cannot_be_written_keeps_its_journal, stored_run) {
    // Two journals, one of them left by a process that lives, by somebody who may not rename.
    const std::string dead = put(dead_writer());
    const std::string left =
        put(writer::current(), {"other", test::points_from(0, 5), false, true});
    journal_file journal;
    BOOST_REQUIRE(journal.open(place, left) == 0);
    journal.header().left = 1;
    ::chmod((folder + '/' + dead).c_str(), 0666);
    ::chmod((folder + '/' + left).c_str(), 0666);
    ::chmod(folder.c_str(), 0555);
    BOOST_TEST(test::in_child([this] {
                   if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("not another");
                   const mlscribe::recovery done = recover();
                   if (done.points != 0 || !done.runs.empty()) return std::string("recovered");
                   return std::string(log.tells({"cannot claim the journal", "denied"}) ? "told"
                                                                                        : "silent");
               }) == "told");
    ::chmod(folder.c_str(), 0755);
    BOOST_TEST(status() == "1");
    BOOST_TEST(recover().points == 10u);
    check_ended(5);
    BOOST_TEST(rows("other") == 5u);
}

BOOST_FIXTURE_TEST_CASE(a_journal_that_may_not_be_opened_waits_for_its_owner, stored_run) {
    const std::string name = put(dead_writer());
    ::chmod((folder + '/' + name).c_str(), 0600);
    put(dead_writer(), {"other", test::points_from(0, 5), false, true});
    if (::geteuid() != 0) return test::skipped("there is no other user (root only)");
    ::chmod(folder.c_str(), 0777);
    ::chmod((folder + "/metrics").c_str(), 0777);
    for (const std::string& other : test::tree(folder)) {
        if (other != name) ::chmod((folder + '/' + other).c_str(), 0777);
    }
    BOOST_TEST(test::in_child([this] {
                   if (::setuid(65534) != 0) return std::string("not another");
                   const mlscribe::recovery done = recover();
                   if (!log.tells({"cannot open the journal", "denied"}))
                       return std::string("silent");
                   return std::to_string(done.points);
               }) == "5");
    // The end is not told before all points are there.
    BOOST_TEST(status() == "1");
    BOOST_TEST(recover().points == 5u);
    check_ended(5);
}

BOOST_FIXTURE_TEST_CASE(under_raise_all_runs_are_recovered_first, stored_run) {
    mlscribe::recover_options options;
    options.errors = mlscribe::strictness::raise;
    for (int i = 0; i < 3; ++i) {
        mlscribe::run_options more = test::options(scratch, log);
        more.experiment = "e" + std::to_string(i);
        mlscribe::run run = mlscribe::start_run(more);
        const std::string path = test::folder(scratch, run);
        run.end();
        directory other;
        BOOST_REQUIRE(directory::open(path, other) == 0);
        put(dead_writer(), {}, other);
        std::filesystem::create_directory(path + "/metrics/loss");
    }
    put(dead_writer());
    BOOST_CHECK_THROW(mlscribe::recover(scratch.store(), options), mlscribe::logging_error);
    check_ended(5);
}

BOOST_FIXTURE_TEST_CASE(a_misspelt_store_is_not_made, stored_run) {
    mlscribe::recover_options options;
    options.on_error = log.handler();
    mlscribe::recover(scratch / "mlrunz", options);
    BOOST_TEST(!test::exists(scratch / "mlrunz"));
    BOOST_TEST(log.tells({"mlrunz"}));
}

BOOST_FIXTURE_TEST_CASE(as_many_journals_as_a_job_had_ranks, stored_run) {
    constexpr int ranks = 60;
    for (int i = 0; i < ranks; ++i) {
        put(dead_writer(), {"rank" + std::to_string(i), test::points_from(0, 5)});
    }
    mlscribe::recovery found;
    {
        const test::few_descriptors few(ranks / 2);
        found = recover();
    }
    BOOST_TEST(log.all().empty());
    BOOST_TEST(found.points == 5u * ranks);
    for (int i = 0; i < ranks; ++i) BOOST_TEST(rows("rank" + std::to_string(i)) == 5u);
    recover();
    BOOST_TEST(test::meta(folder, "status") == "5");
}

// AddressSanitizer needs more addresses than any limit.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
BOOST_FIXTURE_TEST_CASE(out_of_memory_nothing_is_lost_or_thrown, stored_run) {
    put(dead_writer(), {"loss", test::points_from(0, 50000), false, true});
    put(dead_writer(), {"other", test::points_from(0, 50000), false, true});
    int refused = 0;
    for (std::size_t spare = 0; spare < 100; ++spare) {
        const std::string told = test::in_child([&] {
            std::size_t pages = 0;
            std::ifstream("/proc/self/statm") >> pages;
            rlimit limit{};
            ::getrlimit(RLIMIT_AS, &limit);
            limit.rlim_cur = pages * 4096;
            ::setrlimit(RLIMIT_AS, &limit);
            for (const std::size_t size :
                 {std::size_t{65536}, std::size_t{4096}, std::size_t{512}}) {
                while (std::malloc(size) != nullptr) {
                }
            }
            limit.rlim_cur += spare * 65536;
            ::setrlimit(RLIMIT_AS, &limit);
            mlscribe::recover_options options;
            bool failed = false;
            options.on_error = [&failed](const mlscribe::error&) { failed = true; };
            mlscribe::recover(scratch.store(), options);
            return std::string(failed ? "failed" : "whole");
        });
        BOOST_REQUIRE(told == "failed" || told == "whole");
        refused += told == "failed" ? 1 : 0;
    }
    BOOST_TEST(refused > 0);
    recover();
    check_ended(50000);
    BOOST_TEST(rows("other") == 50000u);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
