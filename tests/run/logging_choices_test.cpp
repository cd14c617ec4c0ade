// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/logging_choices.hpp>

#include <chrono>
#include <string>

using mlscribe::resume_options;
using mlscribe::run_options;
using mlscribe::detail::copy_choices;
using mlscribe::detail::logging_choices;

namespace {

template <class One, class Other>
void expect_alike(const One& one, const Other& other) {
    BOOST_TEST((one.keys == other.keys));
    BOOST_TEST((one.drain == other.drain));
    BOOST_TEST(one.flush_interval.count() == other.flush_interval.count());
    BOOST_TEST(one.sync_interval.count() == other.sync_interval.count());
    BOOST_TEST(one.journal_bytes == other.journal_bytes);
    BOOST_TEST((one.when_full == other.when_full));
    BOOST_TEST(one.time_passes == other.time_passes);
    BOOST_TEST(one.progress == other.progress);
    BOOST_TEST(one.thinning.points == other.thinning.points);
    BOOST_TEST((one.signals == other.signals));
    BOOST_TEST(one.signal_wait.count() == other.signal_wait.count());
    BOOST_TEST(one.tracking_uri == other.tracking_uri);
}

/// None of them as it is by default.
template <class Options>
Options chosen() {
    Options options;
    options.keys = mlscribe::sanitize::map;
    options.drain = mlscribe::drain_mode::inline_;
    options.flush_interval = std::chrono::milliseconds(1);
    options.sync_interval = std::chrono::milliseconds(2);
    options.journal_bytes = 3;
    options.when_full = mlscribe::overflow::drop_oldest;
    options.time_passes = false;
    options.progress = false;
    options.thinning.points = 4;
    options.signals = mlscribe::on_signal::end_run;
    options.signal_wait = std::chrono::milliseconds(5);
    options.tracking_uri = "six";
    return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_logging_choices)

BOOST_AUTO_TEST_CASE(a_resumed_run_logs_as_a_new_one_where_nothing_is_chosen) {
    expect_alike(run_options(), resume_options());
    expect_alike(run_options(), logging_choices());
    BOOST_TEST(run_options().source_tags == logging_choices().source_tags);
    BOOST_TEST(resume_options().keep_status == logging_choices().keep_status);
    BOOST_TEST((run_options().errors == resume_options().errors));
    BOOST_TEST((run_options().ranks == resume_options().ranks));
}

BOOST_AUTO_TEST_CASE(each_choice_is_handed_on) {
    logging_choices of_new;
    copy_choices(chosen<run_options>(), of_new);
    expect_alike(chosen<run_options>(), of_new);
    logging_choices of_resumed;
    copy_choices(chosen<resume_options>(), of_resumed);
    expect_alike(chosen<resume_options>(), of_resumed);
    run_options of_child;
    copy_choices(of_new, of_child);
    expect_alike(of_new, of_child);
}

BOOST_AUTO_TEST_SUITE_END()
