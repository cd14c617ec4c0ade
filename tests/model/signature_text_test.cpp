// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/signature_text.hpp>

#include <string>
#include <string_view>

using mlscribe::document;
using mlscribe::model_field;
using mlscribe::model_signature;
using mlscribe::yaml_value;
using mlscribe::detail::parse_schema;
using mlscribe::detail::read_signature;
using mlscribe::detail::schema_text;
using mlscribe::detail::signature_map;

namespace {

/// What is left of MLflow's text when it is read and written.
std::string again(std::string_view text) {
    const auto fields = parse_schema(text);
    return fields ? schema_text(*fields) : "(bad)";
}

yaml_value text_value(const std::string& text) {
    yaml_value value;
    value.type = yaml_value::kind::string;
    value.text = text;
    return value;
}

/// MLmodel with these inputs.
yaml_value described(const yaml_value& inputs) {
    yaml_value signature;
    signature.type = yaml_value::kind::mapping;
    signature.entries = {{"inputs", inputs}, {"params", {}}};
    yaml_value description;
    description.type = yaml_value::kind::mapping;
    description.entries = {{"signature", signature}};
    return description;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_signature_text)

// Measured: what MLflow 2.22.5 and 3.17.2 write.
BOOST_AUTO_TEST_CASE(mlflow_s_texts_come_back_byte_for_byte) {
    for (
        const char* text :
        {R"([{"type": "double", "name": "a", "required": true}, {"type": "string", "name": "b", "required": false}])",
         R"([{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}])",
         R"([{"name": "x", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}])",
         R"([{"type": "double", "required": true}])",
         R"([{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": []}}])",
         R"([{"type": "long", "name": "\u00e9 \"q\"", "required": true}])", "[]"}) {
        BOOST_TEST(again(text) == text);
    }
    BOOST_TEST(
        again(R"([{"name": "a", "type": "long", "optional": true}, {"type": "long"}])") ==
        R"([{"type": "long", "name": "a", "required": false}, {"type": "long", "required": true}])");
    BOOST_TEST(again(R"([{"type": "array", "items": {"type": "double"}, "required": true}])") ==
               R"([{"type": "array", "required": true}])");
}

BOOST_AUTO_TEST_CASE(a_side_without_fields_is_null) {
    model_signature signature;
    signature.inputs = {model_field::column("a", "double"),
                        model_field::column("b", "long", false)};
    const document map = signature_map(signature);
    BOOST_TEST(mlscribe::json_line(map) ==
               R"({"inputs": "[{\"type\": \"double\", \"name\": \"a\", \"required\": true}, )"
               R"({\"type\": \"long\", \"name\": \"b\", \"required\": false}]", )"
               R"("outputs": null, "params": null})");
    signature.inputs = {model_field::tensor("float32", {-1, 28, 28}, "image")};
    BOOST_TEST(signature_map(signature).find("inputs")->text ==
               R"([{"name": "image", "type": "tensor", "tensor-spec": )"
               R"({"dtype": "float32", "shape": [-1, 28, 28]}}])");
}

BOOST_AUTO_TEST_CASE(damaged_signatures_are_refused) {
    for (const char* text :
         {"", "{}", "1", "[1]", "[{}]", R"([{"type": "tensor"}])",
          R"([{"type": "tensor", "tensor-spec": {"shape": [1]}}])",
          R"([{"type": "tensor", "tensor-spec": {"dtype": "int8"}}])",
          R"([{"type": "tensor", "tensor-spec": {"dtype": "int8", "shape": [1.5]}}])",
          R"([{"name": "x"}])"}) {
        BOOST_TEST(!parse_schema(text), text);
    }
}

BOOST_AUTO_TEST_CASE(mlmodel_may_have_none) {
    BOOST_TEST(read_signature(yaml_value{})->empty());
    BOOST_TEST(read_signature(described(yaml_value{}))->empty());
    const auto read = read_signature(
        described(text_value(R"([{"type": "long", "name": "n", "required": true}])")));
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST_REQUIRE(read->inputs.size() == 1u);
    BOOST_TEST(read->inputs[0].name == "n");
    BOOST_TEST(read->inputs[0].type == "long");
    BOOST_TEST(read->outputs.empty());
    BOOST_TEST(!read_signature(described(text_value("?"))));
}

BOOST_AUTO_TEST_CASE(what_mlflow_would_refuse_is_told_before) {
    using mlscribe::model_field;
    const auto problem = [](std::vector<model_field> inputs) {
        mlscribe::model_signature signature;
        signature.inputs = std::move(inputs);
        return mlscribe::detail::check_signature(signature).message;
    };
    const auto a = model_field::column("a", "double");
    BOOST_TEST(problem({}).empty());
    BOOST_TEST(problem({a, model_field::column("b", "datetime")}).empty());
    BOOST_TEST(problem({model_field::tensor("float32", {-1, 3})}).empty());
    BOOST_TEST((problem({model_field::column("b", "dubble")}).find("\"dubble\" is no type") !=
                std::string::npos));
    BOOST_TEST(!problem({a, model_field::column("", "double")}).empty());
    BOOST_TEST(!problem({a, model_field::tensor("float32", {-1}, "t")}).empty());
    BOOST_TEST(
        !problem({model_field::tensor("float32", {-1}), model_field::tensor("float32", {-1})})
             .empty());
}

BOOST_AUTO_TEST_SUITE_END()
