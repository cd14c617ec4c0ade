// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/recover.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

using mlscribe::detail::writer;

namespace {

constexpr int logged = 500;

/// A run whose process was killed before it wrote any point.
struct killed_run {
    test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    std::string folder;

    explicit killed_run(mlscribe::drain_mode drain = mlscribe::drain_mode::thread,
                        bool keep_status = false) {
        const std::string path = test::in_child([&] {
            mlscribe::run_options options = test::options(scratch, log);
            options.drain = drain;
            options.flush_interval = std::chrono::hours(1);
            mlscribe::run run = mlscribe::start_run(options);
            if (keep_status) {
                run.end(mlscribe::run_status::failed);
                mlscribe::resume_options resuming = test::resuming(scratch, log);
                resuming.keep_status = true;
                resuming.flush_interval = options.flush_interval;
                run = mlscribe::resume_run(std::string(run.id()), resuming);
            }
            mlscribe::metric_handle loss = run.metric("loss");
            for (int i = 0; i < logged; ++i) loss.log(i);
            const std::string found = test::folder(scratch, run);
            test::write_file(scratch / "folder", found);
            ::kill(::getpid(), SIGKILL);
            return found;
        });
        BOOST_TEST(path == "signal 9");
        folder = test::read_file(scratch / "folder");
        id = folder.substr(folder.rfind('/') + 1);
    }

    mlscribe::recovery recover(bool force = false) {
        mlscribe::recover_options options;
        options.force = force;
        options.on_error = log.handler();
        return mlscribe::recover(scratch.store(), options);
    }

    /// The journals' paths in `place`.
    static std::vector<std::string> journals(const std::string& place) {
        std::vector<std::string> found;
        for (const std::string& path : test::tree(place)) {
            if (path.find(writer::mark) != std::string::npos) found.push_back(place + '/' + path);
        }
        return found;
    }
    std::string journal() const {
        const auto found = journals(folder);
        BOOST_REQUIRE(found.size() == 1u);
        return found[0];
    }

    /// Has the journal be that of a process somewhere else.
    void rename_writer(const std::string& host, const std::string& pid_namespace) const {
        writer other;
        BOOST_REQUIRE(writer::read_name(journal(), other));
        if (!host.empty()) other.host = host;
        if (!pid_namespace.empty()) other.pid_namespace = pid_namespace;
        std::filesystem::rename(journal(), folder + '/' + other.new_name());
    }

    void silent_for(std::int64_t seconds) const {
        timespec times[2] = {};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = ::time(nullptr) - seconds;
        BOOST_REQUIRE(::utimensat(AT_FDCWD, journal().c_str(), times, 0) == 0);
    }

    void check_recovered(const mlscribe::recovery& done, const std::string& status = "5") const {
        BOOST_TEST(done.points == static_cast<std::uint64_t>(logged));
        BOOST_TEST(done.runs == std::vector<std::string>{id}, boost::test_tools::per_element());
        BOOST_TEST(done.alive.empty());
        BOOST_TEST(done.unknown.empty());
        const auto rows = test::points(folder, "loss");
        BOOST_REQUIRE(rows.size() == static_cast<std::size_t>(logged));
        for (int i = 0; i < logged; ++i) {
            if (rows[static_cast<std::size_t>(i)].value != i) BOOST_ERROR("another point " << i);
        }
        BOOST_TEST(test::meta(folder, "status") == status);
        if (status == "5") {
            BOOST_TEST(test::meta(folder, "end_time") == std::to_string(rows.back().timestamp));
        }
        BOOST_TEST(journals(folder).empty());
        BOOST_TEST(log.all().empty());
    }

