// SPDX-License-Identifier: MIT
/// \file The artifacts that are still being written, so that the end of a run can tell of them.
#ifndef MLSCRIBE_ARTIFACT_OPEN_ARTIFACTS_HPP
#define MLSCRIBE_ARTIFACT_OPEN_ARTIFACTS_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety any thread
class open_artifacts {
  public:
    /// \param path  lives, and does not change, until it is removed
    void add(const std::string* path) {
        const std::lock_guard<std::mutex> lock(mutex_);
        paths_.push_back(path);
    }
    void remove(const std::string* path) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = std::find(paths_.begin(), paths_.end(), path);
        if (found != paths_.end()) paths_.erase(found);
    }
    std::vector<std::string> paths() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        std::vector<std::string> copies;
        for (const std::string* path : paths_) copies.push_back(*path);
        return copies;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<const std::string*> paths_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
