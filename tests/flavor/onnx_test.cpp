// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/onnx.hpp>
#include <mlscribe/flavor/onnx_export.hpp>
#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/layout/yaml_text.hpp>

#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::model_io;
using mlscribe::onnx_file;
using mlscribe::onnx_model;
using mlscribe::detail::onnx_release;
using mlscribe::detail::protobuf_writer;

namespace {

const onnx_model regression = mlscribe::onnx_linear_regression(std::vector<double>{1, 2, 3}, 0.5);

/// A model whose weights lie in these files.
std::string split_model(const std::vector<std::string>& files) {
    protobuf_writer graph;
    for (const std::string& file : files) {
        graph.message(5, protobuf_writer().bytes(8, "w").message(
                             13, protobuf_writer().bytes(1, "location").bytes(2, file)));
    }
    return protobuf_writer()
        .number(1, 10)
        .message(7, graph)
        .message(8, protobuf_writer().number(2, 21))
        .str();
}

/// A model's directory, before and after it is logged.
class model_directory {
  public:
    model_directory() {
        BOOST_TEST(mlscribe::detail::directory::open(scratch_.path(), folder_) == 0);
    }

    template <class Model>
    std::string save(const Model& model) {
        mlscribe::model_saver saver(folder_, scratch_.path());
        model_io<Model>::save(model, saver);
        flavors.clear();
        for (const auto& flavor : saver.flavors()) {
            flavors += flavor.first + ": " + mlscribe::yaml_text(flavor.second) + '\n';
        }
        requirements = saver.requirements();
        signature = saver.signature();
        const std::string failure = saver.failure().message;
        return failure.empty() ? saver.finish_moves().message : failure;
    }

    template <class Model>
    std::string load(Model& model) {
        const auto description = mlscribe::read_yaml("flavors:\n  onnx:\n    data: model.onnx\n");
        BOOST_TEST_REQUIRE(description.has_value());
        mlscribe::model_files files(folder_, scratch_.path(), *description);
        model = model_io<Model>::load(files);
        return files.failure().message;
    }

    std::string operator/(const std::string& name) const { return scratch_ / name; }
    std::vector<std::string> tree() const { return test::tree(scratch_.path()); }

    std::string flavors;
    std::vector<std::string> requirements;
    mlscribe::model_signature signature;

