// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/resume_from.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using mlscribe::from_checkpoint;
using mlscribe::from_step;

namespace {
using by_key = std::vector<std::pair<std::string, std::int64_t>>;
}

BOOST_AUTO_TEST_SUITE(run_resume_from)

BOOST_AUTO_TEST_CASE(as_they_are_spelt) {
    BOOST_TEST(from_checkpoint{"epoch-200"}.name == "epoch-200");
    const std::size_t large = 300;
    BOOST_TEST((from_step{200}.steps == by_key{{"", 200}}));
    BOOST_TEST((from_step{large}.steps == by_key{{"", 300}}));
    BOOST_TEST((from_step{mlscribe::step_value(7)}.steps == by_key{{"", 7}}));
    BOOST_TEST((from_step{0}.steps == by_key{{"", 0}}));
    BOOST_TEST((from_step{-1}.steps == by_key{{"", -1}}));
    BOOST_TEST((from_step{UINT64_MAX}.steps == by_key{{"", INT64_MAX}}));
    BOOST_TEST(
        (from_step{{"train/", 300}, {"val/", 3}}.steps == by_key{{"train/", 300}, {"val/", 3}}));
    BOOST_TEST((from_step{{"train/", 300}}.steps == by_key{{"train/", 300}}));
    from_step copied = from_step{5};
    from_step again(copied);
    BOOST_TEST((again.steps == by_key{{"", 5}}));
    static_assert(!std::is_convertible_v<int, from_step>, "a number alone says nothing");
}

BOOST_AUTO_TEST_SUITE_END()
