// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/monitor/visible_gpus.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using numbers = std::vector<std::size_t>;

const std::vector<std::string> uuids = {"GPU-aaaa-1", "GPU-aabb-2", "GPU-cccc-3", ""};

numbers seen(const char* list) {
    return mlscribe::detail::visible_gpus(list, uuids,
                                          [](std::string_view part) -> std::optional<std::size_t> {
                                              if (part == "MIG-of-2") return 2;
                                              return std::nullopt;
                                          });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monitor_visible_gpus)

BOOST_AUTO_TEST_CASE(all_where_nothing_is_said_and_none_where_none_is_named) {
    BOOST_TEST(seen(nullptr) == (numbers{0, 1, 2, 3}));
    for (const char* list : {"", "-1", "NoDevFiles", "none", " ", ",", "-1,0"}) {
        BOOST_TEST(seen(list).empty());
    }
}

BOOST_AUTO_TEST_CASE(numbers_up_to_the_first_that_is_none) {
    BOOST_TEST(seen("2,0") == (numbers{0, 2}));
    BOOST_TEST(seen(" 1 , 3 ") == (numbers{1, 3}));
    BOOST_TEST(seen("1,1,1") == numbers{1});
    BOOST_TEST(seen("1,4,0") == numbers{1});
    BOOST_TEST(seen("1,-1,0") == numbers{1});
    BOOST_TEST(seen("99999999999999999999,0").empty());
}

BOOST_AUTO_TEST_CASE(uuids_and_what_they_begin_with) {
    BOOST_TEST(seen("GPU-cccc-3,GPU-aaaa-1") == (numbers{0, 2}));
    BOOST_TEST(seen("GPU-c") == numbers{2});
    BOOST_TEST(seen("GPU-a").empty());  // two
    BOOST_TEST(seen("GPU-dddd,0").empty());
    BOOST_TEST(seen("GPU-cccc-3-and-more").empty());
}

BOOST_AUTO_TEST_CASE(a_part_stands_for_the_whole) {
    BOOST_TEST(seen("MIG-GPU-cccc-3/1/0") == numbers{2});
    BOOST_TEST(seen("MIG-GPU-aaaa-1/7/0,MIG-GPU-aaaa-1/8/0") == numbers{0});
    BOOST_TEST(seen("MIG-of-2,MIG-of-2") == numbers{2});
    BOOST_TEST(seen("MIG-unknown,1") == numbers{1});
    BOOST_TEST(seen("MIG-").empty());
}

BOOST_AUTO_TEST_SUITE_END()
