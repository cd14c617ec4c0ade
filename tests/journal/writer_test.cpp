// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/writer.hpp>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"
#include "skipped.hpp"

using mlscribe::detail::liveness;
using mlscribe::detail::writer;

namespace {

/// The fields of /proc/<pid>/stat from the third on.
std::vector<std::string> status_of(pid_t process) {
    const std::string text = test::read_file("/proc/" + std::to_string(process) + "/stat");
    std::vector<std::string> fields(1);
    for (const char c : text.substr(text.rfind(')') + 2)) {
        if (c == ' ') {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

/// This host's process of that id.
writer writer_of(pid_t process) {
    writer other = writer::current();
    other.process = std::to_string(process);
    other.started = status_of(process).at(19);
    return other;
}

bool equal(const writer& a, const writer& b) {
    return a.host == b.host && a.boot == b.boot && a.pid_namespace == b.pid_namespace &&
           a.process == b.process && a.started == b.started;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_writer)

BOOST_AUTO_TEST_CASE(this_process) {
    const writer self = writer::current();
    BOOST_TEST(!self.host.empty());
    BOOST_TEST(self.boot.size() == 8u);
    BOOST_TEST(self.pid_namespace.substr(0, 3) == "pid");
    BOOST_TEST(self.process == std::to_string(::getpid()));
    BOOST_TEST(self.started == status_of(::getpid()).at(19));
    BOOST_TEST(equal(self, writer::current()));
    BOOST_TEST((writer::judge(self, self) == liveness::alive));
}

BOOST_AUTO_TEST_CASE(a_forked_child_is_another) {
    const writer self = writer::current();
    const std::string result = test::in_child([&self]() -> std::string {
        const writer& child = writer::current();
        if (child.process != std::to_string(::getpid())) return "process " + child.process;
        if (child.started != status_of(::getpid()).at(19)) return "started " + child.started;
        return child.host == self.host && &child == &writer::current() ? "ok" : "another";
    });
    BOOST_TEST(result == "ok");
    BOOST_TEST(equal(self, writer::current()));
}

BOOST_AUTO_TEST_CASE(names_round_trip) {
    for (const char* host : {"node", "node-7.cluster.example.org", "-", "a--b", ""}) {
        const writer made{host, "0f1e2d3c", "pid4026531836", "1", "123456"};
        writer found;
        BOOST_TEST(writer::read_name(made.new_name(), found));
        BOOST_TEST(equal(made, found));
        BOOST_TEST(writer::read_name("0123456789abcdef0123456789abcdef" + made.new_name(), found));
        BOOST_TEST(equal(made, found));
    }
    writer self;
    BOOST_TEST(writer::read_name(writer::current().new_name(), self));
    BOOST_TEST(equal(self, writer::current()));
}

BOOST_AUTO_TEST_CASE(every_name_is_new_and_a_file_name) {
    std::set<std::string> names;
    for (int i = 0; i < 100; ++i) {
        const std::string name = writer::current().new_name();
        BOOST_TEST(names.insert(name).second);
        BOOST_TEST(name.find('/') == std::string::npos);
        BOOST_TEST(name.front() == '.');  // MLflow lists a run's directory
        BOOST_TEST(name.size() < 200u);
    }
}

BOOST_AUTO_TEST_CASE(other_names_are_no_journals) {
    writer found;
    const std::string name = writer::current().new_name();
    for (const std::string& other :
         {std::string(), std::string("meta.yaml"), std::string(".mlscribe-journal"),
          std::string(".mlscribe-journal+a+b+c+d"), std::string(".mlscribe-journal+a+b+c+d+e"),
          std::string(".mlscribe-journal-a+b+c+d+e+0"), name.substr(1), name + "+1"}) {
        BOOST_TEST(!writer::read_name(other, found), other);
    }
}

BOOST_AUTO_TEST_CASE(a_process_is_a_number) {
    writer planted = writer::current();
    writer found;
    for (const char* const process :
         {"", "..", "../tmp/planted", "self", "-1", "1/task/1", " 1", "1 ", "9999999999"}) {
        planted.process = process;
        BOOST_TEST(!writer::read_name(planted.new_name(), found), process);
    }
    planted.process = "4194304";
    BOOST_TEST(writer::read_name(planted.new_name(), found));
}

BOOST_AUTO_TEST_CASE(alive_then_a_zombie_then_gone) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        char none = 0;
        ::close(ends[1]);
        const bool told = ::read(ends[0], &none, 1) == 0;
        ::_exit(told ? 0 : 1);
    }
    const writer self = writer::current();
    const writer other = writer_of(child);
    BOOST_TEST((writer::judge(other, self) == liveness::alive));
    ::close(ends[1]);
    siginfo_t ended{};
    BOOST_REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
    BOOST_TEST(status_of(child).at(0) == "Z");
    BOOST_TEST((writer::judge(other, self) == liveness::dead));
    BOOST_REQUIRE(::waitpid(child, nullptr, 0) == child);
    BOOST_TEST((writer::judge(other, self) == liveness::dead));
    ::close(ends[0]);
}

BOOST_AUTO_TEST_CASE(a_process_id_that_came_again) {
    const writer self = writer::current();
    writer earlier = self;
    earlier.started += '0';
    BOOST_TEST((writer::judge(earlier, self) == liveness::dead));
}

/// Or another host of its name runs beside it.
BOOST_AUTO_TEST_CASE(the_host_started_again) {
    const test::scratch_directory scratch;
    mlscribe::detail::directory place;
    BOOST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), place) == 0);
    const writer self = writer::current();
    writer earlier = self;
    earlier.boot = earlier.boot == "00000000" ? "11111111" : "00000000";
    writer elsewhere = self;
    elsewhere.pid_namespace = "pid1";
    const std::string name = earlier.new_name();
    test::write_file(scratch / name, "");
    const auto touch = [&](std::int64_t milliseconds_ago) {
        timespec times[2] = {};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec =
            static_cast<time_t>((mlscribe::detail::milliseconds_now() - milliseconds_ago) / 1000);
        BOOST_REQUIRE(::utimensat(place.get(), name.c_str(), times, 0) == 0);
    };
    const auto judged = [&](const writer& other) {
        return writer::judge(other, self, place, name);
    };
    BOOST_TEST((writer::judge(earlier, self) == liveness::unknown));
    BOOST_TEST((judged(earlier) == liveness::unknown));
    touch(2 * mlscribe::detail::heartbeat_interval);
    BOOST_TEST((judged(earlier) == liveness::unknown));
    touch(mlscribe::detail::uptime() / 2);
    BOOST_TEST((judged(earlier) == liveness::unknown));
    touch(mlscribe::detail::uptime() + 4 * mlscribe::detail::heartbeat_interval);
    BOOST_TEST((judged(earlier) == liveness::dead));
    earlier.pid_namespace = "pid1";
    BOOST_TEST((judged(earlier) == liveness::dead));
    BOOST_TEST((judged(elsewhere) == liveness::unknown));
    BOOST_TEST((judged(self) == liveness::alive));
    earlier.host += "-2";
    BOOST_TEST((judged(earlier) == liveness::unknown));
    BOOST_TEST((writer::judge(earlier, self, place, "gone") == liveness::unknown));
}

