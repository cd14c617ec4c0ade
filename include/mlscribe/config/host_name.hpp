// SPDX-License-Identifier: MIT
/// \file The name of the machine this process runs on.
#ifndef MLSCRIBE_CONFIG_HOST_NAME_HPP
#define MLSCRIBE_CONFIG_HOST_NAME_HPP

#include <mlscribe/config/config.hpp>

#include <sys/utsname.h>

#include <atomic>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The machine's name as the system knows it now, or "".
inline std::string look_up_host_name() {
    utsname system{};
    ::uname(&system);
    return system.nodename;
}

/// The same, looked up once: a forked child has it of its parent.
inline const std::string& host_name() {
    static std::atomic<const std::string*> latest{nullptr};
    const std::string* known = latest.load(std::memory_order_acquire);
    if (known != nullptr) return *known;
    // Without a lock that a forked child could find taken.
    const auto* const made = new std::string(look_up_host_name());
    if (latest.compare_exchange_strong(known, made)) return *made;
    delete made;
    return *known;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
