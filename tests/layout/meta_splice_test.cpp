// SPDX-License-Identifier: MIT
#include <mlscribe/layout/meta_splice.hpp>

#include <mlscribe/layout/meta_yaml.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace {

using mlscribe::run_status;

/// What becomes of a text; "refused".
std::string spliced(const std::string& text, run_status status = run_status::killed,
                    std::int64_t time = 1700000000123) {
    // Exactly as much room as is asked for: a sanitizer sees a byte behind it.
    std::string out(text.size() + 42, '#');
    const mlscribe::detail::meta_splice splice(text);
    const std::size_t length = splice.write(status, time, out.data(), out.size());
    BOOST_TEST(splice.is_known() == (length != 0));
    return length == 0 ? "refused" : out.substr(0, length);
}

const std::string head = "artifact_uri: file:///a\n";
const std::string middle =
    "experiment_id: '1'\nlifecycle_stage: active\nrun_id: 0123456789abcdef0123456789abcdef\n";
const std::string tail = "start_time: 1699999999999\n";
const std::string last = "user_id: me\n";

/// A meta.yaml with these lines; those left out are as MLflow writes them.
std::string with(const std::string& end_time = "end_time: null\n",
                 const std::string& name = "run_name: calm-crane-7\n",
                 const std::string& status = "status: 1\n") {
    return head + end_time + middle + name + tail + status + last;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_meta_splice)

BOOST_AUTO_TEST_CASE(status_and_end_time_change_and_no_other_byte) {
    const std::string after = "end_time: 1700000000123\n";
    const std::string killed = "status: 5\n";
    for (const char* const end_time :
         {"end_time: null\n", "end_time:\n", "end_time: \n", "end_time: ~\n", "end_time: ''\n",
          "end_time: 17\n", "end_time:   null  \n", "end_time: NULL\n", "end_time: \"\"\n"}) {
        BOOST_TEST(spliced(with(end_time)) == with(after, "run_name: calm-crane-7\n", killed));
    }
    BOOST_TEST(spliced(with(), run_status::failed, 0) ==
               with("end_time: 0\n", "run_name: calm-crane-7\n", "status: 4\n"));
}

BOOST_AUTO_TEST_CASE(what_looks_like_a_status_and_is_none_stays) {
    for (const char* const name :
         {"run_name: \"status: 1\"\n", "run_name: \"a\\nstatus: 1\\nend_time: null\"\n",
          "run_name: 'it''s status: 1'\n", "run_name: \"\\\\\"\n", "run_name: ''\n",
          "run_name: \"\\\"status: 1\"\n", "run_name: status\n", "run_name: \"\xC3\xA9\"\n",
          "run_name: x\nstatus_of_it: 1\n", "run_name: x\nmy_status: 1\n",
          "# status: 1\nrun_name: x\n", "run_name: x\n\n",
          "run_name: x\nstages:\n  status: 1\n  - a\n", "run_name: x\nlater:\n- 1\n- two\n",
          "run_name: a name that PyYAML has\n  folded\n", "run_name: x\ntags: []\nmore: {}\n"}) {
        const std::string text = with("end_time: null\n", name);
        BOOST_TEST(spliced(text) == with("end_time: 1700000000123\n", name, "status: 5\n"));
    }
}

BOOST_AUTO_TEST_CASE(the_order_of_the_keys_does_not_matter) {
    const std::string text = "user_id: \"\"\nstatus: 2\n" + tail + middle + "end_time:\n";
    BOOST_TEST(spliced(text) ==
               "user_id: \"\"\nstatus: 5\n" + tail + middle + "end_time: 1700000000123\n");
}

