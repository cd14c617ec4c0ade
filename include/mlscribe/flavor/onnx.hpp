// SPDX-License-Identifier: MIT
/// \file ONNX models that MLflow's onnx flavor loads and predicts with; no ONNX library is needed.
#ifndef MLSCRIBE_FLAVOR_ONNX_HPP
#define MLSCRIBE_FLAVOR_ONNX_HPP

#include <mlscribe/flavor/checked_file.hpp>
#include <mlscribe/flavor/flavor_settings.hpp>
#include <mlscribe/flavor/onnx_scan.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// The bytes of an ONNX model, as the exporters of onnx_export.hpp or a library make them:
/// `run.log_model("classifier", mlscribe::onnx_model{bytes})`.
struct onnx_model {
    std::string bytes;
    /// Why there are none; such a model is not logged.
    error failure = {};
    /// Where onnxruntime computes, the first one that it has.
    std::vector<std::string> providers = {"CPUExecutionProvider"};
};

/// An ONNX file: `run.log_model("classifier", mlscribe::onnx_file{"resnet.onnx"})`. The files
/// beside it that hold its weights come along. Loaded, `path` is the file in the model's directory.
struct onnx_file {
    std::string path;
    transfer mode = transfer::copy;
    std::vector<std::string> providers = {"CPUExecutionProvider"};
};

namespace detail {

inline constexpr const char* onnx_file_name = "model.onnx";

/// The first release of the Python package that reads this version; "" where none is known yet.
inline std::string onnx_release(std::int64_t ir_version) {
    constexpr const char* releases[] = {"1.0",    "1.4.1",  "1.5.0",  "1.6.0",  "1.7.0",  "1.10.0",
                                        "1.14.0", "1.16.0", "1.18.0", "1.19.0", "1.20.0", "1.23.0"};
    constexpr std::int64_t oldest = 3;
    const std::int64_t place = (std::max)(ir_version, oldest) - oldest;
    return place < 12 ? releases[place] : "";
}

/// Tells of the model that stands or will stand in model.onnx.
inline void describe_onnx(const onnx_scan& scan, const std::vector<std::string>& providers,
                          model_saver& to) {
    const std::string release = onnx_release(scan.ir_version());
    to.add_flavor("python_function",
                  flavor_settings({{"loader_module", "mlflow.onnx"}, {"data", onnx_file_name}}));
    to.add_flavor("onnx", document_of(std::map<std::string, document>{
                              {"code", {}},
                              {"data", document_of(std::string(onnx_file_name))},
                              {"onnx_session_options", {}},
                              {"onnx_version", release.empty() ? document{} : document_of(release)},
                              {"providers", document_of(providers)}}));
    to.require(release.empty() ? "onnx" : "onnx>=" + release);
    to.require("onnxruntime");
    to.set_signature(scan.signature());
}

/// Bytes that lack a part of the weights are no model.
inline error check_onnx_is_whole(const onnx_scan& scan, const std::string& name,
                                 const char* way_out) {
    if (scan.data_files().empty()) return {};
    return {error_code::invalid_value, 0,
            name + " has weights in the file \"" + *scan.data_files().begin() + "\"; " + way_out};
}

/// A file of weights beside a model; it keeps its name, which the model knows.
inline error check_onnx_data_file(const std::string& folder, const std::string& name) {
    if (error failure = check_artifact_path(name, false)) return failure;
    if (error failure = check_model_file_name(name)) return failure;
    if (name == onnx_file_name) {
        return {error_code::invalid_path, 0,
                '"' + folder + name +
                    "\" has weights, and the model has that name; export it with another one"};
    }
    return checked_file(folder + name).failure();
}

}  // namespace detail

/// The flavors python_function and onnx; the signature has the graph's inputs and outputs.
template <>
struct model_io<onnx_model> {
    static void save(const onnx_model& model, model_saver& to) {
        if (model.failure) return to.fail(model.failure);
        const std::string name = '"' + to.path() + '/' + detail::onnx_file_name + '"';
        detail::byte_window bytes(model.bytes);
        detail::onnx_scan scan(bytes);
        to.fail(scan.run(name));
        to.fail(detail::check_onnx_is_whole(scan, name, "log it as mlscribe::onnx_file"));
        to.write(detail::onnx_file_name, model.bytes);
        detail::describe_onnx(scan, model.providers, to);
    }

    static onnx_model load(model_files& from) {
        onnx_model loaded;
        const std::string file = detail::flavor_data(from, "onnx");
        loaded.bytes = from.read(file);
        if (from.failure()) return loaded;
        const std::string name = '"' + from.path() + '/' + file + '"';
        detail::byte_window bytes(loaded.bytes);
        detail::onnx_scan scan(bytes);
        from.fail(scan.run(name));
        from.fail(detail::check_onnx_is_whole(scan, name, "load it as mlscribe::onnx_file"));
        return loaded;
    }
};

/// The same for a file; `load` takes what Python's `mlflow.onnx.log_model` wrote as well.
template <>
struct model_io<onnx_file> {
    static void save(const onnx_file& model, model_saver& to) {
        detail::checked_file bytes(model.path);
        if (bytes.failure()) return to.fail(bytes.failure());
        detail::onnx_scan scan(bytes.window());
        to.fail(scan.run('"' + model.path + '"'));
        const std::string folder = model.path.substr(0, model.path.rfind('/') + 1);
        // All of them are looked at before one is moved.
        for (const std::string& name : scan.data_files()) {
            to.fail(detail::check_onnx_data_file(folder, name));
        }
        for (const std::string& name : scan.data_files()) {
            to.add_file(folder + name, name, model.mode);
        }
        to.add_file(model.path, detail::onnx_file_name, model.mode);
        detail::describe_onnx(scan, model.providers, to);
    }

    static onnx_file load(model_files& from) {
        return {from.file(detail::flavor_data(from, "onnx"))};
    }
};

MLSCRIBE_NAMESPACE_END

#endif
