// SPDX-License-Identifier: MIT
/// \file MLmodel: what MLflow reads of a model (docs/format.md, "The file MLmodel").
#ifndef MLSCRIBE_MODEL_MLMODEL_HPP
#define MLSCRIBE_MODEL_MLMODEL_HPP

#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/yaml_text.hpp>
#include <mlscribe/model/model_saver.hpp>
#include <mlscribe/model/python_environment.hpp>
#include <mlscribe/model/signature_text.hpp>
#include <mlscribe/tag/build_tags.hpp>
#include <mlscribe/version.hpp>

#include <time.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view mlmodel_name = "MLmodel";
/// The flavor of every model that this library wrote.
inline constexpr std::string_view own_flavor = "mlscribe";
/// Of what lies in a model's directory. A reader refuses a larger one.
inline constexpr int model_format_version = 1;

inline std::string own_version() {
    return version_text(MLSCRIBE_VERSION_MAJOR, MLSCRIBE_VERSION_MINOR, MLSCRIBE_VERSION_PATCH);
}

/// What MLmodel tells apart from flavors.
struct model_identity {
    std::string run_id;
    std::string artifact_path;
    std::string uuid;         ///< 32 hexadecimal digits
    std::string time;         ///< as model_time() gives it
    std::string model_id;     ///< of MLflow 3's entity, if there is one
    std::uint64_t bytes = 0;  ///< of its files
};

/// Now as MLflow writes it: `2026-11-25 10:15:00.123456`, UTC.
inline std::string model_time() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    char text[64];
    const std::size_t length = ::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    std::snprintf(text + length, sizeof text - length, ".%06ld", now.tv_nsec / 1000);
    return text;
}

/// The flavors as MLmodel and the run's tag list them.
inline document flavors_of(const model_saver& saved) {
    document own;
    add_member(own, "format_version", model_format_version);
    add_member(own, "mlscribe_version", own_version());
    document all;
    for (const auto& [name, settings] : saved.flavors()) {
        document& flavor = add_entry(all, document_of(name));
        flavor = settings;
        if (name != python_flavor) continue;
        if (settings.find("env") == nullptr) add_member(flavor, "env", python_environment_files());
        if (settings.find("python_version") == nullptr) {
            add_member(flavor, "python_version", default_python_version);
        }
    }
    add_member(all, own_flavor, own);
    return all;
}

/// The text of MLmodel. \param example  what input_example.hpp tells of it; null for none
inline std::string mlmodel_text(const model_identity& model, const document& flavors,
                                const model_signature& signature, const document& example,
                                const std::map<std::string, std::string>& metadata) {
    document out;
    add_member(out, "artifact_path", model.artifact_path);
    add_member(out, "flavors", flavors);
    if (!model.model_id.empty()) add_member(out, "model_id", model.model_id);
    add_member(out, "model_size_bytes", model.bytes);
    add_member(out, "model_uuid", model.uuid);
    add_member(out, "run_id", model.run_id);
    add_member(out, "utc_time_created", model.time);
    if (!signature.empty()) add_member(out, "signature", signature_map(signature));
    if (example.type != document::kind::null) add_member(out, "saved_input_example_info", example);
    if (!metadata.empty()) add_member(out, "metadata", metadata);
    return yaml_text(out);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
