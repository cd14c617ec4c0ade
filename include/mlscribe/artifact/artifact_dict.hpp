// SPDX-License-Identifier: MIT
/// \file Which text a document becomes by the ending of its file's name.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_DICT_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_DICT_HPP

#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/layout/yaml_text.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The ending as Python's os.path.splitext() sees it: `.yaml` of `a.yaml`, none of `dir/.yaml`.
inline std::string_view file_ending(std::string_view path) noexcept {
    std::string_view name = path.substr(path.rfind('/') + 1);
    while (!name.empty() && name.front() == '.') name.remove_prefix(1);
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot);
}

/// The bytes of an artifact from MLflow's log_dict: YAML for `.yaml` and `.yml`, else JSON.
inline std::string dict_text(const document& value, std::string_view path) {
    const std::string_view ending = file_ending(path);
    return ending == ".yaml" || ending == ".yml" ? yaml_text(value) : json_text(value);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
