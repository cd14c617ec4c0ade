// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <mlscribe/layout/json_object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using mlscribe::parse_flat_json_object;
using namespace std::string_literals;

namespace {

/// The value of the only member, which is called "a".
std::string only_value(std::string_view json) {
    const auto members = parse_flat_json_object(json);
    if (!members || members->size() != 1 || members->front().first != "a") return "(bad)";
    return members->front().second;
}

std::string value_of(std::string_view json_value) {
    return only_value("{\"a\":" + std::string(json_value) + "}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_json_object)

// Measured: the tag files that MLflow 2.22.5 and 3.17.2 write for MLFLOW_RUN_CONTEXT.
BOOST_AUTO_TEST_CASE(values_as_mlflow_stores_them) {
    const std::pair<std::string, std::string> cases[] = {
        {R"("x")", "x"},
        {R"("")", ""},
        {"1", "1"},
        {"-1", "-1"},
        {"-0", "0"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"1.50", "1.5"},
        {"0.1", "0.1"},
        {"-0.0", "-0.0"},
        {"1e5", "100000.0"},
        {"1e+05", "100000.0"},
        {"1e16", "1e+16"},
        {"1e-7", "1e-07"},
        {"100000000000000000000.0", "1e+20"},
        {"1E400", "inf"},
        {"2e308", "inf"},
        {"-1e999999999999999999999", "-inf"},
        {"1e-400", "0.0"},
        {"-1e-999999999999999999999", "-0.0"},
        {"0e999999", "0.0"},
        {"0.000001e400", "inf"},
        {"1000000e-400", "0.0"},
        {"5e-324", "5e-324"},
        {std::string(400, '9') + ".0", "inf"},
        {"0." + std::string(400, '0') + "1", "0.0"},
        {"true", "True"},
        {"false", "False"},
        {"null", ""},
        {"NaN", "nan"},
        {"Infinity", "inf"},
        {"-Infinity", "-inf"},
        {R"("x\ty\/\b\f\n\r\"\\")", "x\ty/\b\f\n\r\"\\"},
        {R"("\u00e9\ud83d\ude00\u00E9")", "\xC3\xA9\xF0\x9F\x98\x80\xC3\xA9"},
        {R"("\u0000")", "\0"s},
        {"\"\x7F\xE2\x80\xA8\"", "\x7F\xE2\x80\xA8"},
    };
    for (const auto& [json, expected] : cases) {
        BOOST_TEST_CONTEXT(json) {
            BOOST_TEST(value_of(json) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(nested_values_keep_their_text) {
    for (const std::string_view json :
         {R"([1, 2.0,"x",null])", R"({"b":1,"c":[true]})", "[]", "{}", "[ ]", "{ }", "[[[]],{}]",
          R"({ "a" : [ { "b" : "]}\"" } , -Infinity ] , "c" : {} })"}) {
        BOOST_TEST(value_of(json) == json);
    }
}

BOOST_AUTO_TEST_CASE(texts_that_no_file_could_hold_are_repaired) {
    const std::string bad = "\xEF\xBF\xBD";
    BOOST_TEST(value_of(R"("\ud83d")") == bad);
    BOOST_TEST(value_of(R"("\ude00\ud83d")") == bad + bad);
    BOOST_TEST(value_of(R"("\ud83d\u0041")") == bad + "A");
    BOOST_TEST(value_of(R"("\ud83d\ud83d\ude00")") == bad + "\xF0\x9F\x98\x80");
    BOOST_TEST(value_of(R"("\ud83dx")") == bad + "x");
    BOOST_TEST(value_of("\"caf\xE9\"") == "caf" + bad);
    BOOST_TEST(value_of("[\"\xE9\"]") == "[\"" + bad + "\"]");
}

BOOST_AUTO_TEST_CASE(bad_json) {
    for (const std::string_view json : {R"()",
                                        R"(   )",
                                        R"([1])",
                                        R"("x")",
                                        R"(null)",
                                        R"({)",
                                        R"({"a")",
                                        R"({"a":)",
                                        R"({"a":1)",
                                        R"({"a":})",
                                        R"({"a":1,})",
                                        R"({,})",
                                        R"({"a" 1})",
                                        R"({a:1})",
                                        R"({'a':1})",
                                        R"({"a":01})",
                                        R"({"a":-01})",
                                        R"({"a":00})",
                                        R"({"a":+1})",
                                        R"({"a":.5})",
                                        R"({"a":1.})",
                                        R"({"a":1.e5})",
                                        R"({"a":1e})",
                                        R"({"a":1e+})",
                                        R"({"a":-})",
                                        R"({"a":1_0})",
                                        R"({"a":0x1})",
                                        R"({"a":nan})",
                                        R"({"a":-NaN})",
                                        R"({"a":truex})",
                                        R"({"a":True})",
                                        R"({"a":"x)",
                                        R"({"a":"x\)",
                                        R"({"a":"\x41"})",
                                        R"({"a":"\u"})",
                                        R"({"a":"\u00e"})",
                                        R"({"a":"\u+0e9"})",
                                        R"({"a":"\u0_e9"})",
                                        R"({"a":"\ud83d\u00"})",
                                        R"({"a":"x" "b":1})",
                                        R"({"a":"b"} x)",
                                        R"({"a":"b"}})",
                                        R"({"a":[})",
                                        R"({"a":[1,]})",
                                        R"({"a":[,]})",
                                        R"({"a":[1 2]})",
                                        R"({"a":[1})",
                                        R"({"a":[1}})",
                                        R"({"a":{]})",
                                        R"({"a":{"b"}})",
                                        R"({"a":{"b":1,}})",
                                        R"({"a":{1:2}})",
                                        R"({"a":["\x"]})",
                                        "{\"a\":\"x\ty\"}",
                                        "{\"a\":[\"\n\"]}",
                                        "\xEF\xBB\xBF{\"a\":1}",
                                        "{\"a\":1}\v",
                                        "{\"a\":\f1}",
                                        "\xC2\xA0{\"a\":1}",
                                        "{\"a\":\xD9\xA1}"}) {
        BOOST_TEST(!parse_flat_json_object(json), json);
    }
    BOOST_TEST(!parse_flat_json_object("{\"a\":1}\0"s));
    BOOST_TEST(!parse_flat_json_object("{\"a\":\"\0\"}"s));
}

