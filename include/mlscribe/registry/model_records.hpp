// SPDX-License-Identifier: MIT
/// \file Registered models and their versions, as values and as meta.yaml (docs/format.md, "The
/// registry").
#ifndef MLSCRIBE_REGISTRY_MODEL_RECORDS_HPP
#define MLSCRIBE_REGISTRY_MODEL_RECORDS_HPP

#include <mlscribe/layout/meta_yaml.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// Times are milliseconds since 1970-01-01 UTC.
struct registered_model {
    std::string name;
    std::string description;
    std::int64_t creation_timestamp = 0;
    std::int64_t last_updated_timestamp = 0;
    std::map<std::string, std::int64_t> aliases;  ///< the version that each one names
    std::map<std::string, std::string> tags;
};

/// Texts that MLflow has as null are empty.
struct model_version {
    std::string name;
    std::int64_t version = 0;  ///< from 1
    std::string description;
    std::int64_t creation_timestamp = 0;
    std::int64_t last_updated_timestamp = 0;
    std::string current_stage = "None";  ///< or Staging, Production, Archived
    std::string source;                  ///< the URI that was registered
    std::string storage_location;        ///< the URI of its directory
    std::string run_id;
    std::string run_link;
    std::string model_id;  ///< of a model that MLflow 3 logged
    std::string status = "READY";
    std::vector<std::string> aliases;
    std::map<std::string, std::string> tags;
};

namespace detail {

/// What MLflow keeps a deleted version as, so that its number is never given again.
inline constexpr const char* deleted_stage = "Deleted_Internal";

inline yaml_value alias_list(const std::vector<std::string>& aliases) {
    yaml_value list;
    list.type = yaml_value::kind::sequence;
    for (const std::string& alias : aliases) {
        yaml_value text;
        text.type = yaml_value::kind::string;
        text.text = alias;
        list.items.push_back(std::move(text));
    }
    return list;
}

inline yaml_value alias_map(const std::map<std::string, std::int64_t>& aliases) {
    yaml_value map;
    map.type = yaml_value::kind::mapping;
    for (const auto& [alias, version] : aliases) {
        yaml_value text;
        text.type = yaml_value::kind::string;
        text.text = std::to_string(version);
        map.entries.push_back({alias, std::move(text)});
    }
    return map;
}

}  // namespace detail

/// The document that MLflow 2 writes, which both read. Tags are files of their own.
inline meta_document to_document(const registered_model& model) {
    meta_document document;
    document.set("aliases", detail::alias_map(model.aliases));
    document.set_integer("creation_timestamp", model.creation_timestamp);
    document.set_text_or_null("description", model.description);
    document.set_integer("last_updated_timestamp", model.last_updated_timestamp);
    document.set_string("name", model.name);
    return document;
}

/// The document that MLflow 2 writes, which both read; `model_id` only where there is one.
inline meta_document to_document(const model_version& version) {
    meta_document document;
    document.set("aliases", detail::alias_list(version.aliases));
    document.set_integer("creation_timestamp", version.creation_timestamp);
    document.set_string("current_stage", version.current_stage);
    document.set_text_or_null("description", version.description);
    document.set_integer("last_updated_timestamp", version.last_updated_timestamp);
    if (!version.model_id.empty()) document.set_string("model_id", version.model_id);
    document.set_string("name", version.name);
    document.set_text_or_null("run_id", version.run_id);
    document.set_text_or_null("run_link", version.run_link);
    document.set_string("source", version.source);
    document.set_string("status", version.status);
    document.set_null("status_message");
    document.set_string("storage_location", version.storage_location);
    document.set_null("user_id");
    document.set_integer("version", version.version);
    return document;
}

/// \param why  gets the key and its rule on a failure
/// \onfailure nullopt where MLflow could not list any model because of this file
inline std::optional<registered_model> read_registered_model(const meta_document& document,
                                                             std::string& why) {
    using need = detail::meta_fields::need;
    registered_model model;
    detail::meta_fields fields(document);
    std::optional<std::int64_t> created;
    std::optional<std::int64_t> updated;
    fields.text("name", need::not_empty, model.name);
    fields.text("description", need::optional, model.description);
    fields.optional_time("creation_timestamp", created);
    fields.optional_time("last_updated_timestamp", updated);
    model.creation_timestamp = created.value_or(0);
    model.last_updated_timestamp = updated.value_or(model.creation_timestamp);
    if (!fields.failed()) return model;
    why = fields.why();
    return std::nullopt;
}

/// \param why  gets the key and its rule on a failure
/// \onfailure nullopt where MLflow could not list any model because of this file
inline std::optional<model_version> read_model_version(const meta_document& document,
                                                       std::string& why) {
    using need = detail::meta_fields::need;
    model_version version;
    detail::meta_fields fields(document);
    std::optional<std::int64_t> updated;
    fields.text("name", need::not_empty, version.name);
    fields.time("creation_timestamp", version.creation_timestamp);
    fields.optional_time("last_updated_timestamp", updated);
    version.last_updated_timestamp = updated.value_or(version.creation_timestamp);
    fields.text("description", need::optional, version.description);
    fields.text("current_stage", need::optional, version.current_stage);
    fields.text("source", need::optional, version.source);
    fields.text("storage_location", need::optional, version.storage_location);
    fields.text("run_id", need::optional, version.run_id);
    fields.text("run_link", need::optional, version.run_link);
    fields.text("model_id", need::optional, version.model_id);
    fields.text("status", need::optional, version.status);
    const yaml_value* const number = document.find("version");
    const auto whole = number == nullptr ? std::nullopt : to_integer(*number);
    if (whole && *whole > 0) {
        version.version = *whole;
    } else {
        fields.refuse("version", "is missing or no number from 1");
    }
    if (!fields.failed()) return version;
    why = fields.why();
    return std::nullopt;
}

MLSCRIBE_NAMESPACE_END

#endif
