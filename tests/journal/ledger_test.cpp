// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/ledger.hpp>

#include <cstdint>
#include <utility>
#include <vector>

#include "journal/test_ledger.hpp"

using mlscribe::detail::no_step;
using mlscribe::detail::reference;
using mlscribe::detail::step_border;
using mlscribe::detail::step_listener;

namespace {

class remembering final : public step_listener {
  public:
    void step_ended(const step_border& border) noexcept override { steps.push_back(border.step); }
    std::vector<std::int64_t> steps;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_ledger)

BOOST_AUTO_TEST_CASE(begins_outside_of_every_range) {
    const reference<test::test_ledger> ledger(new test::test_ledger);
    BOOST_TEST(ledger->recording());
    BOOST_TEST(ledger->step() == no_step);
    BOOST_TEST(ledger->next_range_step() == 0);
    BOOST_TEST(ledger->lost() == 0u);
    BOOST_TEST(!ledger->due(INT64_MAX));
    ledger->stop_recording();
    BOOST_TEST(!ledger->recording());
    ledger->start_recording();
    BOOST_TEST(ledger->recording());
    const reference<test::test_ledger> idle(new test::test_ledger(false));
    BOOST_TEST(!idle->recording());
}

BOOST_AUTO_TEST_CASE(a_childs_copy_is_disowned) {
    const reference<test::test_ledger> ledger(new test::test_ledger);
    BOOST_TEST(!ledger->is_disowned());
    ledger->stop_recording();
    BOOST_TEST(!ledger->is_disowned());
    ledger->start_recording();
    ledger->disown();
    BOOST_TEST(ledger->is_disowned());
    BOOST_TEST(!ledger->recording());
}

BOOST_AUTO_TEST_CASE(what_a_child_loses_is_told_once) {
    const reference<test::test_ledger> ledger(new test::test_ledger);
    ledger->set_due(1000, 10);
    ledger->lose(1);
    BOOST_TEST(ledger->disowned_told == 0);
    ledger->disown();
    BOOST_TEST(!ledger->due(INT64_MAX));  // a drain of the child's would write the parent's points
    BOOST_TEST(ledger->disowned_told == 0);
    for (int i = 0; i < 3; ++i) ledger->lose(1);
    BOOST_TEST(ledger->disowned_told == 1);
    BOOST_TEST(ledger->lost() == 4u);
}

BOOST_AUTO_TEST_CASE(counts) {
    const reference<test::test_ledger> ledger(new test::test_ledger);
    ledger->lose(2);
    ledger->lose(3);
    ledger->repeat(7);
    BOOST_TEST(ledger->lost() == 5u);
    BOOST_TEST(ledger->repeated() == 7u);
}

BOOST_AUTO_TEST_CASE(due_after_the_interval_or_when_the_clock_is_set_back) {
    const reference<test::test_ledger> ledger(new test::test_ledger);
    ledger->set_due(1000, 100);
    BOOST_TEST(!ledger->due(1000));
    BOOST_TEST(!ledger->due(1099));
    BOOST_TEST(ledger->due(1100));
    BOOST_TEST(ledger->due(900));
}

BOOST_AUTO_TEST_CASE(tells_every_listener_until_it_forgets_them) {
    const reference<test::test_ledger> ledger(new test::test_ledger);
    const reference<remembering> first(new remembering);
    const reference<remembering> second(new remembering);
    ledger->listen(reference<step_listener>(first.get()));
    ledger->listen(reference<step_listener>(second.get()));
    ledger->end_steps_outside();
    ledger->end_loop();
    ledger->end_steps_outside();
    const std::vector<std::int64_t> expected = {no_step, no_step};
    BOOST_TEST(first->steps == expected, boost::test_tools::per_element());
    BOOST_TEST(second->steps == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
