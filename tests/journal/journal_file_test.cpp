// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/journal_file.hpp>

#include <sys/resource.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "file/opened_scratch.hpp"

using mlscribe::point;
using mlscribe::detail::block_use;
using mlscribe::detail::drained_block;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::journal_header;
using mlscribe::detail::thinned_series;

namespace {

constexpr std::size_t page = sizeof(journal_block);
constexpr std::size_t first = journal_file::first_block;
constexpr std::size_t capacity = std::size_t{4} << 20;

struct journal_folder : test::opened_scratch {
    std::size_t pages() const { return std::filesystem::file_size(scratch / "j") / page; }
};

journal_block* take(journal_file& journal, std::uint32_t series = 0) {
    journal_block* taken = nullptr;
    BOOST_REQUIRE_EQUAL(journal.take(series, taken), 0);
    return taken;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_journal_file)

BOOST_FIXTURE_TEST_CASE(begins_small_and_grows, journal_folder) {
    journal_file journal;
    BOOST_TEST(journal.create(root, "j", capacity) == 0);
    BOOST_TEST(journal.refused() == 0);
    BOOST_TEST(pages() == first);
    BOOST_TEST(journal.blocks() == 0u);
    std::set<journal_block*> taken;
    std::size_t before = 0;
    for (std::size_t i = 0; i < capacity / page - first; ++i) {
        taken.insert(take(journal));
        const std::size_t exist = pages() - first;
        if (exist != before) {
            BOOST_TEST(before == i);  // not before they are needed
            BOOST_TEST(exist - before <= 256u);
            if (i == 0) BOOST_TEST(exist == 2u);
            before = exist;
        }
    }
    BOOST_TEST(taken.size() == capacity / page - first);
    BOOST_TEST(journal.blocks() == taken.size());
    BOOST_TEST(std::filesystem::file_size(scratch / "j") == capacity / page * page);
}

BOOST_FIXTURE_TEST_CASE(a_name_that_is_taken, journal_folder) {
    test::write_file(scratch / "j", "text");
    journal_file journal;
    BOOST_TEST(journal.create(root, "j", capacity) == EEXIST);
    BOOST_TEST(test::read_file(scratch / "j") == "text");
    journal_file small;
    BOOST_TEST(small.create(root, "small", page) == ENOMEM);
    BOOST_TEST(!test::exists(scratch / "small"));
}

// The kernel zeroes the end of a file's last page, whatever lies there.
BOOST_FIXTURE_TEST_CASE(what_the_disk_refuses_is_memory_beyond_the_files_last_page,
                        journal_folder) {
    const std::string result = test::in_child([this]() -> std::string {
        journal_file journal;
        if (journal.create(root, "j", capacity) != 0) return "not made";
        std::uint32_t named = 0;
        journal_block* lasting = nullptr;
        if (journal.add_key("loss", named) != 0 || journal.take(named, lasting) != 0) return "full";
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = std::filesystem::file_size(scratch / "j");
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::vector<journal_block*> taken;
        while (journal.refused() == 0 || taken.size() < 10) {
            taken.push_back(nullptr);
            if (journal.take(named, taken.back()) != 0) return "not in memory";
            taken.back()->points[0] = {1, 2.0, 3};
            taken.back()->count = 1;
        }
        if (journal.refused() != EFBIG) return "another refusal";
        ::fsync(journal.file().get());
        if (std::filesystem::file_size(scratch / "j") != limit.rlim_cur) return "file grown";
        if (!journal.lasts(*lasting)) return "loss is gone";
        int lost = 0;
        for (const journal_block* const each : taken) {
            lost += each->count.load() != 1 || each->points[0].step != 3 ? 1 : 0;
        }
        return std::to_string(lost) + " zeroed, last " +
               (journal.lasts(*taken.back()) ? "kept" : "in memory");
    });
    BOOST_TEST(result == "0 zeroed, last in memory");
}

BOOST_FIXTURE_TEST_CASE(at_its_bound_it_is_exhausted_until_blocks_come_back, journal_folder) {
    for (const bool in_file : {true, false}) {
        journal_file journal;
        const std::size_t bytes = (first + 5) * page;
        BOOST_REQUIRE(
            (in_file ? journal.create(root, "j", bytes) : journal.create_in_memory(bytes)) == 0);
        std::vector<journal_block*> taken;
        for (int i = 0; i < 5; ++i) {
            BOOST_TEST(!journal.is_exhausted());
            BOOST_TEST(journal.is_pressed() == (i > 2));
            taken.push_back(take(journal));
            BOOST_TEST(journal.lasts(*taken.back()) == in_file);
        }
        BOOST_TEST(journal.is_exhausted());
        journal_block* none = nullptr;
        BOOST_TEST(journal.take(0, none) == ENOMEM);
        BOOST_TEST((none == nullptr));
        std::uint32_t series = 7;
        BOOST_TEST(journal.add_key("loss", series) == ENOMEM);
        BOOST_TEST(series == 7u);
        taken[3]->count = 168;
        taken[3]->drained = 168;
        journal.give_back(*taken[3]);
        BOOST_TEST((taken[3]->use.load() == block_use::none));
        BOOST_TEST(!journal.is_exhausted());
        journal_block* const again = take(journal, 9);
        BOOST_TEST((again == taken[3]));
        BOOST_TEST(again->series == 9u);
        BOOST_TEST(again->count.load() == 0u);
        BOOST_TEST(again->drained.load() == 0u);
        BOOST_TEST((again->use.load() == block_use::points));
        BOOST_TEST(journal.is_exhausted());
        for (journal_block* const each : taken) journal.give_back(*each);
        BOOST_TEST(!journal.is_pressed());
    }
}

BOOST_FIXTURE_TEST_CASE(points_and_keys_outlive_it, journal_folder) {
    {
        journal_file journal;
        BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
        std::uint32_t loss = 9;
        std::uint32_t accuracy = 9;
        BOOST_TEST(journal.add_key("loss", loss) == 0);
        BOOST_TEST(journal.add_key("val/accuracy", accuracy) == 0);
        BOOST_TEST(loss == 0u);
        BOOST_TEST(accuracy == 1u);
        journal_block* const block = take(journal, accuracy);
        block->points[0] = {1700000000000, 0.5, 41};
        block->count = 1;
        BOOST_TEST(journal.index_of(*block) == 1u);
        BOOST_TEST((&journal.block(1) == block));
    }
    journal_file found;
    BOOST_REQUIRE(found.open(root, "j") == 0);
    const std::vector<std::pair<std::uint32_t, std::string>> keys = {{0, "loss"},
                                                                     {1, "val/accuracy"}};
    BOOST_TEST((found.keys() == keys));
    BOOST_TEST(found.blocks() == 2u);
    const journal_block& block = found.block(1);
    BOOST_TEST((block.use.load() == block_use::points));
    BOOST_TEST(block.series == 1u);
    BOOST_TEST(block.count.load() == 1u);
    BOOST_TEST(block.points[0].step == 41);
    BOOST_TEST(block.points[0].value == 0.5);
}

BOOST_FIXTURE_TEST_CASE(keys_of_any_number_and_length, journal_folder) {
    std::vector<std::pair<std::uint32_t, std::string>> expected;
    journal_file journal;
    BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
    for (std::uint32_t i = 0; i < 500; ++i) {
        const std::string key = std::to_string(i) + std::string(i * 2, 'k');
        std::uint32_t series = 0;
        BOOST_REQUIRE(journal.add_key(key, series) == 0);
        BOOST_REQUIRE(series == i);
        expected.emplace_back(i, key);
        if (i % 5 == 0) take(journal, i)->points[0] = {0, 0.0, -1};
    }
    BOOST_TEST((journal.keys() == expected));
    journal_file found;
    BOOST_REQUIRE(found.open(root, "j") == 0);
    BOOST_TEST((found.keys() == expected));
    // One that fills a page, and one that no page holds.
    std::uint32_t series = 0;
    BOOST_TEST(journal.add_key(std::string(sizeof(journal_block::points) - 8, 'l'), series) == 0);
    journal_block* const next = take(journal);
    next->points[0] = {1, 2.0, 3};
    BOOST_TEST(journal.add_key(std::string(sizeof(journal_block::points) - 7, 'x'), series) != 0);
    BOOST_TEST(journal.keys().size() == 501u);
}

BOOST_FIXTURE_TEST_CASE(intent_and_commit, journal_folder) {
    journal_file journal;
    BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
    journal_block* const one = take(journal);
    journal_block* const two = take(journal);
    one->count = 100;
    two->count = 50;
    const std::vector<point> rows = {{1, 0.5, 0}, {2, 0.25, 1}};
    journal.intend(7, 4711, rows, {{0, 100}, {1, 33}});
    {
        journal_file found;  // what a death now leaves
        BOOST_REQUIRE(found.open(root, "j") == 0);
        const journal_header& head = found.header();
        BOOST_TEST(head.intended.load() == 1u);
        BOOST_TEST(head.series == 7u);
        BOOST_TEST(head.file_length == 4711u);
        BOOST_TEST(head.rows == 2u);
        BOOST_TEST(found.rows()[1].value == 0.25);
        BOOST_TEST(found.block(0).drained.load() == 0u);
        found.commit();
    }
    BOOST_TEST(journal.header().intended.load() == 0u);
    BOOST_TEST(one->drained.load() == 100u);
    BOOST_TEST(two->drained.load() == 33u);
    journal.intend(7, 5000, rows, {{1, 50}});
    journal.withdraw();
    BOOST_TEST(journal.header().intended.load() == 0u);
    BOOST_TEST(two->drained.load() == 33u);
}

BOOST_FIXTURE_TEST_CASE(the_largest_intent_has_room, journal_folder) {
    journal_file journal;
    BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
    std::vector<drained_block> sources;
    for (std::uint32_t i = 0; i < journal_header::max_sources; ++i) {
        take(journal);
        sources.push_back({i, i % 169});
    }
    std::vector<point> rows(journal_file::max_rows, {3, 0.5, 4});
    journal.intend(0, 0, rows, sources);
    BOOST_TEST((journal.block(0).use.load() == block_use::points));
    BOOST_TEST(journal.block(0).count.load() == 0u);
    BOOST_TEST(journal.rows()[0].step == 4);  // the header does not reach into the rows
    journal.commit();
    BOOST_TEST(journal.block(168).drained.load() == 168u);
    BOOST_TEST(journal.block(447).drained.load() == 447u % 169u);
}

BOOST_FIXTURE_TEST_CASE(what_is_no_journal_is_refused, journal_folder) {
    {
        journal_file journal;
        BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
        take(journal);
    }
    const std::string whole = test::read_file(scratch / "j");
    const auto opened = [&](const std::string& bytes) {
        test::write_file(scratch / "other", bytes);
        journal_file journal;
        const int failed = journal.open(root, "other");
        BOOST_TEST((test::read_file(scratch / "other") == bytes));
        return failed;
    };
    BOOST_TEST(opened(whole) == 0);
    BOOST_TEST(opened("") == EINVAL);
    BOOST_TEST(opened("text") == EINVAL);
    BOOST_TEST(opened(std::string(whole.size(), '\0')) == EINVAL);
    BOOST_TEST(opened(whole.substr(0, first * page - 1)) == EINVAL);
    BOOST_TEST(opened(whole.substr(0, first * page)) == 0);
    BOOST_TEST(opened(whole.substr(0, (first + 1) * page + 100)) == 0);
    for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{11}}) {
        std::string foreign = whole;
        foreign[at] = static_cast<char>(foreign[at] ^ 0x40);
        BOOST_TEST(opened(foreign) == EINVAL);
    }
    journal_file journal;
    BOOST_TEST(journal.open(root, "missing") == ENOENT);
    std::filesystem::create_directory(scratch / "folder");
    BOOST_TEST(journal.open(root, "folder") != 0);
}

