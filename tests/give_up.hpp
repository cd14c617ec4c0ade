// SPDX-License-Identifier: MIT
/// \file How a test ends that cannot go on: by an exception, or by abort where there are none.
#ifndef MLSCRIBE_TESTS_GIVE_UP_HPP
#define MLSCRIBE_TESTS_GIVE_UP_HPP

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace test {

[[noreturn]] inline void give_up(const std::string& why) {
#if defined(__cpp_exceptions)
    throw std::runtime_error(why);
#else
    std::fprintf(stderr, "%s\n", why.c_str());
    std::abort();
#endif
}

}  // namespace test

#endif
