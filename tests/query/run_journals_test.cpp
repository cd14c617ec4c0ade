// SPDX-License-Identifier: MIT
#include <mlscribe/query/run_journals.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

#include "journal/test_journal.hpp"

using mlscribe::detail::directory;
using mlscribe::detail::journal_file;
using mlscribe::detail::run_journals;
using mlscribe::detail::waiting_points;
using mlscribe::detail::writer;

namespace {

struct places {
    test::scratch_directory scratch;
    directory run;
    directory elsewhere;

    places() {
        for (const char* name : {"run", "elsewhere"}) {
            std::filesystem::create_directories(scratch / name);
        }
        BOOST_REQUIRE(directory::open(scratch / "run", run) == 0);
        BOOST_REQUIRE(directory::open(scratch / "elsewhere", elsewhere) == 0);
    }

    static std::unique_ptr<journal_file> put(const directory& place, const std::string& prefix,
                                             std::int64_t first) {
        auto journal = std::make_unique<journal_file>();
        std::uint32_t series = 0;
        mlscribe::detail::journal_block* block = nullptr;
        if (journal->create(place, prefix + writer::current().new_name(), 1 << 20) != 0 ||
            journal->add_key("loss", series) != 0 || journal->take(series, block) != 0) {
            test::give_up("no journal");
        }
        const auto points = test::points_from(first, 10);
        std::copy(points.begin(), points.end(), block->points);
        block->count = 10;
        return journal;
    }
    void tell(const std::string& text) const {
        test::write_file(scratch / "run/tags/mlscribe.journal", text);
    }
    std::size_t count(run_journals& journals) const {
        journals.open(run, "abc", scratch / "run");
        waiting_points found;
        BOOST_TEST(journals.read("loss", found) == 0);
        return found.stored.size();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(query_run_journals, places)

BOOST_AUTO_TEST_CASE(a_run_without_one) {
    run_journals journals;
    BOOST_TEST(count(journals) == 0u);
    BOOST_TEST(!journals.is_live());
    BOOST_TEST(journals.empty());
    BOOST_TEST(!journals.unread());
}

BOOST_AUTO_TEST_CASE(several_here_and_elsewhere) {
    put(run, "", 0);
    put(run, "", 10);
    put(elsewhere, "abc", 20);
    put(elsewhere, "abcd", 30);
    put(elsewhere, "", 40);
    run_journals untold;
    BOOST_TEST(count(untold) == 20u);
    tell(scratch / "elsewhere");
    run_journals told;
    BOOST_TEST(count(told) == 30u);
    BOOST_TEST(told.is_live());
    BOOST_TEST(!told.unread());
}

BOOST_AUTO_TEST_CASE(in_memory_or_half_made) {
    tell("memory");
    for (const std::string& bytes : {std::string(), std::string(8320, '\0')}) {
        test::write_file(scratch / "run/" + writer::current().new_name(), bytes);
        run_journals journals;
        BOOST_TEST(count(journals) == 0u);
        BOOST_TEST(journals.is_live());
        BOOST_TEST(!journals.unread());
    }
}

BOOST_AUTO_TEST_CASE(of_another_version_or_nowhere) {
    put(run, "", 0)->header().version = 9;
    put(run, "", 0);
    run_journals journals;
    BOOST_TEST(count(journals) == 10u);
    BOOST_TEST(journals.unread().message.find("+") != std::string::npos);
    tell(scratch / "nowhere");
    run_journals other;
    BOOST_TEST(count(other) == 10u);
    BOOST_TEST(other.unread().message.find("nowhere") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
