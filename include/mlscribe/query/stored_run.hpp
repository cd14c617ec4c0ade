// SPDX-License-Identifier: MIT
/// \file A run on disk whose parts are read when they are asked for.
#ifndef MLSCRIBE_QUERY_STORED_RUN_HPP
#define MLSCRIBE_QUERY_STORED_RUN_HPP

#include <mlscribe/query/dataset_inputs.hpp>
#include <mlscribe/query/run_metrics.hpp>
#include <mlscribe/query/run_record.hpp>
#include <mlscribe/query/text_folder.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Reads only what a filter or an order names; a part is read once. After a failure, which
/// failure() tells, it has nothing. \threadsafety one thread at a time
class stored_run {
  public:
    /// \param experiment  its folder; none: datasets are not asked for
    /// \param path        of the run, for messages
    /// \param text        may serve many runs in turn; outlives the run
    stored_run(directory experiment, directory folder, std::string path, run_info info,
               metric_text_file& text)
        : experiment_(std::move(experiment)),
          folder_(std::move(folder)),
          path_(std::move(path)),
          info_(std::move(info)),
          text_(text) {}

    stored_run(const stored_run&) = delete;
    stored_run& operator=(const stored_run&) = delete;

    const run_info& info() const noexcept { return info_; }
    const directory& folder() const noexcept { return folder_; }
    const std::string& path() const noexcept { return path_; }
    run_metrics& metrics() {
        if (!metrics_) metrics_.emplace(folder_, info_.run_id, path_, text_);
        return *metrics_;
    }
    const error& failure() const noexcept { return failure_; }

    const std::string* param(const std::string& key) { return text(params_, params_read_, key); }
    const std::string* tag(const std::string& key) { return text(tags_, tags_read_, key); }

    std::optional<double> metric(const std::string& key) {
        const auto [entry, is_new] = metrics_read_.try_emplace(key);
        std::optional<point> latest;
        if (is_new && !failure_ && !read_key_problem(key)) failure_ = metrics().latest(key, latest);
        if (latest) entry->second = latest->value;
        return entry->second;
    }

    const std::vector<dataset_input>& datasets() {
        if (!datasets_read_ && !failure_ && experiment_) {
            failure_ = read_dataset_inputs(experiment_, folder_, path_, datasets_);
        }
        datasets_read_ = true;
        return datasets_;
    }

    /// Reads all the rest.
    error load(run_record& result) {
        if (!failure_) failure_ = params_.read_all(result.params);
        if (!failure_) failure_ = tags_.read_all(result.tags);
        if (!failure_) failure_ = load_metrics(result.metrics);
        if (info_.run_name.empty()) {
            const auto name = result.tags.find("mlflow.runName");
            if (name != result.tags.end()) info_.run_name = name->second;
        }
        result.info = info_;
        return failure_;
    }

    /// MLflow takes the tag where meta.yaml names none.
    void find_name() {
        if (!info_.run_name.empty()) return;
        if (const std::string* const name = tag("mlflow.runName")) info_.run_name = *name;
    }

  private:
    error load_metrics(std::map<std::string, double>& values) {
        std::vector<std::string> keys;
        if (error failure = metrics().keys(keys)) return failure;
        for (const std::string& key : keys) {
            std::optional<point> latest;
            if (error failure = metrics().latest(key, latest)) return failure;
            if (latest) values.emplace_hint(values.end(), key, latest->value);
        }
        return {};
    }

    using known_texts = std::map<std::string, std::optional<std::string>>;

    const std::string* text(text_folder& folder, known_texts& known, const std::string& key) {
        const auto [entry, is_new] = known.try_emplace(key);
        if (is_new && !failure_) failure_ = folder.read(key, entry->second);
        return entry->second ? &*entry->second : nullptr;
    }

    directory experiment_;
    directory folder_;
    std::string path_;
    run_info info_;
    metric_text_file& text_;
    error failure_;
    text_folder params_{folder_, "params", path_};
    text_folder tags_{folder_, "tags", path_};
    std::optional<run_metrics> metrics_;
    known_texts params_read_;
    known_texts tags_read_;
    std::map<std::string, std::optional<double>> metrics_read_;
    std::vector<dataset_input> datasets_;
    bool datasets_read_ = false;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
