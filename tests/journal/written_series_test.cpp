// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/written_series.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "journal/test_journal.hpp"
#include "journal/test_ledger.hpp"

using mlscribe::point;
using mlscribe::detail::drain_reason;
using mlscribe::detail::given_time;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::lane;
using mlscribe::detail::ledger;
using mlscribe::detail::metric_file;
using mlscribe::detail::open_lane;
using mlscribe::detail::reference;
using mlscribe::detail::row_filter;
using mlscribe::detail::run_journal;
using mlscribe::detail::series_drain;
using mlscribe::detail::synchronise_processors;
using mlscribe::detail::written_series;

namespace {

constexpr std::size_t page = sizeof(journal_block);

/// A run with its journal in a file, or in memory, of so many blocks.
struct logged : test::journaled_run {
    reference<test::test_ledger> owner{new test::test_ledger};
    std::vector<reference<written_series>> all;
    reference<written_series> metric = open("loss");

    logged() = default;
    logged(const logged&) = delete;
    logged& operator=(const logged&) = delete;
    ~logged() {
        if (!owner->is_disowned()) close();
    }

    reference<written_series> open(const std::string& key) {
        all.emplace_back(new written_series(reference<ledger>(owner.get()), key, 0, *journal,
                                            series_drain(metric_file(run, key), row_filter())));
        return all.back();
    }
    void remake(std::size_t blocks, bool in_memory = false) {
        metric = reference<written_series>();
        for (const auto& each : all) each->close();
        all.clear();
        const std::size_t bytes = (journal_file::first_block + blocks) * page;
        if (in_memory) {
            run.remove("journal");
            journal.reset(new run_journal);
            BOOST_REQUIRE_EQUAL(journal->file().create_in_memory(bytes), 0);
        } else {
            make_journal(bytes);
        }
        metric = open("loss");
    }
    /// What the run does when the journal is full.
    bool reclaim() {
        for (const auto& each : all) each->drain(drain_reason::due);
        const std::lock_guard<std::mutex> lock(journal->taking());
        if (!journal->file().is_exhausted()) return owner->recording();
        for (const auto& each : all) each->begin_taking();
        synchronise_processors();
        const std::lock_guard<std::mutex> draining(journal->draining());
        for (const auto& each : all) each->finish_taking(true);
        return owner->recording() && !journal->file().is_exhausted();
    }
    /// And at its end.
    void close() {
        owner->stop_recording();
        synchronise_processors();
        for (const auto& each : all) each->close();
    }
    int drain() const { return metric->drain(drain_reason::flush); }
    std::vector<std::int64_t> steps(const std::string& key = "loss") const {
        return test::steps(scratch.path(), key);
    }
    std::size_t blocks_in_use() const {
        std::size_t found = 0;
        for (std::size_t i = 0; i < journal->file().blocks(); ++i) {
            found += journal->file().block(i).use.load() == mlscribe::detail::block_use::points;
        }
        return found;
    }
    std::string journal_bytes() const { return test::read_file(scratch / "journal"); }
};

std::uint64_t waiting(written_series& which) {
    return which.waiting(true) + which.waiting(false);
}

/// Whether these are 0..count-1, in any order.
bool each_once(std::vector<std::int64_t> steps, std::size_t count) {
    std::sort(steps.begin(), steps.end());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i] != static_cast<std::int64_t>(i)) return false;
    }
    return steps.size() == count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_written_series)

