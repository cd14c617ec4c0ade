// SPDX-License-Identifier: MIT
#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/layout/yaml_scalar.hpp>

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "recorded_texts.hpp"
#include "seed.hpp"

namespace {

void check_round_trip(const std::string& text, const std::string& spelled) {
    BOOST_TEST_CONTEXT("spelled " << spelled) {
        BOOST_TEST(spelled.find_first_of("\n\r") == std::string::npos);
        const auto read = mlscribe::read_yaml("k: " + spelled + "\nl:\n- " + spelled + "\n");
        BOOST_REQUIRE(read);
        for (const mlscribe::yaml_value* value : {read->find("k"), &read->find("l")->items.at(0)}) {
            BOOST_TEST((value->type == mlscribe::yaml_value::kind::string));
            BOOST_TEST(!value->date);
            BOOST_TEST(value->text == text);
        }
        if (spelled.size() > 1000) return;  // YAML's limit of a key
        const auto as_key = mlscribe::read_yaml(spelled + ": 1\n");
        BOOST_REQUIRE(as_key);
        BOOST_TEST(as_key->entries.at(0).first == text);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_yaml_scalar)

BOOST_AUTO_TEST_CASE(spells_as_pyyaml_does) {
    const std::pair<const char*, const char*> cases[] = {
        {"active", "active"},
        {"golden", "golden"},
        {"file:///a/b", "file:///a/b"},
        {"it's", "it's"},
        {"back\\slash", "back\\slash"},
        {"é", "é"},
        {"a#b", "a#b"},
        {"-x", "-x"},
        {"?x", "?x"},
        {"a, b", "a, b"},
        {"1e3", "1e3"},
        {"0o17", "0o17"},
        {"08", "08"},
        {"1:60", "1:60"},
        {"y", "y"},
        {"219160639440920645", "'219160639440920645'"},
        {"", "''"},
        {"parent: run #1", "'parent: run #1'"},
        {"key:", "'key:'"},
        {"a #c", "'a #c'"},
        {"'single'", "'''single'''"},
        {"yes", "'yes'"},
        {"Off", "'Off'"},
        {"null", "'null'"},
        {"~", "'~'"},
        {"123", "'123'"},
        {"017", "'017'"},
        {"0x1F", "'0x1F'"},
        {"0b101", "'0b101'"},
        {"1_000", "'1_000'"},
        {"1:30", "'1:30'"},
        {"1.", "'1.'"},
        {".5", "'.5'"},
        {"-.inf", "'-.inf'"},
        {".nan", "'.nan'"},
        {"2024-01-01", "'2024-01-01'"},
        {"2024-01-01 10:00:00", "'2024-01-01 10:00:00'"},
        {"=", "'='"},
        {"<<", "'<<'"},
        {"---", "'---'"},
        {"- item", "'- item'"},
        {"[]", "'[]'"},
        {"@x", "'@x'"},
        {" lead", "' lead'"},
        {"trail ", "'trail '"},
        {"tab\there", "\"tab\\there\""},
        {"a\nb", "\"a\\nb\""},
    };
    for (const auto& [text, spelled] : cases) {
        BOOST_TEST(mlscribe::yaml_plain_or_quoted(text) == spelled);
        check_round_trip(text, mlscribe::yaml_plain_or_quoted(text));
    }
}

BOOST_AUTO_TEST_CASE(escapes_in_double_quotes) {
    using namespace std::string_literals;
    BOOST_TEST(mlscribe::yaml_quoted("") == "\"\"");
    BOOST_TEST(mlscribe::yaml_quoted("say \"hi\" \\") == "\"say \\\"hi\\\" \\\\\"");
    BOOST_TEST(mlscribe::yaml_quoted("\0\x07\x1b\x7f\n\r\t"s) ==
               "\"\\x00\\x07\\x1B\\x7F\\n\\r\\t\"");
    BOOST_TEST(mlscribe::yaml_quoted("\xC2\x80\xC2\x85\xC2\x9F\xC2\xA0") ==
               "\"\\x80\\x85\\x9F\xC2\xA0\"");
    BOOST_TEST(
        mlscribe::yaml_quoted("\xE2\x80\xA8\xE2\x80\xA9\xEF\xBB\xBF\xEF\xBF\xBE\xEF\xBF\xBF") ==
        "\"\\u2028\\u2029\\uFEFF\\uFFFE\\uFFFF\"");
    BOOST_TEST(mlscribe::yaml_quoted("ü 😀") == "\"ü 😀\"");
}

BOOST_AUTO_TEST_CASE(invalid_utf8_never_gets_into_the_file) {
    for (const std::string bytes :
         {"\xFF", "a\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\x80"}) {
        for (const std::string& spelled :
             {mlscribe::yaml_quoted(bytes), mlscribe::yaml_plain_or_quoted(bytes)}) {
            BOOST_TEST(mlscribe::utf8::is_valid(spelled));
            const auto read = mlscribe::read_yaml("k: " + spelled);
            BOOST_REQUIRE(read);
            BOOST_TEST(read->find("k")->text == mlscribe::utf8::repaired(bytes));
        }
    }
}

BOOST_AUTO_TEST_CASE(nasty_strings_survive) {
    const std::vector<std::string> texts = test::nasty_strings();
    BOOST_REQUIRE_EQUAL(texts.size(), 243u);
    for (const std::string& text : texts) {
        check_round_trip(text, mlscribe::yaml_quoted(text));
        check_round_trip(text, mlscribe::yaml_plain_or_quoted(text));
    }
}

BOOST_AUTO_TEST_CASE(random_strings_survive) {
    const char* const pieces[] = {" ",
                                  "\t",
                                  "\n",
                                  "\r",
                                  ":",
                                  "#",
                                  "-",
                                  "?",
                                  ",",
                                  "[",
                                  "]",
                                  "{",
                                  "}",
                                  "&",
                                  "*",
                                  "!",
                                  "|",
                                  ">",
                                  "'",
                                  "\"",
                                  "%",
                                  "@",
                                  "`",
                                  "~",
                                  ".",
                                  "0",
                                  "1",
                                  "9",
                                  "e",
                                  "x",
                                  "_",
                                  "+",
                                  "=",
                                  "<",
                                  "yes",
                                  "null",
                                  "/",
                                  "\\",
                                  "\x07",
                                  "\x7f",
                                  "\xC2\x85",
                                  "\xC2\xA0",
                                  "é",
                                  "\xE2\x80\xA8",
                                  "\xEF\xBB\xBF",
                                  "\xEF\xBF\xBF",
                                  "😀",
                                  "---",
                                  "..."};
    std::mt19937 random(test::seed(1));
    for (int i = 0; i < 3000; ++i) {
        std::string text;
        for (auto n = random() % 10; n != 0; --n) text += pieces[random() % std::size(pieces)];
        check_round_trip(text, mlscribe::yaml_quoted(text));
        check_round_trip(text, mlscribe::yaml_plain_or_quoted(text));
    }
}

BOOST_AUTO_TEST_SUITE_END()
