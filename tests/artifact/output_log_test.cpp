// SPDX-License-Identifier: MIT
#include <mlscribe/artifact/output_log.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "scratch_directory.hpp"

namespace {

/// Where a run keeps its logs.
struct logs_folder {
    test::scratch_directory scratch;
    mlscribe::detail::directory root;
    mlscribe::detail::directory logs;

    logs_folder() {
        BOOST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), root) == 0);
        BOOST_REQUIRE(root.open_below("artifacts/logs", mlscribe::detail::missing::create, logs) ==
                      0);
    }

    /// Writes as one process of the run does. \return bytes that are not logged
    std::uint64_t write(const std::string& text, std::uint64_t limit, std::size_t at_once = 1000) {
        mlscribe::detail::output_log log;
        BOOST_REQUIRE(log.open(root, logs, "stdout", limit) == 0);
        for (std::size_t at = 0; at < text.size(); at += at_once) {
            log.write(text.data() + at, (std::min)(at_once, text.size() - at));
        }
        return log.unlogged();
    }

    std::string head() const { return test::read_file(scratch / "artifacts/logs/stdout.log"); }
    std::string rest() const {
        const std::string path = scratch / "artifacts/logs/stdout.rest.log";
        return test::exists(path) ? test::read_file(path) : "";
    }
};

std::string lines(int first, int count) {
    std::string text;
    for (int i = first; i < first + count; ++i) text += "line " + std::to_string(i) + '\n';
    return text;
}

/// The number in the first line of a rest, which is taken away.
std::uint64_t take_note(std::string& rest) {
    const std::string begin = "[mlscribe: ";
    const std::string end = " bytes are left out here]\n";
    BOOST_REQUIRE(rest.compare(0, begin.size(), begin) == 0);
    const std::size_t found = rest.find(end);
    BOOST_REQUIRE(found != std::string::npos);
    const std::uint64_t count = std::stoull(rest.substr(begin.size()));
    rest.erase(0, found + end.size());
    return count;
}

/// The whole text is there, but for what the rest says is left out, at a line's border.
void check_bounded(const logs_folder& folder, const std::string& text, std::uint64_t limit) {
    const std::string head = folder.head();
    std::string rest = folder.rest();
    BOOST_TEST(head.size() + rest.size() <= limit);
    BOOST_TEST(rest.size() > limit / 4 - 100);
    const std::uint64_t left_out = take_note(rest);
    BOOST_TEST(head.size() + left_out + rest.size() == text.size());
    BOOST_TEST((head == text.substr(0, head.size())));
    BOOST_TEST((rest == text.substr(text.size() - rest.size())));
    BOOST_TEST(text[text.size() - rest.size() - 1] == '\n');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_output_log)

BOOST_FIXTURE_TEST_CASE(short_texts_are_whole_and_in_one_file, logs_folder) {
    const std::string text = lines(0, 100);
    BOOST_TEST(write(text, 4096) == 0u);
    BOOST_TEST(head() == text);
    BOOST_TEST(rest() == "");
}

BOOST_FIXTURE_TEST_CASE(the_first_half_stays_and_the_newest_of_what_follows, logs_folder) {
    const std::string text = lines(0, 20000);
    for (const std::size_t at_once : {std::size_t{7}, std::size_t{65536}}) {
        logs_folder fresh;
        BOOST_TEST(fresh.write(text, 10000, at_once) == 0u);
        check_bounded(fresh, text, 10000);
        if (at_once > 100) BOOST_TEST(fresh.head().back() == '\n');
        BOOST_TEST(test::tree(fresh.scratch.path()).size() == 4u);  // nothing else is left
    }
}

BOOST_FIXTURE_TEST_CASE(what_follows_is_whole_while_there_is_room, logs_folder) {
    const std::string text = lines(0, 800);
    write(text, 10000);
    BOOST_TEST(head().size() + rest().size() == text.size());
    BOOST_TEST((head() + rest() == text));
}

BOOST_FIXTURE_TEST_CASE(a_second_process_goes_on, logs_folder) {
    std::string text;
    for (int process = 0; process < 30; ++process) {
        write(lines(process * 100, 100), 10000);
        text += lines(process * 100, 100);
    }
    check_bounded(*this, text, 10000);
}

BOOST_FIXTURE_TEST_CASE(text_without_lines_is_bounded_too, logs_folder) {
    const std::string text(50000, 'x');
    write(text, 10000);
    std::string left = rest();
    BOOST_TEST(head().size() == 5000u);
    BOOST_TEST(left.size() <= 5000u);
    const std::uint64_t left_out = take_note(left);
    BOOST_TEST(left_out + head().size() + left.size() == text.size());
}

BOOST_FIXTURE_TEST_CASE(a_name_that_is_taken_stops_it_and_the_loss_is_counted, logs_folder) {
    BOOST_REQUIRE(logs.make("stdout.rest.log") == 0);
    mlscribe::detail::output_log log;
    BOOST_TEST(log.open(root, logs, "stdout", 4096) == EISDIR);
    BOOST_REQUIRE(logs.remove_directory("stdout.rest.log") == 0);
    mlscribe::detail::output_log other;
    BOOST_REQUIRE(other.open(root, logs, "stdout", 4096) == 0);
    BOOST_REQUIRE(logs.make("stdout.rest.log") == 0);
    const std::string text = lines(0, 1000);
    other.write(text.data(), text.size());
    BOOST_TEST(other.failure() == EEXIST);
    BOOST_TEST(other.unlogged() + head().size() == text.size());
}

BOOST_AUTO_TEST_SUITE_END()