BOOST_FIXTURE_TEST_CASE(drained_it_stands_in_the_file, logged) {
    BOOST_TEST(metric->drain(drain_reason::due) == 0);
    BOOST_TEST(!test::exists(scratch / "metrics/loss"));
    for (int i = 0; i < 5; ++i) metric->log(0.5);
    BOOST_TEST(waiting(*metric) == 5u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(waiting(*metric) == 0u);
    BOOST_TEST(steps().size() == 5u);
    metric->log(0.5);
    BOOST_TEST(waiting(*metric) == 1u);
    close();
    BOOST_TEST(metric->drain(drain_reason::end) == 0);
    BOOST_TEST(each_once(steps(), 6));
    metric->log(0.5);
    BOOST_TEST(owner->lost() == 1u);
    BOOST_TEST(waiting(*metric) == 0u);
}

BOOST_FIXTURE_TEST_CASE(in_memory_as_in_a_file, logged) {
    for (const bool in_memory : {true, false}) {
        run.remove("metrics/loss");
        remake(100, in_memory);
        BOOST_TEST(test::exists(scratch / "journal") == !in_memory);
        const reference<lane> way = open_lane(*metric);
        for (int i = 0; i < 1000; ++i) way->log(0.5);
        BOOST_TEST(waiting(*metric) == 1000u);
        BOOST_TEST(drain() == 0);
        BOOST_TEST(each_once(steps(), 1000));
    }
}

BOOST_FIXTURE_TEST_CASE(a_stored_point_is_in_the_journals_file, logged) {
    const reference<lane> way = open_lane(*metric);
    BOOST_TEST(journal_bytes().size() == journal_file::first_block * page);
    way->log(0.125, 41, given_time(test::noon));
    run_journal found;
    BOOST_REQUIRE(found.file().open(run, "journal") == 0);
    BOOST_REQUIRE(found.file().keys().size() == 1u);
    BOOST_TEST(found.file().keys()[0].second == "loss");
    const journal_block& block = found.file().block(1);
    BOOST_TEST(block.series == found.file().keys()[0].first);
    BOOST_TEST(block.count.load() == 1u);
    BOOST_TEST(block.drained.load() == 0u);
    BOOST_TEST(block.points[0].step == 41);
    BOOST_TEST(block.points[0].value == 0.125);
    BOOST_TEST(block.points[0].timestamp == given_time(test::noon));
    BOOST_TEST(drain() == 0);
    BOOST_TEST(block.drained.load() == 1u);
}

BOOST_FIXTURE_TEST_CASE(repeats_are_counted, logged) {
    for (int i = 0; i < 3; ++i) metric->log(0.5, 1, given_time(test::noon));
    BOOST_TEST(drain() == 0);
    for (int i = 0; i < 2; ++i) metric->log(0.5, 1, given_time(test::noon));
    metric->log(0.5, 1, given_time(test::noon - 1000));
    metric->log(0.5, 1, given_time(test::noon - 1000));
    BOOST_TEST(drain() == 0);
    BOOST_TEST(steps().size() == 2u);
    BOOST_TEST(owner->repeated() == 5u);
    BOOST_TEST(owner->lost() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_refused_key_loses_all, logged) {
    all.emplace_back(
        new written_series(reference<ledger>(owner.get()), "a@b", 0, *journal, std::nullopt));
    const reference<written_series> refused = all.back();
    const reference<lane> way = open_lane(*refused);
    for (int i = 0; i < 300; ++i) {
        refused->log(1.0);
        way->log(1.0);
    }
    BOOST_TEST(refused->drain(drain_reason::end) == 0);
    int unsynchronised = 0;
    BOOST_TEST(!refused->synchronise(unsynchronised));
    BOOST_TEST(waiting(*refused) == 0u);
    BOOST_TEST(owner->lost() == 600u);
    BOOST_TEST(journal->file().keys().empty());
    BOOST_TEST(test::tree(scratch / "metrics").empty());
}

BOOST_FIXTURE_TEST_CASE(a_refusing_disk_is_waited_for_and_nothing_lost, logged) {
    metric->log(0.5);
    BOOST_TEST(drain() == 0);
    break_disk();
    for (int i = 0; i < 1500; ++i) metric->log(0.5);
    BOOST_TEST(drain() == ENOTDIR);
    BOOST_TEST(waiting(*metric) == 1500u);
    BOOST_TEST(metric->drain(drain_reason::due) == EAGAIN);  // no second try within a second
    mend_disk();
    metric->log(0.5);
    BOOST_TEST(metric->drain(drain_reason::due) == EAGAIN);
    BOOST_TEST(waiting(*metric) == 1501u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 1502));
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(waiting(*metric) == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_disk_that_keeps_refusing_costs_points_and_no_memory, logged) {
    for (const bool in_memory : {true, false}) {
        remake(20, in_memory);
        owner->on_reclaim = [this] { return reclaim(); };
        const std::uint64_t lost_before = owner->lost();
        break_disk();
        for (int i = 0; i < 10000; ++i) metric->log(0.5);
        const std::uint64_t lost = owner->lost() - lost_before;
        BOOST_TEST(lost + waiting(*metric) == 10000u);
        BOOST_TEST(waiting(*metric) == 19u * journal_block::capacity);  // one holds the key
        mend_disk();
        BOOST_TEST(drain() == 0);
        BOOST_TEST(each_once(steps(), 19u * journal_block::capacity));
        metric->log(0.5);
        BOOST_TEST(owner->lost() - lost_before == lost);
        BOOST_TEST(drain() == 0);
        run.remove("metrics/loss");
    }
}

BOOST_FIXTURE_TEST_CASE(a_full_journal_is_drained_by_who_logs, logged) {
    remake(4);
    owner->on_reclaim = [this] { return reclaim(); };
    const reference<lane> way = open_lane(*metric);
    for (int i = 0; i < 10000; ++i) way->log(0.5);
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(owner->reclaims.load() >= 10);
    BOOST_TEST(owner->hurries.load() > 0);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 10000));
    BOOST_TEST(journal_bytes().size() == (journal_file::first_block + 4) * page);
}

