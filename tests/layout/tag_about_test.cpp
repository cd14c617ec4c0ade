// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/layout/tag_about.hpp>

#include <string>

using mlscribe::key_kind;
using mlscribe::key_problem;
using mlscribe::detail::tag_about;

BOOST_AUTO_TEST_SUITE(layout_tag_about)

BOOST_AUTO_TEST_CASE(names_its_subject_and_the_key) {
    BOOST_TEST(tag_about("thinned_points", "loss") == "mlscribe.thinned_points.loss");
    BOOST_TEST(tag_about("key", "train/loss") == "mlscribe.key.train/loss");
}

BOOST_AUTO_TEST_CASE(is_a_legal_key_for_the_longest_metric) {
    const std::string one = tag_about("thinned_points", std::string(250, 'a'));
    BOOST_TEST(!key_problem(key_kind::tag, one));
    BOOST_TEST(one == tag_about("thinned_points", std::string(250, 'a')));
    BOOST_TEST(one != tag_about("thinned_points", std::string(249, 'a') + 'b'));
}

BOOST_AUTO_TEST_SUITE_END()
