// SPDX-License-Identifier: MIT
/// \file The artifacts that are still being written, so that the end of a run can clear them away.
#ifndef MLSCRIBE_ARTIFACT_OPEN_ARTIFACTS_HPP
#define MLSCRIBE_ARTIFACT_OPEN_ARTIFACTS_HPP

#include <mlscribe/artifact/artifact_file.hpp>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// An artifact that is being written, as its run knows it.
struct open_artifact {
    const artifact_file* file;  ///< only to tell it from others
    std::string path;           ///< below `artifacts/`
    std::string staged_name;    ///< in the run's directory
};

/// \threadsafety any thread
class open_artifacts {
  public:
    void add(const artifact_file& opened) {
        const std::lock_guard<std::mutex> lock(mutex_);
        all_.push_back({&opened, opened.path(), opened.staged_name()});
    }
    void remove(const artifact_file& closed) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        all_.erase(std::remove_if(all_.begin(), all_.end(),
                                  [&](const open_artifact& each) { return each.file == &closed; }),
                   all_.end());
    }
    std::vector<open_artifact> all() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return all_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<open_artifact> all_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
