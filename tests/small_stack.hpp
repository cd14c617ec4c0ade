// SPDX-License-Identifier: MIT
/// \file Runs a part of a test where a thread has little stack, as musl gives it.
#ifndef MLSCRIBE_TESTS_SMALL_STACK_HPP
#define MLSCRIBE_TESTS_SMALL_STACK_HPP

#include <pthread.h>

#include <cstddef>
#include <string>
#include <utility>

#include "child_process.hpp"

namespace test {

/// Runs `body`, which returns a text, in a child's thread that has so little stack, as have those
/// that it starts. \return the text, or how the child ended
template <class Body>
std::string on_a_small_stack(Body&& body) {
    return in_child([&body] {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        constexpr std::size_t stack = std::size_t{1} << 20;  // what the sanitizers make of 128 KiB
#else
        constexpr std::size_t stack = std::size_t{128} << 10;
#endif
        pthread_attr_t limited;
        ::pthread_attr_init(&limited);
        ::pthread_attr_setstacksize(&limited, stack);
#if defined(__GLIBC__)
        ::pthread_setattr_default_np(&limited);
#endif
        std::pair<Body&, std::string> job(body, "");
        pthread_t thread{};
        const auto run = [](void* given) -> void* {
            auto& work = *static_cast<decltype(job)*>(given);
            work.second = work.first();
            return nullptr;
        };
        if (::pthread_create(&thread, &limited, run, &job) != 0) return std::string("no thread");
        ::pthread_join(thread, nullptr);
        return job.second;
    });
}

}  // namespace test

#endif
