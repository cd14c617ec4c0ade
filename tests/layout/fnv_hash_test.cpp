// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/fnv_hash.hpp>

using mlscribe::detail::fnv_hash;

BOOST_AUTO_TEST_SUITE(layout_fnv_hash)

BOOST_AUTO_TEST_CASE(the_vectors_of_its_authors) {
    // Names of files must not change between releases.
    static_assert(fnv_hash("") == 0xCBF29CE484222325u);
    static_assert(fnv_hash("a") == 0xAF63DC4C8601EC8Cu);
    BOOST_TEST(fnv_hash("foobar") == 0x85944171F73967E8u);
}

BOOST_AUTO_TEST_CASE(a_text_may_come_in_pieces) {
    BOOST_TEST(fnv_hash("bar", fnv_hash("foo")) == fnv_hash("foobar"));
    BOOST_TEST(fnv_hash("\xFF") != fnv_hash("\x7F"));
}

BOOST_AUTO_TEST_SUITE_END()
