// SPDX-License-Identifier: MIT
#include "svg_check.hpp"

#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/array.hpp>
#include <mlscribe/figure.hpp>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdint>
#include <limits>
#include <list>
#include <string>
#include <vector>

using mlscribe::error_code;
using mlscribe::figure;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

std::string checked(const figure& chart) {
    const std::string svg = chart.svg();
    const test::svg_check check(svg);
    BOOST_TEST(check.failure == "");
    return svg;
}

bool shows(const figure& chart, const std::string& text) {
    const std::vector<std::string> texts = test::svg_check(chart.svg()).texts;
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool says(const figure& chart, const std::string& part) {
    const std::vector<std::string> texts = test::svg_check(chart.svg()).texts;
    return std::any_of(texts.begin(), texts.end(),
                       [&part](const std::string& text) { return text.find(part) != text.npos; });
}

/// Read as Eigen's matrices are.
struct column_major {
    long rows() const { return 2; }
    long cols() const { return 3; }
    float operator()(long row, long column) const { return static_cast<float>(row + 2 * column); }
};

class random_numbers {
  public:
    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        return state_ ^= state_ << 17;
    }
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
    double number() {
        constexpr double odd[] = {nan_value, infinite, -infinite, 0.0,          -0.0,
                                  5e-324,    -5e-324,  1.7e308,   -1.7e308,     1e300,
                                  -1e300,    1e-300,   1.0,       1.0 + 2.3e-16};
        const std::size_t choice = below(20);
        if (choice < sizeof odd / sizeof odd[0]) return odd[choice];
        return (static_cast<double>(next() >> 11) / 4503599627370496.0 - 1) *
               (choice % 2 == 0 ? 1.0 : 1e17);
    }
    std::vector<double> numbers() {
        std::vector<double> list(below(below(8) == 0 ? 3000 : 12));
        for (double& each : list) each = number();
        return list;
    }
    std::string text() {
        std::string bytes(below(40), ' ');
        for (char& byte : bytes) byte = static_cast<char>(static_cast<unsigned char>(next()));
        return bytes;
    }

  private:
    std::uint64_t state_ = 88172645463325252u;
};

figure random_figure(random_numbers& random) {
    figure chart(random.text());
    chart.subtitle(random.text()).x_label(random.text()).y_label(random.text());
    chart.size(static_cast<int>(random.below(1500)), static_cast<int>(random.below(900)));
    if (random.below(2) == 0) chart.log_x();
    if (random.below(2) == 0) chart.log_y();
    if (random.below(4) == 0) chart.x_limits(random.number(), random.number());
    if (random.below(4) == 0) chart.y_limits(random.number(), random.number());
    for (std::size_t left = random.below(4); left != 0; --left) {
        switch (random.below(5)) {
            case 0:
                chart.line(random.numbers(), random.numbers(), random.text());
                break;
            case 1:
                chart.scatter(random.numbers(), random.numbers(), random.text());
                break;
            case 2:
                chart.histogram(random.numbers(), random.below(600), random.text());
                break;
            case 3: {
                std::vector<std::string> labels(random.below(30));
                for (std::string& label : labels) label = random.text();
                chart.bar(labels, random.numbers(), random.text());
                break;
            }
            default: {
                std::vector<std::vector<double>> rows(random.below(20));
                for (auto& row : rows) row = random.numbers();
                if (random.below(2) == 0) chart.heat_map(rows);
                chart.confusion_matrix(rows, std::vector<std::string>{random.text()});
            }
        }
    }
    return chart;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figure_figure)

BOOST_AUTO_TEST_CASE(numbers_are_taken_from_whatever_holds_them) {
    const std::array<int, 3> counts = {1, 2, 3};
    const std::list<float> values = {1.5f, 2.5f, 3.5f};
    const bool flags[] = {true, false, true};
    figure chart;
    chart.line(counts, values).line(flags, "flags").line({0, 1, 2}, {0, 4, 2}, "braces");
    chart.scatter(std::vector<bool>{true, false}, counts.begin() == counts.end()
                                                      ? std::vector<long double>{}
                                                      : std::vector<long double>{1, 2});
    chart.histogram(counts, "counts").histogram({1, 2, 2}, 4, "braces");
    BOOST_TEST(!chart.misuse());
    BOOST_TEST(shows(chart, "flags"));
    checked(chart);
}

BOOST_AUTO_TEST_CASE(a_matrix_is_taken_row_by_row) {
    const int nested[2][3] = {{0, 2, 4}, {1, 3, 5}};
    const double flat[] = {0, 2, 4, 1, 3, 5};
    const mlscribe::array<int> shaped{{2, 3}, {0, 2, 4, 1, 3, 5}};
    const std::string expected = figure().heat_map({{0, 2, 4}, {1, 3, 5}}).svg();
    BOOST_TEST(figure().heat_map(nested).svg() == expected);
    BOOST_TEST(figure().heat_map(flat, 2, 3).svg() == expected);
    BOOST_TEST(figure().heat_map(shaped).svg() == expected);
    BOOST_TEST(figure().heat_map(column_major{}).svg() == expected);
}

BOOST_AUTO_TEST_CASE(a_picture_tells_what_it_leaves_out) {
    figure gaps;
    gaps.line({1, nan_value, infinite, 2});
    BOOST_TEST(says(gaps, "2 values that are not finite"));
    BOOST_TEST(!gaps.misuse());
    figure logarithmic;
    logarithmic.log_y().line({1, 0, -1, 2, 10});
    BOOST_TEST(says(logarithmic, "2 values that are zero or negative on a logarithmic axis"));
    figure bars;
    bars.log_y().bar({"a", "b"}, {0, 10}).y_limits(-1, 5);
    BOOST_TEST(says(bars, "1 value that is zero or negative"));
    checked(bars);
}

