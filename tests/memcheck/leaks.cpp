// SPDX-License-Identifier: MIT
/// \file What leaks is looked for once, behind the last case. At the end of a program valgrind
/// would do so in each forked child, too, for minutes where its journal's mapping is larger than
/// the file.
#include <boost/test/unit_test.hpp>

#include <valgrind/memcheck.h>

namespace {

struct leak_check {
    ~leak_check() { VALGRIND_DO_LEAK_CHECK; }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(leak_check);
