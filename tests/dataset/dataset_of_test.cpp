// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/dataset/dataset_of.hpp>
#include <mlscribe/dataset/dataset_of_file.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "environment.hpp"
#include "scratch_directory.hpp"

using mlscribe::dataset;
using mlscribe::dataset_of;
using mlscribe::dataset_of_file;
using mlscribe::error_code;
using mlscribe::detail::md5_text;

namespace {

enum class species { setosa, virginica };

struct point {
    int x = 1;
    double y = 2;
};
MLSCRIBE_DESCRIBE(point, x, y)

struct flower {
    double sepal_length = 5.1;
    species kind = species::setosa;
};
MLSCRIBE_DESCRIBE(flower, sepal_length, kind)

struct everything {
    bool flag = true;
    std::int16_t narrow = 1;
    std::uint32_t wide = 1;
    std::int64_t wider = 1;
    float real = 1;
    long double wide_real = 1;
    std::string text = "t";
    char letters[4] = {'a', 'b', 'c', 'd'};
    std::optional<int> perhaps = {};
    std::optional<int> or_else = {};
    std::array<float, 2> pixels = {};
    float grid[2][2] = {};
    std::vector<std::string> words = {};
    std::map<std::string, int> counts = {};
    point corner = {};
    std::vector<point> corners = {};
};
MLSCRIBE_DESCRIBE(everything, flag, narrow, wide, wider, real, wide_real, text, letters, perhaps,
                  or_else, pixels, grid, words, counts, corner, corners)

struct given {
    explicit given(int number) : value(number) {}
    int value;
};
MLSCRIBE_DESCRIBE(given, value)

}  // namespace

BOOST_AUTO_TEST_SUITE(dataset_dataset_of)

BOOST_AUTO_TEST_CASE(a_file_is_described_by_its_bytes) {
    const test::scratch_directory scratch;
    const std::string bytes(600000, 'x');
    test::write_file(scratch / "data/train.csv", bytes);
    const dataset file = dataset_of_file(scratch / "data/train.csv");
    BOOST_TEST(!file.failure);
    BOOST_TEST(file.name == "train.csv");
    BOOST_TEST(file.digest == md5_text(bytes).substr(0, 8));
    BOOST_TEST(file.source == "{\"uri\": \"" + (scratch / "data/train.csv") + "\"}");
    BOOST_TEST(file.source_type == "local");
    BOOST_TEST(file.schema == "");
    BOOST_TEST(file.profile == "{\"size_in_bytes\": 600000}");
    BOOST_TEST(dataset_of_file(scratch / "data/train.csv", "iris").name == "iris");
    const dataset relative = dataset_of_file("missing.csv");
    BOOST_TEST(relative.source.find("{\"uri\": \"/") == 0u, relative.source);
    BOOST_TEST((relative.failure.code == error_code::system));
    BOOST_TEST(relative.failure.message.find("\"missing.csv\"") != std::string::npos);
    BOOST_TEST(dataset_of_file(scratch.path()).failure.system_code == EISDIR);
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    BOOST_TEST(!dataset_of_file("missing.csv").failure);
}

BOOST_AUTO_TEST_CASE(a_source_is_named_as_mlflow_finds_it) {
    dataset made;
    const auto expect = [&made](const char* uri, const char* type, const char* source) {
        made.set_source(uri);
        BOOST_TEST(made.source_type == type);
        BOOST_TEST(made.source == source);
    };
    expect("s3://bucket/a.csv", "s3", "{\"uri\": \"s3://bucket/a.csv\"}");
    expect("https://host/a.csv", "http", "{\"url\": \"https://host/a.csv\"}");
    expect("file:///data/a\"b.csv", "local", "{\"uri\": \"file:///data/a\\\"b.csv\"}");
    expect("data/ü.csv", "local", "{\"uri\": \"data/\\u00fc.csv\"}");
}

