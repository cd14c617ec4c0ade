// SPDX-License-Identifier: MIT
// The one translation unit with Boost.Test's entry point; every test executable links it.
#define BOOST_TEST_MODULE mlscribe
#include <boost/test/unit_test.hpp>