BOOST_AUTO_TEST_CASE(order_and_repetition) {
    const auto members = parse_flat_json_object(
        " \r\n{ \"b\" : \"1\" ,\t\"a\":2, \"b\":\"3\", \"\":\"e\", \"k\\u0041\" :[1]} \n");
    BOOST_TEST_REQUIRE(members.has_value());
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"b", "3"}, {"a", "2"}, {"", "e"}, {"kA", "[1]"}};
    BOOST_TEST((*members == expected));
    BOOST_TEST(parse_flat_json_object("{}")->empty());
    BOOST_TEST(parse_flat_json_object(" { } ")->empty());
    BOOST_TEST(only_value(R"({"a":"1","a":"2","a":"3"})") == "3");
}

BOOST_AUTO_TEST_CASE(depth_and_size) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    BOOST_TEST(value_of(nested(990)) == nested(990));  // MLflow still reads these
    BOOST_TEST(value_of(nested(1000)) == nested(1000));
    BOOST_TEST(value_of(nested(1001)) == "(bad)");
    BOOST_TEST(value_of(nested(2'000'000)) == "(bad)");
    BOOST_TEST(value_of(std::string(4300, '1')) == std::string(4300, '1'));
    BOOST_TEST(value_of(std::string(4301, '1')) == "(bad)");  // Python's own limit
    const std::string large(3'000'000, 'z');
    BOOST_TEST((value_of('"' + large + '"') == large));
    std::string many = "{";
    for (int i = 0; i < 100000; ++i) many += "\"k" + std::to_string(i % 50000) + "\":1,";
    many.back() = '}';
    const auto members = parse_flat_json_object(many);
    BOOST_TEST_REQUIRE(members.has_value());
    BOOST_TEST(members->size() == 50000u);
    BOOST_TEST(members->back().first == "k49999");
}

BOOST_AUTO_TEST_SUITE_END()
