// SPDX-License-Identifier: MIT
/// \file The metrics of a run as the library's reader sees them.
#ifndef MLSCRIBE_TESTS_QUERY_SEEN_RUN_HPP
#define MLSCRIBE_TESTS_QUERY_SEEN_RUN_HPP

#include <mlscribe/query/run_metrics.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "give_up.hpp"
#include "scratch_directory.hpp"

namespace test {

struct seen_rows {
    std::vector<mlscribe::point> rows;
    mlscribe::error failure;

    std::vector<std::int64_t> steps() const {
        std::vector<std::int64_t> found;
        for (const mlscribe::point& row : rows) found.push_back(row.step);
        return found;
    }
};

/// A run's folder, looked at anew by each call.
class seen_run {
  public:
    explicit seen_run(std::string path) : path_(std::move(path)) {
        if (mlscribe::detail::directory::open(path_, folder_) != 0) give_up("no run " + path_);
    }

    const std::string& path() const noexcept { return path_; }
    const mlscribe::detail::directory& folder() const noexcept { return folder_; }
    mlscribe::detail::run_metrics look() {
        return {folder_, path_.substr(path_.rfind('/') + 1), path_, text_};
    }

    seen_rows rows(const std::string& key = "loss") {
        auto metrics = look();
        seen_rows found;
        found.failure = metrics.for_each_row(
            key, [&found](const mlscribe::point& row) { found.rows.push_back(row); });
        return found;
    }
    std::optional<mlscribe::point> latest(const std::string& key = "loss") {
        auto metrics = look();
        std::optional<mlscribe::point> found;
        metrics.latest(key, found);
        return found;
    }
    std::vector<std::string> keys() {
        std::vector<std::string> found;
        failure = look().keys(found);
        return found;
    }

    mlscribe::error failure;  ///< of keys()

  private:
    std::string path_;
    mlscribe::detail::directory folder_;
    mlscribe::detail::metric_text_file text_;
};

/// 0, 1, 2, ...
inline std::vector<std::int64_t> first_steps(std::int64_t count) {
    std::vector<std::int64_t> made;
    for (std::int64_t i = 0; i < count; ++i) made.push_back(i);
    return made;
}

}  // namespace test

#endif
