// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/model_metrics.hpp>

using mlscribe::detail::parse_model_metric_line;

BOOST_AUTO_TEST_SUITE(sync_model_metrics)

BOOST_AUTO_TEST_CASE(a_line_names_its_run_and_maybe_its_data) {
    const auto plain = parse_model_metric_line("1700000000000 0.5 7 0f8f");
    BOOST_REQUIRE(plain.has_value());
    BOOST_TEST(plain->row.timestamp == 1700000000000);
    BOOST_TEST(plain->row.value == 0.5);
    BOOST_TEST(plain->row.step == 7);
    BOOST_TEST(plain->run_id == "0f8f");
    BOOST_TEST(plain->dataset_name.empty());
    const auto about = parse_model_metric_line("1 nan -2 0f8f my train set 0123abcd");
    BOOST_REQUIRE(about.has_value());
    BOOST_TEST(about->dataset_name == "my train set");
    BOOST_TEST(about->dataset_digest == "0123abcd");
}

BOOST_AUTO_TEST_CASE(what_mlflow_refuses_is_none) {
    for (const char* const line : {"", "1 0.5 7", "1 0.5 7 run name", "x 0.5 7 run", "1 0,5 7 run",
                                   "1 0.5 7.5 run", "1  0.5 7 run"}) {
        BOOST_TEST(!parse_model_metric_line(line).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
