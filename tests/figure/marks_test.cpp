// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/figure/cell_grid.hpp>
#include <mlscribe/figure/histogram_bins.hpp>
#include <mlscribe/figure/line_marks.hpp>
#include <mlscribe/figure/scatter_marks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using mlscribe::detail::figure_series;
using mlscribe::detail::histogram_bins;
using mlscribe::detail::mark;
using mlscribe::detail::scale;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

figure_series line_of(std::vector<double> x, std::vector<double> y) {
    return {mark::line, "line", std::move(x), std::move(y), 0};
}

/// Over 0..100 × 0..100, in a plot of 100 × 100 pixels.
std::string path_of(const figure_series& line) {
    const scale x({0, 100, false}, false, 0, 100);
    const scale y({0, 100, false}, false, 100, 0);
    return mlscribe::detail::path_of_line(line, x, y);
}

std::ptrdiff_t parts_of(const std::string& path) {
    return std::count(path.begin(), path.end(), 'm');
}

/// From where to where a path of moves and lines goes, in pixels from the top.
mlscribe::detail::value_range heights_of(const std::string& path) {
    mlscribe::detail::value_range seen;
    double y = 0;
    bool is_x = true;
    for (std::size_t at = 0; at < path.size();) {
        if (std::string_view("ml ").find(path[at]) != std::string_view::npos) {
            ++at;
            continue;
        }
        std::size_t length = 0;
        const double step = std::stod(path.substr(at), &length);
        at += length;
        if (!is_x) seen.add(std::round((y += step) * 10) / 10);
        is_x = !is_x;
    }
    return seen;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figure_marks)

BOOST_AUTO_TEST_CASE(a_line_of_few_points_has_them_all) {
    BOOST_TEST(path_of(line_of({0, 10, 20}, {0, 50, 25})) == "m0 100l10-50 10 25");
    BOOST_TEST(path_of(line_of({}, {})) == "");
}

BOOST_AUTO_TEST_CASE(a_value_that_is_none_is_a_gap_and_a_point_alone_is_a_dot) {
    BOOST_TEST(path_of(line_of({0, 10, 20, 30}, {0, 50, nan_value, 10})) ==
               "m0 100l10-50m20 40m0 0h0");
}

BOOST_AUTO_TEST_CASE(of_a_column_of_pixels_the_highest_and_the_lowest_stay) {
    figure_series line = line_of({}, {});
    for (int i = 0; i < 100000; ++i) {
        line.x.push_back(i / 1000.0);
        line.y.push_back(i == 54321 ? 100 : i == 77777 ? 0 : 50 + i % 7);
    }
    const std::string path = path_of(line);
    BOOST_TEST(path.size() < 5000u);
    BOOST_TEST(parts_of(path) == 1);
    const mlscribe::detail::value_range seen = heights_of(path);
    BOOST_TEST(seen.low == 0, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(seen.high == 100, boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(a_million_gaps_make_no_large_file) {
    figure_series line = line_of({}, {});
    for (int i = 0; i < 1000000; ++i) {
        line.x.push_back(i / 10000.0);
        line.y.push_back(i % 2 == 0 ? nan_value : i % 97);
    }
    BOOST_TEST(path_of(line).size() < 10000u);
}

BOOST_AUTO_TEST_CASE(a_line_that_goes_to_and_fro_is_thinned_and_one_that_turns_once_is_not) {
    figure_series scribble = line_of({}, {});
    figure_series resumed = line_of({}, {});
    for (int i = 0; i < 100000; ++i) {
        scribble.x.push_back(i * 7919 % 100);
        scribble.y.push_back(i % 100);
        resumed.x.push_back((i < 60000 ? i : i - 20000) / 1000.0);
        resumed.y.push_back(i % 100);
    }
    BOOST_TEST(mlscribe::detail::line_stride(scribble) == 13u);
    BOOST_TEST(path_of(scribble).size() < 100000u);
    BOOST_TEST(mlscribe::detail::line_stride(resumed) == 1u);
    BOOST_TEST(path_of(resumed).size() < 10000u);
}

BOOST_AUTO_TEST_CASE(points_beside_the_plot_are_drawn_where_a_line_leads_to_them) {
    figure_series line = line_of({}, {});
    for (int i = -1000; i <= 1000; ++i) {
        line.x.push_back(i);
        line.y.push_back(50);
    }
    const std::string path = path_of(line);
    BOOST_TEST(path.size() < 1000u);
    BOOST_TEST(path.substr(0, 12) == "m-1000 50l99");
    BOOST_TEST(parts_of(path_of(line_of({-50, -20, 120, 150}, {0, 0, 100, 100}))) == 1);
}

BOOST_AUTO_TEST_CASE(of_points_that_lie_together_one_is_drawn) {
    std::vector<std::pair<double, double>> points;
    for (int i = 0; i < 200000; ++i) points.emplace_back(i % 500, i * 31 % 300);
    const auto distinct = mlscribe::detail::distinct_points(points, {0, 0, 500, 300});
    BOOST_TEST(distinct.size() <= mlscribe::detail::most_points);
    BOOST_TEST(distinct.size() > 1000u);
}

BOOST_AUTO_TEST_CASE(bins_count_every_value_once) {
    const histogram_bins five({0, 1, 2, 3, 4, 5}, false, 5);
    BOOST_TEST(five.count() == 5u);
    BOOST_TEST(five.edge(0) == 0);
    BOOST_TEST(five.edge(5) == 5);
    BOOST_TEST(five.bin_of(0) == 0u);
    BOOST_TEST(five.bin_of(0.99) == 0u);
    BOOST_TEST(five.bin_of(1) == 1u);
    BOOST_TEST(five.bin_of(5) == 4u);
    const histogram_bins decades({1, 10, 1000}, true, 3);
    BOOST_TEST(decades.edge(1) == 10, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(decades.bin_of(99) == 1u);
    BOOST_TEST(histogram_bins({7, 7, 7}, false, 0).count() >= 1u);
    BOOST_TEST(histogram_bins({7}, false, 0).count() == 1u);
    std::vector<double> with_a_far_one(1000, 1.0);
    with_a_far_one.push_back(1e12);
    BOOST_TEST(histogram_bins(with_a_far_one, false, 0).count() <= 60u);
}

BOOST_AUTO_TEST_CASE(a_large_matrix_is_shown_in_means_and_what_is_no_number_is_left_out) {
    mlscribe::detail::figure_cells all;
    all.rows.assign(128, std::vector<double>(96, 1));
    all.rows[0][0] = 4;
    all.rows[1][0] = nan_value;
    all.row_labels.resize(128);
    all.column_labels.resize(96);
    mlscribe::detail::figure_notes notes;
    const auto grid = mlscribe::detail::cell_grid_of(all, notes);
    BOOST_TEST(grid.rows == 64u);
    BOOST_TEST(grid.columns == 96u);
    BOOST_TEST(grid.cells.front().value == 4);  // the mean of the one that is a number
    BOOST_TEST(grid.cells.back().value == 1);
    BOOST_TEST(notes.texts().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_count_is_shown_as_a_share_of_its_row) {
    mlscribe::detail::figure_cells all;
    all.rows = {{3, 1}, {0, 0}};
    all.row_labels = all.column_labels = {"a", "b"};
    all.counts = true;
    mlscribe::detail::figure_notes notes;
    const auto grid = mlscribe::detail::cell_grid_of(all, notes);
    BOOST_TEST(grid.cells[0].share == 0.75);
    BOOST_TEST(grid.cells[1].share == 0.25);
    BOOST_TEST(grid.cells[2].share == 0);
}

BOOST_AUTO_TEST_SUITE_END()
