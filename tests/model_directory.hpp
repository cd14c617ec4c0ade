// SPDX-License-Identifier: MIT
/// \file A directory with a model and its MLmodel, without a run.
#ifndef MLSCRIBE_TESTS_MODEL_DIRECTORY_HPP
#define MLSCRIBE_TESTS_MODEL_DIRECTORY_HPP

#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/layout/yaml_text.hpp>
#include <mlscribe/model/model_io.hpp>
#include <mlscribe/model/signature_text.hpp>
#include <mlscribe/reflect/document_of.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

namespace test {

/// Saves a model as run.log_model() does, and tells the first failure.
template <class Model>
mlscribe::error save_model(const std::string& path, const Model& model,
                           mlscribe::model_signature signature = {}) {
    std::filesystem::create_directories(path);
    mlscribe::detail::directory folder;
    mlscribe::detail::directory::open(path, folder);
    mlscribe::model_saver saver(folder, path);
    mlscribe::model_io<Model>::save(model, saver);
    std::map<std::string, mlscribe::document> out;
    std::map<std::string, mlscribe::document> flavors;
    for (const auto& flavor : saver.flavors()) flavors.insert(flavor);
    out["flavors"] = mlscribe::document_of(flavors);
    if (signature.empty()) signature = saver.signature();
    if (!signature.empty()) out["signature"] = mlscribe::detail::signature_map(signature);
    if (!saver.failure()) {
        write_file(path + "/MLmodel", mlscribe::yaml_text(mlscribe::document_of(out)));
    }
    return saver.failure();
}

template <class Model>
Model load_model(const std::string& path, mlscribe::error& failure) {
    mlscribe::detail::directory folder;
    mlscribe::detail::directory::open(path, folder);
    std::string text;
    folder.read("MLmodel", text);
    mlscribe::model_files files(folder, path, mlscribe::read_yaml(text).value());
    Model model = mlscribe::model_io<Model>::load(files);
    failure = files.failure();
    return model;
}

}  // namespace test

#endif