// Its thread may be about to look into it.
BOOST_FIXTURE_TEST_CASE(a_block_that_a_lane_has_is_not_given_back, logged) {
    const reference<lane> way = open_lane(*metric);
    for (std::size_t i = 0; i < journal_block::capacity; ++i) way->log(0.5);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(waiting(*metric) == 0u);
    BOOST_TEST(blocks_in_use() == 1u);
    journal_block* const full = way->present();
    const reference<written_series> other = open("other");
    other->log(0.25);
    BOOST_TEST(full->count.load() == journal_block::capacity);
    way->log(0.5);
    BOOST_TEST((way->present() != full));
    BOOST_TEST(drain() == 0);
    BOOST_TEST(blocks_in_use() == 2u);
    BOOST_TEST((full->use.load() == mlscribe::detail::block_use::none));
}

BOOST_FIXTURE_TEST_CASE(the_oldest_block_can_be_forgotten, logged) {
    remake(6);
    const reference<lane> way = open_lane(*metric);
    BOOST_TEST(metric->oldest_order() == UINT64_MAX);
    BOOST_TEST(metric->discard_oldest() == 0u);
    owner->on_reclaim = [this] {
        const std::lock_guard<std::mutex> draining(journal->draining());
        owner->lose(metric->discard_oldest());
        return true;
    };
    constexpr std::size_t count = 20 * journal_block::capacity;
    for (std::size_t i = 0; i < count; ++i) way->log(0.5);
    BOOST_TEST(owner->lost() == 15 * journal_block::capacity);  // one block holds the key
    BOOST_TEST(drain() == 0);
    const std::vector<std::int64_t> left = steps();
    BOOST_REQUIRE(left.size() == 5 * journal_block::capacity);
    BOOST_TEST(left.front() == static_cast<std::int64_t>(15 * journal_block::capacity));
    BOOST_TEST(left.back() == static_cast<std::int64_t>(count - 1));
}

BOOST_FIXTURE_TEST_CASE(rows_on_their_way_to_a_refusing_disk_are_not_forgotten, logged) {
    constexpr std::size_t count = 10 * journal_block::capacity;
    for (std::size_t i = 0; i < count; ++i) metric->log(0.5);
    break_disk();
    BOOST_TEST(drain() == ENOTDIR);
    std::uint64_t lost = 0;
    while (const std::uint64_t more = metric->discard_oldest()) lost += more;
    BOOST_TEST(lost > 0u);
    BOOST_TEST(lost + waiting(*metric) == count);
    BOOST_TEST(waiting(*metric) >= metric_file::max_rows);
    mend_disk();
    BOOST_TEST(drain() == 0);
    BOOST_TEST(steps().size() + lost == count);
    BOOST_TEST(waiting(*metric) == 0u);
}

