// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/push_state.hpp>

#include <cstdint>
#include <string>

using namespace mlscribe::detail;

BOOST_AUTO_TEST_SUITE(sync_push_state)

BOOST_AUTO_TEST_CASE(a_state_comes_back_as_it_was) {
    push_state state;
    state.remote_id = "0f8f";
    state.artifact_uri = "mlflow-artifacts:/1/0f8f/artifacts";
    state.experiment = "1@1700000000000";
    state.adopted = true;
    state.deleted = true;
    state.every = 10;
    state.look = "12:34";
    state.told = "FINISHED 1700000000000 a \"name\"\nüber";
    state.metrics["group/loss"] = {123456789012, 3456, "edges", 7, "ahead"};
    state.params["lr"] = "digest";
    state.tags["a\\b"] = "";
    state.inputs = {"one", "two"};
    state.outputs = {"m-1"};
    state.artifacts["files/日本 \x01.txt"] = {INT64_MAX, -5, "md5"};
    state.refused["group/loss"] = "too \"old\"";
    const push_state read = state_reader::read(state_text(state).str());
    BOOST_TEST(state_text(read).str() == state_text(state).str());
    BOOST_TEST(read.told == state.told);
    BOOST_TEST(read.metrics.at("group/loss").bytes == 123456789012u);
    BOOST_TEST(read.metrics.at("group/loss").ahead == 7u);
    BOOST_TEST(read.artifacts.at("files/日本 \x01.txt").time == -5);
    BOOST_TEST(read.inputs.count("two") == 1u);
    BOOST_TEST(read.refused.at("group/loss") == "too \"old\"");
    BOOST_TEST(read.every == 10u);
    BOOST_TEST((read.adopted && read.deleted));
}

BOOST_AUTO_TEST_CASE(what_is_no_state_counts_as_nothing_sent) {
    push_state state;
    state.remote_id = "0f8f";
    const std::string text = state_text(state).str();
    for (const std::string& damaged :
         {std::string(), std::string("null"), std::string("[1]"), text.substr(0, text.size() / 2),
          std::string(R"({"version":2,"remote_id":"0f8f"})")}) {
        BOOST_TEST(state_reader::read(damaged).remote_id.empty());
    }
    const push_state partly = state_reader::read(
        R"({"version":1,"remote_id":"0f8f","metrics":{"a":[1],"b":3},"artifacts":[],"inputs":5})");
    BOOST_TEST(partly.remote_id == "0f8f");
    BOOST_TEST((partly.metrics.empty() && partly.artifacts.empty() && partly.inputs.empty()));
    const push_state negative = state_reader::read(
        R"({"version":1,"every":-1,"metrics":{"a":[-1,-1,"",-1,""]},"artifacts":{"b":[-1,-1,""]}})");
    BOOST_TEST((negative.every == 0u && negative.artifacts.at("b").size == 0u));
    const sent_metric& sent = negative.metrics.at("a");
    BOOST_TEST((sent.bytes == 0u && sent.rows == 0u && sent.ahead == 0u));
    BOOST_TEST(negative.artifacts.at("b").time == -1);
}

BOOST_AUTO_TEST_SUITE_END()
