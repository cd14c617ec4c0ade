// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/model/python_environment.hpp>

#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::write_python_environment;

BOOST_AUTO_TEST_SUITE(model_python_environment)

// As MLflow 2.22.5 and 3.17.2, which also pin the versions of pip, setuptools and wheel.
BOOST_AUTO_TEST_CASE(three_files_as_mlflow_writes_them) {
    const test::scratch_directory scratch;
    directory model;
    BOOST_TEST_REQUIRE(directory::open(scratch.path(), model) == 0);
    BOOST_TEST(write_python_environment(
                   model,
                   {"xgboost>=1.7", "numpy", "xgboost>=1.7", "x; python_version < '3.8' # old"},
                   "3.10")
                   .message == "");
    BOOST_TEST(test::read_file(scratch / "requirements.txt") ==
               "mlflow\nxgboost>=1.7\nnumpy\nx; python_version < '3.8' # old");
    BOOST_TEST(test::read_file(scratch / "python_env.yaml") ==
               "python: '3.10'\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\n"
               "dependencies:\n- -r requirements.txt\n");
    BOOST_TEST(test::read_file(scratch / "conda.yaml") ==
               "channels:\n- conda-forge\ndependencies:\n- python=3.10\n- pip\n- pip:\n"
               "  - mlflow\n  - xgboost>=1.7\n  - numpy\n"
               "  - 'x; python_version < ''3.8'' # old'\nname: mlflow-env\n");
}

BOOST_AUTO_TEST_CASE(mlflow_itself_may_be_pinned) {
    using mlscribe::detail::whole_requirements;
    const auto expect = [](const std::vector<std::string>& given,
                           const std::vector<std::string>& whole) {
        BOOST_TEST(whole_requirements(given) == whole, boost::test_tools::per_element());
    };
    expect({}, {"mlflow"});
    expect({"onnx"}, {"mlflow", "onnx"});
    expect({"onnx", "mlflow==3.1"}, {"onnx", "mlflow==3.1"});
    expect({"mlflow-skinny>=2"}, {"mlflow-skinny>=2"});
    expect({"mlflow[extras]"}, {"mlflow[extras]"});
    expect({"mlflow-export"}, {"mlflow", "mlflow-export"});
}

BOOST_AUTO_TEST_CASE(a_requirement_is_one_line) {
    const test::scratch_directory scratch;
    directory model;
    BOOST_TEST_REQUIRE(directory::open(scratch.path(), model) == 0);
    for (const char* bad : {"", "a\nb", "a\r"}) {
        BOOST_TEST(
            (write_python_environment(model, {bad}).code == mlscribe::error_code::invalid_value));
    }
    BOOST_TEST(!test::exists(scratch / "requirements.txt"));
}

BOOST_AUTO_TEST_CASE(only_python_flavors_need_an_environment) {
    BOOST_TEST(!mlscribe::detail::has_python_flavor({{"mlscribe", {}}}));
    BOOST_TEST(mlscribe::detail::has_python_flavor({{"xgboost", {}}, {"python_function", {}}}));
    BOOST_TEST(mlscribe::json_line(mlscribe::detail::python_environment_files()) ==
               R"({"conda": "conda.yaml", "virtualenv": "python_env.yaml"})");
}

BOOST_AUTO_TEST_SUITE_END()
