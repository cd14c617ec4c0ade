// SPDX-License-Identifier: MIT
/// \file The one door through which optional headers write into a run.
#ifndef MLSCRIBE_ARTIFACT_RUN_WRITING_HPP
#define MLSCRIBE_ARTIFACT_RUN_WRITING_HPP

#include <mlscribe/error/error.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class directory;

/// Where a run that records is written.
struct run_place {
    const directory& folder;
    const std::string& path;  ///< of `folder`, for messages and for libraries that write by path
    std::string_view run_id;
    std::string_view experiment_id;
};

/// What is written: a model, a dataset.
class run_writing {
  public:
    /// \return why it is not written, or not all of it
    virtual error write(const run_place& place) = 0;

  protected:
    run_writing() = default;
    run_writing(const run_writing&) = delete;
    run_writing& operator=(const run_writing&) = delete;
    ~run_writing() = default;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
