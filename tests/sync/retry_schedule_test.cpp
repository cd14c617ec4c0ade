// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/retry_schedule.hpp>

#include <cstdint>
#include <vector>

namespace {

using mlscribe::detail::retry_schedule;
using mlscribe::detail::server_settings;

std::vector<std::int64_t> pauses(const server_settings& settings) {
    retry_schedule schedule(settings);
    std::vector<std::int64_t> found;
    while (const auto pause = schedule.next({})) found.push_back(*pause);
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_retry_schedule)

BOOST_AUTO_TEST_CASE(pauses_grow_as_mlflows_do) {
    server_settings settings;
    settings.backoff_jitter = 0;
    const std::vector<std::int64_t> expected = {0, 4000, 8000, 16000, 32000, 64000, 120000};
    BOOST_TEST(pauses(settings) == expected, boost::test_tools::per_element());
    settings.backoff_factor = 0;
    settings.most_retries = 2;
    BOOST_TEST(pauses(settings) == std::vector<std::int64_t>({0, 0}),
               boost::test_tools::per_element());
    settings.most_retries = 0;
    BOOST_TEST(pauses(settings).empty());
}

BOOST_AUTO_TEST_CASE(chance_adds_up_to_the_jitter) {
    server_settings settings;
    settings.backoff_factor = 1;
    settings.backoff_jitter = 10;
    bool differ = false;
    std::int64_t first = -1;
    for (int i = 0; i < 50; ++i) {
        const std::int64_t pause = pauses(settings)[1];
        BOOST_TEST((pause >= 2000 && pause < 12000));
        differ = differ || (first >= 0 && pause != first);
        first = pause;
    }
    BOOST_TEST(differ);
}

BOOST_AUTO_TEST_CASE(a_server_may_ask_for_more_within_reason) {
    server_settings settings;
    settings.backoff_jitter = 0;
    retry_schedule schedule(settings);
    BOOST_TEST(schedule.next(7).value_or(-1) == 7000);
    BOOST_TEST(schedule.next(1).value_or(-1) == 4000);
    BOOST_TEST(schedule.next(600).value_or(-1) == 600000);
    BOOST_TEST(!schedule.next(601));
    BOOST_TEST(!schedule.next(INT64_MAX));
    settings.respect_retry_after = false;
    BOOST_TEST(retry_schedule(settings).next(INT64_MAX).value_or(-1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
