// SPDX-License-Identifier: MIT
/// \file A TorchScript file in the layout of MLflow's flavor pytorch; libtorch is not needed.
///
/// The layout is the one that mlflow.pytorch reads, followed in its code with a torch that stands
/// in; the tests predict with the real torch only where it is installed.
#ifndef MLSCRIBE_FLAVOR_TORCHSCRIPT_HPP
#define MLSCRIBE_FLAVOR_TORCHSCRIPT_HPP

#include <mlscribe/flavor/checked_file.hpp>
#include <mlscribe/flavor/flavor_settings.hpp>

#include <cstdint>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// A file that `torch::jit::script::Module::save` or `torch.jit.save` wrote. Loaded, `path` is the
/// file in the model's directory, for `torch::jit::load`.
struct torchscript_file {
    std::string path;
    /// libtorch's TORCH_VERSION: MLflow warns where the Python that loads has another one.
    std::string torch_version = "unknown";
    transfer mode = transfer::copy;
};

namespace detail {

/// Little-endian, `bytes` wide.
inline std::uint64_t little_endian(const std::string& from, std::size_t at, std::size_t bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes; i-- != 0;) {
        number = number << 8 | static_cast<unsigned char>(from[at + i]);
    }
    return number;
}

/// Where the list of names at the end of a zip archive stands.
struct zip_directory {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// \return none of any length where the file is no archive or was cut off
inline zip_directory find_zip_directory(checked_file& file) {
    constexpr std::size_t end_size = 22;
    const std::string end = file.tail(end_size);
    if (end.size() != end_size || end.compare(0, 4, "PK\5\6") != 0) return {};
    const std::uint64_t size = little_endian(end, 12, 4);
    std::uint64_t offset = little_endian(end, 16, 4);
    // Beyond 4 GiB it stands in a record of 56 bytes before a locator of 20.
    if (offset == 0xFFFFFFFF && file.size() > end_size + 20 + 56) {
        offset = little_endian(file.at(file.size() - end_size - 20 - 56, 56), 48, 8);
    }
    if (offset > file.size() || size > file.size() - offset) return {};
    return {offset, offset + size};
}

/// What is wrong with a TorchScript file, or "".
inline const char* torchscript_refusal(checked_file& file) {
    if (file.head(4) != "PK\3\4") {
        return "is no TorchScript file (a zip archive with constants.pkl); let "
               "torch::jit::script::Module::save write it";
    }
    const zip_directory names = find_zip_directory(file);
    if (names.begin == names.end) return "is an archive that was cut off; save it again";
    // torch.load() tells the two kinds of archive apart by this name.
    return file.find("/constants.pkl", names.begin, names.end) == file.size()
               ? "holds tensors or a pickled module, not TorchScript; save it by "
                 "torch::jit::script::Module::save or torch.jit.save"
               : "";
}

}  // namespace detail

/// The flavors python_function and pytorch.
template <>
struct model_io<torchscript_file> {
    static void save(const torchscript_file& model, model_saver& to) {
        detail::checked_file bytes(model.path);
        const error problem = bytes.problem(detail::torchscript_refusal(bytes));
        if (problem) return to.fail(problem);
        constexpr const char* pickle_module = "mlflow.pytorch.pickle_module";
        to.add_file(model.path, "data/model.pth", model.mode);
        to.write("data/pickle_module_info.txt", pickle_module);
        to.add_flavor("python_function",
                      detail::flavor_settings({{"loader_module", "mlflow.pytorch"},
                                               {"data", "data"},
                                               {"pickle_module_name", pickle_module}}));
        to.add_flavor("pytorch",
                      detail::flavor_settings(
                          {{"model_data", "data"}, {"pytorch_version", model.torch_version}}));
        to.require("torch");
        to.require("cloudpickle");
    }

    /// A scripted or traced model that Python's `mlflow.pytorch.log_model` wrote as well.
    static torchscript_file load(model_files& from) {
        const std::string folder = detail::flavor_data(from, "pytorch", "model_data");
        torchscript_file loaded{from.file(folder + "/model.pth")};
        if (from.failure()) return loaded;
        detail::checked_file bytes(loaded.path);
        from.fail(bytes.problem(detail::torchscript_refusal(bytes)));
        loaded.torch_version = from.flavor_text("pytorch", "pytorch_version");
        return loaded;
    }
};

MLSCRIBE_NAMESPACE_END

#endif
