// SPDX-License-Identifier: MIT
/// \file How far down the stack of this thread may be used.
#ifndef MLSCRIBE_MODEL_STACK_FLOOR_HPP
#define MLSCRIBE_MODEL_STACK_FLOOR_HPP

#include <mlscribe/config/config.hpp>

#include <pthread.h>

#include <cstddef>
#include <cstdint>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where on the stack the caller is, or a little below.
inline std::uintptr_t stack_place() noexcept {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

/// The place below which `room` bytes are left; 0 where the system does not know this stack.
inline std::uintptr_t stack_floor(std::size_t room) noexcept {
    void* end = nullptr;
    std::size_t size = 0;
#if defined(__linux__)
    pthread_attr_t about;
    if (::pthread_getattr_np(::pthread_self(), &about) != 0) return 0;
    ::pthread_attr_getstack(&about, &end, &size);
    ::pthread_attr_destroy(&about);
#endif
    const auto lowest = reinterpret_cast<std::uintptr_t>(end);
    const std::uintptr_t here = stack_place();
    return lowest < here && here - lowest < size ? lowest + room : 0;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
