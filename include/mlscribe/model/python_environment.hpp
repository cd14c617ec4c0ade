// SPDX-License-Identifier: MIT
/// \file The files by which MLflow builds a Python environment for a model.
#ifndef MLSCRIBE_MODEL_PYTHON_ENVIRONMENT_HPP
#define MLSCRIBE_MODEL_PYTHON_ENVIRONMENT_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/yaml_scalar.hpp>
#include <mlscribe/reflect/document_of.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow takes the latest release of such a short version.
inline constexpr std::string_view default_python_version = "3.11";

inline constexpr std::string_view python_flavor = "python_function";

/// Whether Python loads the model, and needs an environment.
inline bool has_python_flavor(const std::vector<std::pair<std::string, document>>& flavors) {
    return std::any_of(flavors.begin(), flavors.end(),
                       [](const auto& flavor) { return flavor.first == python_flavor; });
}

/// What the flavor `python_function` says under `env` of the files below.
inline document python_environment_files() {
    document files;
    add_member(files, "conda", "conda.yaml");
    add_member(files, "virtualenv", "python_env.yaml");
    return files;
}

/// The name of a requirement's package, as `xgboost` of `xgboost >= 1.7`.
inline std::string_view package_name(std::string_view requirement) noexcept {
    return requirement.substr(0, requirement.find_first_of(" <>=!~;[@"));
}

/// Each requirement once, behind MLflow itself, which every flavor of it needs.
inline std::vector<std::string> whole_requirements(const std::vector<std::string>& required) {
    std::vector<std::string> all;
    if (std::none_of(required.begin(), required.end(), [](const std::string& requirement) {
            const std::string_view name = package_name(requirement);
            return name == "mlflow" || name == "mlflow-skinny";
        })) {
        all.emplace_back("mlflow");
    }
    for (const std::string& requirement : required) {
        if (std::find(all.begin(), all.end(), requirement) == all.end()) all.push_back(requirement);
    }
    return all;
}

/// Writes `requirements.txt`, `python_env.yaml` and `conda.yaml` into a model's directory.
/// \param required  as in requirements.txt, one package each
/// \param python_version  such as `3.11` or `3.11.7`
/// \onfailure invalid_value: a requirement of more than one line; system
inline error write_python_environment(const directory& model,
                                      const std::vector<std::string>& required,
                                      std::string_view python_version = default_python_version) {
    std::string requirements;
    std::string packages;
    for (const std::string& requirement : whole_requirements(required)) {
        if (requirement.empty() || requirement.find_first_of("\r\n") != std::string::npos) {
            return {error_code::invalid_value, 0,
                    "Python requirement \"" + shown(requirement) +
                        "\": must be one line of requirements.txt; name each package on its own"};
        }
        if (!requirements.empty()) requirements += '\n';
        requirements += requirement;
        packages += "  - " + yaml_plain_or_quoted(requirement) + '\n';
    }
    const std::string version(python_version);
    const std::pair<const char*, std::string> files[] = {
        {"requirements.txt", requirements},
        {"python_env.yaml", "python: " + yaml_plain_or_quoted(version) +
                                "\nbuild_dependencies:\n- pip\n- setuptools\n- wheel\n"
                                "dependencies:\n- -r requirements.txt\n"},
        {"conda.yaml", "channels:\n- conda-forge\ndependencies:\n- " +
                           yaml_plain_or_quoted("python=" + version) + "\n- pip\n- pip:\n" +
                           packages + "name: mlflow-env\n"}};
    for (const auto& [name, text] : files) {
        const int failed = replace_file(model, name, text);
        if (failed != 0) return system_error("cannot write", name, failed);
    }
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
