// SPDX-License-Identifier: MIT
/// \file How an input that breaks a rule of the library ends the fuzzer, which then keeps it.
#ifndef MLSCRIBE_TESTS_FUZZ_MUST_HOLD_HPP
#define MLSCRIBE_TESTS_FUZZ_MUST_HOLD_HPP

#include <cstdio>
#include <cstdlib>

namespace test {

/// \param rule  as a sentence
inline void must_hold(bool holds, const char* rule) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", rule);
    std::abort();
}

}  // namespace test

#endif
