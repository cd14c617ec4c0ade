// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/md5.hpp>

#include <string>
#include <utility>

using mlscribe::detail::md5;
using mlscribe::detail::md5_text;

BOOST_AUTO_TEST_SUITE(layout_md5)

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_1321) {
    const std::pair<const char*, const char*> vectors[] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"}};
    for (const auto& vector : vectors) BOOST_TEST(md5_text(vector.first) == vector.second);
}

BOOST_AUTO_TEST_CASE(the_pieces_that_a_text_comes_in_do_not_matter) {
    std::string text;
    for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
    for (std::size_t length : {55u, 56u, 63u, 64u, 65u, 128u, 300u}) {
        const std::string whole = text.substr(0, length);
        for (std::size_t piece : {1u, 13u, 64u, 100u}) {
            md5 hash;
            for (std::size_t at = 0; at < length; at += piece) hash.update(whole.substr(at, piece));
            BOOST_TEST(hash.finish() == md5_text(whole));
        }
    }
    // Of hashlib.
    BOOST_TEST(md5_text(text) == "04efd1e6a4e06e3794694154279db582");
}

BOOST_AUTO_TEST_SUITE_END()
