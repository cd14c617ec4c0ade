// SPDX-License-Identifier: MIT
#include <mlscribe/reflect/identifier.hpp>
#include <mlscribe/reflect/member_names.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

using mlscribe::detail::last_identifier;
using mlscribe::detail::member_names;

namespace {

std::string all(member_names names) {
    std::string joined;
    for (std::string_view name = names.next(); !name.empty(); name = names.next()) {
        joined.append(name) += '|';
    }
    return joined;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reflect_member_names)

BOOST_AUTO_TEST_CASE(a_list_that_the_preprocessor_spelled) {
    BOOST_TEST(all(member_names::listed("rate")) == "rate|");
    BOOST_TEST(all(member_names::listed("rate, layers, amp")) == "rate|layers|amp|");
    BOOST_TEST(all(member_names::listed("rate,layers ,\tamp ")) == "rate|layers|amp|");
    BOOST_TEST(all(member_names::listed("base::rate, ns::base ::layers")) == "rate|layers|");
    BOOST_TEST(all(member_names::listed("rate_, m2, _x, größe")) == "rate_|m2|_x|größe|");
    BOOST_TEST(all(member_names::listed("")).empty());
}

BOOST_AUTO_TEST_CASE(counted_as_the_compiler_does) {
    using mlscribe::detail::count_listed;
    static_assert(count_listed("rate") == 1);
    static_assert(count_listed("rate, base::layers,amp") == 3);
}

BOOST_AUTO_TEST_CASE(behind_the_last_name_there_are_empty_ones) {
    member_names names = member_names::listed("a");
    BOOST_TEST(names.next() == "a");
    BOOST_TEST(names.next().empty());
    BOOST_TEST(names.next().empty());
}

BOOST_AUTO_TEST_CASE(identifiers_at_the_end_of_a_text) {
    BOOST_TEST(last_identifier("ns::scope::name") == "name");
    BOOST_TEST(last_identifier("name") == "name");
    BOOST_TEST(last_identifier("&specimen<int>.value.rate2") == "rate2");
    BOOST_TEST(last_identifier("(ns::scope)12").empty());
    BOOST_TEST(last_identifier("-1").empty());
    BOOST_TEST(last_identifier("f()").empty());
    BOOST_TEST(last_identifier("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
