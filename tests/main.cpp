// SPDX-License-Identifier: MIT
// The one translation unit with Boost.Test's entry point; every test executable links it.
#define BOOST_TEST_MODULE mlscribe
#include <boost/test/unit_test.hpp>

#if defined(BOOST_NO_EXCEPTIONS)
#    include <boost/throw_exception.hpp>

#    include <cstdlib>

// Boost leaves it to such a program what becomes of its exceptions.
void boost::throw_exception(const std::exception&) {
    std::abort();
}
void boost::throw_exception(const std::exception&, const boost::source_location&) {
    std::abort();
}
#endif
