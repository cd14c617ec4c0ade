// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/signature_text.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using mlscribe::document;
using mlscribe::model_field;
using mlscribe::model_signature;
using mlscribe::detail::schema_text;
using mlscribe::detail::signature_map;

BOOST_AUTO_TEST_SUITE(model_signature_text)

// Measured: what MLflow 2.22.5 and 3.17.2 write.
BOOST_AUTO_TEST_CASE(fields_as_mlflow_writes_them) {
    const auto column = [](const char* name, const char* type, bool required = true) {
        return model_field::column(name, type, required);
    };
    const auto tensor = [](const char* dtype, std::vector<std::int64_t> shape,
                           const char* name = "") {
        return model_field::tensor(dtype, std::move(shape), name);
    };
    BOOST_TEST(schema_text({}) == "[]");
    BOOST_TEST(schema_text({column("a", "double"), column("b", "string", false)}) ==
               R"([{"type": "double", "name": "a", "required": true}, )"
               R"({"type": "string", "name": "b", "required": false}])");
    BOOST_TEST(schema_text({column("", "double")}) == R"([{"type": "double", "required": true}])");
    BOOST_TEST(schema_text({column("\u00e9 \"q\"", "long")}) ==
               R"([{"type": "long", "name": "\u00e9 \"q\"", "required": true}])");
    BOOST_TEST(schema_text({tensor("float64", {-1, 2})}) ==
               R"([{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 2]}}])");
    BOOST_TEST(
        schema_text({tensor("int64", {-1}, "x")}) ==
        R"([{"name": "x", "type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}])");
    BOOST_TEST(schema_text({tensor("float32", {})}) ==
               R"([{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": []}}])");
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

BOOST_AUTO_TEST_CASE(what_mlflow_would_refuse_is_told_before) {
    const auto problem = [](std::vector<model_field> inputs) {
        model_signature signature;
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
