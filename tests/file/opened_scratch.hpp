// SPDX-License-Identifier: MIT
/// \file A scratch directory that is open.
#ifndef MLSCRIBE_TESTS_FILE_OPENED_SCRATCH_HPP
#define MLSCRIBE_TESTS_FILE_OPENED_SCRATCH_HPP

#include <boost/test/unit_test.hpp>

#include <mlscribe/file/directory.hpp>

#include "scratch_directory.hpp"

namespace test {

struct opened_scratch {
    scratch_directory scratch;
    mlscribe::detail::directory root;

    opened_scratch() {
        BOOST_REQUIRE_EQUAL(mlscribe::detail::directory::open(scratch.path(), root), 0);
    }
};

}  // namespace test

#endif
