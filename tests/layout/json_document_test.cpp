// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

using mlscribe::document;
using mlscribe::json_text;
using mlscribe::parse_json;
using kind = mlscribe::document::kind;

namespace {

/// Written again by json_text, as Python's json.dumps(json.loads(text), indent=2) does.
std::string again(std::string_view text) {
    const auto value = parse_json(text);
    return value ? json_text(*value) : "(bad)";
}

std::size_t stopped_at(std::string_view text) {
    std::size_t offset = 12345;
    BOOST_TEST(!parse_json(text, &offset), text);
    return offset;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_json_document)

BOOST_AUTO_TEST_CASE(scalars_have_their_kind_and_python_s_spelling) {
    const std::pair<std::string_view, std::pair<kind, std::string_view>> cases[] = {
        {"null", {kind::null, ""}},
        {" true ", {kind::boolean, "true"}},
        {"false", {kind::boolean, "false"}},
        {"-12", {kind::integer, "-12"}},
        {"-0", {kind::integer, "0"}},
        {"123456789012345678901234567890", {kind::integer, "123456789012345678901234567890"}},
        {"1e5", {kind::real, "100000.0"}},
        {"NaN", {kind::real, "nan"}},
        {"-Infinity", {kind::real, "-inf"}},
        {R"("\u00e9")", {kind::text, "\xC3\xA9"}},
        {R"("")", {kind::text, ""}},
    };
    for (const auto& [json, expected] : cases) {
        BOOST_TEST_CONTEXT(json) {
            const auto value = parse_json(json);
            BOOST_TEST_REQUIRE(value.has_value());
            BOOST_TEST((value->type == expected.first));
            BOOST_TEST(value->text == expected.second);
        }
    }
}

BOOST_AUTO_TEST_CASE(lists_and_maps_come_back_as_they_were) {
    BOOST_TEST(again("[]") == "[]");
    BOOST_TEST(again(" { } ") == "{}");
    BOOST_TEST(again("[1,[2,[3,{}],[]],\"x\"]") ==
               "[\n  1,\n  [\n    2,\n    [\n      3,\n      {}\n    ],\n    []\n  ],\n  \"x\"\n]");
    const std::string deep =
        "{\n  \"a\": {\n    \"b\": [\n      1,\n      2.5,\n      {\n        \"c\": null\n      }\n"
        "    ]\n  },\n  \"d\": true\n}";
    BOOST_TEST(again(deep) == deep);
    std::string wide = "[";
    for (int i = 0; i < 3000; ++i) wide += "[\"" + std::to_string(i) + "\",{\"k\":[]}],";
    wide.back() = ']';
    const auto value = parse_json(wide);
    BOOST_TEST_REQUIRE(value.has_value());
    BOOST_TEST(value->items.size() == 3000u);
    BOOST_TEST(value->items[2999].items[0].text == "2999");
}

BOOST_AUTO_TEST_CASE(of_one_key_the_last_value_counts_at_every_depth) {
    BOOST_TEST(again(R"({"b":1,"a":2,"b":{"x":1,"x":[1]}})") ==
               "{\n  \"b\": {\n    \"x\": [\n      1\n    ]\n  },\n  \"a\": 2\n}");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused_where_it_stops) {
    BOOST_TEST(stopped_at("") == 0u);
    BOOST_TEST(stopped_at("  ") == 2u);
    BOOST_TEST(stopped_at("[1, 2") == 5u);
    BOOST_TEST(stopped_at("[1, ]") == 4u);
    BOOST_TEST(stopped_at("[1 2]") == 3u);
    BOOST_TEST(stopped_at("{\"a\":1,}") == 7u);
    BOOST_TEST(stopped_at("{\"a\" 1}") == 5u);
    BOOST_TEST(stopped_at("{\"a\":[}") == 6u);
    BOOST_TEST(stopped_at("[1}") == 2u);
    BOOST_TEST(stopped_at("1 x") == 2u);
    BOOST_TEST(stopped_at("[]]") == 2u);
    BOOST_TEST(stopped_at("\xEF\xBB\xBF[]") == 0u);
    for (const std::string_view json :
         {"{1:2}", "[01]", "[1.]", "[.5]", "['a']", "[\"a]", "[\"\n\"]", "{\"a\"}", "nul", "{,}"}) {
        stopped_at(json);
    }
}

BOOST_AUTO_TEST_CASE(depth_is_bounded_and_nothing_recurses) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    BOOST_TEST(parse_json(nested(1000)).has_value());
    BOOST_TEST(!parse_json(nested(1001)));
    BOOST_TEST(stopped_at(std::string(2'000'000, '[')) == 1000u);
}

BOOST_AUTO_TEST_CASE(values_are_bounded) {
    const auto list = [](std::size_t items) {
        std::string text = "[0";
        for (std::size_t i = 1; i < items; ++i) text += ",0";
        return text + ']';
    };
    // The list is one of them.
    BOOST_TEST(parse_json(list(mlscribe::max_json_values - 1)).has_value());
    BOOST_TEST(!parse_json(list(mlscribe::max_json_values)));
    BOOST_TEST(parse_json(list(3), nullptr, 4).has_value());
    BOOST_TEST(!parse_json(list(3), nullptr, 3));
    BOOST_TEST(parse_json(R"({"a": {"b": 1}, "c": 2})", nullptr, 4).has_value());
    BOOST_TEST(!parse_json(R"({"a": {"b": 1}, "c": 2})", nullptr, 3));
}

BOOST_AUTO_TEST_CASE(who_keeps_nothing_takes_the_same) {
    const std::string deep(1000, '[');
    for (const std::string& text :
         {std::string(R"( {"a": [1, -2.5e3, "x\u00e9\n", {}, []], "a": {"": null}} )"),
          std::string("[true, false, NaN, -Infinity, -0, 1.0]"), std::string("\"\\ud83d\""),
          std::string("[01]"), std::string("[1.]"), std::string("[1,]"), std::string("{\"a\"}"),
          std::string("{\"a\":1,}"), std::string("[1 2]"), std::string("[1}"), std::string("{,}"),
          std::string("[\"\\x\"]"), std::string("[\"a"), std::string(), std::string("nul"),
          std::string("1 "), std::string(4301, '1'), deep + std::string(1000, ']'),
          '[' + deep + std::string(1001, ']')}) {
        mlscribe::detail::json_scanner kept(text);
        mlscribe::detail::json_scanner skipped(text);
        document value;
        const bool is_good =
            mlscribe::detail::read_json_value(kept, value, mlscribe::max_json_values);
        BOOST_TEST(mlscribe::detail::skip_json_value(skipped) == is_good, text);
        BOOST_TEST(skipped.position() == kept.position(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