BOOST_AUTO_TEST_CASE(what_has_no_data_says_so) {
    BOOST_TEST(shows(figure(), "no data"));
    BOOST_TEST(shows(figure().line(std::vector<double>()), "no data"));
    BOOST_TEST(shows(figure().log_y().scatter({1, 2}, {0, -1}), "no data"));
    BOOST_TEST(shows(figure().histogram(std::vector<float>(), 10), "no data"));
    BOOST_TEST(shows(figure().bar(std::vector<std::string>(), {1}), "no data"));
    BOOST_TEST(shows(figure().heat_map(std::vector<std::vector<double>>()), "no data"));
    BOOST_TEST(shows(figure().heat_map({{nan_value}}), "no data"));
    BOOST_TEST(!shows(figure().line({1}), "no data"));
    BOOST_TEST(!shows(figure().line({5, 5, 5}), "no data"));
}

BOOST_AUTO_TEST_CASE(wrong_use_is_told_and_what_fits_is_drawn) {
    figure lengths;
    lengths.line({1, 2, 3}, {1, 2}, "loss");
    BOOST_TEST((lengths.misuse().code == error_code::invalid_value));
    BOOST_TEST(lengths.misuse().message ==
               "\"loss\" has 3 places and 2 values; give as many of both, what has no partner is "
               "left out");
    BOOST_TEST(says(lengths, "has 3 places and 2 values"));
    BOOST_TEST(figure().bar({"a", "b"}, {1}).misuse().message.find("2 labels and 1 values") !=
               std::string::npos);
    const std::vector<std::vector<int>> ragged = {{1, 2}, {3}};
    BOOST_TEST(says(figure().heat_map(ragged), "different lengths"));
    BOOST_TEST(
        says(figure().confusion_matrix({{1, 2}, {3, 4}}, {"a", "b", "c"}), "3 labels for 2"));
    figure mixed;
    mixed.line({1, 2}, "line").bar({"a"}, {1}, "bar").heat_map({{1}});
    BOOST_TEST(says(mixed, "make another figure"));
    BOOST_TEST(!shows(mixed, "bar"));
    BOOST_TEST(says(figure().heat_map({{1}}).heat_map({{2}}), "one matrix"));
    BOOST_TEST(bool(figure().x_limits(2, 1).misuse()));
    BOOST_TEST(bool(figure().x_limits(nan_value, 1).misuse()));
    BOOST_TEST(bool(figure().y_limits(0, 5e-324).misuse()));
    BOOST_TEST(bool(figure().size(10, 10).misuse()));
    BOOST_TEST(bool(figure().histogram({1, 2}, 100000).misuse()));
}

BOOST_AUTO_TEST_CASE(bars_of_several_series_meet_at_their_labels) {
    figure chart;
    chart.bar({"a", "b", "c"}, {1, 2, 3}, "first").bar({"c", "d"}, {4, 5}, "second");
    for (const char* const label : {"a", "b", "c", "d"}) BOOST_TEST(shows(chart, label));
    BOOST_TEST(!shows(chart, "e"));
    BOOST_TEST(!says(chart, "not finite"));
    figure equal;
    equal.bar({"a", "a"}, {1, 2});
    BOOST_TEST(test::svg_check(equal.svg()).texts[0] != "");
    checked(equal);
}

BOOST_AUTO_TEST_CASE(a_large_picture_is_small_and_keeps_its_peak) {
    std::vector<double> values(1000000);
    random_numbers random;
    for (double& value : values) value = static_cast<double>(random.below(1000));
    values[654321] = 5000;
    figure chart;
    const std::string svg = checked(chart.line(values, "a").scatter(values, values, "b"));
    BOOST_TEST(svg.size() < 100u * 1024);
    std::vector<std::vector<double>> matrix(1000, std::vector<double>(1000));
    for (auto& row : matrix) {
        for (double& value : row) value = static_cast<double>(random.below(1000));
    }
    BOOST_TEST(checked(figure().heat_map(matrix)).size() < 150u * 1024);
}

BOOST_AUTO_TEST_CASE(a_theme_has_one_background_or_the_one_that_the_reader_prefers) {
    using mlscribe::figure_theme;
    figure chart;
    chart.line({1, 2});
    BOOST_TEST(chart.svg().find("prefers-color-scheme:dark") != std::string::npos);
    BOOST_TEST(chart.theme(figure_theme::light).svg().find("@media") == std::string::npos);
    BOOST_TEST(chart.theme(figure_theme::light).svg().find("#ffffff") != std::string::npos);
    BOOST_TEST(chart.theme(figure_theme::dark).svg().find("#ffffff") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_data_and_no_text_breaks_the_file) {
    random_numbers random;
    for (int i = 0; i < 1500; ++i) {
        const test::svg_check check(random_figure(random).svg());
        BOOST_REQUIRE_MESSAGE(check.failure.empty(), "figure " << i << ": " << check.failure);
    }
}

BOOST_AUTO_TEST_CASE(a_comma_of_the_locale_stays_out_of_the_file) {
    figure chart;
    chart.line({0.5, 1.25, 0.125}, "a").x_label("x");
    const std::string before = chart.svg();
    const std::string old = std::setlocale(LC_ALL, nullptr);
    const char* used = nullptr;
    for (const char* const name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8"}) {
        if (used == nullptr) used = std::setlocale(LC_ALL, name);
    }
    BOOST_TEST_MESSAGE("locale: " << (used == nullptr ? "none with a comma here" : used));
    BOOST_TEST(chart.svg() == before);
    std::setlocale(LC_ALL, old.c_str());
}

BOOST_AUTO_TEST_SUITE_END()
