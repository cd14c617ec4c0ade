// SPDX-License-Identifier: MIT
// The one translation unit with Boost.Test's entry point; every test executable links it.
#define BOOST_TEST_MODULE mlscribe
#if MLSCRIBE_BOOST_TEST_HEADERS
#    include <boost/test/included/unit_test.hpp>
#else
#    include <boost/test/unit_test.hpp>
#endif

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
