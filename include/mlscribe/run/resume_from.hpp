// SPDX-License-Identifier: MIT
/// \file Where a run that is resumed begins again, as the caller writes it.
#ifndef MLSCRIBE_RUN_RESUME_FROM_HPP
#define MLSCRIBE_RUN_RESUME_FROM_HPP

#include <mlscribe/metric/step.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// `resume_run(id, from_checkpoint{"epoch-200"})`: as everything stood at `run.checkpoint(name)`.
struct from_checkpoint {
    std::string name;
};

/// `resume_run(id, from_step{200})`: the first step that the loop does again, in every metric; or
/// by the beginning of the key, `from_step{{"batch/", 300}, {"", 3}}`, where the longest
/// beginning counts and other metrics stay whole. An empty beginning means all others, and the
/// ranges of the loop. A metric below `system/` goes by time: it loses what is not older than the
/// first point that another one loses.
struct from_step {
    std::vector<std::pair<std::string, std::int64_t>> steps;

    /// \param step  any integer, 0 or more
    template <class Step, class = std::enable_if_t<std::is_convertible_v<Step, std::int64_t> &&
                                                   !std::is_same_v<Step, from_step>>>
    explicit from_step(Step step) : steps{{std::string(), as_given(step)}} {}
    from_step(std::initializer_list<std::pair<std::string, std::int64_t>> by_key) : steps(by_key) {}

  private:
    template <class Step>
    static std::int64_t as_given(Step step) noexcept {
        const detail::checked_step checked = detail::check_step(step);
        return checked.too_large ? INT64_MAX : checked.step;
    }
};

namespace detail {

template <class From>
inline constexpr bool is_resume_point =
    std::is_same_v<From, from_checkpoint> || std::is_same_v<From, from_step>;

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
