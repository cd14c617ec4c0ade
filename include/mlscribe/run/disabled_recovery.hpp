// SPDX-License-Identifier: MIT
/// \file What store_recovery.hpp is with MLSCRIBE_ENABLED=0.
#ifndef MLSCRIBE_RUN_DISABLED_RECOVERY_HPP
#define MLSCRIBE_RUN_DISABLED_RECOVERY_HPP

#include <mlscribe/config/config.hpp>

#include <string_view>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Recovery, class Options>
Recovery recover_store(std::string_view, const Options&) {
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
