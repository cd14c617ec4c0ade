// SPDX-License-Identifier: MIT
/// \file No reduction: logging is switched off, and MPI is not needed.
#ifndef MLSCRIBE_HPC_DISABLED_RANK_REDUCTION_HPP
#define MLSCRIBE_HPC_DISABLED_RANK_REDUCTION_HPP

#include <mlscribe/hpc/rank_metric.hpp>
#include <mlscribe/run/run_state.hpp>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class rank_reduction final : public step_listener {
  public:
    template <class Communicator>
    rank_reduction(const reference<run_state>&, const Communicator&, bool) noexcept {}

    static bool takes_part() noexcept { return false; }
    static bool logs() noexcept { return false; }
    static void declare(const rank_metric&) noexcept {}
    void step_ended(const step_border&) noexcept override {}
    static void reduce(const step_border&) noexcept {}
    static void complete() noexcept {}
    static void finish(bool) noexcept {}
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