// Who waits for a block takes a drain that takes long for one that stands still otherwise.
BOOST_FIXTURE_TEST_CASE(progress_is_seen_while_a_drain_goes_on, logged) {
    constexpr std::size_t count = 60 * journal_block::capacity;
    for (std::size_t i = 0; i < count; ++i) metric->log(0.5);
    const std::uint64_t before = journal->progress();
    BOOST_TEST(drain() == 0);
    BOOST_TEST(journal->progress() - before >= count / metric_file::max_rows);
    BOOST_TEST(journal->progress() - before > 2u);
}

BOOST_FIXTURE_TEST_CASE(whoever_makes_room_may_log_by_the_same_name, logged) {
    remake(3);
    int calls = 0;
    owner->on_reclaim = [&] {
        if (++calls == 1) metric->log(0.25);  // as an error handler might
        return reclaim();
    };
    for (std::size_t i = 0; i < 4 * journal_block::capacity; ++i) metric->log(0.5);
    BOOST_TEST(calls > 1);
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 4 * journal_block::capacity + 1));
}

BOOST_FIXTURE_TEST_CASE(no_reclaim_no_room, logged) {
    remake(3);
    const reference<lane> way = open_lane(*metric);
    for (int i = 0; i < 1000; ++i) way->log(0.5);
    BOOST_TEST(owner->lost() == 1000u - 2 * journal_block::capacity);
    BOOST_TEST(waiting(*metric) == 2 * journal_block::capacity);
    BOOST_TEST(drain() == 0);
    way->log(0.5);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 2 * journal_block::capacity + 1));  // a lost point has no step
}

BOOST_FIXTURE_TEST_CASE(many_keys_share_few_blocks, logged) {
    remake(8);
    owner->on_reclaim = [this] { return reclaim(); };
    std::vector<reference<lane>> ways;
    for (int i = 0; i < 20; ++i) ways.push_back(open_lane(*open("key" + std::to_string(i))));
    for (int round = 0; round < 50; ++round) {
        for (std::size_t i = 0; i < ways.size(); ++i) ways[i]->log(static_cast<double>(i));
    }
    BOOST_TEST(owner->lost() == 0u);
    for (const auto& each : all) each->drain(drain_reason::flush);
    for (int i = 0; i < 20; ++i) {
        const std::string key = "key" + std::to_string(i);
        BOOST_TEST(each_once(steps(key), 50), key);
        for (const point& row : test::points(scratch.path(), key)) BOOST_TEST(row.value == i);
    }
    BOOST_TEST(blocks_in_use() <= 7u);
}

BOOST_FIXTURE_TEST_CASE(full_blocks_come_free_and_a_lanes_own_does_not, logged) {
    const reference<lane> way = open_lane(*metric);
    for (std::uint32_t i = 0; i < 3 * journal_block::capacity + 1; ++i) way->log(0.5);
    BOOST_TEST(blocks_in_use() == 4u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(blocks_in_use() == 1u);
    way->log(0.5);
    BOOST_TEST(blocks_in_use() == 1u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 3 * journal_block::capacity + 2));
}

BOOST_FIXTURE_TEST_CASE(the_block_of_a_dead_lane_is_used_again, logged) {
    for (int i = 0; i < 50; ++i) {
        const reference<lane> way = open_lane(*metric);
        way->log(0.5);
    }
    BOOST_TEST(blocks_in_use() == 1u);
    BOOST_TEST(waiting(*metric) == 50u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(blocks_in_use() == 0u);  // no lane fills it, so it is for any series
    BOOST_TEST(each_once(steps(), 50));
    const reference<lane> first = open_lane(*metric);
    const reference<lane> second = open_lane(*metric);
    first->log(0.5);
    second->log(0.5);
    BOOST_TEST(blocks_in_use() == 2u);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 52));
}

BOOST_FIXTURE_TEST_CASE(taken_away_points_stay_and_come_later, logged) {
    const reference<lane> way = open_lane(*metric);
    way->log(0.5);
    break_disk();
    metric->begin_taking();
    way->log(0.5);  // into another block
    synchronise_processors();
    metric->finish_taking(true);
    BOOST_TEST(waiting(*metric) == 2u);
    const reference<lane> other = open_lane(*metric);
    other->log(0.5);  // into the one that was taken
    BOOST_TEST(blocks_in_use() == 2u);
    mend_disk();
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 3));
}

