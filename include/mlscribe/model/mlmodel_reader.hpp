// SPDX-License-Identifier: MIT
/// \file MLmodel on the way back.
#ifndef MLSCRIBE_MODEL_MLMODEL_READER_HPP
#define MLSCRIBE_MODEL_MLMODEL_READER_HPP

#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/model/mlmodel.hpp>
#include <mlscribe/store/meta_file.hpp>

#include <optional>
#include <string>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads the file MLmodel of a model's directory. \onfailure not_found, damaged, system
inline error read_mlmodel(const directory& folder, const std::string& path, yaml_value& result) {
    std::string text;
    const int failed = folder.read(mlmodel_name, text, max_text_bytes);
    if (failed == ENOENT) {
        return {error_code::not_found, 0,
                '"' + path +
                    "\" is no model: it has no file MLmodel; name the directory that "
                    "log_model() made"};
    }
    if (failed != 0) return unread_file(path + "/MLmodel", failed, max_text_bytes);
    yaml_error why{};
    std::optional<yaml_value> parsed = read_yaml(text, &why);
    if (why.is_limit) return beyond_limit(path + "/MLmodel", why);
    if (!parsed) {
        return {error_code::damaged, 0,
                '"' + path + "/MLmodel\" line " + std::to_string(why.line) + ": " + why.message};
    }
    result = std::move(*parsed);
    return {};
}

/// Whether a later version of this library wrote it in a way that this one does not know.
inline error check_model_format(const yaml_value& description, const std::string& path) {
    const yaml_value* const flavors = description.find("flavors");
    const yaml_value* const own = flavors == nullptr ? nullptr : flavors->find(own_flavor);
    const yaml_value* const format = own == nullptr ? nullptr : own->find("format_version");
    if (format == nullptr) return {};
    const std::optional<std::int64_t> version = to_integer(*format);
    if (version && *version >= 1 && *version <= model_format_version) return {};
    return {error_code::damaged, 0,
            "model \"" + path + "\" has format version " + shown(format->text) +
                ", this mlscribe " + own_version() + " knows " +
                std::to_string(model_format_version) + "; load it with a newer mlscribe"};
}

/// Whether mlscribe wrote the model, so that it has a manifest.
inline bool is_own_model(const yaml_value& description) noexcept {
    const yaml_value* const flavors = description.find("flavors");
    return flavors != nullptr && flavors->find(own_flavor) != nullptr;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
