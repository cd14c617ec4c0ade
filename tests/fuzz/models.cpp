// SPDX-License-Identifier: MIT
/// \file Any bytes as each file of a model: MLmodel, its manifest, where it was logged, what the
/// registry keeps of it, and a model that another library saved.
#include <mlscribe/artifact/npy_bytes.hpp>
#include <mlscribe/flavor/lightgbm.hpp>
#include <mlscribe/flavor/onnx_scan.hpp>
#include <mlscribe/flavor/torchscript.hpp>
#include <mlscribe/flavor/xgboost_file.hpp>
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/layout/yaml_reader.hpp>
#include <mlscribe/model/environment_differences.hpp>
#include <mlscribe/model/manifest_text.hpp>
#include <mlscribe/model/members_io.hpp>
#include <mlscribe/model/mlmodel_reader.hpp>
#include <mlscribe/registry/model_records.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "fuzz/scratch_file.hpp"
#include "scratch_directory.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

struct layer {
    int units = 0;
    std::string name;
    std::vector<float> bias;
};
MLSCRIBE_DESCRIBE(layer, units, name, bias)

struct network {
    bool trained = false;
    double rate = 0;
    std::optional<unsigned char> seed;
    std::vector<layer> layers;
    std::map<std::string, std::int64_t> counts;
    std::pair<float, std::string> best;
    std::array<std::string, 2> classes;
};
MLSCRIBE_DESCRIBE(network, trained, rate, seed, layers, counts, best, classes)

/// A model of values whose model.json is the input, beside an array that it may name.
class saved_values {
  public:
    saved_values() {
        file_.call("model/data/model.json");
        std::string array;
        must_hold(!detail::npy_bytes(std::vector<float>{0.5F, -2}, array), "an array is saved");
        test::write_file(file_.folder() + "/model/data/a.npy", array);
        must_hold(detail::directory::open(file_.folder() + "/model", model_) == 0 &&
                      detail::directory::open(copy_.path(), copied_) == 0,
                  "a folder opens");
    }

    template <class Value>
    void check(std::string_view text) {
        file_.write(text);
        Value value{};
        if (!load(model_, value)) return;
        const std::string written = saved(value);
        Value again{};
        must_hold(load(copied_, again) && saved(again) == written,
                  "a value is read as it was written");
    }

  private:
    template <class Value>
    static bool load(const detail::directory& folder, Value& value) {
        mlscribe::model_files from(folder, "model", {});
        mlscribe::load_value(value, from);
        must_hold(!from.failure() || !from.failure().message.empty(), "a refusal has a reason");
        return !from.failure();
    }
    /// \return the files, one behind the other
    template <class Value>
    std::string saved(const Value& value) const {
        std::filesystem::remove_all(copy_ / "data");
        mlscribe::model_saver to(copied_, "copy");
        mlscribe::save_value(value, to);
        must_hold(!to.failure(), "what was read can be saved");
        std::string bytes;
        for (const std::string& path : test::tree(copy_ / "data")) {
            bytes += path + '\n' + test::read_file(copy_ / ("data/" + path));
        }
        return bytes;
    }

    test::scratch_file file_;
    test::scratch_directory copy_{test::folder_in_memory()};
    detail::directory model_;
    detail::directory copied_;
};

/// What begins as no such value is refused at once.
bool may_be_value(std::string_view text) {
    return !text.empty() && (text.front() == '{' || text.front() == '[' || text.front() == '"');
}

void check_description(std::string_view text) {
    const auto description = mlscribe::read_yaml(text);
    if (!description) return;
    must_hold(
        !detail::check_model_format(*description, "model") || detail::is_own_model(*description),
        "a format that is refused is that of this library");
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
    must_hold(detail::lightgbm_head(text).signature().inputs.size() <= text.size(),
              "no more features than there are words");
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
    static saved_values& values = *[] {
        static saved_values made;
        return &made;
    }();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_description(text);
    check_registry(text);
    check_manifest(text);
    check_environment(text);
    check_saved(text);
    if (may_be_value(text)) {
        values.check<network>(text);
        values.check<std::vector<layer>>(text);
        values.check<std::vector<std::vector<double>>>(text);
    }
    return 0;
}
