// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/shape.hpp>

#include <array>
#include <boost/filesystem/path.hpp>
#include <boost/optional.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace shapes = mlscribe::detail;

namespace shaped {

struct hooked {};
std::string to_param_text(const hooked&);
struct hooked_with_view {};
std::string_view to_param_text(const hooked_with_view&);
struct wrongly_hooked {};
int to_param_text(const wrongly_hooked&);

struct empty {};

}  // namespace shaped

BOOST_AUTO_TEST_SUITE(reflect_shape)

BOOST_AUTO_TEST_CASE(hooks) {
    static_assert(shapes::has_param_text_hook_v<shaped::hooked>);
    static_assert(shapes::has_param_text_hook_v<shaped::hooked_with_view>);
    static_assert(!shapes::has_param_text_hook_v<shaped::wrongly_hooked>);
    static_assert(!shapes::has_param_text_hook_v<shaped::empty>);
    static_assert(!shapes::has_param_text_hook_v<int>);
    static_assert(!shapes::has_param_text_hook_v<std::string>);
}

BOOST_AUTO_TEST_CASE(texts_and_paths) {
    static_assert(shapes::is_string_like_v<std::string>);
    static_assert(shapes::is_string_like_v<std::string_view>);
    static_assert(shapes::is_string_like_v<const char*>);
    static_assert(!shapes::is_string_like_v<std::wstring>);
    static_assert(!shapes::is_string_like_v<std::vector<char>>);
    static_assert(!shapes::is_string_like_v<std::filesystem::path>);
    static_assert(shapes::is_path_like_v<std::filesystem::path>);
    static_assert(shapes::is_path_like_v<boost::filesystem::path>);
    static_assert(!shapes::is_path_like_v<std::string>);
}

BOOST_AUTO_TEST_CASE(durations) {
    static_assert(shapes::is_duration_v<std::chrono::milliseconds>);
    static_assert(shapes::is_duration_v<std::chrono::duration<double, std::ratio<2, 7>>>);
    static_assert(!shapes::is_duration_v<std::chrono::system_clock::time_point>);
    static_assert(!shapes::is_duration_v<std::chrono::system_clock>);
    static_assert(!shapes::is_duration_v<int>);
}

BOOST_AUTO_TEST_CASE(optionals_and_variants) {
    static_assert(shapes::is_optional_like_v<std::optional<int>>);
    static_assert(shapes::is_optional_like_v<boost::optional<int>>);
    static_assert(!shapes::is_optional_like_v<std::unique_ptr<int>>);
    static_assert(!shapes::is_optional_like_v<std::vector<int>::iterator>);
    static_assert(!shapes::is_optional_like_v<int*>);
    static_assert(shapes::is_variant_like_v<std::variant<int, double>>);
    static_assert(!shapes::is_variant_like_v<std::optional<int>>);
}

BOOST_AUTO_TEST_CASE(ranges_maps_and_pairs) {
    static_assert(shapes::is_range_v<std::vector<int>>);
    static_assert(shapes::is_range_v<std::array<int, 2>>);
    static_assert(shapes::is_range_v<int[2]>);
    static_assert(shapes::is_range_v<std::set<int>>);
    static_assert(!shapes::is_range_v<int*>);
    static_assert(!shapes::is_range_v<std::pair<int, int>>);
    static_assert(std::is_same_v<shapes::range_value_t<std::vector<bool>>, bool>);
    static_assert(std::is_same_v<shapes::range_value_t<int[2][3]>, int[3]>);

    static_assert(shapes::is_pair_v<std::pair<int, int>>);
    static_assert(!shapes::is_pair_v<std::array<int, 2>>);

    static_assert(shapes::is_map_like_v<std::map<std::string, int>>);
    static_assert(shapes::is_map_like_v<std::unordered_map<std::string_view, int>>);
    static_assert(shapes::is_map_like_v<std::vector<std::pair<std::string, int>>>);
    static_assert(!shapes::is_map_like_v<std::map<int, int>>);
    static_assert(!shapes::is_map_like_v<std::vector<std::string>>);
    static_assert(!shapes::is_map_like_v<int>);
    static_assert(shapes::has_mapped_type_v<std::map<int, int>>);
    static_assert(!shapes::has_mapped_type_v<std::set<int>>);
}

BOOST_AUTO_TEST_CASE(only_monostate_is_nothing) {
    static_assert(shapes::is_monostate_v<std::monostate>);
    static_assert(!shapes::is_monostate_v<shaped::empty>);
    static_assert(!shapes::is_monostate_v<std::less<int>>);
    static_assert(!shapes::is_monostate_v<int>);
    static_assert(!shapes::is_monostate_v<std::optional<int>>);
}

BOOST_AUTO_TEST_SUITE_END()