BOOST_AUTO_TEST_CASE(from_afar_nothing_is_known) {
    const writer self = writer::current();
    writer other = self;
    other.host += "-2";
    BOOST_TEST((writer::judge(other, self) == liveness::unknown));
    other.boot = "00000000";
    BOOST_TEST((writer::judge(other, self) == liveness::unknown));
    other = self;
    other.pid_namespace = "pid1";
    other.process = "999999999";
    BOOST_TEST((writer::judge(other, self) == liveness::unknown));
}

BOOST_AUTO_TEST_CASE(a_name_with_blanks_and_brackets_in_it) {
    const std::string result = test::in_child([] {
        test::write_file("/proc/self/comm", "a) Z 1 (b");
        const writer self = writer::current();
        return self.started == status_of(::getpid()).at(19) &&
                       writer::judge(self, self) == liveness::alive
                   ? std::string("alive")
                   : "started " + self.started;
    });
    BOOST_TEST(result == "alive");
}

/// Clusters hide the processes of other users (hidepid); some sandboxes have no /proc.
BOOST_AUTO_TEST_CASE(a_process_that_is_hidden_is_not_dead) {
    const test::scratch_directory scratch;
    const writer parent = writer::current();
    const std::string result = test::in_child([&]() -> std::string {
        const writer self = writer::current();
        if (::chroot(scratch.path().c_str()) != 0) return "skipped";
        if (writer::judge(parent, self) != liveness::unknown) return "a living one";
        writer gone = parent;
        gone.process = "999999999";
        return writer::judge(gone, self) == liveness::dead ? "ok" : "a dead one";
    });
    if (result == "skipped") return test::skipped("the root cannot be changed (root only)");
    BOOST_TEST(result == "ok");
}

/// Two hosts must not become one.
BOOST_AUTO_TEST_CASE(host_names_are_kept) {
    const std::string result = test::in_child([]() -> std::string {
        const std::string name = "my_node-1.x";
        if (::unshare(CLONE_NEWUTS) != 0 || ::sethostname(name.data(), name.size()) != 0) {
            return "skipped";
        }
        return writer::current().host;
    });
    if (result == "skipped")
        return test::skipped("the host cannot be renamed for one process (root only)");
    BOOST_TEST(result == "my_node-1.x");
}

BOOST_AUTO_TEST_SUITE_END()
