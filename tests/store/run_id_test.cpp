// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/run_id.hpp>

#include <set>
#include <string>

using mlscribe::detail::is_experiment_id;
using mlscribe::detail::is_run_id;

BOOST_AUTO_TEST_SUITE(store_run_id)

BOOST_AUTO_TEST_CASE(ids_that_mlflow_reads) {
    for (const std::string id : {"0", "7", "abc", "a-b_c", "219160639440920645"}) {
        BOOST_TEST(is_experiment_id(id));
        BOOST_TEST(is_run_id(id));
    }
    for (const std::string id :
         {"", "_x", "-x", ".trash", "a.b", "a b", "\xC3\xBC", "a/b", "..", "a\n"}) {
        BOOST_TEST(!is_experiment_id(id));
        BOOST_TEST(!is_run_id(id));
    }
    for (const std::string id : {"tags", "datasets", "traces", "models"}) {
        BOOST_TEST(!is_run_id(id));
    }
    BOOST_TEST(is_run_id("Tags"));
    BOOST_TEST(is_experiment_id(std::string(64, 'a')));
    BOOST_TEST(!is_experiment_id(std::string(65, 'a')));
    BOOST_TEST(is_run_id(std::string(255, 'a')));
    BOOST_TEST(!is_run_id(std::string(256, 'a')));
}

BOOST_AUTO_TEST_CASE(ids_are_random_uuids_of_version_4) {
    std::set<std::string> seen;
    std::set<char> variants;
    for (int i = 0; i < 2000; ++i) {
        const std::string id = mlscribe::detail::random_run_id();
        BOOST_REQUIRE(id.size() == 32u);
        BOOST_REQUIRE(id.find_first_not_of("0123456789abcdef") == std::string::npos);
        BOOST_REQUIRE(id[12] == '4');
        variants.insert(id[16]);
        seen.insert(id);
    }
    BOOST_TEST(seen.size() == 2000u);
    BOOST_TEST(std::string(variants.begin(), variants.end()) == "89ab");
}

BOOST_AUTO_TEST_CASE(messages_show_what_was_given) {
    const mlscribe::error failure = mlscribe::detail::illegal_run_id("a\nb\x1b[31m");
    BOOST_TEST((failure.code == mlscribe::error_code::invalid_value));
    BOOST_TEST(failure.message.find("a\\nb") != std::string::npos);
    BOOST_TEST(failure.message.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
