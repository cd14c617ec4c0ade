// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/writing_turn.hpp>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::detail::directory;

using mlscribe::detail::staged_file;
using mlscribe::detail::write_in_turn;
using mlscribe::detail::writing_turn;

namespace {

struct opened {
    test::scratch_directory scratch;
    directory folder;
    opened() { BOOST_REQUIRE(directory::open(scratch.path(), folder) == 0); }

    std::string turn_file() const { return scratch / std::string(writing_turn::file_name); }

    /// Adds one to the number in a file, unless another did.
    error count_up() const {
        return write_in_turn(folder, "here", [this](writing_turn& turn) {
            std::string text;
            folder.read("count", text);
            const int next = text.empty() ? 1 : std::stoi(text) + 1;
            const int failed = turn.replace("count", std::to_string(next));
            return failed == 0 ? error{} : mlscribe::detail::system_error("no", "count", failed);
        });
    }

    /// A process that has a turn and an open file, and does `body(turn, staged)` with them.
    template <class Body>
    test::child_process holder(Body&& body) const {
        return test::child_process([this, body]() -> std::string {
            writing_turn turn(folder);
            staged_file staged(folder);
            if (turn.take() != 0 || turn.open(staged) != 0) return "no turn";
            test::write_file(scratch / "taken", "");
            return body(turn, staged);
        });
    }
    void await_taken() const {
        while (!test::exists(scratch / "taken")) ::usleep(1000);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_writing_turn)

BOOST_FIXTURE_TEST_CASE(nothing_stays_behind_it, opened) {
    {
        writing_turn turn(folder);
        BOOST_TEST(turn.take() == 0);
        BOOST_TEST(test::exists(turn_file()));
        BOOST_TEST(turn.replace("a/b", "text") == 0);
        BOOST_TEST(!turn.is_lost());
    }
    const std::vector<std::string> left = {"a/", "a/b"};
    BOOST_TEST(test::tree(scratch.path()) == left, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(threads_and_processes_take_turns, opened) {
    test::child_process other([this]() -> std::string {
        for (int i = 0; i != 50; ++i) {
            if (count_up()) return "failed";
        }
        return "";
    });
    std::vector<std::thread> workers;
    for (int worker = 0; worker != 4; ++worker) {
        workers.emplace_back([this] {
            for (int i = 0; i != 50; ++i) static_cast<void>(count_up());
        });
    }
    for (std::thread& worker : workers) worker.join();
    BOOST_TEST(other.result() == "");
    BOOST_TEST(test::read_file(scratch / "count") == "250");
}

BOOST_FIXTURE_TEST_CASE(one_of_a_process_that_died_is_taken_at_once, opened) {
    test::child_process other = holder([](writing_turn&, staged_file&) -> std::string {
        while (true) ::pause();
    });
    await_taken();
    other.kill();
    BOOST_TEST(other.result() == "signal 9");
    writing_turn turn(folder, 1000000000);
    BOOST_TEST(turn.take() == 0);
    BOOST_TEST(test::tree(scratch.path()).size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(one_that_names_a_pipe_for_a_process_is_not_waited_for, opened) {
    std::filesystem::create_directory(scratch / "planted");
    BOOST_REQUIRE(::mkfifo((scratch / "planted/stat").c_str(), 0644) == 0);
    mlscribe::detail::writer named = mlscribe::detail::writer::current();
    named.process = ".." + (scratch / "planted");
    test::write_file(turn_file(), named.new_name() + "\nx");
    writing_turn::remove_abandoned(folder);
    writing_turn turn(folder, 1);
    BOOST_TEST(turn.take() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_recovery_removes_one_of_a_process_that_died, opened) {
    test::child_process other = holder([](writing_turn&, staged_file&) -> std::string {
        while (true) ::pause();
    });
    await_taken();
    writing_turn::remove_abandoned(folder);
    BOOST_TEST(test::exists(turn_file()));
    other.kill();
    other.result();
    writing_turn::remove_abandoned(folder);
    BOOST_TEST(test::tree(scratch.path()).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(who_was_stopped_cannot_put_its_file_in_place, opened) {
    test::child_process other = holder([](writing_turn& turn, staged_file& staged) -> std::string {
        ::raise(SIGSTOP);
        const int failed = staged.rename_to("count");
        return (failed == ENOENT ? "refused" : "put") + std::string(turn.is_lost() ? " lost" : "");
    });
    await_taken();
    siginfo_t stopped{};  // or it might be told to go on before it stops
    const auto id = static_cast<id_t>(other.id());
    BOOST_REQUIRE(::waitid(P_PID, id, &stopped, WSTOPPED | WEXITED | WNOWAIT) == 0);
    test::write_file(scratch / "count", "7");
    {
        writing_turn turn(folder, 50);
        BOOST_TEST(turn.take() == 0);
        ::kill(other.id(), SIGCONT);
        BOOST_TEST(other.result() == "refused lost");
        BOOST_TEST(!turn.is_lost());
        BOOST_TEST(turn.replace("count", "8") == 0);
    }
    BOOST_TEST(test::read_file(scratch / "count") == "8");
    BOOST_TEST(!test::exists(turn_file()));
}

BOOST_FIXTURE_TEST_CASE(one_whose_file_grows_is_waited_for, opened) {
    test::child_process other = holder([](writing_turn& turn, staged_file& staged) -> std::string {
        for (int i = 0; i != 25; ++i) {
            if (staged.put("more", mlscribe::detail::durability::cached) != 0) return "full";
            ::usleep(100000);
        }
        return turn.is_lost() ? "lost" : "kept";
    });
    await_taken();
    writing_turn turn(folder, 2000);
    BOOST_TEST(turn.take() == 0);
    BOOST_TEST(other.result() == "kept");
}

BOOST_FIXTURE_TEST_CASE(what_is_lost_is_done_again, opened) {
    int tries = 0;
    const error failure = write_in_turn(folder, "here", [&](writing_turn& turn) -> error {
        if (++tries == 1) BOOST_TEST(::unlink(turn_file().c_str()) == 0);
        const int failed = turn.replace("count", "1");
        BOOST_TEST(failed == (tries == 1 ? ESTALE : 0));
        return failed == 0 ? error{} : mlscribe::detail::system_error("no", "count", failed);
    });
    BOOST_TEST(!failure);
    BOOST_TEST(tries == 2);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_no_turn_is_taken_away_when_it_stays, opened) {
    test::write_file(turn_file(), "anything\n/etc/passwd");
    test::write_file(scratch / "kept", "");
    writing_turn turn(folder, 50);
    BOOST_TEST(turn.take() == 0);
    BOOST_TEST(test::exists(scratch / "kept"));
}

BOOST_FIXTURE_TEST_CASE(where_nobody_can_write_it_says_so, opened) {
    const directory closed;
    writing_turn turn(closed);
    BOOST_TEST(turn.take() == EBADF);
    const error failure = write_in_turn(closed, "there", [](writing_turn&) { return error{}; });
    BOOST_TEST(failure.system_code == EBADF);
    BOOST_TEST(failure.message.find("\"there\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
