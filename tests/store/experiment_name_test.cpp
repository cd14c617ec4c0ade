// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/experiment_name.hpp>

#include <set>
#include <string>

using mlscribe::error_code;
using mlscribe::detail::check_experiment_name;
using mlscribe::detail::experiment_id_candidate;

BOOST_AUTO_TEST_SUITE(store_experiment_name)

BOOST_AUTO_TEST_CASE(any_text_of_up_to_500_characters) {
    std::string umlauts;
    for (int i = 0; i < 500; ++i) umlauts += "\xC3\xBC";
    for (const std::string& name :
         {std::string("iris"), std::string(" "), std::string("a/b: \"c\"\n"), umlauts}) {
        BOOST_TEST(!check_experiment_name(name));
    }
}

BOOST_AUTO_TEST_CASE(what_mlflow_refuses_or_cannot_find_again) {
    const std::string long_name(501, 'x');
    for (const std::string& name :
         {std::string(), std::string("it's"), std::string("caf\xE9"), long_name}) {
        const mlscribe::error failure = check_experiment_name(name);
        BOOST_TEST((failure.code == error_code::invalid_value));
        BOOST_TEST(failure.message.compare(0, 17, "experiment name \"") == 0);
        BOOST_TEST(failure.message.find(';') != std::string::npos);
        BOOST_TEST(failure.message.size() < 300u);
    }
}

BOOST_AUTO_TEST_CASE(ids_have_18_digits_and_are_the_same_everywhere) {
    BOOST_TEST(experiment_id_candidate("iris", 0) == experiment_id_candidate("iris", 0));
    std::set<std::string> ids;
    for (const std::string name : {"iris", "sweep", "", "a", "b", "\xC3\xBC"}) {
        for (std::uint64_t k = 0; k < 200; ++k) {
            const std::string id = experiment_id_candidate(name, k);
            BOOST_TEST(id.size() == 18u);
            BOOST_TEST(id.find_first_not_of("0123456789") == std::string::npos);
            BOOST_TEST(id[0] != '0');
            ids.insert(id);
        }
    }
    BOOST_TEST(ids.size() == 1200u);
}

BOOST_AUTO_TEST_SUITE_END()
