// SPDX-License-Identifier: MIT
/// \file What a case says that cannot be run on a machine.
#ifndef MLSCRIBE_TESTS_SKIPPED_HPP
#define MLSCRIBE_TESTS_SKIPPED_HPP

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace test {

/// Tells why the present case, or a part of it, is left out. Where the environment has
/// MLSCRIBE_SKIP=never that is a failure: a proof leaves out nothing.
inline void skipped(const std::string& why) {
    const std::string name = boost::unit_test::framework::current_test_case().full_name();
    std::printf("%s is skipped: %s\n", name.c_str(), why.c_str());
    const char* const wish = std::getenv("MLSCRIBE_SKIP");
    BOOST_TEST((wish == nullptr || std::string(wish) != "never"), "skipped: " << why);
}

}  // namespace test

#endif