  private:
    test::scratch_directory scratch_;
    mlscribe::detail::directory folder_;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flavor_onnx)

BOOST_AUTO_TEST_CASE(bytes_become_a_model_of_two_flavors) {
    model_directory folder;
    BOOST_TEST(folder.save(regression) == "");
    BOOST_TEST(test::read_file(folder / "model.onnx") == regression.bytes);
    BOOST_TEST(folder.flavors ==
               "python_function: data: model.onnx\nloader_module: mlflow.onnx\n\n"
               "onnx: code: null\ndata: model.onnx\nonnx_session_options: null\n"
               "onnx_version: 1.10.0\nproviders:\n- CPUExecutionProvider\n\n");
    const std::vector<std::string> requirements = {"onnx>=1.10.0", "onnxruntime"};
    BOOST_TEST(folder.requirements == requirements);
    BOOST_TEST(folder.signature.inputs.size() == 1);
    onnx_model loaded;
    BOOST_TEST(folder.load(loaded) == "");
    BOOST_TEST(loaded.bytes == regression.bytes);
}

BOOST_AUTO_TEST_CASE(a_file_is_copied_linked_or_moved) {
    for (const auto mode :
         {mlscribe::transfer::copy, mlscribe::transfer::hard_link, mlscribe::transfer::move}) {
        const test::scratch_directory source;
        test::write_file(source / "net.onnx", regression.bytes);
        model_directory folder;
        BOOST_TEST(folder.save(onnx_file{source / "net.onnx", mode}) == "");
        BOOST_TEST(test::read_file(folder / "model.onnx") == regression.bytes);
        BOOST_TEST(test::exists(source / "net.onnx") == (mode != mlscribe::transfer::move));
        onnx_file loaded;
        BOOST_TEST(folder.load(loaded) == "");
        BOOST_TEST(loaded.path == folder / "model.onnx");
    }
}

BOOST_AUTO_TEST_CASE(files_of_weights_come_along) {
    const test::scratch_directory source;
    test::write_file(source / "net.onnx", split_model({"net.weights", "parts/1", "parts/1"}));
    test::write_file(source / "net.weights", "numbers");
    test::write_file(source / "parts/1", "more");
    model_directory folder;
    BOOST_TEST(folder.save(onnx_file{source / "net.onnx"}) == "");
    const std::vector<std::string> expected = {"model.onnx", "net.weights", "parts/", "parts/1"};
    BOOST_TEST(folder.tree() == expected);
    BOOST_TEST(has(folder.flavors, "onnx_version: 1.16.0"));
    onnx_model loaded;
    BOOST_TEST(has(folder.load(loaded), "load it as mlscribe::onnx_file"));
}

BOOST_AUTO_TEST_CASE(weights_outside_the_folder_or_in_a_files_place_are_refused) {
    const test::scratch_directory source;
    test::write_file(source / "weights", "secret");
    for (const char* const taken : {"model.onnx", "MLmodel", "conda.yaml"}) {
        test::write_file(source / "sub" + ('/' + std::string(taken)), "numbers");
    }
    for (const std::string name : {"../weights", "/etc/passwd", "a/../../weights", "", "model.onnx",
                                   "MLmodel", "conda.yaml", "missing"}) {
        test::write_file(source / "sub/net.onnx", split_model({name}));
        model_directory folder;
        BOOST_TEST(folder.save(onnx_file{source / "sub/net.onnx", mlscribe::transfer::move}) != "",
                   name);
        BOOST_TEST(folder.tree().empty(), name);
        BOOST_TEST(test::exists(source / "sub/net.onnx"));
    }
    // What could be moved stays where it is.
    test::write_file(source / "sub/a", "numbers");
    test::write_file(source / "sub/net.onnx", split_model({"a", "b"}));
    model_directory folder;
    BOOST_TEST(
        has(folder.save(onnx_file{source / "sub/net.onnx", mlscribe::transfer::move}), "sub/b"));
    BOOST_TEST(test::exists(source / "sub/a"));
    BOOST_TEST(
        has(folder.save(onnx_model{split_model({"weights"})}), "log it as mlscribe::onnx_file"));
    BOOST_TEST(folder.tree().empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_model_is_neither_saved_nor_loaded) {
    const test::scratch_directory source;
    model_directory folder;
    for (const std::string& bytes : {std::string("text"), std::string(),
                                     regression.bytes.substr(0, regression.bytes.size() / 2)}) {
        test::write_file(source / "net.onnx", bytes);
        BOOST_TEST(has(folder.save(onnx_model{bytes}), "is no whole ONNX model"));
        BOOST_TEST(has(folder.save(onnx_file{source / "net.onnx"}),
                       "\"" + source / "net.onnx" + "\" is no whole ONNX model"));
        BOOST_TEST(folder.tree().empty());
    }
    BOOST_TEST(has(folder.save(onnx_file{source / "missing.onnx"}), "cannot read"));
    BOOST_TEST(has(folder.save(onnx_file{source.path()}), "cannot read"));
    BOOST_TEST(has(folder.save(mlscribe::onnx_linear_regression(std::vector<double>{}, 1.0)),
                   "cannot export to ONNX"));
    onnx_model loaded;
    BOOST_TEST(has(folder.load(loaded), "cannot read"));
    test::write_file(folder / "model.onnx", "text");
    BOOST_TEST(has(folder.load(loaded), "is no whole ONNX model"));
}

BOOST_AUTO_TEST_CASE(the_oldest_package_that_reads_a_version) {
    BOOST_TEST(onnx_release(1) == "1.0");
    BOOST_TEST(onnx_release(3) == "1.0");
    BOOST_TEST(onnx_release(8) == "1.10.0");
    BOOST_TEST(onnx_release(14) == "1.23.0");
    BOOST_TEST(onnx_release(15) == "");
}

BOOST_AUTO_TEST_SUITE_END()
