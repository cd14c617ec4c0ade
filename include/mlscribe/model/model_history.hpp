// SPDX-License-Identifier: MIT
/// \file The tag by which MLflow 2's UI knows a run's models (docs/format.md, "Models of MLflow
/// 2").
#ifndef MLSCRIBE_MODEL_MODEL_HISTORY_HPP
#define MLSCRIBE_MODEL_MODEL_HISTORY_HPP

#include <mlscribe/journal/writing_turn.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/model/mlmodel.hpp>
#include <mlscribe/store/list_tag.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view model_history_tag = "mlflow.log-model.history";
/// MLflow 2's longest tag. The oldest models are dropped from a longer list; they stay artifacts.
inline constexpr std::size_t longest_model_history = 5000;

/// Whether an entry of the list is about the artifact `path`.
inline bool is_history_of(const document& entry, std::string_view path) noexcept {
    const document* const name = entry.find("artifact_path");
    return name != nullptr && name->text == path;
}

/// Puts a model into the list in place of one with its name. The oldest go from one that is too
/// long.
/// \return the text of the tag
inline std::string model_history_with(document list, const model_identity& model,
                                      const document& flavors) {
    auto& items = list.items;
    items.erase(std::remove_if(items.begin(), items.end(),
                               [&model](const document& entry) {
                                   return is_history_of(entry, model.artifact_path);
                               }),
                items.end());
    document& added = items.emplace_back();
    add_member(added, "run_id", model.run_id);
    add_member(added, "artifact_path", model.artifact_path);
    add_member(added, "utc_time_created", model.time);
    add_member(added, "model_uuid", model.uuid);
    add_member(added, "flavors", flavors);
    // Each has two characters more: the brackets, or a comma and a blank.
    auto oldest = items.end() - 1;
    std::size_t length = json_line(*oldest).size() + 2;
    while (oldest != items.begin()) {
        length += json_line(*(oldest - 1)).size() + 2;
        if (length > longest_model_history) break;
        --oldest;
    }
    items.erase(items.begin(), oldest);
    return json_line(list);
}

/// Adds a model to the tag. \threadsafety of processes, too
inline error write_model_history(const directory& run, std::string_view run_path,
                                 const model_identity& model, const document& flavors) {
    return write_in_turn(run, run_path, [&](writing_turn& turn) {
        document list;
        if (error failure = read_list_tag(run, run_path, model_history_tag, list)) return failure;
        const auto write = [&turn](const std::string& text) {
            return turn.replace("tags/" + std::string(model_history_tag), text);
        };
        const std::string text = model_history_with(std::move(list), model, flavors);
        return write_tag_by(write, run_path, model_history_tag, text);
    });
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
