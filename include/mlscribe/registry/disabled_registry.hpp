// SPDX-License-Identifier: MIT
/// \file What model_registry.hpp is with MLSCRIBE_ENABLED=0.
#ifndef MLSCRIBE_REGISTRY_DISABLED_REGISTRY_HPP
#define MLSCRIBE_REGISTRY_DISABLED_REGISTRY_HPP

#include <mlscribe/error/error_handler.hpp>
#include <mlscribe/error/strictness.hpp>
#include <mlscribe/registry/model_records.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

class registry {
    using text = const std::string&;

  public:
    explicit registry(std::string_view = {}, strictness = strictness::report,
                      const error_handler& = {}) {}

    std::optional<registered_model> create_registered_model(text, text = {}) { return {}; }
    std::optional<model_version> create_model_version(text, text, text = {}, text = {}) {
        return {};
    }
    std::optional<model_version> register_model(text, text) { return {}; }
    std::optional<registered_model> get_registered_model(text) { return {}; }
    std::vector<registered_model> search_registered_models() { return {}; }
    std::optional<model_version> get_model_version(text, std::int64_t) { return {}; }
    std::optional<model_version> get_model_version_by_alias(text, text) { return {}; }
    std::vector<model_version> model_versions(text) { return {}; }
    std::vector<model_version> get_latest_versions(text, const std::vector<std::string>& = {}) {
        return {};
    }
    bool set_registered_model_alias(text, text, std::int64_t) { return false; }
    bool delete_registered_model_alias(text, text) { return false; }
    bool set_registered_model_tag(text, std::string_view, std::string_view) { return false; }
    bool delete_registered_model_tag(text, std::string_view) { return false; }
    bool set_model_version_tag(text, std::int64_t, std::string_view, std::string_view) {
        return false;
    }
    bool delete_model_version_tag(text, std::int64_t, std::string_view) { return false; }
    bool update_registered_model(text, text) { return false; }
    bool update_model_version(text, std::int64_t, text) { return false; }
    bool rename_registered_model(text, text) { return false; }
    bool delete_registered_model(text) { return false; }
    bool delete_model_version(text, std::int64_t) { return false; }
};

MLSCRIBE_NAMESPACE_END

#endif

#endif
