// SPDX-License-Identifier: MIT
/// \file Where the random numbers of a test begin: in the same place each time, so that a change is
/// what makes it fail. MLSCRIBE_TEST_SEED=<number> in the environment begins elsewhere.
#ifndef MLSCRIBE_TESTS_BEGUN_SEED_HPP
#define MLSCRIBE_TESTS_BEGUN_SEED_HPP

#include <cstdlib>

namespace test {

/// For a program that tells it by itself; cases of Boost.Test take test::seed().
inline unsigned begun_seed(unsigned usual) {
    const char* const wanted = std::getenv("MLSCRIBE_TEST_SEED");
    return wanted == nullptr ? usual : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

}  // namespace test

#endif
