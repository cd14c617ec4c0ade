// SPDX-License-Identifier: MIT
#include <mlscribe/query/journal_view.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "bounded_memory.hpp"
#include "child_process.hpp"
#include "journal/test_journal.hpp"
#include "seed.hpp"

using mlscribe::point;
using mlscribe::detail::journal_block;
using mlscribe::detail::journal_file;
using mlscribe::detail::journal_header;
using mlscribe::detail::journal_view;
using mlscribe::detail::waiting_points;

namespace {

struct looked_at : test::journaled_run {
    journal_view view;

    std::vector<std::int64_t> steps(const std::string& key = "loss") const {
        waiting_points found;
        BOOST_TEST(view.read(key, found) == 0);
        std::vector<std::int64_t> all;
        for (const point& row : found.stored) all.push_back(row.step);
        return all;
    }
    std::vector<std::string> keys() const {
        std::vector<std::string> found;
        view.add_keys(found);
        std::sort(found.begin(), found.end());
        return found;
    }
    int open() { return view.open(run, "journal"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(query_journal_view, looked_at)

BOOST_AUTO_TEST_CASE(points_by_key_that_are_not_drained) {
    const auto loss = add("loss");
    const auto other = add("val/loss");
    add("silent");
    fill(loss, test::points_from(0, 3));
    journal_block* const block = fill(other, test::points_from(10, 4));
    block->drained = 2;
    fill(loss, test::points_from(3, 2))->drained = 2;
    BOOST_TEST(open() == 0);
    BOOST_TEST(steps() == (std::vector<std::int64_t>{0, 1, 2}), boost::test_tools::per_element());
    BOOST_TEST(steps("val/loss") == (std::vector<std::int64_t>{12, 13}),
               boost::test_tools::per_element());
    BOOST_TEST(steps("silent").empty());
    BOOST_TEST(steps("unknown").empty());
    BOOST_TEST(keys() == (std::vector<std::string>{"loss", "val/loss"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_take_little_memory) {
    fill(add("loss"), test::points_from(0, 3));
    const std::string said = test::in_child([this] {
        test::bound_memory(16);
        std::vector<std::unique_ptr<journal_view>> views;
        while (views.size() != 200) {
            views.push_back(std::make_unique<journal_view>());
            if (views.back()->open(run, "journal") != 0) return std::string("is not opened");
        }
        return std::string("all are opened");
    });
    BOOST_TEST(said == "all are opened");
}

BOOST_AUTO_TEST_CASE(new_points_move_nothing_but_a_drain_does) {
    const auto loss = add("loss");
    const auto other = add("other");
    journal_block* const block = fill(loss, test::points_from(0, 3));
    journal_block* const elsewhere = fill(other, test::points_from(0, 3));
    BOOST_TEST(open() == 0);
    block->points[3] = {9, 9.0, 3};
    block->count = 4;
    elsewhere->drained = 1;
    journal->file().intend(other, 0, test::points_from(0, 1), {});
    BOOST_TEST(!view.has_moved("loss"));
    BOOST_TEST(view.has_moved("other"));
    journal->file().intend(loss, 0, test::points_from(0, 1),
                           {{journal->file().index_of(*block), 1}});
    BOOST_TEST(view.has_moved("loss"));
    BOOST_TEST(view.look() == 0);
    BOOST_TEST(!view.has_moved("loss"));
    BOOST_TEST(steps() == (std::vector<std::int64_t>{1, 2, 3}), boost::test_tools::per_element());
    journal->file().commit();
    BOOST_TEST(view.has_moved("loss"));
    BOOST_TEST(view.look() == 0);
    block->drained = 4;
    journal->file().give_back(*block);
    BOOST_TEST(view.has_moved("loss"));
    // The block goes to somebody else, and looks as it did.
    journal_block* again = nullptr;
    BOOST_TEST(journal->file().take(loss, again) == 0);
    BOOST_TEST((again == block));
    again->count = 4;
    again->drained = 1;
    BOOST_TEST(view.has_moved("loss"));
}

// Blocks that are full before the one in front of them is read, and one that nobody fills yet.
BOOST_AUTO_TEST_CASE(a_lane_fills_blocks_meanwhile) {
    for (int round = 0; round < 30; ++round) {
        make_journal();
        const auto loss = add("loss");
        const auto points = test::points_from(0, 100 * journal_block::capacity);
        std::thread lane([this, loss, &points] {
            journal_block* block = nullptr;
            for (std::uint32_t i = 0; i < points.size(); ++i) {
                const std::uint32_t used = i % journal_block::capacity;
                if (used == 0 && journal->file().take(loss, block) != 0) return;
                block->points[used] = points[i];
                block->count.store(used + 1, std::memory_order_release);
            }
        });
        std::size_t seen = 0;
        bool in_order = true;
        while (seen != points.size() && in_order) {
            journal_view other;
            if (other.open(run, "journal") != 0) break;
            waiting_points found;
            other.read("loss", found);
            in_order = found.stored.size() >= seen;
            seen = found.stored.size();
            for (std::size_t i = 0; i < seen; ++i) {
                in_order = in_order && found.stored[i].step == points[i].step;
            }
        }
        lane.join();
        BOOST_TEST(in_order);
        BOOST_TEST(seen == points.size());
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_journal_of_this_version) {
    journal->file().header().version = 1;
    BOOST_TEST(open() == EINVAL);
    journal->file().header().version = journal_file::version;
    journal->file().header().magic[0] = 'x';
    BOOST_TEST(open() == EINVAL);
    run.remove("journal");
    BOOST_TEST(journal_view().open(run, "journal") == ENOENT);
    test::write_file(scratch / "journal", "");
    BOOST_TEST(journal_view().open(run, "journal") == EINVAL);
    std::filesystem::create_symlink("journal", scratch / "link");
    BOOST_TEST(journal_view().open(run, "link") == ELOOP);
    std::filesystem::resize_file(scratch / "journal", std::uint64_t{5} << 30);
    BOOST_TEST(journal_view().open(run, "journal") == EFBIG);
}

BOOST_AUTO_TEST_CASE(a_journal_that_vanishes_or_is_cut_while_it_is_open) {
    fill(add("loss"), test::points_from(0, 3));
    BOOST_TEST(open() == 0);
    run.remove("journal");
    BOOST_TEST(steps().size() == 3u);
    BOOST_TEST(!view.has_moved("loss"));
    BOOST_TEST(view.look() == 0);
    BOOST_TEST(steps().size() == 3u);
    make_journal();
    fill(add("loss"), test::points_from(0, 3));
    BOOST_TEST(open() == 0);
    std::filesystem::resize_file(scratch / "journal", 10);
    BOOST_TEST(view.has_moved("loss"));
    waiting_points found;
    BOOST_TEST(view.read("loss", found) == 0);
    BOOST_TEST(view.look() == EINVAL);
    BOOST_TEST(keys().empty());
}

BOOST_AUTO_TEST_CASE(names_that_are_no_keys_are_not_believed) {
    for (const char* key : {"../../etc/passwd", "a~", "loss"}) {
        fill(add(key), test::points_from(0, 1));
    }
    BOOST_TEST(open() == 0);
    BOOST_TEST(keys() == (std::vector<std::string>{"loss"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(whatever_stands_in_it) {
    for (int i = 0; i < 4; ++i) {
        const auto series = add("metric" + std::to_string(i));
        fill(series, test::points_from(0, 100));
        journal->file().intend(series, 0, test::points_from(0, 10), {{0, 1}});
    }
    const std::string whole = test::read_file(scratch / "journal");
    std::mt19937 random(test::seed(1));
    const std::size_t pages = whole.size() / journal_file::page;
    for (int i = 0; i < 3000; ++i) {
        std::string bytes = whole;
        for (auto n = random() % 20 + 1; n != 0; --n) {
            // Mostly where the numbers stand.
            const std::size_t page = random() % pages * journal_file::page;
            const std::size_t at =
                random() % 4 == 0 ? random() % bytes.size() : page + random() % 96;
            const auto number =
                static_cast<std::uint32_t>(random() % 3 == 0 ? random() : random() % 200);
            std::memcpy(&bytes[at], &number, (std::min)(sizeof number, bytes.size() - at));
        }
        if (random() % 4 != 0) bytes.replace(0, 12, whole, 0, 12);
        if (random() % 4 == 0) bytes.resize(random() % bytes.size());
        run.remove("damaged");  // a file that is cut to be written anew waits for the disk
        test::write_file(scratch / "damaged", bytes);
        journal_view damaged;
        if (damaged.open(run, "damaged") != 0) continue;
        std::vector<std::string> found;
        damaged.add_keys(found);
        found.push_back("metric0");
        for (const std::string& key : found) {
            waiting_points waiting;
            BOOST_REQUIRE(damaged.read(key, waiting) == 0);
            BOOST_REQUIRE_MESSAGE(waiting.stored.size() * sizeof(point) <= bytes.size() &&
                                      waiting.intended.size() <= journal_file::max_rows,
                                  "look " << i);
            damaged.has_moved(key);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
