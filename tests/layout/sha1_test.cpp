// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/layout/sha1.hpp>

#include <string>

using mlscribe::detail::hex_text;
using mlscribe::detail::object_name;
using mlscribe::detail::sha1;

BOOST_AUTO_TEST_SUITE(layout_sha1)

BOOST_AUTO_TEST_CASE(the_standards_examples) {
    const auto of = [](const std::string& text, std::size_t piece) {
        sha1 hash;
        for (std::size_t i = 0; i < text.size(); i += piece) hash.update(text.substr(i, piece));
        return hex_text(hash.finish());
    };
    const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    for (const std::size_t piece : {1u, 7u, 64u, 1000u}) {
        BOOST_TEST(of("", piece) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        BOOST_TEST(of("abc", piece) == "a9993e364706816aba3e25717850c26c9cd0d89d");
        BOOST_TEST(of(two_blocks, piece) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        BOOST_TEST(of(std::string(1000000, 'a'), piece) ==
                   "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    }
}

BOOST_AUTO_TEST_CASE(gits_names) {
    BOOST_TEST(hex_text(object_name("blob", "")) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    BOOST_TEST(hex_text(object_name("blob", "hello\n")) ==
               "ce013625030ba8dba906f756967f9e9ca394464a");
}

BOOST_AUTO_TEST_SUITE_END()
