// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/remarks.hpp>

#include <string>

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::reference;
using mlscribe::detail::remark;
using mlscribe::detail::remarks;

namespace {

/// What is news, as "tag=text;".
std::string told(remarks& all, const std::string& refused = {}) {
    std::string text;
    const error failure = all.tell([&](const std::string& tag, const std::string& value) {
        if (tag == refused) return error{error_code::system, 28, tag};
        text += tag + '=' + value + ';';
        return error{};
    });
    return failure ? text + '!' + failure.message : text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_remarks)

BOOST_AUTO_TEST_CASE(only_what_is_news_is_told) {
    remarks all;
    const reference<remark> nans = all.open("nans");
    const reference<remark> partial = all.open("partial");
    BOOST_TEST(all.open("nans").get() == nans.get());
    BOOST_TEST(told(all).empty());
    nans->add(2);
    nans->add(3);
    BOOST_TEST(told(all) == "nans=5;");
    BOOST_TEST(told(all).empty());
    partial->set(0);
    nans->add(1);
    BOOST_TEST(told(all) == "nans=6;partial=0;");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_told_is_told_later) {
    remarks all;
    all.open("first")->set(1);
    all.open("second")->set(2);
    BOOST_TEST(told(all, "first") == "second=2;!first");
    BOOST_TEST(told(all) == "first=1;");
}

BOOST_AUTO_TEST_SUITE_END()
