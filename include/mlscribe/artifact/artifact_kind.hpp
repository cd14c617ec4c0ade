// SPDX-License-Identifier: MIT
/// \file Artifacts by whose ending others know what they are.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_KIND_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_KIND_HPP

#include <mlscribe/config/config.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

struct artifact_kind {
    const char* ending;
    const char* whose;  ///< for messages
};

inline constexpr artifact_kind array_kind = {".npy", "an array's"};
inline constexpr artifact_kind figure_kind = {".svg", "a figure's"};
inline constexpr artifact_kind report_kind = {".html", "a report's"};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
