// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/reflect/document_of.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

enum class activation { relu, tanh };

struct layer {
    int units = 8;
    activation act = activation::tanh;
};
MLSCRIBE_DESCRIBE(layer, units, act)

struct hook {
    int value = 0;
};
std::string to_param_text(const hook& from) {
    return "hook " + std::to_string(from.value);
}

struct options {
    double rate = 0.001;
    float small = 1e-3f;
    bool fast = true;
    std::string name = "a\"b";
    const char* none = nullptr;
    char buffer[4] = {'a', 'b', '\0', 'c'};
    std::optional<layer> maybe;
    std::optional<int> given = 3;
    std::vector<layer> layers = {layer{}, layer{16, activation::relu}};
    std::array<int, 2> sizes = {{1, 2}};
    std::map<std::string, std::vector<int>> lists = {{"empty", {}}, {"one", {1}}};
    std::variant<std::monostate, int, layer> choice = layer{1, activation::relu};
    std::pair<int, std::string> both = {1, "x"};
    std::chrono::milliseconds wait{250};
    hook own = {7};
    std::uint64_t most = (std::numeric_limits<std::uint64_t>::max)();
    char letter = 'c';
    unsigned char byte = 200;
    std::vector<bool> flags = {true, false};
};
MLSCRIBE_DESCRIBE(options, rate, small, fast, name, none, buffer, maybe, given, layers, sizes,
                  lists, choice, both, wait, own, most, letter, byte, flags)

struct tree {
    int value = 0;
    std::vector<tree> children = {};
};
MLSCRIBE_DESCRIBE(tree, value, children)

template <class T>
std::string json(const T& value) {
    std::string text = json_text(mlscribe::document_of(value));
    std::string line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\n' && (text[i] != ' ' || (i != 0 && text[i - 1] == ':'))) line += text[i];
    }
    return line;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reflect_document_of)

BOOST_AUTO_TEST_CASE(a_struct_keeps_its_shape) {
    BOOST_TEST(
        json(options{}) ==
        "{\"rate\": 0.001,\"small\": 0.001,\"fast\": true,\"name\": \"a\\\"b\",\"none\": null,"
        "\"buffer\": \"ab\",\"maybe\": null,\"given\": 3,\"layers\": "
        "[{\"units\": 8,\"act\": \"tanh\"},{\"units\": 16,\"act\": \"relu\"}],\"sizes\": [1,2],"
        "\"lists\": {\"empty\": [],\"one\": [1]},\"choice\": {\"units\": 1,\"act\": \"relu\"},"
        "\"both\": [1,\"x\"],\"wait\": \"250ms\",\"own\": \"hook7\","
        "\"most\": 18446744073709551615,\"letter\": \"c\",\"byte\": 200,"
        "\"flags\": [true,false]}");
}

BOOST_AUTO_TEST_CASE(maps_and_lists_at_the_top) {
    BOOST_TEST(json(std::map<std::string, double>{}) == "{}");
    BOOST_TEST(json(std::vector<int>{}) == "[]");
    BOOST_TEST(json(std::vector<std::pair<std::string, int>>{{"b", 1}, {"a", 2}, {"b", 3}}) ==
               "{\"b\": 3,\"a\": 2}");
    BOOST_TEST(json(std::unordered_map<std::string, int>{{"x", 1}}) == "{\"x\": 1}");
    BOOST_TEST(json(5) == "5");
}

BOOST_AUTO_TEST_CASE(keys_keep_their_kind) {
    using kind = mlscribe::document::kind;
    const auto kind_of = [](const mlscribe::document& map) { return map.entries.at(0).key.type; };
    BOOST_TEST((kind_of(mlscribe::document_of(std::map<int, int>{{1, 2}})) == kind::integer));
    BOOST_TEST((kind_of(mlscribe::document_of(std::map<double, int>{{1, 2}})) == kind::real));
    BOOST_TEST((kind_of(mlscribe::document_of(std::map<bool, int>{{true, 2}})) == kind::boolean));
    BOOST_TEST(json(std::map<activation, int>{{activation::tanh, 1}}) == "{\"tanh\": 1}");
    BOOST_TEST(json(std::map<std::pair<int, int>, int>{{{1, 2}, 3}}) == "{\"(1,2)\": 3}");
}

BOOST_AUTO_TEST_CASE(types_that_hold_themselves) {
    BOOST_TEST(json(tree{1, {tree{2, {}}, tree{3, {tree{4, {}}}}}}) ==
               "{\"value\": 1,\"children\": [{\"value\": 2,\"children\": []},{\"value\": "
               "3,\"children\": [{\"value\": 4,\"children\": []}]}]}");
}

BOOST_AUTO_TEST_CASE(a_document_is_itself) {
    mlscribe::document made = mlscribe::document_of(std::map<std::string, int>{{"a", 1}});
    BOOST_TEST(json(made) == "{\"a\": 1}");
    BOOST_TEST(json(std::vector<mlscribe::document>{made, made}) == "[{\"a\": 1},{\"a\": 1}]");
}

#if MLSCRIBE_HAS_AGGREGATES
namespace {
struct plain_inner {
    int units = 1;
};
struct plain_outer {
    double rate = 0.5;
    std::vector<plain_inner> layers = {{}, {}};
};
}  // namespace

BOOST_AUTO_TEST_CASE(plain_aggregates_without_a_macro) {
    BOOST_TEST(json(plain_outer{}) ==
               "{\"rate\": 0.5,\"layers\": [{\"units\": 1},{\"units\": 1}]}");
}
#endif

BOOST_AUTO_TEST_SUITE_END()
