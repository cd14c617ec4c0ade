// SPDX-License-Identifier: MIT
#include <mlscribe/query/run_order.hpp>

#include <boost/test/unit_test.hpp>
#include <string_view>

using namespace mlscribe::detail;

namespace {

order_key parsed(std::string_view entry) {
    order_key key;
    const query_problem problem = parse_order(entry, key);
    BOOST_TEST(!problem, entry << ": " << problem.why);
    return key;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_run_order)

BOOST_AUTO_TEST_CASE(keys_and_directions) {
    BOOST_TEST(parsed("metrics.loss").ascending);
    BOOST_TEST(parsed("metrics.loss aSc").ascending);
    BOOST_TEST(!parsed("metrics.loss\tDESC").ascending);
    BOOST_TEST(parsed("metrics.\"val/a b\"").field.key == "val/a b");
    BOOST_TEST(parsed("metrics.\"val/a b\" DESC").field.key == "val/a b");
    BOOST_TEST(parsed("`metrics`.`val/a b` DESC").field.key == "val/a b");
    BOOST_TEST(parsed("tags.desc").field.key == "desc");
    BOOST_TEST((parsed("Created DESC").field.attribute == run_attribute::start_time));
    BOOST_TEST((parsed("attributes.run_name").field.attribute == run_attribute::run_name));
    // Before a direction all quotes go, as in a shell.
    BOOST_TEST(parsed("\"metrics.loss\" DESC").field.key == "loss");
    BOOST_TEST(!parsed("metrics.loss \"desc\"").ascending);
}

BOOST_AUTO_TEST_CASE(what_is_no_order) {
    for (const char* const entry : {"",
                                    " ",
                                    "loss",
                                    "m.loss",
                                    "metrics",
                                    "metrics.",
                                    " metrics.loss",
                                    "metrics.loss ",
                                    "metrics.loss DESC ",
                                    "metrics.loss up",
                                    "metrics.loss ASC DESC",
                                    "metrics.loss 'desc'",
                                    "metrics.loss, metrics.acc",
                                    "metrics.in",
                                    "\"metrics.loss\"",
                                    "'status' DESC",
                                    "datasets.name",
                                    "lifecycle_stage",
                                    "`run name`",
                                    "metrics.`a\"b`",
                                    "metrics. loss",
                                    "metrics .loss",
                                    "metrics.loss;",
                                    "DESC",
                                    "1"}) {
        order_key key;
        const query_problem problem = parse_order(entry, key);
        BOOST_TEST(static_cast<bool>(problem), entry);
        BOOST_TEST(problem.position <= std::string_view(entry).size(), entry);
    }
}

BOOST_AUTO_TEST_SUITE_END()
