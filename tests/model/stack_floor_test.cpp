// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/stack_floor.hpp>

#include <pthread.h>

#include <cstddef>
#include <cstdint>

using mlscribe::detail::stack_floor;
using mlscribe::detail::stack_place;

namespace {

struct seen {
    std::uintptr_t place = 0;
    std::uintptr_t lowest = 0;
    std::uintptr_t above = 0;
};

constexpr std::size_t stack = std::size_t{1} << 20;

void* look(void* to) {
    *static_cast<seen*>(to) = {stack_place(), stack_floor(0), stack_floor(1000)};
    return nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_stack_floor)

BOOST_AUTO_TEST_CASE(a_thread_knows_how_much_is_left) {
    pthread_attr_t sized;
    ::pthread_attr_init(&sized);
    ::pthread_attr_setstacksize(&sized, stack);
    pthread_t thread{};
    seen found;
    BOOST_REQUIRE(::pthread_create(&thread, &sized, look, &found) == 0);
    ::pthread_join(thread, nullptr);
    ::pthread_attr_destroy(&sized);
    BOOST_TEST(found.lowest != 0u);
    BOOST_TEST(found.lowest < found.place);
    BOOST_TEST(found.place - found.lowest < stack);
    BOOST_TEST(found.place - found.lowest > stack / 2);
    BOOST_TEST(found.above == found.lowest + 1000);
}

BOOST_AUTO_TEST_CASE(so_does_the_first_thread) {
    BOOST_TEST(stack_floor(0) < stack_place());
}

BOOST_AUTO_TEST_SUITE_END()
