// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/json_text.hpp>

#include <cstddef>
#include <string>

#include "layout/scalar_document.hpp"
#include "small_stack.hpp"

using mlscribe::document;
using mlscribe::json_text;
using test::scalar;
using kind = mlscribe::document::kind;

BOOST_AUTO_TEST_SUITE(layout_json_text)

BOOST_AUTO_TEST_CASE(scalars) {
    BOOST_TEST(json_text(scalar(kind::null)) == "null");
    BOOST_TEST(json_text(scalar(kind::boolean, "true")) == "true");
    BOOST_TEST(json_text(scalar(kind::integer, "-12")) == "-12");
    BOOST_TEST(json_text(scalar(kind::real, "1e+16")) == "1e+16");
    BOOST_TEST(json_text(scalar(kind::real, "nan")) == "NaN");
    BOOST_TEST(json_text(scalar(kind::real, "inf")) == "Infinity");
    BOOST_TEST(json_text(scalar(kind::real, "-inf")) == "-Infinity");
}

BOOST_AUTO_TEST_CASE(texts_are_ascii) {
    BOOST_TEST(json_text(scalar(kind::text, "")) == R"("")");
    BOOST_TEST(json_text(scalar(kind::text, "a\"\\/\b\f\n\r\t\x01\x7F")) ==
               "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\"");
    BOOST_TEST(json_text(scalar(kind::text, std::string("\0", 1))) == R"("\u0000")");
    BOOST_TEST(json_text(scalar(kind::text, "\xC3\xBC\xF0\x9F\x98\x80")) ==
               R"("\u00fc\ud83d\ude00")");
    BOOST_TEST(json_text(scalar(kind::text,
                                "a\xFF"
                                "b")) == R"("a\ufffdb")");
}

BOOST_AUTO_TEST_CASE(collections_are_indented) {
    document list = scalar(kind::list);
    document map = scalar(kind::map);
    BOOST_TEST(json_text(list) == "[]");
    BOOST_TEST(json_text(map) == "{}");
    list.items = {scalar(kind::integer, "1"), scalar(kind::list), scalar(kind::map)};
    map.entries.push_back({scalar(kind::text, "b"), list});
    map.entries.push_back({scalar(kind::integer, "3"), scalar(kind::null)});
    map.entries.push_back({scalar(kind::real, "nan"), map});
    BOOST_TEST(json_text(map) ==
               "{\n  \"b\": [\n    1,\n    [],\n    {}\n  ],\n  \"3\": null,\n  \"NaN\": {\n"
               "    \"b\": [\n      1,\n      [],\n      {}\n    ],\n    \"3\": null\n  }\n}");
}

BOOST_AUTO_TEST_CASE(one_line_as_json_dumps) {
    document list = scalar(kind::list);
    list.items = {scalar(kind::integer, "1"), scalar(kind::list), scalar(kind::map)};
    document map = scalar(kind::map);
    map.entries = {{scalar(kind::text, "a"), list}, {scalar(kind::text, "b"), scalar(kind::null)}};
    BOOST_TEST(mlscribe::json_line(map) == R"({"a": [1, [], {}], "b": null})");
}

// Of such a text the reader takes no more.
BOOST_AUTO_TEST_CASE(as_deep_as_it_is_read_on_a_small_stack) {
    std::string text;
    std::string end;
    for (std::size_t i = 0; i != mlscribe::max_json_depth / 2; ++i) {
        text += "[{\"a\": ";
        end += "}]";
    }
    text += '1' + end;
    const std::string said = test::on_a_small_stack([&text]() -> std::string {
        const auto read = mlscribe::parse_json(text);
        if (!read) return "is not read";
        return mlscribe::json_line(*read) == text && json_text(*read).size() > text.size()
                   ? "is written"
                   : "is another";
    });
    BOOST_TEST(said == "is written");
}

BOOST_AUTO_TEST_SUITE_END()
