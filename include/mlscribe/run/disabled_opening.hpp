// SPDX-License-Identifier: MIT
/// \file What run_opening.hpp is with MLSCRIBE_ENABLED=0.
#ifndef MLSCRIBE_RUN_DISABLED_OPENING_HPP
#define MLSCRIBE_RUN_DISABLED_OPENING_HPP

#include <mlscribe/run/disabled_run.hpp>

#include <string>
#include <string_view>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

struct resume_options;

namespace detail {

inline reference<run_state> start(const run_options&, bool) {
    return disabled();
}
inline reference<run_state> start(std::string_view, std::string_view) {
    return disabled();
}
inline reference<run_state> resume(const std::string&, const resume_options&) {
    return disabled();
}
template <class From>
reference<run_state> resume(const std::string&, const resume_options&, const From&) {
    return disabled();
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
