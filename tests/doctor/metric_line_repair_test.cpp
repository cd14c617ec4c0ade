// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor/metric_line_repair.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace {

struct judged_line {
    std::string_view line;
    std::optional<mlscribe::damage> what;
    std::string_view mended;
};

std::optional<mlscribe::detail::line_damage> judge(std::string_view line) {
    return mlscribe::detail::judge_metric_line(line, mlscribe::parse_metric_line(line));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor_metric_line_repair)

BOOST_AUTO_TEST_CASE(lines_that_both_versions_of_mlflow_read_stay) {
    for (const std::string_view line :
         {"1700000000000 0.5 1", "1700000000000 0.5", "-1 nan -1", "1700000000000 0.5 1    ",
          "  1700000000000 1e400 3", "1_0 Infinity 1_0", "1764447497123456 0.5 1",
          "1764447497123456789 0.5 1"}) {
        BOOST_TEST(!judge(line).has_value(), line);
    }
}

BOOST_AUTO_TEST_CASE(others_become_what_was_meant_or_go) {
    using mlscribe::damage;
    using namespace std::literals;
    const judged_line lines[] = {
        {"", damage::blank_line, ""},
        {" \t ", damage::blank_line, ""},
        {"\0\0\0"sv, damage::nul_bytes, ""},
        {"\0\0001700000000000 0.5 2"sv, damage::nul_bytes, "1700000000000 0.5 2"},
        {"\0\000"
         "0000000000000 0.5 2"sv,
         damage::nul_bytes, ""},
        {"\0\00012 0.25 8"sv, damage::nul_bytes, ""},
        {"1700000000000 0.51\00023 17"sv, damage::nul_bytes, ""},
        {"1700000000000 0.5 1\0\0"sv, damage::nul_bytes, ""},
        {"17", damage::wrong_fields, ""},
        {"1  0.5 2", damage::wrong_fields, "1 0.5 2"},
        {"1\t0.5\t2", damage::wrong_fields, "1 0.5 2"},
        {"1 0.5 2 3", damage::wrong_fields, ""},
        {"1 0.5 2 a data set", damage::wrong_fields, "1 0.5 2"},
        {"1 0.5 2 set 976f33e0", damage::dataset_line, "1 0.5 2"},
        {"1 0,5 2", damage::decimal_comma, "1 0.5 2"},
        {"1 1,234.5 2", damage::decimal_comma, ""},
        {"1 1,234,567 2", damage::decimal_comma, ""},
        {"1 0.5 1e+06", damage::float_step, "1 0.5 1000000"},
        {"1 0.5 7.0", damage::float_step, "1 0.5 7"},
        {"1 0.5 7,0", damage::float_step, "1 0.5 7"},
        {"1 0.5 1,000", damage::float_step, ""},
        {"1 0.5 1.5", damage::float_step, ""},
        {"1.7e12 0.5 1", damage::float_step, "1700000000000 0.5 1"},
        {"1 0.5 99999999999999999999", damage::float_step, ""},
        {"1 nan(0x8000) 2", damage::number_spelling, "1 nan 2"},
        {"1 -nan(ind) 2", damage::number_spelling, "1 nan 2"},
        {"1 1.#QNAN 2", damage::number_spelling, "1 nan 2"},
        {"1 -1.#INF 2", damage::number_spelling, "1 -inf 2"},
        {"1 -0x1.8p1 2", damage::number_spelling, "1 -3.0 2"},
        {"1 1.0f 2", damage::number_spelling, "1 1.0 2"},
        {"1 1d5 2", damage::number_spelling, "1 1e5 2"},
        {"1 true 2", damage::number_spelling, ""},
        {"1 0x 2", damage::number_spelling, ""},
        {"1 f 2", damage::number_spelling, ""},
        {"1 0.\xFC 2", damage::invalid_utf8, ""},
        {"\xEF\xBB\xBF"
         "1 0.5 2",
         damage::wrong_fields, "1 0.5 2"},
        {"1700000000000 0.5 11700000000001 0.25 2", damage::glued_line, "1700000000001 0.25 2"},
        {"1700000000000 0.51700000000001 0.25 2", damage::glued_line, "1700000000001 0.25 2"},
        {"171700000000001 0.25 2", damage::glued_line, "1700000000001 0.25 2"},
        {"2 2.0 13 3.0 2", damage::glued_line, ""},
        {"1700000000000 1.0 3 2024 97633000", damage::dataset_line, "1700000000000 1.0 3"},
        {"30 10   5", damage::wrong_fields, "30 10 5"},
        {"30 10   1e+06", damage::float_step, "30 10 1000000"},
        {"30 10   x", damage::number_spelling, ""},
        {"30 10  5 7", damage::wrong_fields, ""},
        {"30 10 5  7", damage::dataset_line, "30 10 5"},
        {"30 10 5  976f33e0", damage::dataset_line, "30 10 5"},
        {"1700000000000 0.5 1.0 mnist abc", damage::dataset_line, "1700000000000 0.5 1"},
        {"1700000000000 0.5 1,0 mnist abc", damage::dataset_line, "1700000000000 0.5 1"},
        {"1700000000000 0.5 1.5 mnist abc", damage::dataset_line, "1700000000000 0.5 0"},
        {"1700000000000 0.5 one mnist abc", damage::dataset_line, "1700000000000 0.5 0"},
        {"171700000000001 0,25 2", damage::decimal_comma, "1700000000001 0.25 2"},
        {"\0"
         "171700000000001 0.25 2"sv,
         damage::nul_bytes, "1700000000001 0.25 2"},
    };
    for (const judged_line& each : lines) {
        const auto found = judge(each.line);
        BOOST_TEST_CONTEXT(mlscribe::detail::shown(each.line)) {
            BOOST_TEST_REQUIRE(found.has_value());
            BOOST_TEST(std::string(to_string(found->what)) == std::string(to_string(*each.what)));
            BOOST_TEST(found->mended == each.mended);
            if (found->mended.empty()) continue;
            BOOST_TEST(mlscribe::parse_metric_line(found->mended).has_value());
            BOOST_TEST(!judge(found->mended).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_long_value_is_not_taken_for_two_lines) {
    // The digits behind the point are 13 and more, and so are those of a time stamp.
    for (const std::string_view line :
         {"1700000000000 0.1234567890123 2", "1700000000000 1234567890123456.0 2"}) {
        BOOST_TEST(!judge(line).has_value(), line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