BOOST_AUTO_TEST_CASE(what_it_does_not_know_it_refuses) {
    const std::string whole = with();
    const std::string refused[] = {
        "",
        "\n",
        "{}\n",
        "{status: 1, end_time: null}\n",
        whole.substr(0, whole.size() - 1),
        replaced(whole, last, ""),
        replaced(whole, "start_time", "begin_time"),
        replaced(whole, "run_id", "id"),
        replaced(whole, "experiment_id", "experiment"),
        replaced(whole, "end_time: null\n", ""),
        replaced(whole, "status: 1\n", ""),
        whole + "status: 1\n",
        whole + "end_time: null\n",
        whole + "\"status\": 1\n",
        whole + "? status\n: 1\n",
        "---\n" + whole,
        whole + "---\n" + whole,
        whole + "...\n",
        "%YAML 1.1\n" + whole,
        "\xEF\xBB\xBF" + whole,
        "  a: b\n" + whole,
    };
    for (const std::string& text : refused) BOOST_TEST(spliced(text) == "refused", text);
    for (const char* const status :
         {"status: '1'\n", "status: RUNNING\n", "status: 1 # runs\n", "status: 0\n", "status: 6\n",
          "status: 11\n", "status:\n", "status: 1.0\n", "status:\n  1\n", "status: 1\n  2\n",
          "status: 1\n\n  2\n", "status : 1\n", "status:1\n", "status: &a 1\n", "status: !!int 1\n",
          "status: null\n", "status: 1\r\n", "status: 1\t\n"}) {
        const std::string text = with("end_time: null\n", "run_name: x\n", status);
        BOOST_TEST(spliced(text) == "refused", status);
    }
    for (const char* const end_time :
         {"end_time: none\n", "end_time: 1.5\n", "end_time: -1\n", "end_time: '17'\n",
          "end_time: [1]\n", "end_time:\n- 1\n", "end_time:\n  17\n", "end_time: |\n  17\n",
          "end_time: 17 18\n"}) {
        BOOST_TEST(spliced(with(end_time)) == "refused", end_time);
    }
    for (const char* const name :
         {"run_name: \"a\nstatus: 1\"\n", "run_name: 'a\n  b'\n", "run_name: \"a\\\"\n",
          "run_name: \"a\" b\n", "run_name: 'a''\n", "run_name: |\n  a\n", "run_name: >-\n  a\n",
          "run_name: {a: b}\n", "run_name: [a,\n", "run_name: &x a\n", "run_name: *x\n",
          "run_name: a\xE2\x80\xA8status: 1\n", "run_name: a\xC2\x85status: 1\n",
          "run_name: a\rstatus: 1\n", "run_name: x\nlater:\n  a: \"\n", "run_name: x\n-b\n",
          "run_name: x\nlater:\n  a: |\n   status: 1\n", "no key\n", ": x\n"}) {
        BOOST_TEST(spliced(with("end_time: null\n", name)) == "refused", name);
    }
}

BOOST_AUTO_TEST_CASE(room_and_time_are_checked) {
    const std::string text = with();
    std::string out(text.size() + 41, '#');
    BOOST_TEST(mlscribe::detail::meta_splice(text).write(run_status::killed, 1, out.data(),
                                                         out.size()) == 0u);
    BOOST_TEST(out.find_first_not_of('#') == std::string::npos);
    out.resize(text.size() + 100);
    BOOST_TEST(mlscribe::detail::meta_splice(text).write(run_status::killed, -1, out.data(),
                                                         out.size()) == 0u);
    const std::string longest = spliced(with("end_time:\n"), run_status::killed, INT64_MAX);
    BOOST_TEST(longest ==
               with("end_time: 9223372036854775807\n", "run_name: calm-crane-7\n", "status: 5\n"));
}

// What it makes of a file means what the way through the document means.
BOOST_AUTO_TEST_CASE(every_file_that_this_library_writes_is_known) {
    for (const char* const name : {"",
                                   "plain",
                                   "status: 1",
                                   "a\nb",
                                   "it's \"quoted\"",
                                   "\\",
                                   "#x",
                                   "- a",
                                   "\xE2\x80\xA8",
                                   "null",
                                   "1e3",
                                   " blank ",
                                   "\xF0\x9F\x98\x80",
                                   "a: b",
                                   "{",
                                   "[",
                                   "\t",
                                   "\x7F",
                                   "~",
                                   "'",
                                   "\"",
                                   "'a",
                                   "\"a"}) {
        mlscribe::run_meta meta;
        meta.run_id = meta.run_name = "0123456789abcdef0123456789abcdef";
        meta.run_name = meta.user_id = name;
        meta.experiment_id = "0";
        meta.artifact_uri = std::string("file:///tmp/") + name;
        meta.start_time = 1700000000000;
        mlscribe::meta_document document = mlscribe::to_document(meta);
        const std::string text = document.text();
        document.set_integer("status", 5);
        document.set_integer("end_time", 1700000000123);
        BOOST_TEST(spliced(text) == document.text());
    }
}

BOOST_AUTO_TEST_SUITE_END()
