// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/lane.hpp>
#include <mlscribe/journal/processors.hpp>

#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::point;
using mlscribe::detail::given_time;
using mlscribe::detail::journal_block;
using mlscribe::detail::lane;
using mlscribe::detail::milliseconds_now;
using mlscribe::detail::open_lane;
using mlscribe::detail::reference;
using mlscribe::detail::synchronise_processors;
using mlscribe::detail::this_thread;
using test::test_ledger;
using test::test_series;

namespace {

struct logged : test::logged_series {
    reference<lane> way{open_lane(*metric)};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_lane)

BOOST_FIXTURE_TEST_CASE(takes_its_block_at_its_first_point, logged) {
    BOOST_TEST(metric->lanes() == 1u);
    BOOST_TEST(metric->blocks() == 0u);
    BOOST_TEST(&way->target() == metric.get());
    const std::int64_t before = milliseconds_now();
    way->log(0.5);
    way->log(-0.0, 7);
    way->log(2.0, 9, given_time(12));
    BOOST_TEST(metric->blocks() == 1u);
    const std::vector<point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 3u);
    BOOST_TEST(taken[0].value == 0.5);
    BOOST_TEST(taken[0].step == 0);
    BOOST_TEST(taken[0].timestamp >= before);
    BOOST_TEST(taken[0].timestamp <= milliseconds_now());
    BOOST_TEST(taken[1].step == 7);
    BOOST_TEST(taken[2].value == 2.0);
    BOOST_TEST(taken[2].timestamp == given_time(12));
    BOOST_TEST(!way->inside());
}

BOOST_FIXTURE_TEST_CASE(the_open_ranges_step, logged) {
    owner->set_step(41);
    way->log(1.0);
    owner->set_step(mlscribe::detail::no_step);
    way->log(1.0);
    const std::vector<point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 2u);
    BOOST_TEST(taken[0].step == 41);
    BOOST_TEST(taken[1].step == 42);
}

BOOST_FIXTURE_TEST_CASE(the_metrics_of_a_pass_share_one_look_at_the_clock, logged) {
    const reference<lane> other = open_lane(*metric);
    const auto times = [this] {
        std::vector<std::int64_t> found;
        for (const point& each : metric->taken()) found.push_back(each.timestamp);
        return found;
    };
    const std::int64_t before = milliseconds_now();
    way->log(1.0);
    other->log(1.0);
    BOOST_TEST(owner->pass_time() == 0);  // outside every range
    BOOST_TEST(times().size() == 2u);     // both have a block now
    owner->set_step(10);
    way->log(1.0);
    BOOST_TEST(owner->pass_time() >= before);
    owner->keep_time(12);
    other->log(1.0);
    BOOST_TEST(owner->pass_time() == 12);
    way->log(1.0);  // again in this pass
    BOOST_TEST(owner->pass_time() >= before);
    owner->set_step(11);
    BOOST_TEST(owner->pass_time() == 0);
    owner->keep_time(14);
    way->log(1.0);
    way->log<mlscribe::fine_clock>(1.0);
    way->log(1.0, 12);  // a step of its own
    owner->forget_time();
    other->log(1.0);
    const std::vector<std::int64_t> found = times();
    BOOST_REQUIRE(found.size() == 7u);  // block by block
    for (const std::size_t looked : {0u, 1u, 3u, 4u, 6u}) BOOST_TEST(found[looked] >= before);
    BOOST_TEST(found[2] == 14);
    BOOST_TEST(found[5] == 12);
}

BOOST_FIXTURE_TEST_CASE(a_run_that_drains_itself_looks_at_the_clock_every_time, logged) {
    owner->set_due(milliseconds_now(), 1000000);
    owner->set_step(1);
    owner->keep_time(12);
    BOOST_TEST(owner->pass_time() == 0);
}

BOOST_FIXTURE_TEST_CASE(of_another_thread_points_go_by_name, logged) {
    way->log(0.0);
    std::thread([this] { way->log(2.0); }).join();
    way->log(1.0);
    BOOST_TEST(metric->blocks() == 1u);
    std::vector<point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 3u);  // block by block, then those by name
    for (std::size_t i = 0; i < taken.size(); ++i) BOOST_TEST(taken[i].value == i);
    BOOST_TEST(taken[2].step == 1);
    way->set_owner(0);
    std::thread([this] { way->log(3.0); }).join();
    way->log(4.0);
    taken = metric->taken();
    BOOST_REQUIRE(taken.size() == 2u);
    BOOST_TEST(taken[0].value == 3.0);
    BOOST_TEST(taken[1].value == 4.0);
}

