// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/image/image_name.hpp>

#include <cstdint>
#include <optional>
#include <string>

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::timestamp;
using mlscribe::detail::check_image_path;
using mlscribe::detail::check_step;

namespace {

std::string stem(const std::string& key, std::int64_t step, std::optional<timestamp> at) {
    std::string made;
    BOOST_TEST(mlscribe::detail::make_image_stem(key, check_step(step), at, made).message == "");
    return made;
}

template <class Step>
void is_refused(const std::string& key, Step step, std::optional<timestamp> at, error_code code,
                const std::string& why) {
    std::string made;
    const error failure = mlscribe::detail::make_image_stem(key, check_step(step), at, made);
    BOOST_TEST((failure.code == code));
    BOOST_TEST_INFO(failure.message);
    BOOST_TEST(failure.message.find(why) != std::string::npos);
    BOOST_TEST(made == "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_image_name)

BOOST_AUTO_TEST_CASE(a_name_holds_key_step_time_and_a_uuid) {
    const std::string first = stem("val/a b-1.2_x", 7, timestamp{1700000000123});
    const std::string begin = "images/val~a b-1.2_x+step+7+timestamp+1700000000123+";
    BOOST_TEST(first.substr(0, begin.size()) == begin);
    const std::string uuid = first.substr(begin.size());
    BOOST_TEST_INFO(uuid);
    BOOST_REQUIRE(uuid.size() == 36u);
    for (std::size_t i = 0; i != uuid.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        BOOST_TEST((uuid[i] == '-') == hyphen);
    }
    BOOST_TEST(uuid[14] == '4');
    BOOST_TEST(stem("val/a b-1.2_x", 7, timestamp{1700000000123}) != first);
    BOOST_TEST(stem("a", 0, {}).find("+timestamp+1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_grid_could_not_read_is_refused) {
    is_refused("", 0, {}, error_code::invalid_key, "must not be empty");
    is_refused("a+b", 0, {}, error_code::invalid_key, "'+' is not allowed");
    is_refused("a%b", 0, {}, error_code::invalid_key, "'%' is not allowed");
    is_refused("a\n", 0, {}, error_code::invalid_key, "'\\n' is not allowed");
    is_refused("gr\xC3\xBC\xC3\x9F", 0, {}, error_code::invalid_key,
               "'\xC3\xBC' is not allowed by MLflow in the keys of pictures");
    is_refused("bad\xFF", 0, {}, error_code::invalid_key, "'\\xFF'");
    is_refused("a", -1, {}, error_code::invalid_value, "a step is from 0 to 2^63-1");
    is_refused("a", UINT64_MAX, {}, error_code::invalid_value, "a step is from 0 to 2^63-1");
    is_refused("a", 0, timestamp{-1}, error_code::invalid_value, "a time stamp is 0 or more");
}

BOOST_AUTO_TEST_CASE(the_longest_key_gives_a_name_that_file_systems_take) {
    const timestamp at{1700000000123};
    const std::string longest(255 - 83, 'k');
    const std::string name = stem(longest, 1, at).substr(7) + "+compressed.png";
    BOOST_TEST(name.size() == 255u);
    is_refused(longest + "kk", 1, at, error_code::invalid_key, "2 characters too long");
}

BOOST_AUTO_TEST_CASE(a_path_ends_in_png_stays_below_artifacts_and_out_of_the_grid) {
    const auto tells = [](const std::string& path, const std::string& why) {
        const error failure = check_image_path(path);
        BOOST_TEST_INFO(failure.message);
        BOOST_TEST((failure.code == error_code::invalid_path));
        BOOST_TEST(failure.message.find(why) != std::string::npos);
    };
    for (const char* path : {"a.png", "samples/a.png", "images/deep/a.png", "more/images/a.png"}) {
        BOOST_TEST(check_image_path(path).message == "");
    }
    tells("samples/a", "ends in \".png\"; with a step");
    tells("a.jpg", "ends in \".png\"");
    tells(".png", "ends in \".png\"");
    tells("", "ends in \".png\"");
    tells("../a.png", "'..'");
    tells("/a.png", "relative");
    tells("images/a.png", "use another folder");
}

BOOST_AUTO_TEST_SUITE_END()
