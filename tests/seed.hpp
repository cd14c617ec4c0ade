// SPDX-License-Identifier: MIT
/// \file Where the random numbers of a test begin: in the same place each time, so that a change is
/// what makes it fail. MLSCRIBE_TEST_SEED=<number> in the environment begins elsewhere.
#ifndef MLSCRIBE_TESTS_SEED_HPP
#define MLSCRIBE_TESTS_SEED_HPP

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace test {

/// A seed for an engine; whatever fails in this test case from here on tells it.
inline unsigned seed(unsigned usual) {
    const char* const wanted = std::getenv("MLSCRIBE_TEST_SEED");
    const unsigned begun =
        wanted == nullptr ? usual : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
    // Sticky: an exception that ends the case has left every scope when it is told of.
    boost::unit_test::framework::add_context(BOOST_TEST_LAZY_MSG("MLSCRIBE_TEST_SEED=" << begun),
                                             true);
    return begun;
}

}  // namespace test

#endif
