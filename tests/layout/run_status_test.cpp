// SPDX-License-Identifier: MIT
#include <mlscribe/layout/run_status.hpp>

#include <boost/test/unit_test.hpp>
#include <string_view>

using mlscribe::run_status;

BOOST_AUTO_TEST_SUITE(layout_run_status)

BOOST_AUTO_TEST_CASE(numbers_and_names_are_those_of_mlflow) {
    const std::pair<int, const char*> statuses[] = {
        {1, "RUNNING"}, {2, "SCHEDULED"}, {3, "FINISHED"}, {4, "FAILED"}, {5, "KILLED"}};
    for (const auto& [number, name] : statuses) {
        BOOST_TEST(std::string_view(to_string(static_cast<run_status>(number))) == name);
    }
    BOOST_TEST(static_cast<int>(run_status::running) == 1);
    BOOST_TEST(static_cast<int>(run_status::killed) == 5);
    BOOST_TEST(std::string_view(to_string(static_cast<run_status>(9))) == "UNKNOWN");
    BOOST_TEST(std::string_view(to_string(mlscribe::lifecycle::active)) == "active");
    BOOST_TEST(std::string_view(to_string(mlscribe::lifecycle::deleted)) == "deleted");
}

BOOST_AUTO_TEST_SUITE_END()
