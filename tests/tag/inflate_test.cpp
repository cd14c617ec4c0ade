// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/inflate.hpp>

#include <cstdint>
#include <random>
#include <string>

#include "seed.hpp"

using mlscribe::detail::inflater;

namespace {

// zlib's three kinds of blocks.
const std::string text = "tree 1234 tree 1234 tree 1234 and the end";
const std::string fixed_codes(
    "\170\001\053\051\112\115\125\060\064\062\066\121\050\301\302\112\314\113\121\050"
    "\311\110\125\110\315\113\001\000\371\247\014\032",
    32);
const std::string stored(
    "\170\001\001\051\000\326\377\164\162\145\145\040\061\062\063\064\040\164\162\145"
    "\145\040\061\062\063\064\040\164\162\145\145\040\061\062\063\064\040\141\156\144"
    "\040\164\150\145\040\145\156\144\371\247\014\032",
    52);
const std::string own_codes(
    "\170\332\025\217\111\022\000\041\010\003\337\232\004\027\124\224\377\237\206\271"
    "\120\024\113\067\040\100\045\357\336\304\171\151\130\270\310\145\025\321\256\114"
    "\156\133\231\232\130\324\202\241\167\220\114\015\051\143\365\153\015\142\300\364"
    "\106\232\210\106\212\006\031\376\342\050\014\325\326\020\314\004\251\323\154\166"
    "\151\143\353\324\352\263\337\121\266\343\271\253\037\156\047\154\067\027\317\271"
    "\210\351\043\105\057\345\263\136\374\251\315\066\174\256\250\163\127\271\032\121"
    "\134\072\272\121\136\257\034\254\035\326\237\141\043\142\274\171\266\335\067\113"
    "\037\226\302\254\061\273\106\244\127\062\377\057\176\102\341\351\161\357\074\154"
    "\165\022\152\022\304\160\017\046\205\267\044\174\147\336\167\321",
    176);

/// What `own_codes` was made of.
std::string letters() {
    std::string made;
    std::uint32_t state = 0;
    for (int i = 0; i < 300; ++i) {
        state = (state * 1103515245u + 12345u) & 0x7fffffffu;
        made += "abcdefghijklmnop"[state >> 16 & ((state >> 20 & 1) != 0 ? 15u : 3u)];
    }
    return made;
}

std::string unpacked(const std::string& packed, std::size_t limit = 10000) {
    std::string result;
    return inflater(packed).unpack(limit, result) ? result : "(damaged)";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_inflate)

BOOST_AUTO_TEST_CASE(what_zlib_packed) {
    BOOST_TEST(unpacked(fixed_codes) == text);
    BOOST_TEST(unpacked(stored) == text);
    BOOST_TEST(unpacked(own_codes) == letters());
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit) {
    for (const std::string& packed : {fixed_codes, stored}) {
        BOOST_TEST(unpacked(packed, text.size()) == text);
        BOOST_TEST(unpacked(packed, text.size() - 1) == "(damaged)");
    }
}

BOOST_AUTO_TEST_CASE(damaged_bytes_never_crash_it) {
    std::mt19937 random(test::seed(3));
    for (const std::string& packed : {fixed_codes, stored, own_codes}) {
        for (std::size_t size = 0; size + 5 < packed.size(); ++size) {
            BOOST_TEST(unpacked(packed.substr(0, size)) == "(damaged)");
        }
        for (int i = 0; i < 20000; ++i) {
            std::string bytes = packed;
            for (auto flips = 1 + random() % 3; flips > 0; --flips) {
                bytes[2 + random() % (bytes.size() - 2)] = static_cast<char>(random());
            }
            std::string result;
            inflater(bytes).unpack(2000, result);
            BOOST_REQUIRE(result.size() <= 2000u);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
