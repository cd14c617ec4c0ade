// SPDX-License-Identifier: MIT
/// \file A run as a report has it: all that can be read, and what cannot.
#ifndef MLSCRIBE_REPORT_REPORTED_RUN_HPP
#define MLSCRIBE_REPORT_REPORTED_RUN_HPP

#include <mlscribe/file/file_list.hpp>
#include <mlscribe/journal/journal_claim.hpp>
#include <mlscribe/query/run_metrics.hpp>
#include <mlscribe/query/run_record.hpp>
#include <mlscribe/query/text_folder.hpp>
#include <mlscribe/report/metric_history.hpp>
#include <mlscribe/store/experiment_of_run.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct reported_file {
    std::string path;  ///< below `artifacts/`
    std::uint64_t bytes = 0;
    mode_t mode = 0;
};

/// Reads the parts of a run one by one: what cannot be read is told, and the rest is there.
class reported_run {
  public:
    /// \param path  of the folder, for messages
    reported_run(directory folder, std::string path, run_info info)
        : folder_(std::move(folder)), path_(std::move(path)), info_(std::move(info)) {
        read_texts("params", params_);
        read_texts("tags", tags_);
        if (info_.run_name.empty()) info_.run_name = tag("mlflow.runName");
        find_experiment();
        metric_text_file text;
        note(run_metrics(folder_, info_.run_id, path_, text).keys(keys_));
    }
    reported_run(reported_run&&) = default;

    const run_info& info() const noexcept { return info_; }
    const std::map<std::string, std::string>& params() const noexcept { return params_; }
    const std::map<std::string, std::string>& tags() const noexcept { return tags_; }
    const std::string& experiment() const noexcept { return experiment_; }
    const std::vector<error>& problems() const noexcept { return problems_; }
    const std::map<std::string, metric_history>& metrics() const noexcept { return histories_; }
    std::map<std::string, metric_history>& metrics() noexcept { return histories_; }
    const std::vector<std::string>& metric_keys() const noexcept { return keys_; }

    /// Empty where there is none.
    std::string tag(const std::string& key) const {
        const auto found = tags_.find(key);
        return found == tags_.end() ? std::string() : found->second;
    }
    /// What the run is called.
    std::string name() const {
        return info_.run_name.empty() ? info_.run_id.substr(0, 8) : info_.run_name;
    }

    /// Leaves out all metrics but these.
    void choose_metrics(const std::vector<std::string>& wanted) {
        const auto is_other = [&wanted](const std::string& key) {
            return std::find(wanted.begin(), wanted.end(), key) == wanted.end();
        };
        keys_.erase(std::remove_if(keys_.begin(), keys_.end(), is_other), keys_.end());
    }

    /// \param columns  of each curve
    void read_metrics(std::size_t columns) {
        metric_text_file text;
        run_metrics metrics(folder_, info_.run_id, path_, text);
        for (const std::string& key : keys_) {
            metric_history history(columns);
            note(metrics.for_each_row(key, [&history](const point& row) { history.add(row); }));
            if (history.points != 0) histories_.emplace(key, std::move(history));
        }
        note(metrics.journals().unread());
    }

    /// What to say of a run that has not ended; empty for one that has.
    std::string doubt() const {
        if (info_.status != run_status::running) return {};
        bool alive = false;
        bool unknown = false;
        bool dead = false;
        const auto look = [&](const directory& place, std::string_view prefix) {
            for (const placed_journal& each : find_journals(place, prefix)) {
                alive = alive || each.writer_is == liveness::alive;
                unknown = unknown || each.writer_is == liveness::unknown;
                dead = dead || each.writer_is == liveness::dead;
            }
        };
        look(folder_, {});
        const std::string elsewhere = tag("mlscribe.journal");
        directory place;
        if (!elsewhere.empty() && directory::open(elsewhere, place) == 0) {
            look(place, info_.run_id);
        }
        if (alive) return {};
        if (unknown) return "written on another host, which may have stopped";
        if (dead) return "its process is gone: killed before it could end the run";
        return "nobody is seen writing it";
    }

    /// Every file, by its path. \param but  one that is left out
    std::vector<reported_file> files(std::string_view but) {
        std::vector<std::string> paths;
        std::vector<reported_file> found;
        const int failed = list_files(folder_, "artifacts", paths);
        if (failed != 0) note(system_error("cannot list", path_ + "/artifacts", failed));
        for (std::string& path : paths) {
            struct stat status {};
            if (path == but || folder_.status("artifacts/" + path, status) != 0) continue;
            const auto bytes = static_cast<std::uint64_t>(status.st_size);
            found.push_back({std::move(path), bytes, status.st_mode});
        }
        return found;
    }
    /// \return 0 or errno
    int open_file(const std::string& path, descriptor& file) const {
        return folder_.open_file("artifacts/" + path, O_RDONLY, file);
    }

  private:
    void note(error problem) {
        if (problem) problems_.push_back(std::move(problem));
    }

    void read_texts(const char* name, std::map<std::string, std::string>& values) {
        std::vector<std::string> keys;
        const int failed = list_files(folder_, name, keys);
        if (failed != 0) note(system_error("cannot read", path_ + '/' + name, failed));
        text_folder folder(folder_, name, path_);
        for (const std::string& key : keys) {
            std::optional<std::string> value;
            note(folder.read(key, value));
            if (value) values.emplace(key, std::move(*value));
        }
    }

    void find_experiment() {
        experiment_ = info_.experiment_id;
        directory experiment;
        meta_document document;
        if (open_experiment_of(folder_, path_, info_.experiment_id, experiment)) return;
        if (read_settled_meta(experiment, path_ + "/..", document)) return;
        if (const auto meta = read_experiment_meta(document)) experiment_ = meta->name;
    }

    directory folder_;
    std::string path_;
    run_info info_;
    std::string experiment_;
    std::map<std::string, std::string> params_;
    std::map<std::string, std::string> tags_;
    std::vector<std::string> keys_;
    std::map<std::string, metric_history> histories_;
    std::vector<error> problems_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