/// A host that lost its power writes pages in any order.
BOOST_FIXTURE_TEST_CASE(damaged_pages_are_read_within_their_bounds, journal_folder) {
    journal_file journal;
    BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
    std::uint32_t series = 0;
    BOOST_REQUIRE(journal.add_key("loss", series) == 0);
    journal_block* const block = take(journal);
    block->count = 20;
    journal_block& keys = journal.block(0);
    for (const std::uint32_t count : {13u, 4032u, 4033u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
        keys.count = count;
        for (const auto& [number, key] : journal.keys()) BOOST_TEST(key.size() <= 4032u);
        BOOST_TEST(journal.keys().at(0).second == "loss");
    }
    keys.count = 12;
    const std::uint32_t length = 0xFFFFFFF0u;
    std::memcpy(reinterpret_cast<char*>(keys.points) + 4, &length, sizeof length);
    BOOST_TEST(journal.keys().empty());

    journal.intend(0, 0, {{1, 0.5, 0}}, {{1, 5}, {0x0FFFFFFFu, 9}, {1, 7}});
    journal.commit();
    BOOST_TEST(block->drained.load() == 7u);
    journal.intend(0, 0, {{1, 0.5, 0}}, {{1, 9}});
    journal.header().source_count = 0xFFFFFFFFu;
    journal.commit();
    BOOST_TEST(block->drained.load() <= 9u);
    BOOST_TEST(journal.header().intended.load() == 0u);
}

BOOST_FIXTURE_TEST_CASE(many_threads_take_and_give_back, journal_folder) {
    journal_file journal;
    BOOST_REQUIRE(journal.create(root, "j", capacity) == 0);
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (std::uint32_t i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int k = 0; k < 2000; ++k) {
                journal_block* taken = nullptr;
                if (journal.take(i, taken) != 0) ++wrong;
                taken->points[0] = {k, 0.5, i};
                if (taken->series != i || taken->points[0].step != i) ++wrong;
                if (k % 50 == 0) continue;
                journal.give_back(*taken);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(journal.blocks() >= 160u);
    BOOST_TEST(journal.blocks() <= 164u);
}

BOOST_FIXTURE_TEST_CASE(thinned_series_and_what_they_were_given, journal_folder) {
    {
        journal_file journal;
        BOOST_REQUIRE_EQUAL(journal.create(root, "j", capacity), 0);
        BOOST_TEST(journal.thinned().empty());
        std::vector<thinned_series*> entries;
        for (std::uint32_t series = 0; series < 200; ++series) {
            thinned_series* entry = nullptr;
            BOOST_REQUIRE_EQUAL(journal.add_thinned(series, 100 + series, entry), 0);
            entries.push_back(entry);
        }
        take(journal);
        journal.intend(170, 0, {}, {}, entries[170], 4711);
        BOOST_TEST(entries[170]->given == 0u);
        journal.commit();
        journal.intend(170, 0, {}, {}, entries[170], 5000);
        journal.withdraw();
        journal.intend(171, 0, {}, {});  // of a series that is not thinned
        journal.commit();
    }
    journal_file journal;
    BOOST_REQUIRE_EQUAL(journal.open(root, "j"), 0);
    const auto found = journal.thinned();
    BOOST_REQUIRE(found.size() == 200u);
    for (const auto& [series, entry] : found) {
        BOOST_TEST(entry->most == 100 + series);
        BOOST_TEST(entry->given == (series == 170 ? 4711u : 0u));
    }
    // A journal that lost pages names what it does not have.
    journal.intend(170, 0, {}, {}, found.at(170), 1);
    for (const std::uint64_t place : {std::uint64_t{1}, std::uint64_t{1} << 40, UINT64_MAX}) {
        journal.header().thinned = place;
        journal.commit();
    }
    BOOST_TEST(found.at(170)->given == 4711u);
}

BOOST_AUTO_TEST_SUITE_END()
