// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/sha256.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

std::string digest(std::string_view bytes) {
    mlscribe::detail::sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_sha256)

BOOST_AUTO_TEST_CASE(the_vectors_of_nist) {
    BOOST_TEST(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_TEST(digest("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                      "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu") ==
               "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    BOOST_TEST(digest(std::string(1'000'000, 'a')) ==
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    BOOST_TEST(digest("\xbd") ==
               "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
    for (const std::size_t size : {55u, 56u, 57u, 64u}) {
        // NIST's "SHA256 additional" set: so many zero bytes.
        const std::string_view expected =
            size == 55   ? "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"
            : size == 56 ? "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"
            : size == 57 ? "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"
                         : "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b";
        BOOST_TEST(digest(std::string(size, '\0')) == expected, size);
    }
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_make_the_same_digest) {
    std::string bytes;
    for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
    const std::string whole = digest(bytes);
    for (const std::size_t piece : {1u, 3u, 63u, 64u, 65u, 129u}) {
        mlscribe::detail::sha256 hash;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            hash.update(std::string_view(bytes).substr(at, piece));
        }
        BOOST_TEST(hash.finish() == whole, piece);
    }
}

BOOST_AUTO_TEST_SUITE_END()
