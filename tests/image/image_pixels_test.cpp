// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/image/image_pixels.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::image_view;
using mlscribe::detail::read_pixels;

namespace {

using values = std::vector<int>;

struct outcome {
    image_view image{};
    values pixels;
    std::string remark;
    error failure;
};

template <class Image>
outcome read(const Image& from) {
    outcome result;
    std::string bytes;
    error remark;
    result.failure = read_pixels(from, bytes, result.image, remark);
    result.remark = remark.message;
    if (!result.failure) {
        result.pixels.assign(result.image.data, result.image.data + bytes.size());
    }
    return result;
}

template <class Image>
void is_refused(const Image& from, const std::string& why) {
    const error failure = read(from).failure;
    BOOST_TEST((failure.code == error_code::invalid_value));
    BOOST_TEST_INFO(failure.message);
    BOOST_TEST(failure.message.find(why) != std::string::npos);
}

template <class T>
std::vector<std::vector<T>> row(const std::vector<T>& numbers) {
    return {numbers};
}

/// Has what array_like.hpp looks for in a matrix of Eigen; its values lie column by column.
struct matrix {
    using Scalar = float;
    enum { IsVectorAtCompileTime = 0 };

    std::ptrdiff_t rows() const { return 2; }
    std::ptrdiff_t cols() const { return 3; }
    float operator()(std::ptrdiff_t row, std::ptrdiff_t column) const {
        return static_cast<float>(column * 2 + row) / 10;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(image_pixels)

BOOST_AUTO_TEST_CASE(arrays_of_all_kinds_give_the_same_pixels) {
    const values expected = {1, 2, 3, 4, 5, 6};
    const auto is_two_rows = [&expected](const outcome& seen) {
        BOOST_TEST(seen.pixels == expected, boost::test_tools::per_element());
        BOOST_TEST(seen.image.width == 3);
        BOOST_TEST(seen.image.height == 2);
        BOOST_TEST(seen.image.channels == 1);
        BOOST_TEST(seen.remark == "");
    };
    is_two_rows(read(std::vector<std::vector<std::uint8_t>>{{1, 2, 3}, {4, 5, 6}}));
    const int plain[2][3] = {{1, 2, 3}, {4, 5, 6}};
    is_two_rows(read(plain));
    is_two_rows(read(mlscribe::array<std::uint64_t>{{2, 3}, {1, 2, 3, 4, 5, 6}}));
    const std::int8_t elsewhere[] = {1, 2, 3, 4, 5, 6};
    is_two_rows(read(mlscribe::array_view<std::int8_t>{elsewhere, {2, 3}}));
    is_two_rows(read(mlscribe::array<short>{{2, 3, 1}, {1, 2, 3, 4, 5, 6}}));
    const outcome colours =
        read(std::vector<std::vector<std::array<std::uint8_t, 3>>>{{{{1, 2, 3}}, {{4, 5, 6}}}});
    BOOST_TEST(colours.pixels == expected, boost::test_tools::per_element());
    BOOST_TEST(colours.image.width == 2);
    BOOST_TEST(colours.image.channels == 3);
    BOOST_TEST(read(matrix()).pixels == (values{0, 51, 102, 25, 76, 127}),
               boost::test_tools::per_element());
}

// The values that mlflow.log_image makes of the same arrays.
BOOST_AUTO_TEST_CASE(real_numbers_from_0_to_1_lose_their_fraction) {
    const std::vector<double> shown = {0, 0.5, 1, 0.999, 0.001, 0.0039, 0.00393};
    BOOST_TEST(read(row(shown)).pixels == (values{0, 127, 255, 254, 0, 0, 1}),
               boost::test_tools::per_element());
    BOOST_TEST(read(row(std::vector<float>{0, 0.5f})).pixels == (values{0, 127}),
               boost::test_tools::per_element());
    BOOST_TEST(read(row(shown)).remark == "");
    BOOST_TEST(read(row(std::vector<bool>{true, false})).pixels == (values{255, 0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(other_real_numbers_are_scaled_and_that_is_told) {
    const outcome scaled = read(row(std::vector<double>{-1, 0, 1, 3}));
    BOOST_TEST(scaled.pixels == (values{0, 63, 127, 255}), boost::test_tools::per_element());
    BOOST_TEST(scaled.remark.find("values, -1.0 to 3.0,") != std::string::npos);
    BOOST_TEST(
        read(row(std::vector<double>{1e-10, 1e300})).remark.find("values, 1e-10 to 1e+300,") !=
        std::string::npos);
    BOOST_TEST(read(row(std::vector<float>{2, 2})).pixels == (values{0, 0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_no_colour_stands_for_is_refused) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr double largest = (std::numeric_limits<double>::max)();
    is_refused(std::vector<std::vector<double>>{{0, 1}, {2, nan}}, "NaN in row 1, column 1");
    is_refused(mlscribe::array<float>{{1, 2, 3}, {0, 0, 0, 0, -infinity, 0}},
               "an infinity in row 0, column 1");
    is_refused(row(std::vector<double>{-largest, largest}), "too far apart");
    is_refused(row(std::vector<int>{0, 256}), "integers 0 to 256");
    is_refused(row(std::vector<std::int8_t>{-1, 127}), "integers -1 to 127");
    is_refused(row(std::vector<std::uint64_t>{UINT64_MAX}), "integers 18446744073709551615 to");
}

BOOST_AUTO_TEST_CASE(what_is_no_picture_is_refused) {
    is_refused(std::vector<int>{1, 2}, "shape (2,) is no picture");
    is_refused(mlscribe::array<int>{{1, 1, 1, 1}, {1}}, "shape (1, 1, 1, 1) is no picture");
    is_refused(mlscribe::array<int>{{0, 3}, {}}, "it has 3 x 0 pixels");
    is_refused(mlscribe::array<int>{{3, 0}, {}}, "it has 0 x 3 pixels");
    is_refused(mlscribe::array<int>{{2, 2, 2}, std::vector<int>(8)}, "2 channels");
    is_refused(mlscribe::array<int>{{2, 2}, {1, 2, 3}}, "not as many values");
    is_refused(std::vector<std::vector<int>>{{1, 2}, {3}}, "parts of other shapes");
    const std::uint8_t one = 0;
    is_refused(mlscribe::array_view<std::uint8_t>{&one, {SIZE_MAX, SIZE_MAX}}, "1000000");
    is_refused(mlscribe::array_view<std::uint8_t>{&one, {1000000, 1000000}}, "2 GiB");
}

BOOST_AUTO_TEST_CASE(a_view_whose_numbers_do_not_agree_is_refused) {
    const std::uint8_t pixels[24] = {};
    BOOST_TEST(read(image_view{pixels, 4, 2, 3}).failure.message == "");
    BOOST_TEST(read(image_view{pixels, 2, 2, 3, 8}).failure.message == "");
    is_refused(image_view{pixels, 2, 2, 3, 5}, "overlap at a stride of 5");
    is_refused(image_view{pixels, 2, 2, 3, -8}, "overlap at a stride of -8");
    is_refused(image_view{pixels, 2, 2, 0}, "0 channels");
    is_refused(image_view{pixels, -1, 2, 3}, "-1 x 2 pixels");
    is_refused(image_view{pixels, 1, 0, 3}, "1 x 0 pixels");
    is_refused(image_view{pixels, INT64_MAX, 1, 4}, "1000000");
    is_refused(image_view{pixels, 2, 2, 3, INT64_MAX}, "2 GiB");
    is_refused(image_view{nullptr, 2, 2, 3}, "null");
}

BOOST_AUTO_TEST_SUITE_END()
