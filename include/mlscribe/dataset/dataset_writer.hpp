// SPDX-License-Identifier: MIT
/// \file Writes which datasets a run was given, as MLflow's store does (docs/format.md,
/// "Datasets").
#ifndef MLSCRIBE_DATASET_DATASET_WRITER_HPP
#define MLSCRIBE_DATASET_DATASET_WRITER_HPP

#include <mlscribe/dataset/dataset.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/md5.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/store/experiment_of_run.hpp>
#include <mlscribe/store/publish_folder.hpp>
#include <mlscribe/tag/source_tags.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Brings the texts into what MLflow takes. \onfailure invalid_value: one that is too long
inline error settle_dataset(dataset& used) {
    if (used.failure) return used.failure;
    if (used.name.empty()) used.name = "dataset";
    if (used.digest.empty()) {
        used.digest = md5_text(used.name + '\n' + used.source_type + '\n' + used.source);
        used.digest.resize(8);
    }
    struct limit {
        const char* what;
        std::string& text;
        std::size_t most;
    };
    // A profile may be longer in MLflow, which then reads it in every search.
    for (const limit& each :
         {limit{"name", used.name, 500}, limit{"digest", used.digest, 36},
          limit{"source type", used.source_type, 36}, limit{"source", used.source, 65535},
          limit{"schema", used.schema, 1048575}, limit{"profile", used.profile, 1048575}}) {
        each.text = utf8::repaired(each.text);
        if (utf8::length(each.text) <= each.most) continue;
        return {error_code::invalid_value, 0,
                "dataset \"" + shown(std::string_view(used.name).substr(0, 500)) + "\": its " +
                    each.what + " has more than " + std::to_string(each.most) +
                    " characters, MLflow's limit; shorten it"};
    }
    return {};
}

/// The context is a tag of its own.
inline tag_list input_tags(std::string_view context,
                           const std::pair<std::string_view, std::string_view>* tags,
                           std::size_t count) {
    tag_list all;
    for (std::size_t i = 0; i < count; ++i) {
        put_tag(all, std::string(tags[i].first), std::string(tags[i].second));
    }
    if (!context.empty()) put_tag(all, "mlflow.data.context", std::string(context));
    return all;
}

inline error check_input_tags(const tag_list& tags) {
    for (const auto& tag : tags) {
        const bool key_fits = utf8::length(tag.first) <= 255;
        if (key_fits && utf8::length(tag.second) <= 500) continue;
        return {error_code::invalid_value, 0,
                "dataset tag \"" + shown(std::string_view(tag.first).substr(0, 255)) + "\": its " +
                    (key_fits ? "value has more than 500" : "key has more than 255") +
                    " characters, MLflow's limit; shorten it"};
    }
    return {};
}

inline meta_document dataset_document(const dataset& used) {
    meta_document document;
    document.set_string("digest", used.digest);
    document.set_string("name", used.name);
    document.set_text_or_null("profile", used.profile);
    document.set_text_or_null("schema", used.schema);
    document.set_string("source", used.source);
    document.set_string("source_type", used.source_type);
    return document;
}

/// MLflow puts the dataset at both ends.
inline meta_document input_document(const std::string& dataset_id, const tag_list& tags) {
    meta_document document;
    document.set_string("destination_id", dataset_id);
    document.set_string("destination_type", "RUN");
    document.set_string("source_id", dataset_id);
    document.set_string("source_type", "DATASET");
    yaml_value map;
    map.type = yaml_value::kind::mapping;
    for (const auto& tag : tags) {
        yaml_value value;
        value.type = yaml_value::kind::string;
        value.text = utf8::repaired(tag.second);
        map.entries.push_back({utf8::repaired(tag.first), std::move(value)});
    }
    document.set("tags", std::move(map));
    return document;
}

/// Where a run and what it shares with others of its experiment is written.
class dataset_writer {
  public:
    /// \param path  of `run`, for messages; all outlive the writer
    dataset_writer(const directory& run, const std::string& path, std::string_view run_id)
        : run_(run), path_(path), run_id_(run_id) {}

    error open(std::string_view experiment_id) {
        return open_experiment_of(run_, path_, experiment_id, experiment_);
    }

    /// \param tags  of the input; where the run has the dataset already, its first ones stay
    error write(dataset used, const tag_list& tags) const {
        if (error failure = settle_dataset(used)) return failure;
        if (error failure = check_input_tags(tags)) return failure;
        const std::string id = md5_text(used.name + used.digest);
        const std::string input_id = md5_text(id + std::string(run_id_));
        int failed = publish_folder(run_, experiment_, "datasets", id, dataset_document(used));
        if (failed == EEXIST) failed = 0;
        const meta_document input = input_document(id, tags);
        if (failed == 0) failed = publish_folder(run_, run_, "inputs", input_id, input);
        if (failed == EEXIST) return compare_tags(used.name, input_id, input);
        return failed == 0 ? error{} : system_error("cannot log a dataset in", path_, failed);
    }

  private:
    error compare_tags(const std::string& name, const std::string& input_id,
                       const meta_document& wanted) const {
        directory folder;
        meta_document present;
        const std::string shown_path = path_ + "/inputs/" + input_id;
        if (const int failed = run_.open_below("inputs/" + input_id, missing::fail, folder)) {
            return system_error("cannot open", shown_path, failed);
        }
        if (error failure = read_settled_meta(folder, shown_path, present, max_dataset_meta_bytes))
            return failure;
        const yaml_value* const before = present.find("tags");
        const yaml_value* const now = wanted.find("tags");
        if (before != nullptr && has_same_texts(*before, *now)) return {};
        return {error_code::value_changed, 0,
                "dataset \"" + shown(name) +
                    "\" is logged already with another context or tags, and MLflow keeps one of "
                    "them a run: the first stays"};
    }

    static bool has_same_texts(const yaml_value& a, const yaml_value& b) {
        if (a.entries.size() != b.entries.size()) return false;
        for (const auto& entry : a.entries) {
            const yaml_value* const other = b.find(entry.first);
            if (other == nullptr || other->text != entry.second.text) return false;
        }
        return true;
    }

    const directory& run_;
    const std::string& path_;
    std::string_view run_id_;
    directory experiment_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
