// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/run_look.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <string>

#include "scratch_directory.hpp"

using namespace mlscribe::detail;

namespace {

/// A run that nobody touched for an hour or more.
struct quiet_run {
    test::scratch_directory scratch;

    quiet_run() {
        write("meta.yaml", "status: 3\n");
        write("metrics/train/loss", "1 0.5 0\n");
        write("artifacts/a/b.txt", "text");
        write("artifacts/c.bin", std::string(100, 'c'));
    }
    void write(const std::string& path, const std::string& bytes, long age = 3600) {
        test::write_file(scratch / path, bytes);
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME, &now);
        // From the same midnight, so that each call gives the same.
        const time_t then = age == 0 ? now.tv_sec : now.tv_sec / 86400 * 86400 - age;
        const timespec times[2] = {{then, 0}, {then, 0}};
        ::utimensat(AT_FDCWD, (scratch / path).c_str(), times, 0);
    }
    run_look look() const {
        directory run;
        run_look found;
        BOOST_REQUIRE(directory::open(scratch.path(), run) == 0);
        BOOST_TEST(found.take(run) == 0);
        return found;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_run_look, quiet_run)

BOOST_AUTO_TEST_CASE(it_counts_what_there_is) {
    const run_look found = look();
    BOOST_TEST(found.metric_bytes() == 8u);
    BOOST_TEST(found.artifacts() == 2u);
    BOOST_TEST(found.artifact_bytes() == 104u);
    BOOST_TEST(!found.has_journal());
    BOOST_TEST(!found.text().empty());
    BOOST_TEST(found.text() == look().text());
}

BOOST_AUTO_TEST_CASE(every_change_makes_another_text) {
    const std::string before = look().text();
    write("artifacts/a/b.txt", "texts");
    const std::string grown = look().text();
    BOOST_TEST(grown != before);
    write("artifacts/a/b.txt", "texts", 7200);
    const std::string touched = look().text();
    BOOST_TEST(touched != grown);
    write("params/lr", "");
    BOOST_TEST(look().text() != touched);
}

BOOST_AUTO_TEST_CASE(what_was_written_a_moment_ago_or_by_memory_is_never_the_same) {
    write("params/lr", "0.1", 0);
    BOOST_TEST(look().text().empty());
    BOOST_TEST(!look().sum().empty());
    write("params/lr", "0.1");
    BOOST_TEST(!look().text().empty());
    write(writer::current().new_name(), "");
    BOOST_TEST(look().has_journal());
    BOOST_TEST(look().text().empty());
}

BOOST_AUTO_TEST_CASE(a_journal_elsewhere_is_told_by_its_tag) {
    write("tags/mlscribe.journal", "/scratch");
    BOOST_TEST(look().has_journal());
}

BOOST_AUTO_TEST_SUITE_END()
