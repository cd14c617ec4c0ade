// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/model/input_example.hpp>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::document;
using mlscribe::input_example;
using mlscribe::json_line;

namespace {

struct flower {
    double width = 0;
    int petals = 0;
    std::string name;
};
MLSCRIBE_DESCRIBE(flower, width, petals, name)

/// What stands in the two files, and what MLmodel tells of them.
struct written {
    std::string problem;
    std::string example = "(none)";
    std::string request = "(none)";
    std::string info;

    explicit written(const input_example& given) {
        const test::scratch_directory scratch;
        mlscribe::detail::directory model;
        BOOST_TEST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), model) == 0);
        document told;
        problem = mlscribe::detail::write_input_example(model, given, told).message;
        info = json_line(told);
        if (!test::exists(scratch / "input_example.json")) return;
        example = test::read_file(scratch / "input_example.json");
        request = test::read_file(scratch / "serving_input_example.json");
    }
};

document json(const char* text) {
    return mlscribe::parse_json(text).value();
}

constexpr char table_info[] =
    R"({"artifact_path": "input_example.json", "pandas_orient": "split", )"
    R"("serving_input_path": "serving_input_example.json", "type": "dataframe"})";
constexpr char array_info[] =
    R"({"artifact_path": "input_example.json", )"
    R"("serving_input_path": "serving_input_example.json", "type": "ndarray"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(model_input_example)

// The bytes of both files were measured with MLflow 2.22.5 and 3.17.2.
BOOST_AUTO_TEST_CASE(a_table_as_mlflow_writes_it) {
    const written table(json(R"({"a": [1.0, 2.5], "b": ["x", NaN]})"));
    BOOST_TEST(table.example == R"({"columns": ["a", "b"], "data": [[1.0, "x"], [2.5, NaN]]})");
    BOOST_TEST(
        table.request ==
        "{\n  \"dataframe_split\": {\n    \"columns\": [\n      \"a\",\n      \"b\"\n    ],\n"
        "    \"data\": [\n      [\n        1.0,\n        \"x\"\n      ],\n      [\n"
        "        2.5,\n        NaN\n      ]\n    ]\n  }\n}");
    BOOST_TEST(table.info == table_info);
}

BOOST_AUTO_TEST_CASE(an_array_as_mlflow_writes_it) {
    const written array(std::vector<std::vector<double>>{{1, 2}, {3, std::nan("")}});
    BOOST_TEST(array.problem == "");
    BOOST_TEST(array.example == "[[1.0, 2.0], [3.0, null]]");
    BOOST_TEST(array.request ==
               "{\n  \"inputs\": [\n    [\n      1.0,\n      2.0\n    ],\n    [\n      3.0,\n"
               "      null\n    ]\n  ]\n}");
    BOOST_TEST(array.info == array_info);
    BOOST_TEST(written(std::vector<int>{1, 2}).example == "[1, 2]");
    const written named(json(R"({"x": [[1.0, 2.0]], "y": [1]})"));
    BOOST_TEST(named.example == R"({"x": [[1.0, 2.0]], "y": [1]})");
    BOOST_TEST(named.info == array_info);
}

BOOST_AUTO_TEST_CASE(structs_and_maps_are_rows) {
    const written structs(std::vector<flower>{{1.5, 5, "rose"}, {0.25, 3, "iris"}});
    BOOST_TEST(structs.example == R"({"columns": ["width", "petals", "name"], )"
                                  R"("data": [[1.5, 5, "rose"], [0.25, 3, "iris"]]})");
    BOOST_TEST(structs.info == table_info);
    const written maps(json(R"([{"a": 1}, {"b": [2], "a": true}, {}])"));
    BOOST_TEST(maps.example ==
               R"({"columns": ["a", "b"], "data": [[1, null], [true, [2]], [null, null]]})");
    const written columns(std::map<std::string, std::vector<int>>{{"x", {1, 2}}, {"y", {3, 4}}});
    BOOST_TEST(columns.example == R"({"columns": ["x", "y"], "data": [[1, 3], [2, 4]]})");
}

BOOST_AUTO_TEST_CASE(no_example_writes_nothing) {
    const written nothing(input_example{});
    BOOST_TEST(nothing.problem == "");
    BOOST_TEST(nothing.example == "(none)");
    BOOST_TEST(nothing.info == "null");
}

BOOST_AUTO_TEST_CASE(what_is_neither_table_nor_array_is_refused) {
    for (const char* text : {"1", "\"x\"", "[]", "{}", "[[1], 2]", "[[]]", R"([1, {"a": 1}])",
                             R"({"a": 1})", R"({"a": [1], "b": [[1], 2]})"}) {
        BOOST_TEST_CONTEXT(text) {
            const written refused{input_example(json(text))};
            BOOST_TEST(refused.problem ==
                       "the input example is neither rows, nor columns of one length, nor an "
                       "array");
            BOOST_TEST(refused.example == "(none)");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
