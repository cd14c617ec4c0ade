// SPDX-License-Identifier: MIT
/// \file A folder below the working directory that goes with its owner, and runs in it.
#ifndef MLSCRIBE_BENCHMARKS_SCRATCH_HPP
#define MLSCRIBE_BENCHMARKS_SCRATCH_HPP

#include <mlscribe/mlscribe.hpp>

#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

class scratch_folder {
  public:
    scratch_folder() {
        if (::mkdtemp(path_.data()) == nullptr) {
            std::perror(path_.c_str());
            std::exit(1);
        }
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path(const std::string& name) const { return path_ + '/' + name; }

    /// \param flush  the interval of the drain thread
    mlscribe::run start(std::chrono::milliseconds flush, mlscribe::keep thinning = {}) const {
        mlscribe::run_options options;
        options.tracking_uri = path("mlruns");
        options.experiment = "benchmark";
        options.flush_interval = flush;
        options.sync_interval = std::chrono::milliseconds(0);
        options.thinning = thinning;
        return mlscribe::start_run(options);
    }

  private:
    std::string path_ = "benchmark_XXXXXX";
};

/// The drain thread sleeps while a burst is measured.
inline constexpr std::chrono::hours never{1};

#endif
