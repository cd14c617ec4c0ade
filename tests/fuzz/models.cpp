// SPDX-License-Identifier: MIT
/// \file Any bytes as each file of a model: MLmodel, its manifest, where it was logged, what the
/// registry keeps of it, and a model that another library saved.
#include <mlscribe/flavor/lightgbm.hpp>
#include <mlscribe/flavor/onnx_scan.hpp>
#include <mlscribe/flavor/torchscript.hpp>
#include <mlscribe/flavor/xgboost_file.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/model/environment_differences.hpp>
#include <mlscribe/model/manifest_text.hpp>
#include <mlscribe/model/mlmodel_reader.hpp>
#include <mlscribe/registry/model_records.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "fuzz/scratch_file.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

void check_description(std::string_view text) {
    const auto description = mlscribe::read_yaml(text);
    if (!description) return;
    detail::check_model_format(*description, "model");
    detail::is_own_model(*description);
}

void check_registry(std::string_view text) {
    const auto document = mlscribe::meta_document::parse(text);
    if (!document) return;
    std::string why;
    if (const auto model = mlscribe::read_registered_model(*document, why)) {
        const auto again = mlscribe::read_registered_model(mlscribe::to_document(*model), why);
        must_hold(again && again->name == model->name && again->description == model->description &&
                      again->creation_timestamp == model->creation_timestamp &&
                      again->last_updated_timestamp == model->last_updated_timestamp,
                  "a registered model is read as it was written");
    }
    if (const auto version = mlscribe::read_model_version(*document, why)) {
        const auto again = mlscribe::read_model_version(mlscribe::to_document(*version), why);
        must_hold(again && again->name == version->name && again->version == version->version &&
                      again->source == version->source && again->run_id == version->run_id &&
                      again->storage_location == version->storage_location &&
                      again->current_stage == version->current_stage &&
                      again->creation_timestamp == version->creation_timestamp,
                  "a version is read as it was written");
    }
}

void check_manifest(std::string_view text) {
    std::vector<detail::manifest_entry> entries;
    if (detail::parse_manifest(text, entries) != 0) return;
    const std::string written = detail::manifest_text(entries);
    std::vector<detail::manifest_entry> again;
    must_hold(detail::parse_manifest(written, again) == 0 &&
                  detail::manifest_text(again) == written && again.size() == entries.size(),
              "a manifest is read as it was written");
}

void check_environment(std::string_view text) {
    static const mlscribe::document other = *mlscribe::parse_json(
        R"({"build": {"compiler": "g++ 12", "fast_math": false, "sizes": {"int": 4}},)"
        R"( "headers": {"fmt": 9}, "shared_libraries": [{"path": "/lib/libc.so.6"}]})");
    const auto saved = mlscribe::parse_json(text);
    if (!saved) return;
    for (const std::string& each : detail::environment_differences(*saved, other)) {
        must_hold(each.find("the model was logged by a program ") == 0, "a difference is told");
    }
    detail::environment_differences(other, *saved);
}

/// The heads of the formats, and what is far behind them.
void check_saved(std::string_view text) {
    detail::byte_window window(text);
    detail::onnx_scan scan(window);
    const mlscribe::error refused = scan.run("model");
    must_hold(!refused || !refused.message.empty(), "a model that is refused has a reason");
    constexpr std::size_t edge = detail::xgboost_edges::size;
    const std::string_view tail = text.substr(text.size() < edge ? 0 : text.size() - edge);
    const detail::xgboost_edges edges(text.substr(0, edge), tail);
    must_hold(*edges.refusal() != '\0' || !edges.version.empty(), "a whole model has a version");
    detail::lightgbm_head(text).signature();
    const bool is_tree = text.substr(0, 5) == "tree\n";
    // What both refuse at once need not be written.
    if (!is_tree && text.substr(0, 2) != "PK") return;
    static const test::scratch_file written;
    written.write(text);
    detail::checked_file file(written.path());
    const std::string lightgbm = detail::lightgbm_refusal(file);
    must_hold(
        lightgbm.empty() == (is_tree && text.find("\nend of trees\n") != std::string_view::npos),
        "LightGBM's models have both ends");
    detail::torchscript_refusal(file);
    must_hold(!file.failure(), "a file can be read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_description(text);
    check_registry(text);
    check_manifest(text);
    check_environment(text);
    check_saved(text);
    return 0;
}
