// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/param/param_writer.hpp>

#include <filesystem>
#include <string>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::directory;
using mlscribe::detail::write_param;
namespace utf8 = mlscribe::utf8;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

struct run_folder {
    test::scratch_directory scratch;
    directory run;

    run_folder() { BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), run), 0); }
    error write(const std::string& key, const std::string& value) const {
        return write_param(run, "the run", key, value);
    }
    std::string text(const std::string& key) const {
        return test::read_file(scratch / ("params/" + key));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(param_param_writer)

BOOST_FIXTURE_TEST_CASE(up_to_6000_characters_a_value_stays, run_folder) {
    int key = 0;
    for (const std::string& value :
         {std::string(), std::string("hello\nworld\n"), std::string("\r\n"), std::string(6000, 'a'),
          repeated("\xC3\xBC", 6000), repeated("\xF0\x9F\x98\x80", 6000)}) {
        BOOST_TEST(!write("p" + std::to_string(++key), value));
        BOOST_TEST((text("p" + std::to_string(key)) == value));
    }
    BOOST_TEST(!write("bytes", "/home/J\xFCrgen"));
    BOOST_TEST(text("bytes") == "/home/J\xEF\xBF\xBDrgen");
    BOOST_TEST(!test::exists(scratch / "artifacts"));
}

BOOST_FIXTURE_TEST_CASE(a_longer_one_is_cut_and_says_so, run_folder) {
    int key = 0;
    for (const std::string character : {"a", "\xC3\xBC", "\xF0\x9F\x98\x80", "\xE9"}) {
        for (const std::size_t count : {std::size_t{6001}, std::size_t{20000}}) {
            const std::string name = "p" + std::to_string(++key);
            const std::string value = repeated(character, count);
            BOOST_TEST((write(name, value).code == error_code::value_truncated));
            BOOST_TEST(!write(name, value));
            const std::string stored = text(name);
            BOOST_TEST(utf8::is_valid(stored));
            BOOST_TEST(utf8::length(stored) == 6000u);
            const std::string full = "params_full/" + name + ".txt";
            const std::string mark =
                "... [" + std::to_string(count) + " characters; all of them in " + full + "]";
            BOOST_TEST(stored.substr(stored.size() - mark.size()) == mark);
            BOOST_TEST((test::read_file(scratch / ("artifacts/" + full)) == utf8::repaired(value)));
        }
    }
}

BOOST_FIXTURE_TEST_CASE(long_values_that_differ_behind_the_cut_are_different, run_folder) {
    const std::string first = std::string(20000, 'a');
    std::string second = first;
    second[12000] = 'b';
    BOOST_TEST((write("long", first).code == error_code::value_truncated));
    BOOST_TEST((write("long", second).code == error_code::value_changed));
    BOOST_TEST((test::read_file(scratch / "artifacts/params_full/long.txt") == first));
    BOOST_TEST((write("long", "short").code == error_code::value_changed));
    std::string key;
    for (int i = 0; i < 127; ++i) key += "\xC3\xBC";
    BOOST_TEST((write(key, first).code == error_code::value_truncated));
    BOOST_TEST(test::tree(scratch / "artifacts/params_full").size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(written_once, run_folder) {
    BOOST_TEST(!write("lr", "0.1"));
    BOOST_TEST(!write("lr", "0.1"));
    const error changed = write("lr", "0.05");
    BOOST_TEST((changed.code == error_code::value_changed));
    for (const std::string part : {"\"lr\"", "\"0.1\"", "\"0.05\""}) {
        BOOST_TEST(changed.message.find(part) != std::string::npos);
    }
    BOOST_TEST((write("lr", "").code == error_code::value_changed));
    BOOST_TEST((write("lr", "0.1\n").code == error_code::value_changed));
    BOOST_TEST(text("lr") == "0.1");
    BOOST_TEST(!write("empty", ""));
    BOOST_TEST((write("empty", "x").code == error_code::value_changed));
    BOOST_TEST(test::tree(scratch.path()).size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_key_cannot_be_file_and_folder, run_folder) {
    BOOST_TEST(!write("opt", "adam"));
    const error below = write("opt/lr", "1");
    BOOST_TEST((below.code == error_code::key_clash));
    BOOST_TEST(below.message.find("param key \"opt/lr\"") == 0u);
    BOOST_TEST(below.message.find("already has the param \"opt\"") != std::string::npos);
    BOOST_TEST(!write("net/depth", "3"));
    const error above = write("net", "deep");
    BOOST_TEST((above.code == error_code::key_clash));
    BOOST_TEST(above.message.find("\"net/…\"") != std::string::npos);
    BOOST_TEST(text("opt") == "adam");
    BOOST_TEST(text("net/depth") == "3");
}

BOOST_FIXTURE_TEST_CASE(nothing_is_written_or_read_through_a_link, run_folder) {
    test::write_file(scratch / "secret", "kept");
    std::filesystem::create_directory(scratch / "params");
    std::filesystem::create_symlink("../secret", scratch / "params/lr");
    const error failure = write("lr", "0.1");
    BOOST_TEST((failure.code == error_code::system));
    BOOST_TEST(failure.message.find("kept") == std::string::npos);
    BOOST_TEST(test::read_file(scratch / "secret") == "kept");
}

BOOST_AUTO_TEST_SUITE_END()
