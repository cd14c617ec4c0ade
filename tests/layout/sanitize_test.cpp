// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <mlscribe/layout/sanitize.hpp>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seed.hpp"

using mlscribe::key_kind;
using mlscribe::key_problem;
using mlscribe::sanitized_key;
using namespace std::string_literals;

namespace {

/// Undoes the mapping of a key that was not shortened.
std::string restored(std::string_view mapped) {
    if (mapped == "_x_") return "";
    std::string out;
    while (!mapped.empty()) {
        std::size_t end = 2;
        if (mapped.substr(0, 2) == "_x") {
            while (end < mapped.size() && std::string_view("0123456789ABCDEF").find(mapped[end]) !=
                                              std::string_view::npos) {
                ++end;
            }
            if (end < mapped.size() && mapped[end] == '_') {
                const std::string digits(mapped.substr(2, end - 2));
                const auto value = std::strtoul(digits.c_str(), nullptr, 16);
                if (digits.size() == 3 && digits[0] == '0') {
                    out += static_cast<char>(static_cast<unsigned char>(value));
                } else {
                    mlscribe::utf8::append(out, static_cast<char32_t>(value));
                }
                mapped.remove_prefix(end + 1);
                continue;
            }
        }
        out += mapped[0];
        mapped.remove_prefix(1);
    }
    return out;
}

/// Sorts (mapped, input) and reports inputs that differ and are mapped alike.
void check_distinct(std::vector<std::pair<std::string, std::string>>& seen) {
    std::sort(seen.begin(), seen.end());
    for (std::size_t i = 1; i < seen.size(); ++i) {
        if (seen[i - 1].first != seen[i].first || seen[i - 1].second == seen[i].second) continue;
        BOOST_ERROR("\"" << mlscribe::detail::shown(seen[i - 1].second) << "\" and \""
                         << mlscribe::detail::shown(seen[i].second) << "\" both become \""
                         << seen[i].first << '"');
        return;
    }
}

void check_legal(const std::string& input, const std::string& mapped) {
    for (const key_kind kind : {key_kind::metric, key_kind::param, key_kind::tag}) {
        if (const auto problem = key_problem(kind, mapped)) {
            BOOST_ERROR("from \"" << mlscribe::detail::shown(input) << "\": " << *problem);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_sanitize)

BOOST_AUTO_TEST_CASE(table) {
    const std::pair<std::string, std::string> cases[] = {
        {"loss", "loss"},
        {"train/loss: top-1 .5", "train/loss: top-1 .5"},
        {"gr\xC3\xB6\xC3\x9F"
         "e",
         "gr\xC3\xB6\xC3\x9F"
         "e"},
        {"_", "_"},
        {"__", "__"},
        {"_x", "_x"},
        {"_xAB", "_xAB"},
        {"a_xab_", "a_xab_"},  // small letters are no escape
        {"a_max_b", "a_max_b"},
        {"recall@5", "recall_x40_5"},
        {"lr(enc)", "lr_x28_enc_x29_"},
        {"acc%", "acc_x25_"},
        {"loss\n", "loss_xA_"},
        {"a\0b"s, "a_x0_b"},
        {"caf\xE9", "caf_x0E9_"},
        {"\xFC", "_x0FC_"},
        {"\xC2\xAB", "_xAB_"},
        {"\xE0\xAF\xBD", "_xBFD_"},  // U+0BFD is no letter
        {"\xF0\x9F\x98\x80", "_x1F600_"},
        {"e\xCC\x81", "e_x301_"},
        {"\xF0\x9F\x98", "_x0F0__x09F__x098_"},
        {"", "_x_"},
        {"_x_", "_x5F_x_"},
        {"_x40_", "_x5F_x40_"},
        {"__x40_", "__x5F_x40_"},
        {"_x@", "_x5F_x_x40_"},
        {"_xAB@", "_x5F_xAB_x40_"},
        {"_xAB/", "_x5F_xAB_x2F_"},
        {"_xAB/c", "_xAB/c"},
        {"/", "_x2F_"},
        {"/a", "_x2F_a"},
        {"a/", "a_x2F_"},
        {"a//b", "a/_x2F_b"},
        {"a///b", "a/_x2F__x2F_b"},
        {"a//", "a/_x2F_"},
        {".", "_x2E_"},
        {"..", "_x2E_."},
        {"..a", "_x2E_.a"},
        {"../a", "_x2E_./a"},
        {"./a", "_x2E_/a"},
        {"a/../b", "a/_x2E_./b"},
        {"a/.", "a/_x2E_"},
        {"a/..b", "a/..b"},
        {".hidden", ".hidden"},
        {"h0123456789abcdef_", "h0123456789abcdef_"},
        {"_h0123456789abcdef_", "_h0123456789abcdef_x5F_"},
        {"@h0123456789abcdef_", "_x40_h0123456789abcdef_x5F_"},
        {"_h0123456789abcdef_z", "_h0123456789abcdef_z"},
        {"_h0123456789ABCDEF_", "_h0123456789ABCDEF_"},
    };
    for (const auto& [input, expected] : cases) {
        BOOST_TEST(sanitized_key(input) == expected);
        BOOST_TEST(restored(expected) == input);
        check_legal(input, expected);
    }
}

BOOST_AUTO_TEST_CASE(shortens_what_is_too_long) {
    const std::string x250(250, 'x');
    BOOST_TEST(sanitized_key(x250) == x250);
    const std::string cut = sanitized_key(x250 + "x");
    BOOST_TEST(cut.size() == 250u);
    BOOST_TEST(cut.substr(0, 233) == std::string(231, 'x') + "_h");
    BOOST_TEST(cut.back() == '_');
    check_legal("", cut);
    BOOST_TEST(sanitized_key(x250 + "y") != cut);
    // The shortened key, used as a key, must not meet the text that it stands for.
    BOOST_TEST(sanitized_key(cut) != cut);
    check_legal("", sanitized_key(cut));

    std::string wide;
    for (int i = 0; i < 128; ++i) wide += "\xC3\xBC";
    for (const std::string& key : {wide, "a/" + wide, wide + "/loss", std::string(1000000, '@'),
                                   "_x" + std::string(1000000, '0'), std::string(1000, '/'),
                                   std::string(1000, '.'), std::string(1000, '\xFF')}) {
        const std::string mapped = sanitized_key(key);
        check_legal("", mapped);
        BOOST_TEST(mapped.substr(mapped.size() - 19, 2) == "_h");
    }
    BOOST_TEST(sanitized_key("a/" + wide).substr(0, 2) == "a/");
}

BOOST_AUTO_TEST_CASE(a_cut_inside_an_escape_meets_nobody) {
    // "…_x40" + ending against "…@" followed by the text of that ending.
    const std::string front(227, 'a');
    const std::string cut = sanitized_key(front + "_x40" + std::string(50, 'z'));
    BOOST_TEST_REQUIRE(cut.substr(0, 233) == front + "_x40_h");
    const std::string rival = front + "@" + cut.substr(232);
    BOOST_TEST(sanitized_key(rival) != cut);
}

BOOST_AUTO_TEST_CASE(every_short_text_over_the_nastiest_bytes) {
    const std::string alphabet = "_x4A@/.";
    std::vector<std::pair<std::string, std::string>> seen;
    std::vector<std::string> inputs{""};
    for (std::size_t i = 0; i < inputs.size() && inputs[i].size() < 6; ++i) {
        for (const char c : alphabet) inputs.push_back(inputs[i] + c);
    }
    for (const std::string& input : inputs) {
        const std::string mapped = sanitized_key(input);
        check_legal(input, mapped);
        if (restored(mapped) != input)
            BOOST_ERROR("\"" << input << "\" became \"" << mapped << '"');
        if (!key_problem(key_kind::tag, input) && input.find("_x") == std::string::npos &&
            mapped != input) {
            BOOST_ERROR("legal \"" << input << "\" became \"" << mapped << '"');
        }
        seen.emplace_back(mapped, input);
    }
    BOOST_TEST(seen.size() == 137257u);
    check_distinct(seen);
}

BOOST_AUTO_TEST_CASE(random_bytes_stay_legal_and_distinct) {
    std::mt19937 random(test::seed(1));
    const std::string alphabet[] = {"_",
                                    "_x",
                                    "x",
                                    "5F",
                                    "_x5F_",
                                    "0",
                                    "A",
                                    "F",
                                    "FC",
                                    "/",
                                    "//",
                                    ".",
                                    "..",
                                    "@",
                                    "\n",
                                    "\0"s,
                                    " ",
                                    ":",
                                    "a",
                                    "h",
                                    "_h0123456789abcdef_",
                                    "\xFC",
                                    "\xC3",
                                    "\xC3\xBC",
                                    "\x80",
                                    "\xE6\x90",
                                    "\xE6\x90\x8D",
                                    "\xED\xA0\x80",
                                    "\xF0\x9F\x98\x80",
                                    "\xEF\xBF\xBD",
                                    "_x0FC_",
                                    "_xFC_",
                                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    std::vector<std::pair<std::string, std::string>> seen;
    for (int i = 0; i < 200000; ++i) {
        std::string input;
        for (std::size_t parts = below(i % 10 == 0 ? 60 : 9); parts != 0; --parts) {
            input += alphabet[below(std::size(alphabet))];
        }
        std::string mapped = sanitized_key(input);
        check_legal(input, mapped);
        seen.emplace_back(std::move(mapped), std::move(input));
    }
    check_distinct(seen);
}

BOOST_AUTO_TEST_SUITE_END()