BOOST_AUTO_TEST_CASE(an_array_has_the_schema_of_numpys) {
    const dataset made = dataset_of(std::vector<std::array<float, 2>>{{}, {}, {}}, "zeros");
    BOOST_TEST(!made.failure);
    BOOST_TEST(made.name == "zeros");
    BOOST_TEST(made.schema ==
               R"({"mlflow_tensorspec": {"features": "[{\"type\": \"tensor\", \"tensor-spec\": )"
               R"({\"dtype\": \"float32\", \"shape\": [-1, 2]}}]", "targets": null}})");
    BOOST_TEST(made.profile ==
               R"({"features_shape": [3, 2], "features_size": 6, "features_nbytes": 24})");
    BOOST_TEST(made.source_type == "code");
    BOOST_TEST(made.source.find("{\"tags\": {\"mlflow.user\": \"") == 0u, made.source);
    // numpy.save's file of numpy.zeros((3, 2), "f4").
    BOOST_TEST(made.digest == "88d892e8");
    std::vector<double> values(20000, 0);
    const std::string before = dataset_of(values).digest;
    values.back() = 1;
    BOOST_TEST(dataset_of(values).digest != before);
    BOOST_TEST(dataset_of(values).name == "dataset");
    const dataset ragged = dataset_of(std::vector<std::vector<int>>{{1}, {}}, "ragged");
    BOOST_TEST((ragged.failure.code == error_code::invalid_value));
    BOOST_TEST(ragged.failure.message.find("dataset \"ragged\"") == 0u);
}

BOOST_AUTO_TEST_CASE(rows_have_the_schema_of_a_data_frame) {
    const dataset made = dataset_of(std::vector<flower>(3), "iris");
    BOOST_TEST(made.schema ==
               R"({"mlflow_colspec": [{"type": "double", "name": "sepal_length", "required": )"
               R"(true}, {"type": "string", "name": "kind", "required": true}]})");
    BOOST_TEST(made.profile == R"({"num_rows": 3, "num_elements": 6})");
    BOOST_TEST(made.digest.size() == 8u);
    BOOST_TEST(dataset_of(std::vector<flower>{}, "iris").schema == made.schema);
    BOOST_TEST(dataset_of(std::vector<flower>{}).profile ==
               R"({"num_rows": 0, "num_elements": 0})");
    BOOST_TEST(dataset_of(std::vector<given>{}).schema == "");
    BOOST_TEST(dataset_of(std::vector<given>{given(1)}).schema != "");
    const std::string schema = dataset_of(std::vector<everything>(1)).schema;
    for (const char* column :
         {R"({"type": "boolean", "name": "flag", "required": true})",
          R"({"type": "integer", "name": "narrow", "required": true})",
          R"({"type": "long", "name": "wide", "required": true})",
          R"({"type": "long", "name": "wider", "required": true})",
          R"({"type": "float", "name": "real", "required": true})",
          R"({"type": "double", "name": "wide_real", "required": true})",
          R"({"type": "string", "name": "text", "required": true})",
          R"({"type": "string", "name": "letters", "required": true})",
          R"({"type": "integer", "name": "perhaps", "required": false})",
          R"({"type": "array", "items": {"type": "float"}, "name": "pixels", "required": true})",
          R"("items": {"type": "array", "items": {"type": "float"}}, "name": "grid")",
          R"({"type": "array", "items": {"type": "string"}, "name": "words", "required": true})",
          R"({"type": "map", "values": {"type": "integer"}, "name": "counts", "required": true})",
          R"("properties": {"x": {"type": "integer", "required": true}, "y": {"type": "double")",
          R"("items": {"type": "object", "properties": {"x": {"type": "integer", "required")"}) {
        BOOST_TEST(schema.find(column) != std::string::npos, column);
    }
}

BOOST_AUTO_TEST_CASE(a_digest_differs_where_any_value_does) {
    std::vector<everything> rows(2);
    std::vector<std::string> seen = {dataset_of(rows).digest};
    BOOST_TEST(dataset_of(rows).digest == seen[0]);
    const auto differs = [&](const char* what) {
        const std::string digest = dataset_of(rows).digest;
        for (const std::string& other : seen) BOOST_TEST(digest != other, what);
        seen.push_back(digest);
    };
    rows[1].text = "u";
    differs("text");
    rows[1].letters[3] = 'e';
    differs("letters");
    rows[1].perhaps = 0;
    differs("perhaps");
    std::swap(rows[1].perhaps, rows[1].or_else);
    differs("or_else");
    rows[1].grid[1][1] = 1;
    differs("grid");
    rows[1].words = {"", "a"};
    differs("words");
    rows[1].words = {"a", ""};
    differs("order of words");
    rows[1].counts["a"] = 1;
    differs("counts");
    rows[1].corners.emplace_back();
    differs("corners");
    rows[1].wide_real = 2;
    differs("wide_real");
    std::swap(rows[0], rows[1]);
    differs("order of rows");
    rows.emplace_back();
    differs("one row more");
    BOOST_TEST(dataset_of(std::vector<flower>(1)).digest !=
               dataset_of(std::vector<point>(1)).digest);
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    BOOST_TEST(dataset_of(rows).digest == "");
}

BOOST_AUTO_TEST_SUITE_END()