BOOST_FIXTURE_TEST_CASE(a_full_block_is_followed_by_the_next, logged) {
    for (std::uint32_t i = 0; i < journal_block::capacity; ++i) way->log(1.0);
    BOOST_TEST(metric->blocks() == 1u);
    way->log(1.0);
    BOOST_TEST(metric->blocks() == 2u);
    for (int i = 0; i < 1000; ++i) way->log(1.0);
    const std::vector<point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == journal_block::capacity + 1001u);
    for (std::size_t i = 0; i < taken.size(); ++i) {
        BOOST_REQUIRE(taken[i].step == static_cast<std::int64_t>(i));
    }
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_FIXTURE_TEST_CASE(what_finds_no_room_is_counted_and_counts_no_step, logged) {
    metric->most_blocks = 1;
    for (std::uint32_t i = 0; i < journal_block::capacity + 5; ++i) way->log(1.0);
    BOOST_TEST(owner->lost() == 5u);
    metric->most_blocks = 2;
    way->log(1.0);
    BOOST_TEST(owner->lost() == 5u);
    const std::vector<point> taken = metric->taken();
    BOOST_REQUIRE(taken.size() == journal_block::capacity + 1);
    BOOST_TEST(taken.back().step == journal_block::capacity);
}

BOOST_FIXTURE_TEST_CASE(not_recording_it_stores_nothing, logged) {
    way->log(1.0);
    owner->stop_recording();
    way->log(1.0);
    way->log(1.0, 3);
    BOOST_TEST(owner->lost() == 2u);
    BOOST_TEST(metric->taken().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(without_its_block_it_looks_for_another, logged) {
    BOOST_TEST((way->empty() == nullptr));
    way->log(1.0);
    journal_block* const first = way->empty();
    BOOST_REQUIRE((first != nullptr));
    BOOST_TEST(first->count.load() == 1u);
    way->log(2.0);
    BOOST_TEST(metric->blocks() == 2u);
    BOOST_TEST(first->count.load() == 1u);
    BOOST_TEST((way->present() != first));
    way->log(3.0);
    BOOST_TEST(metric->blocks() == 2u);
    journal_block* const second = way->empty();
    way->fill(second);
    BOOST_TEST((way->present() == second));
    way->empty();
    way->log(4.0);
    BOOST_TEST(metric->blocks() == 3u);
    BOOST_TEST(metric->taken().size() == 4u);
}

BOOST_FIXTURE_TEST_CASE(goes_on_in_a_block_that_has_points, logged) {
    journal_block half{};
    half.count = 100;
    way->fill(&half);
    way->set_owner(this_thread());
    way->log(5.0, 3);
    BOOST_TEST(half.count.load() == 101u);
    BOOST_TEST(half.points[100].value == 5.0);
    BOOST_TEST(half.points[99].value == 0.0);
    way->empty();
}

BOOST_FIXTURE_TEST_CASE(it_holds_its_series_and_leaves_it, logged) {
    reference<lane> other = open_lane(*metric);
    BOOST_TEST(metric->lanes() == 2u);
    other = reference<lane>();
    BOOST_TEST(metric->lanes() == 1u);
    metric = reference<test_series>();
    owner = reference<test_ledger>();
    way->log(1.0);
    BOOST_TEST(way->target().key() == "loss");
}

BOOST_FIXTURE_TEST_CASE(without_a_thread_the_first_call_after_the_interval_drains, logged) {
    way->log(1.0);
    BOOST_TEST(owner->all_drains.load() == 0);
    owner->set_due(milliseconds_now() - 1000, 100);
    way->log(1.0);
    BOOST_TEST(owner->all_drains.load() == 1);
    way->log(1.0, 5, milliseconds_now());  // a time at hand costs no look at the clock
    BOOST_TEST(owner->all_drains.load() == 1);
}

/// Who has taken a block away may hand it on: nobody stores into it any more.
BOOST_FIXTURE_TEST_CASE(a_block_taken_away_stays_as_it_is, logged) {
    std::atomic<bool> ended{false};
    std::atomic<std::uint64_t> stored{0};
    std::thread loop([&] {
        std::uint64_t count = 0;
        while (!ended) {
            way->log(1.0, static_cast<std::int64_t>(count++), 1700000000000);
        }
        stored = count;
    });
    std::vector<std::pair<journal_block*, std::uint32_t>> takes;
    bool changed = false;
    // Each of them may cost two turns of a processor that others want, too.
    using clock = std::chrono::steady_clock;
    const clock::time_point begin = clock::now();
    while (takes.size() < 20 ||
           (takes.size() < 3000 && clock::now() - begin < std::chrono::seconds(1))) {
        journal_block* const block = way->empty();
        synchronise_processors();
        while (way->inside()) ::sched_yield();
        if (block == nullptr) {
            ::sched_yield();
            continue;
        }
        takes.emplace_back(block, block->count.load(std::memory_order_acquire));
    }
    ended = true;
    loop.join();
    for (const auto& [block, count] : takes) changed = changed || block->count.load() != count;
    BOOST_TEST(!changed);
    const std::vector<point> taken = metric->taken();
    BOOST_TEST(taken.size() == stored.load());
    for (std::size_t i = 0; i < taken.size(); ++i) {
        BOOST_REQUIRE(taken[i].step == static_cast<std::int64_t>(i));
    }
    BOOST_TEST(owner->lost() == 0u);
}

static_assert(noexcept(std::declval<lane&>().log(1.0)), "a loop is not stopped by its log");

BOOST_AUTO_TEST_SUITE_END()
