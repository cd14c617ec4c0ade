// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/remote_json.hpp>
#include <mlscribe/sync/server_json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using mlscribe::detail::body_text;
using mlscribe::detail::named_values_of;
using mlscribe::detail::parse_server_json;
using mlscribe::detail::server_json;
using mlscribe::detail::text_of;

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

server_json parsed(const std::string& text) {
    return parse_server_json(text).value_or(server_json());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_server_json)

BOOST_AUTO_TEST_CASE(only_objects_of_a_modest_size_are_read) {
    BOOST_TEST(parse_server_json("{}").has_value());
    BOOST_TEST(parse_server_json("{\"a\": \"[[[[\\\"[[\"}").has_value());
    for (const std::string& text :
         {std::string(), std::string("[]"), std::string("3"), std::string("{"), std::string("{}x"),
          std::string("<html>"), std::string("{\"a\": NaN}"), std::string("{\"\xFF\": 1}"),
          "{\"a\":" + repeated("[", 200) + repeated("]", 200) + '}', repeated("[", 3000000),
          "{\"a\":[" + repeated("0,", 2000000) + "0]}"}) {
        BOOST_TEST_CONTEXT(text.substr(0, 20)) {
            BOOST_TEST(!parse_server_json(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(members_of_another_type_are_not_there) {
    using mlscribe::detail::integer_of;
    const server_json read = parsed(
        R"({"a": "5", "b": 6, "c": -7, "d": 18446744073709551615, "e": 1.5, "f": null, "g": [1]})");
    BOOST_TEST(integer_of(read, "a").value_or(0) == 5);
    BOOST_TEST(integer_of(read, "b").value_or(0) == 6);
    BOOST_TEST(integer_of(read, "c").value_or(0) == -7);
    for (const char* const key : {"d", "e", "f", "g", "h"}) BOOST_TEST(!integer_of(read, key));
    BOOST_TEST(!integer_of(read["a"], "a"));
    BOOST_TEST(text_of(read, "a") == "5");
    BOOST_TEST(text_of(read, "b") == "");
    BOOST_TEST(named_values_of(read, "g").size() == 1u);
    BOOST_TEST(named_values_of(read, "a").empty());
}

BOOST_AUTO_TEST_CASE(a_run_is_read_whole) {
    mlscribe::detail::remote_run run;
    BOOST_TEST(read_remote(
        parsed(
            R"({"info": {"run_id": "ab", "experiment_id": "1", "run_name": "n", "status": "KILLED",
            "lifecycle_stage": "deleted", "start_time": 5, "end_time": "6", "artifact_uri": "u"},
            "data": {"tags": [{"key": "t", "value": "w"}]},
            "outputs": {"model_outputs": [{"model_id": "m-1", "step": 1}]}})"),
        run));
    BOOST_TEST(run.run_id == "ab");
    BOOST_TEST(run.experiment_id == "1");
    BOOST_TEST(run.name == "n");
    BOOST_TEST((run.status == mlscribe::run_status::killed));
    BOOST_TEST((run.stage == mlscribe::lifecycle::deleted));
    BOOST_TEST(run.start_time == 5);
    BOOST_TEST(run.end_time.value_or(0) == 6);
    BOOST_TEST(run.artifact_uri == "u");
    BOOST_TEST((run.tags.size() == 1 && run.tags[0].key == "t"));
    BOOST_TEST((run.model_outputs.size() == 1 && run.model_outputs[0] == "m-1"));
}

BOOST_AUTO_TEST_CASE(an_id_that_is_no_word_is_none) {
    mlscribe::detail::remote_run run;
    for (const std::string& id :
         {std::string(), std::string("../../etc"), std::string("a/b"), std::string("a?b=c"),
          std::string("a\nb"), std::string(300, 'a')}) {
        server_json read;
        read["info"]["run_id"] = id;
        read["info"]["experiment_id"] = "1";
        BOOST_TEST_CONTEXT(id) {
            BOOST_TEST(!read_remote(read, run));
        }
    }
    mlscribe::detail::remote_model model;
    BOOST_TEST(!read_remote(parsed(R"({"info": {"model_id": ".."}})"), model));
    BOOST_TEST(!read_remote(parsed(R"({"info": 3, "data": []})"), model));
    mlscribe::detail::remote_experiment experiment;
    BOOST_TEST(!read_remote(parsed(R"({"experiment_id": "1;2"})"), experiment));
}

BOOST_AUTO_TEST_CASE(what_is_sent_is_json_whatever_the_bytes) {
    server_json body;
    body["a"] = "\xFF\xC3\xBC\"";
    BOOST_TEST(body_text(body) == "{\"a\":\"\\ufffd\\u00fc\\\"\"}");
}

BOOST_AUTO_TEST_SUITE_END()
