// SPDX-License-Identifier: MIT
/// \file Has a job's run go on at the newest checkpoint that it has.
#ifndef MLSCRIBE_HPC_FROM_LAST_CHECKPOINT_HPP
#define MLSCRIBE_HPC_FROM_LAST_CHECKPOINT_HPP

#include <mlscribe/run/resume_from.hpp>

#include <string>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

/// `start_job_run(options, from_last_checkpoint{&name})`: as everything stood at the latest
/// `run.checkpoint(…)`, whatever its name.
struct from_last_checkpoint {
    /// Receives the checkpoint's name, to load the model by; "" where the loop begins at step 0.
    /// The same in all ranks that begin where rank 0 does.
    std::string* name = nullptr;
};

namespace detail {

template <class From>
inline constexpr bool is_job_resume_point =
    is_resume_point<From> || std::is_same_v<From, from_last_checkpoint>;

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
