// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor/open_writers.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::detail::descriptor;
using mlscribe::detail::directory;
using mlscribe::detail::keep_late_bytes;

namespace {

/// A file that lost its name, into which somebody wrote a row more.
struct late_row {
    test::scratch_directory scratch;
    directory run;
    descriptor old;

    late_row() {
        test::write_file(scratch / "loss", "1 2 3\n4 5 6\n");
        BOOST_REQUIRE(directory::open(scratch.path(), run) == 0);
        BOOST_REQUIRE(run.open_file("loss", O_RDONLY, old) == 0);
        std::filesystem::remove(scratch / "loss");
    }
    error keep() const { return keep_late_bytes(old, 6, run, "loss", "run/loss"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(doctor_open_writers, late_row)

BOOST_AUTO_TEST_CASE(what_came_late_is_appended) {
    BOOST_TEST(!keep());
    BOOST_TEST(test::read_file(scratch / "loss") == "4 5 6\n");
}

BOOST_AUTO_TEST_CASE(a_pipe_in_its_place_is_not_waited_for) {
    BOOST_REQUIRE(::mkfifo((scratch / "loss").c_str(), 0644) == 0);
    BOOST_TEST(keep().system_code == ENXIO);
    // Nor does its reader get what is another's.
    const descriptor reader(::open((scratch / "loss").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    BOOST_TEST(keep().system_code == ENXIO);
    char byte = 0;
    BOOST_TEST(::read(reader.get(), &byte, 1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
