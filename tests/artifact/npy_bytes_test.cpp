// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/npy_bytes.hpp>
#include <mlscribe/artifact/read_npy.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <string>
#include <vector>

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::npy_bytes;
using mlscribe::detail::read_npy;

namespace {

using lengths = std::vector<std::size_t>;

/// Has what array_like.hpp looks for in a matrix of Eigen; its values lie column by column.
template <int Columns>
struct matrix {
    using Scalar = float;
    enum { IsVectorAtCompileTime = Columns == 1 };

    std::ptrdiff_t rows_made;
    std::ptrdiff_t columns_made;
    std::vector<float> values;

    std::ptrdiff_t rows() const { return rows_made; }
    std::ptrdiff_t cols() const { return columns_made; }
    float operator()(std::ptrdiff_t row, std::ptrdiff_t column) const {
        return values[static_cast<std::size_t>(column * rows_made + row)];
    }
};

template <class Array>
std::string bytes_of(const Array& array) {
    std::string bytes;
    BOOST_TEST(npy_bytes(array, bytes).message == "");
    return bytes;
}

template <class T>
mlscribe::array<T> read(const std::string& bytes) {
    mlscribe::array<T> result;
    BOOST_TEST(read_npy(bytes, result).message == "");
    return result;
}

template <class Array, class T>
void survives(const Array& array, const lengths& shape, const std::vector<T>& values) {
    const mlscribe::array<T> back = read<T>(bytes_of(array));
    BOOST_TEST(back.shape == shape, boost::test_tools::per_element());
    BOOST_TEST((back.values == values));
}

/// A file of two-byte values in any order.
std::string file(const std::string& type, const std::string& order, const std::string& shape,
                 const std::string& values) {
    const std::string header =
        "{'descr':'" + type + "','fortran_order':" + order + ",'shape':" + shape + "}";
    std::string bytes("\x93NUMPY\x01\0", 8);
    bytes += static_cast<char>(header.size());
    bytes += '\0';
    return bytes + header + values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_npy_bytes)

BOOST_AUTO_TEST_CASE(everything_that_is_an_array_of_numbers_comes_back) {
    survives(std::vector<double>{1.5, -2, 3}, {3}, std::vector<double>{1.5, -2, 3});
    survives(std::vector<bool>{true, false, true}, {3}, std::vector<bool>{true, false, true});
    survives(std::list<std::uint64_t>{UINT64_MAX, 0}, {2},
             std::vector<std::uint64_t>{UINT64_MAX, 0});
    survives(std::array<signed char, 2>{{-128, 127}}, {2}, std::vector<std::int8_t>{-128, 127});
    const int nested[2][3] = {{1, 2, 3}, {4, 5, 6}};
    survives(nested, {2, 3}, std::vector<int>{1, 2, 3, 4, 5, 6});
    survives(std::vector<std::array<float, 2>>{{{1, 2}}, {{3, 4}}}, {2, 2},
             std::vector<float>{1, 2, 3, 4});
    survives(std::vector<std::vector<bool>>{{true}, {false}}, {2, 1},
             std::vector<bool>{true, false});
    survives(std::vector<std::vector<std::vector<short>>>{}, {0, 0, 0}, std::vector<short>{});
    survives(mlscribe::array<long>{{2, 1, 2}, {1, 2, 3, 4}}, {2, 1, 2},
             std::vector<long>{1, 2, 3, 4});
    survives(mlscribe::array<double>{{}, {4}}, {}, std::vector<double>{4});
    survives(mlscribe::array<bool>{{1, 2}, {true, false}}, {1, 2}, std::vector<bool>{true, false});
    const double far_away[] = {1, 2, 3, 4};
    survives(mlscribe::array_view<double>{far_away, {2, 2}}, {2, 2},
             std::vector<double>{1, 2, 3, 4});
    survives(mlscribe::array_view<double>{nullptr, {0, 2}}, {0, 2}, std::vector<double>{});
}

BOOST_AUTO_TEST_CASE(a_matrix_is_written_row_by_row_whatever_its_order) {
    const matrix<3> wide{2, 3, {1, 4, 2, 5, 3, 6}};
    survives(wide, {2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
    survives(matrix<1>{3, 1, {1, 2, 3}}, {3}, std::vector<float>{1, 2, 3});
    survives(std::vector<matrix<3>>{wide, wide}, {2, 2, 3},
             std::vector<float>{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6});
    survives(matrix<3>{0, 3, {}}, {0, 3}, std::vector<float>{});
}

BOOST_AUTO_TEST_CASE(parts_that_differ_are_refused) {
    const auto refused = [](const auto& array) {
        std::string bytes = "before";
        const error failure = npy_bytes(array, bytes);
        BOOST_TEST((failure.code == error_code::invalid_value));
        BOOST_TEST(failure.message.find("array of shape (") == 0u, failure.message);
        BOOST_TEST(bytes == "");
    };
    refused(std::vector<std::vector<int>>{{1, 2}, {3}});
    refused(mlscribe::array<int>{{std::size_t{1} << 50}, {1}});
    refused(std::vector<std::vector<int>>{{}, {3}});
    refused(std::vector<std::vector<std::vector<int>>>{{{1}, {2}}, {{3}}});
    refused(std::vector<matrix<3>>{{1, 3, {1, 2, 3}}, {1, 2, {1, 2}}});
    refused(mlscribe::array<int>{{2, 2}, {1, 2, 3}});
    refused(mlscribe::array<int>{{SIZE_MAX, SIZE_MAX}, {1}});
    refused(mlscribe::array<int>{lengths(65, 1), {1}});
    refused(std::vector<mlscribe::array<int>>{{{1}, {1}}, {{1, 1}, {1}}});
    refused(std::vector<mlscribe::array<int>>{{{1}, {1}}, {{}, {1}}});
}

BOOST_AUTO_TEST_CASE(both_orders_of_bytes_and_of_indices_are_read) {
    const std::string little("\1\0\2\0\3\0\4\0\5\0\6\0", 12);
    std::string big = little;
    for (std::size_t i = 0; i < big.size(); i += 2) std::swap(big[i], big[i + 1]);
    const std::vector<int> rows = {1, 2, 3, 4, 5, 6};
    const std::vector<int> columns = {1, 3, 5, 2, 4, 6};
    for (const bool is_big : {false, true}) {
        const std::string type = is_big ? ">i2" : "<i2";
        const std::string& values = is_big ? big : little;
        BOOST_TEST(read<int>(file(type, "False", "(2,3)", values)).values == rows,
                   boost::test_tools::per_element());
        BOOST_TEST(read<int>(file(type, "True", "(2,3)", values)).values == columns,
                   boost::test_tools::per_element());
        const std::vector<int> deep = {1, 3, 5, 2, 4, 6};
        BOOST_TEST(read<int>(file(type, "True", "(2,1,3)", values)).values == deep,
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(numbers_become_wider_and_are_never_changed) {
    const std::string bytes = bytes_of(std::vector<float>{0.1f, -3});
    BOOST_TEST(read<double>(bytes).values == (std::vector<double>{0.1f, -3}),
               boost::test_tools::per_element());
    BOOST_TEST(read<double>(bytes_of(std::vector<int>{INT32_MIN})).values[0] == INT32_MIN);
    BOOST_TEST(read<std::int64_t>(bytes_of(std::vector<unsigned>{UINT32_MAX})).values[0] ==
               std::int64_t{UINT32_MAX});
    BOOST_TEST(read<float>(bytes_of(std::vector<bool>{true})).values[0] == 1);
    const auto refused = [](auto from, auto to, const std::string& names) {
        mlscribe::array<decltype(to)> result;
        result.shape = {7};
        const error failure = read_npy(bytes_of(std::vector<decltype(from)>{from}), result);
        BOOST_TEST((failure.code == error_code::invalid_value));
        BOOST_TEST(failure.message.find(names) != std::string::npos, failure.message);
        BOOST_TEST(result.shape.size() == 1u);
    };
    refused(double{}, float{}, "float64, which float32");
    refused(std::int64_t{}, double{}, "int64, which float64");
    refused(std::int32_t{}, float{}, "int32, which float32");
    refused(std::uint32_t{}, std::int32_t{}, "uint32, which int32");
    refused(std::int8_t{}, std::uint64_t{}, "int8, which uint64");
    refused(float{}, std::int64_t{}, "float32, which int64");
    refused(std::uint8_t{}, bool{}, "uint8, which bool");
}

BOOST_AUTO_TEST_SUITE_END()
