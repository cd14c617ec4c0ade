// SPDX-License-Identifier: MIT
/// \file The seed of a test case, which whatever fails in it tells.
#ifndef MLSCRIBE_TESTS_SEED_HPP
#define MLSCRIBE_TESTS_SEED_HPP

#include <boost/test/unit_test.hpp>

#include "begun_seed.hpp"

namespace test {

/// A seed for an engine; whatever fails in this test case from here on tells it.
inline unsigned seed(unsigned usual) {
    const unsigned begun = begun_seed(usual);
    // Sticky: an exception that ends the case has left every scope when it is told of.
    boost::unit_test::framework::add_context(BOOST_TEST_LAZY_MSG("MLSCRIBE_TEST_SEED=" << begun),
                                             true);
    return begun;
}

}  // namespace test

#endif