/// Another thread drains between the two halves: the block must not be given to two.
BOOST_FIXTURE_TEST_CASE(drained_while_it_is_taken_away, logged) {
    const reference<written_series> other = open("other");
    const reference<lane> way = open_lane(*metric);
    const reference<lane> others_way = open_lane(*other);
    for (std::uint32_t i = 0; i < journal_block::capacity; ++i) way->log(0.5);
    metric->begin_taking();
    BOOST_TEST(drain() == 0);
    others_way->log(7.0);
    metric->finish_taking(true);
    const reference<lane> next = open_lane(*metric);
    next->log(0.5);
    others_way->log(7.0);
    next->log(0.5);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(other->drain(drain_reason::flush) == 0);
    BOOST_TEST(each_once(steps(), journal_block::capacity + 2));
    BOOST_TEST(each_once(steps("other"), 2));
    for (const point& row : test::points(scratch.path(), "other")) BOOST_TEST(row.value == 7.0);
    for (const point& row : test::points(scratch.path(), "loss")) BOOST_TEST(row.value == 0.5);
}

BOOST_FIXTURE_TEST_CASE(copies_count_their_steps_together, logged) {
    constexpr int threads_count = 8;
    constexpr int each = 15000;
    std::atomic<int> opened{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < threads_count; ++i) {
        threads.emplace_back([&] {
            const reference<lane> way = open_lane(*metric);
            ++opened;
            while (opened != threads_count) std::this_thread::yield();  // or they log in turn
            for (int k = 0; k < each; ++k) way->log(0.5);
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(drain() == 0);
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(each_once(steps(), std::size_t{threads_count} * each));
}

/// The first lane counts without a lock until there is a second.
BOOST_FIXTURE_TEST_CASE(a_copy_made_while_the_first_one_logs, logged) {
    for (int round = 0; round < 100; ++round) {
        const reference<written_series> fresh = open("key" + std::to_string(round));
        std::atomic<bool> begun{false};
        std::thread loop([&] {
            const reference<lane> way = open_lane(*fresh);
            for (int k = 0; k < 3000; ++k) {
                way->log(0.5);
                begun = true;
            }
        });
        while (!begun) std::this_thread::yield();
        const reference<lane> second = open_lane(*fresh);
        for (int k = 0; k < 1000; ++k) second->log(0.5);
        loop.join();
        BOOST_TEST(fresh->drain(drain_reason::flush) == 0);
        BOOST_REQUIRE(each_once(steps("key" + std::to_string(round)), 4000));
    }
}

BOOST_FIXTURE_TEST_CASE(by_name_from_many_threads, logged) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int k = 0; k < 5000; ++k) metric->log(0.5);
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(drain() == 0);
    BOOST_TEST(each_once(steps(), 20000));
}

BOOST_FIXTURE_TEST_CASE(points_logged_while_it_is_drained, logged) {
    std::atomic<bool> ended{false};
    std::thread drainer([&] {
        while (!ended) {
            metric->drain(drain_reason::due);
            int failed = 0;
            metric->synchronise(failed);
        }
    });
    std::thread flusher([&] {
        while (!ended) {
            drain();
            waiting(*metric);
        }
    });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            const reference<lane> way = open_lane(*metric);
            for (int k = 0; k < 10000; ++k) {
                if (i % 2 == 0) {
                    way->log(0.5);
                } else {
                    metric->log(0.5);
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    ended = true;
    drainer.join();
    flusher.join();
    BOOST_TEST(drain() == 0);
    BOOST_TEST(owner->lost() == 0u);
    BOOST_TEST(each_once(steps(), 40000));
}

BOOST_FIXTURE_TEST_CASE(many_threads_and_keys_in_a_full_journal, logged) {
    remake(6);
    owner->on_reclaim = [this] { return reclaim(); };
    std::vector<reference<written_series>> keys;
    for (int i = 0; i < 4; ++i) keys.push_back(open("key" + std::to_string(i)));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            const reference<lane> way = open_lane(*keys[i % 4]);
            for (int k = 0; k < 3000; ++k) way->log(static_cast<double>(i % 4));
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& each : all) BOOST_TEST(each->drain(drain_reason::flush) == 0);
    std::uint64_t written = 0;
    for (int i = 0; i < 4; ++i) {
        const std::string key = "key" + std::to_string(i);
        const std::vector<std::int64_t> found = steps(key);
        BOOST_TEST(each_once(found, found.size()), key);
        for (const point& row : test::points(scratch.path(), key)) BOOST_REQUIRE(row.value == i);
        written += found.size();
    }
    BOOST_TEST(written + owner->lost() == 24000u);
}

BOOST_FIXTURE_TEST_CASE(closed_with_threads_inside, logged) {
    for (int round = 0; round < 20; ++round) {
        owner->start_recording();
        const std::string key = "key" + std::to_string(round);
        const reference<written_series> fresh = open(key);
        const std::uint64_t lost_before = owner->lost();
        std::atomic<bool> ended{false};
        std::atomic<std::uint64_t> logged_points{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i) {
            threads.emplace_back([&, i] {
                const reference<lane> way = open_lane(*fresh);
                std::uint64_t count = 0;
                for (; !ended; ++count) {
                    if (i == 0) {
                        fresh->log(0.5);
                    } else {
                        way->log(0.5);
                    }
                }
                logged_points += count;
            });
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
        close();
        BOOST_TEST(fresh->drain(drain_reason::end) == 0);
        const std::uint64_t left = waiting(*fresh);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const bool still = waiting(*fresh) == 0;
        ended = true;
        for (std::thread& thread : threads) thread.join();
        BOOST_TEST(left == 0u);
        BOOST_TEST(still);
        const std::size_t written =
            test::exists(scratch / ("metrics/" + key)) ? steps(key).size() : 0;
        BOOST_TEST(written + (owner->lost() - lost_before) == logged_points.load());
    }
}

BOOST_FIXTURE_TEST_CASE(what_was_written_is_synchronised_once, logged) {
    int failed = 0;
    BOOST_TEST(!metric->synchronise(failed));
    metric->log(0.5);
    BOOST_TEST(!metric->synchronise(failed));
    BOOST_TEST(drain() == 0);
    BOOST_TEST(metric->synchronise(failed));
    BOOST_TEST(!metric->synchronise(failed));
    BOOST_TEST(failed == 0);
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_synchronised_is_tried_again, logged) {
    metric->log(0.5);
    BOOST_TEST(drain() == 0);
    break_disk();
    for (int i = 0; i < 3; ++i) {
        int failed = 0;
        BOOST_TEST(metric->synchronise(failed));
        BOOST_TEST(failed == ENOTDIR);
    }
    mend_disk();
    const std::string before = text();
    int failed = 0;
    BOOST_TEST(metric->synchronise(failed));
    BOOST_TEST(failed == 0);
    BOOST_TEST(!metric->synchronise(failed));
    BOOST_TEST(text() == before);
    // With a file that somebody removes there is nothing to lose.
    metric->log(0.25);
    BOOST_TEST(drain() == 0);
    BOOST_TEST(run.remove("metrics/loss") == 0);
    BOOST_TEST(metric->synchronise(failed));
    BOOST_TEST(failed == 0);
    BOOST_TEST(!metric->synchronise(failed));
}

BOOST_FIXTURE_TEST_CASE(a_childs_copy_touches_nothing, logged) {
    reference<lane> way = open_lane(*metric);
    way->log(0.5);
    owner->disown();
    const std::string before = journal_bytes();
    way->log(0.5);
    metric->log(0.5);
    way = reference<lane>();
    const reference<lane> late = open_lane(*metric);
    late->log(0.5);
    BOOST_TEST((journal_bytes() == before));
    BOOST_TEST(owner->lost() == 3u);
    BOOST_TEST(!test::exists(scratch / "metrics/loss"));
}

BOOST_AUTO_TEST_SUITE_END()
