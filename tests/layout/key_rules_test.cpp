// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <optional>
#include <string>
#include <string_view>

using mlscribe::clash_message;
using mlscribe::key_kind;
using mlscribe::key_problem;
using mlscribe::keys_clash;
using namespace std::string_literals;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    while (times-- != 0) out += text;
    return out;
}

std::string problem_of(std::string_view key, key_kind kind = key_kind::metric) {
    return key_problem(kind, key).value_or("");
}

constexpr const char* way_out = "; use sanitize::map or rename";

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_key_rules)

BOOST_AUTO_TEST_CASE(legal_keys) {
    for (const std::string& key : {"loss"s,
                                   "train/loss"s,
                                   "a/b/c/d/e"s,
                                   "lr:encoder"s,
                                   "01: running time in mins"s,
                                   " lead"s,
                                   "trail "s,
                                   "-x"s,
                                   ".hidden"s,
                                   "a/.b"s,
                                   "a/..b"s,
                                   "a/...x"s,
                                   "x.y-z_0"s,
                                   "loss."s,
                                   "_"s,
                                   "a..b"s,
                                   "\xE6\x90\x8D\xE5\xA4\xB1"s,
                                   "gr\xC3\xB6\xC3\x9F"
                                   "e"s,
                                   "\xD9\xA1"s,
                                   "mlflow.runName"s,
                                   repeated("x", 250),
                                   repeated("\xE6\x90\x8D", 85),
                                   repeated("\xC3\xBC", 125) + "/" + repeated("\xC3\xBC", 124)}) {
        for (const key_kind kind : {key_kind::metric, key_kind::param, key_kind::tag}) {
            BOOST_TEST(!key_problem(kind, key), problem_of(key));
        }
    }
}

BOOST_AUTO_TEST_CASE(names_the_character) {
    const std::string rule =
        " is not allowed by MLflow (letters, digits, _ - . : / and blank are)"s + way_out;
    BOOST_TEST(problem_of("recall@5") == "metric key \"recall@5\": '@'" + rule);
    BOOST_TEST(problem_of("lr(enc)", key_kind::param) == "param key \"lr(enc)\": '('" + rule);
    BOOST_TEST(problem_of("acc%", key_kind::tag) == "tag key \"acc%\": '%'" + rule);
    BOOST_TEST(problem_of("loss\n") == "metric key \"loss\\n\": '\\n'" + rule);
    BOOST_TEST(problem_of("a\tb") == "metric key \"a\\tb\": '\\t'" + rule);
    BOOST_TEST(problem_of("a\x01") == "metric key \"a\\x01\": '\\x01'" + rule);
    BOOST_TEST(problem_of("a\0b"s) == "metric key \"a\\x00b\": '\\x00'" + rule);
    BOOST_TEST(problem_of("a\\b") == "metric key \"a\\\\b\": '\\\\'" + rule);
    BOOST_TEST(problem_of("a\xC2\x85") == "metric key \"a\\u0085\": '\\u0085'" + rule);
    BOOST_TEST(problem_of("e\xCC\x81") == "metric key \"e\xCC\x81\": '\xCC\x81' (U+0301)" + rule);
    BOOST_TEST(problem_of("\xF0\x9F\x98\x80") ==
               "metric key \"\xF0\x9F\x98\x80\": '\xF0\x9F\x98\x80' (U+01F600)" + rule);
    BOOST_TEST(problem_of("a\xE2\x80\xAE"
                          "b") == "metric key \"a\\u202Eb\": '\\u202E'" + rule);
    for (const char c : "!\"#$%&'()*+,;<=>?@[\\]^`{|}~"s) {
        BOOST_TEST(problem_of(std::string(1, c)) != "", "accepts " << c);
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8) {
    BOOST_TEST(problem_of("caf\xE9") ==
               "metric key \"caf\\xE9\": the bytes '\\xE9' are not UTF-8, "
               "which MLflow reads names as"s +
                   way_out);
    BOOST_TEST(problem_of("\xED\xA0\x80") != "");
    BOOST_TEST(problem_of("\xC0\xAF") != "");
}

BOOST_AUTO_TEST_CASE(paths_that_are_not_normal) {
    const struct {
        std::string_view key, rule;
    } cases[] = {
        {"", "a key must not be empty"},
        {"/x", "MLflow does not allow a '/' at the beginning"},
        {"/", "MLflow does not allow a '/' at the beginning"},
        {"//x", "MLflow does not allow a '/' at the beginning"},
        {"x/", "MLflow does not allow a '/' at the end"},
        {"a//b", "MLflow does not allow '//'"},
        {"./x", "MLflow does not allow '.' between slashes"},
        {"a/.", "MLflow does not allow '.' between slashes"},
        {".", "MLflow does not allow '.' between slashes"},
        {"a/../b", "MLflow does not allow '..' between slashes"},
        {"..", "MLflow does not allow '..' at the beginning"},
        {"../x", "MLflow does not allow '..' at the beginning"},
        {"..x", "MLflow does not allow '..' at the beginning"},
        {"...", "MLflow does not allow '..' at the beginning"},
    };
    for (const auto& [key, rule] : cases) {
        BOOST_TEST(problem_of(key) ==
                   "metric key \"" + std::string(key) + "\": " + std::string(rule) + way_out);
    }
}

BOOST_AUTO_TEST_CASE(lengths) {
    BOOST_TEST(problem_of(repeated("x", 251)) ==
               "metric key \"" + repeated("x", 80) +
                   "...\": it has 251 characters, MLflow takes 250" + way_out);
    BOOST_TEST(problem_of(repeated("x/", 125) + "x").find("251 characters") != std::string::npos);
    BOOST_TEST(problem_of("a/" + repeated("\xC3\xBC", 128)).find("a part of 256 bytes") !=
               std::string::npos);
    BOOST_TEST(problem_of(repeated("\xC3\xBC", 128) + "/a").find("a part of 256 bytes") !=
               std::string::npos);
    BOOST_TEST(problem_of(repeated("\xE6\x90\x8D", 100)).find("a part of 300 bytes") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(file_against_folder) {
    BOOST_TEST(keys_clash("loss", "loss/train"));
    BOOST_TEST(keys_clash("loss/train", "loss"));
    BOOST_TEST(keys_clash("a/b", "a/b/c/d"));
    BOOST_TEST(keys_clash("a", "a/b/c"));
    BOOST_TEST(!keys_clash("loss", "loss"));
    BOOST_TEST(!keys_clash("loss", "loss2"));
    BOOST_TEST(!keys_clash("loss", "loss.x/y"));
    BOOST_TEST(!keys_clash("a/b", "a/c"));
    BOOST_TEST(!keys_clash("a/b", "a/bc/d"));
    BOOST_TEST(!keys_clash("b", "a/b"));
    BOOST_TEST(
        clash_message(key_kind::metric, "loss/train", "loss") ==
        "metric key \"loss/train\": the run already has the metric \"loss\", and MLflow would "
        "need \"loss\" both as a file and as a folder; rename one of them, for example "
        "\"loss\" to \"loss/_value\"");
    BOOST_TEST(
        clash_message(key_kind::tag, "a", "a/b") ==
        "tag key \"a\": the run already has the tag \"a/b\", and MLflow would need \"a\" both "
        "as a file and as a folder; rename one of them, for example \"a\" to \"a/_value\"");
}

BOOST_AUTO_TEST_SUITE_END()
