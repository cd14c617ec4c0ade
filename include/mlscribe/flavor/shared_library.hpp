// SPDX-License-Identifier: MIT
/// \file Any C++ predictor, built as a shared library, becomes a model that MLflow loads.
///
/// Whoever loads such a model runs the code in it, in Python as in C++: load only what you would
/// run as a program. The library fits one kind of machine, and needs there what it links.
#ifndef MLSCRIBE_FLAVOR_SHARED_LIBRARY_HPP
#define MLSCRIBE_FLAVOR_SHARED_LIBRARY_HPP

#include <mlscribe/flavor/checked_file.hpp>
#include <mlscribe/flavor/flavor_settings.hpp>
#include <mlscribe/flavor/shared_library_loader.hpp>

#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// A shared library that uses MLSCRIBE_EXPORT_PREDICTOR (see exported_predictor.hpp), and the data
/// files that its predictor opens in its directory.
struct shared_library_model {
    struct data_file {
        std::string path;
        std::string name;  ///< below the directory that the predictor is given
    };

    std::string library;
    std::vector<data_file> files = {};
};

/// Where a loaded model lies; whether to dlopen() it is the caller's decision.
struct shared_library_place {
    std::string library;
    std::string directory;  ///< for mlscribe_predictor_open
};

/// The flavors python_function and mlscribe_shared_library. The signature has to come with the
/// options of the call: the library is not run here.
template <>
struct model_io<shared_library_model> {
    static void save(const shared_library_model& model, model_saver& to) {
        detail::checked_file bytes(model.library);
        const error problem = bytes.problem(
            bytes.has("mlscribe_predictor_predict")
                ? ""
                : "exports no predictor; build it as a shared library with "
                  "MLSCRIBE_EXPORT_PREDICTOR of mlscribe/flavor/exported_predictor.hpp");
        if (problem) return to.fail(problem);
        to.add_file(model.library, "data/predictor.so");
        for (const auto& file : model.files) {
            if (file.name == "predictor.so") {
                return to.fail({error_code::invalid_path, 0,
                                "predictor.so is the name of the library; give the data file \"" +
                                    file.path + "\" another one"});
            }
            to.add_file(file.path, "data/" + file.name);
        }
        to.write("code/mlscribe_ctypes_loader.py", detail::shared_library_loader);
        to.add_flavor(
            "python_function",
            detail::flavor_settings(
                {{"loader_module", "mlscribe_ctypes_loader"}, {"data", "data"}, {"code", "code"}}));
        to.add_flavor("mlscribe_shared_library",
                      detail::flavor_settings({{"data", "data"}, {"library", "predictor.so"}}));
        to.require("numpy");
    }
};

template <>
struct model_io<shared_library_place> {
    static shared_library_place load(model_files& from) {
        const char* const flavor = "mlscribe_shared_library";
        const std::string folder = detail::flavor_data(from, flavor);
        const std::string library = detail::flavor_data(from, flavor, "library");
        return {from.file(folder + '/' + library), from.file(folder)};
    }
};

MLSCRIBE_NAMESPACE_END

#endif