    void check_untouched(const mlscribe::recovery& done, bool alive) const {
        BOOST_TEST(done.points == 0u);
        BOOST_TEST(done.runs.empty());
        BOOST_TEST(done.alive.size() == (alive ? 1u : 0u));
        BOOST_TEST(done.unknown.size() == (alive ? 0u : 1u));
        BOOST_TEST(!test::exists(folder + "/metrics/loss"));
        BOOST_TEST(test::meta(folder, "status") == "1");
        BOOST_TEST(log.all().empty());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run_recover)

BOOST_AUTO_TEST_CASE(a_killed_run_ends_at_its_last_point) {
    killed_run run;
    run.check_recovered(run.recover());
    const mlscribe::recovery again = run.recover();
    BOOST_TEST(again.points == 0u);
    BOOST_TEST(again.runs.empty());
    BOOST_TEST(test::points(run.folder, "loss").size() == static_cast<std::size_t>(logged));
}

BOOST_AUTO_TEST_CASE(with_the_end_that_it_was_about_to_write) {
    killed_run run;
    {
        mlscribe::detail::directory place;
        mlscribe::detail::journal_file journal;
        BOOST_REQUIRE(mlscribe::detail::directory::open(run.folder, place) == 0);
        const std::string path = run.journal();
        BOOST_REQUIRE(journal.open(place, path.substr(path.rfind('/') + 1)) == 0);
        journal.header().end_time = 4000000000000;
        journal.header().status = 4;
    }
    run.check_recovered(run.recover(), "4");
    BOOST_TEST(test::meta(run.folder, "end_time") == "4000000000000");
}

BOOST_AUTO_TEST_CASE(a_status_that_is_not_the_writers_stays) {
    killed_run run(mlscribe::drain_mode::thread, true);
    const std::string before = test::read_file(run.folder + "/meta.yaml");
    run.check_recovered(run.recover(), "4");
    BOOST_TEST(test::read_file(run.folder + "/meta.yaml") == before);
}

BOOST_AUTO_TEST_CASE(a_running_one_is_left_alone) {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::metric_handle loss = run.metric("loss");
    loss.log(1.0);
    const std::string folder = test::folder(scratch, run);
    for (const bool force : {false, true}) {
        mlscribe::recover_options options;
        options.force = force;
        const mlscribe::recovery done = mlscribe::recover(scratch.store(), options);
        BOOST_TEST(done.alive == std::vector<std::string>{std::string(run.id())},
                   boost::test_tools::per_element());
        BOOST_TEST(done.points == 0u);
        BOOST_TEST(killed_run::journals(folder).size() == 1u);
        BOOST_TEST(test::meta(folder, "status") == "1");
    }
    loss.log(2.0);
    run.end();
    BOOST_TEST(test::points(folder, "loss").size() == 2u);
}

// Who cannot look at the process waits for ten minutes without a sign of it.
BOOST_AUTO_TEST_CASE(from_afar_only_after_a_long_silence) {
    for (const char* where : {"host", "container"}) {
        killed_run run;
        const bool host = std::string(where) == "host";
        run.rename_writer(host ? "node17" : "", host ? "" : "pid4711");
        run.check_untouched(run.recover(), false);
        run.silent_for(590);
        run.check_untouched(run.recover(), false);
        run.silent_for(610);
        run.check_recovered(run.recover());
    }
}

BOOST_AUTO_TEST_CASE(from_afar_at_once_by_force) {
    killed_run run;
    run.rename_writer("node17", "");
    run.check_recovered(run.recover(true));
}

// Without a thread nobody touches the journal: its silence says nothing.
BOOST_AUTO_TEST_CASE(one_that_drained_inline_only_by_force) {
    killed_run run(mlscribe::drain_mode::inline_);
    run.rename_writer("node17", "");
    run.silent_for(100000);
    run.check_untouched(run.recover(), false);
    run.check_recovered(run.recover(true));
}

// One writer of two is dead: its points are written, and the run goes on.
BOOST_AUTO_TEST_CASE(another_process_still_writes_the_run) {
    killed_run run;
    {
        const std::string dead = run.journal();
        const std::string aside = run.scratch / "aside";
        std::filesystem::rename(dead, aside);
        mlscribe::resume_options options = test::resuming(run.scratch, run.log);
        mlscribe::run living = mlscribe::resume_run(run.id, options);
        std::filesystem::rename(aside, dead);
        const mlscribe::recovery done = run.recover();
        BOOST_TEST(done.points == static_cast<std::uint64_t>(logged));
        BOOST_TEST(done.alive.size() == 1u);
        BOOST_TEST(test::meta(run.folder, "status") == "1");
    }
    BOOST_TEST(run.recover().points == 0u);
    BOOST_TEST(test::meta(run.folder, "status") == "3");
    BOOST_TEST(test::points(run.folder, "loss").size() == static_cast<std::size_t>(logged));
    BOOST_TEST(killed_run::journals(run.folder).empty());
    BOOST_TEST(run.log.all().empty());
}

// The tag names the place; who does not reach it says what he cannot see and touches nothing.
BOOST_AUTO_TEST_CASE(a_journal_that_lies_elsewhere) {
    const test::scratch_directory local;
    const std::string place = local / "journals";
    std::filesystem::create_directories(place);
    const test::variable elsewhere("MLSCRIBE_JOURNAL_DIR", place.c_str());
    killed_run run;
    BOOST_TEST(killed_run::journals(run.folder).empty());
    BOOST_TEST(killed_run::journals(place).size() == 1u);
    BOOST_TEST(test::read_file(run.folder + "/tags/mlscribe.journal") == place);

    std::filesystem::rename(place, local / "away");
    {
        test::error_log log;
        mlscribe::recover_options options;
        options.on_error = log.handler();
        const mlscribe::recovery done = mlscribe::recover(run.scratch.store(), options);
        BOOST_TEST(done.points == 0u);
        BOOST_TEST(done.runs.empty());
        BOOST_TEST(log.tells({"points", place}));
        BOOST_TEST(test::exists(run.folder + "/tags/mlscribe.journal"));
        BOOST_TEST(test::meta(run.folder, "status") == "1");
    }
    std::filesystem::rename(local / "away", place);
    run.check_recovered(run.recover());
    BOOST_TEST(killed_run::journals(place).empty());
    BOOST_TEST(!test::exists(run.folder + "/tags/mlscribe.journal"));
}

// A journal that nobody can read stops neither its own run's neighbours nor a second try.
BOOST_AUTO_TEST_CASE(a_damaged_journal_is_named_and_kept) {
    killed_run run;
    const std::string whole = test::read_file(run.journal());
    const std::string path = run.journal();
    test::write_file(path, "no journal at all" + std::string(100000, 'x'));
    {
        test::error_log log;
        mlscribe::recover_options options;
        options.on_error = log.handler();
        const mlscribe::recovery done = mlscribe::recover(run.scratch.store(), options);
        BOOST_TEST(done.points == 0u);
        BOOST_TEST(log.tells({"cannot read the journal", run.id}));
        BOOST_TEST(test::exists(path));
    }
    test::write_file(path, whole);
    BOOST_TEST(run.recover().points == static_cast<std::uint64_t>(logged));
    BOOST_TEST(test::points(run.folder, "loss").size() == static_cast<std::size_t>(logged));
    BOOST_TEST(killed_run::journals(run.folder).empty());
}

BOOST_AUTO_TEST_SUITE_END()
