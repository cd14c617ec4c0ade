// SPDX-License-Identifier: MIT
/// \file Bounds the memory of a test's child, so that what takes too much of it is seen.
#ifndef MLSCRIBE_TESTS_BOUNDED_MEMORY_HPP
#define MLSCRIBE_TESTS_BOUNDED_MEMORY_HPP

#include <sys/resource.h>

#include <fstream>

namespace test {

/// This process gets so many MiB more, and no further. Sanitizers need address space of their own:
/// under one nothing is bounded.
inline void bound_memory([[maybe_unused]] rlim_t mebibytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t bytes = pages * 4096 + (mebibytes << 20);
    const rlimit memory{bytes, bytes};
    ::setrlimit(RLIMIT_AS, &memory);
#endif
}

}  // namespace test

#endif
