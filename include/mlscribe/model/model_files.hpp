// SPDX-License-Identifier: MIT
/// \file The directory of a model that is being loaded; its checksums are verified.
#ifndef MLSCRIBE_MODEL_MODEL_FILES_HPP
#define MLSCRIBE_MODEL_MODEL_FILES_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/directory.hpp>
#include <mlscribe/file/unread_file.hpp>
#include <mlscribe/layout/yaml_value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// What a model's load function is given. A first failure is kept, and what was loaded is dropped.
class model_files {
  public:
    /// \param description  MLmodel
    model_files(const detail::directory& folder, std::string path, yaml_value description)
        : folder_(folder), path_(std::move(path)), description_(std::move(description)) {}
    model_files(const model_files&) = delete;
    model_files& operator=(const model_files&) = delete;

    /// The path of a file of the model, for whatever library reads it. A link may lead out of the
    /// model, and is none. \onfailure not_found; invalid_path: kept, and the path is empty
    std::string file(std::string_view name) {
        detail::descriptor found;
        if (!is_allowed(name)) return {};
        const int failed = folder_.open_file(name, O_RDONLY, found);
        if (failed != 0) {
            fail(detail::system_error("cannot read", shown(name), failed));
            return {};
        }
        return shown(name);
    }

    /// The bytes of a file of the model. \param most  that it may have
    std::string read(std::string_view name, std::size_t most = detail::max_data_bytes) {
        std::string bytes;
        if (!is_allowed(name)) return bytes;
        const int failed = folder_.read(name, bytes, most);
        if (failed != 0) fail(detail::unread_file(shown(name), failed, most));
        return bytes;
    }

    /// The settings of a flavor in MLmodel, or null.
    const yaml_value* flavor(std::string_view name) const noexcept {
        const yaml_value* const flavors = description_.find("flavors");
        return flavors == nullptr ? nullptr : flavors->find(name);
    }

    /// A text among the settings of a flavor; "" where there is none.
    std::string flavor_text(std::string_view name, std::string_view key) const {
        const yaml_value* const settings = flavor(name);
        const yaml_value* const value = settings == nullptr ? nullptr : settings->find(key);
        return value == nullptr ? std::string() : value->text;
    }

    /// Keeps the first failure.
    void fail(error failure) {
        if (failure && !failure_) failure_ = std::move(failure);
    }

    const std::string& path() const noexcept { return path_; }
    const error& failure() const noexcept { return failure_; }
    /// MLmodel as a whole.
    const yaml_value& description() const noexcept { return description_; }

  private:
    bool is_allowed(std::string_view name) {
        if (failure_) return false;
        fail(detail::check_artifact_path(name, false));
        return !failure_;
    }

    std::string shown(std::string_view name) const { return path_ + '/' + std::string(name); }

    const detail::directory& folder_;
    std::string path_;
    yaml_value description_;
    error failure_;
};

MLSCRIBE_NAMESPACE_END

#endif
