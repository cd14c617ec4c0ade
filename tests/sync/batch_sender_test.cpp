// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/batch_sender.hpp>

#include <string>
#include <vector>

#include "stand_in_server.hpp"

using namespace mlscribe::detail;

namespace {

const std::string refusal =
    R"({"error_code": "INVALID_PARAMETER_VALUE", "message": "Invalid value \"x\""})";

struct sending {
    std::vector<std::string> taken;
    std::vector<std::string> refused;

    mlscribe::error send(const test::stand_in_server& to, const std::vector<std::string>& keys) {
        tracking_server server(to.settings());
        batch_sender sender(
            server, "remote", false,
            [this](const batch_item* items, std::size_t count) {
                for (std::size_t i = 0; i != count; ++i) taken.push_back(items[i].key);
            },
            [this](const batch_item& item, const mlscribe::error&) {
                refused.push_back(item.key);
            });
        for (const std::string& key : keys) {
            if (mlscribe::error failure = sender.add({batch_item::kind::param, key, "value"})) {
                return failure;
            }
        }
        mlscribe::error failure = sender.flush();
        BOOST_TEST((failure || sender.settled() == keys.size()));
        return failure;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_batch_sender, sending)

BOOST_AUTO_TEST_CASE(full_batches_are_sent) {
    test::stand_in_server server;
    std::vector<std::string> keys;
    for (int i = 0; i < 250; ++i) keys.push_back("key" + std::to_string(i));
    BOOST_TEST(!send(server, keys));
    BOOST_TEST(taken == keys, boost::test_tools::per_element());
    BOOST_TEST(server.seen().size() == 3u);
}

BOOST_AUTO_TEST_CASE(one_that_is_refused_keeps_no_other_out) {
    // a b c d, then a b, then c d, c, d.
    test::stand_in_server server({{400, refusal}, {}, {400, refusal}, {400, refusal}, {}});
    BOOST_TEST(!send(server, {"a", "b", "c", "d"}));
    BOOST_TEST(taken == (std::vector<std::string>{"a", "b", "d"}),
               boost::test_tools::per_element());
    BOOST_TEST(refused == (std::vector<std::string>{"c"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_gone_ends_it) {
    test::stand_in_server server(
        {{404, R"({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "gone"})"}});
    BOOST_TEST((send(server, {"a", "b"}).code == mlscribe::error_code::not_found));
    BOOST_TEST(taken.empty());
    BOOST_TEST(refused.empty());
    BOOST_TEST(server.seen().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_run_that_was_deleted_there_refuses_nothing_for_good) {
    test::stand_in_server server(
        {{400, refusal},
         {400, refusal},
         {200, R"({"run": {"info": {"run_id": "remote", "experiment_id": "1",
                                    "lifecycle_stage": "deleted"}}})"}});
    BOOST_TEST((send(server, {"a", "b"}).code == mlscribe::error_code::deleted));
    BOOST_TEST(taken.empty());
    BOOST_TEST(refused.empty());
}

BOOST_AUTO_TEST_SUITE_END()
