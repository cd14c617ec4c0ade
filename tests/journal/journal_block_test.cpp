// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/journal_block.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

using mlscribe::point;
using mlscribe::detail::block_use;
using mlscribe::detail::journal_block;

BOOST_AUTO_TEST_SUITE(journal_journal_block)

// Another build of the library may recover what this one wrote.
static_assert(alignof(journal_block) == 8, "it lies in mapped memory");
static_assert(offsetof(journal_block, use) == 0, "the layout is the format");
static_assert(offsetof(journal_block, series) == 4, "the layout is the format");
static_assert(offsetof(journal_block, count) == 8, "the layout is the format");
static_assert(offsetof(journal_block, drained) == 12, "the layout is the format");
static_assert(offsetof(journal_block, order) == 16, "the layout is the format");
static_assert(offsetof(journal_block, points) == 64, "the layout is the format");
static_assert(sizeof(point) == 24, "time stamp, value, step");
static_assert(offsetof(point, timestamp) == 0, "the layout is the format");
static_assert(offsetof(point, value) == 8, "the layout is the format");
static_assert(offsetof(point, step) == 16, "the layout is the format");
static_assert(sizeof(journal_block) % 4096 == 64, "the next block lies in other cache sets");
static_assert(std::is_trivially_destructible_v<journal_block>, "a mapping just ends");
static_assert(static_cast<int>(block_use::none) == 0, "zeroed pages are unused");
static_assert(static_cast<int>(block_use::points) == 1, "the layout is the format");
static_assert(static_cast<int>(block_use::keys) == 2, "the layout is the format");

BOOST_AUTO_TEST_CASE(a_zeroed_page_is_unused_and_empty) {
    alignas(journal_block) unsigned char page[sizeof(journal_block)] = {};
    const journal_block& block = *reinterpret_cast<const journal_block*>(page);
    BOOST_TEST((block.use.load() == block_use::none));
    BOOST_TEST(block.count.load() == 0u);
    BOOST_TEST(block.drained.load() == 0u);
}

BOOST_AUTO_TEST_CASE(fields_are_plain_numbers_of_this_machine) {
    journal_block block{};
    block.use = block_use::points;
    block.series = 0x01020304;
    block.count = 168;
    block.drained = 7;
    block.points[167] = {1700000000000, 0.5, 41};
    const std::uint32_t expected[4] = {1, 0x01020304, 168, 7};
    BOOST_TEST(std::memcmp(static_cast<const void*>(&block), expected, sizeof expected) == 0);
    point last{};
    std::memcpy(static_cast<void*>(&last),
                reinterpret_cast<const unsigned char*>(&block) + 64 + 167 * 24, 24);
    BOOST_TEST(last.timestamp == 1700000000000);
    BOOST_TEST(last.value == 0.5);
    BOOST_TEST(last.step == 41);
}

BOOST_AUTO_TEST_SUITE_END()
