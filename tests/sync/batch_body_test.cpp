// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/batch_body.hpp>
#include <mlscribe/sync/server_json.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace {

using mlscribe::detail::batch_body;
using mlscribe::detail::server_json;

server_json parsed(const batch_body& body) {
    return mlscribe::detail::parse_server_json(body.text("abc")).value_or(server_json());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_batch_body)

BOOST_AUTO_TEST_CASE(numbers_are_spelled_as_the_server_reads_them) {
    batch_body body;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST(body.add_metric("loss", {INT64_MAX, 0.1, INT64_MIN}));
    BOOST_TEST(body.add_metric("loss", {1, std::numeric_limits<double>::quiet_NaN(), 2}));
    BOOST_TEST(body.add_metric("loss", {1, infinity, 2}));
    BOOST_TEST(body.add_metric("loss", {1, -infinity, 2}));
    BOOST_TEST(body.add_metric("loss", {1, -0.0, 2}, {"m-1", "data", "digest"}));
    BOOST_TEST(body.text("abc") ==
               "{\"run_id\":\"abc\",\"metrics\":["
               "{\"key\":\"loss\",\"value\":0.1,\"timestamp\":\"9223372036854775807\","
               "\"step\":\"-9223372036854775808\"},"
               "{\"key\":\"loss\",\"value\":\"NaN\",\"timestamp\":\"1\",\"step\":\"2\"},"
               "{\"key\":\"loss\",\"value\":\"Infinity\",\"timestamp\":\"1\",\"step\":\"2\"},"
               "{\"key\":\"loss\",\"value\":\"-Infinity\",\"timestamp\":\"1\",\"step\":\"2\"},"
               "{\"key\":\"loss\",\"value\":-0.0,\"timestamp\":\"1\",\"step\":\"2\","
               "\"model_id\":\"m-1\",\"dataset_name\":\"data\",\"dataset_digest\":\"digest\"}]}");
}

BOOST_AUTO_TEST_CASE(any_text_is_json) {
    batch_body body;
    const std::string nasty = "\"\\\n\x01\xC3\xBC\xFF";
    BOOST_TEST(body.add_param(nasty, nasty));
    BOOST_TEST(body.add_tag("t", ""));
    const server_json read = parsed(body);
    BOOST_TEST(read["params"][0]["key"] == "\"\\\n\x01\xC3\xBC\xEF\xBF\xBD");
    BOOST_TEST(read["tags"][0]["value"] == "");
    BOOST_TEST(read.count("metrics") == 0u);
}

BOOST_AUTO_TEST_CASE(it_is_full_at_the_servers_limits) {
    batch_body body;
    BOOST_TEST(body.empty());
    std::size_t taken = 0;
    while (taken < 5000 && body.add_param("p", "v")) ++taken;
    BOOST_TEST(taken == 100u);
    while (taken < 5000 && body.add_tag("t", "v")) ++taken;
    BOOST_TEST(taken == 200u);
    while (taken < 5000 && body.add_metric("m", {1, 1, 1})) ++taken;
    BOOST_TEST(taken == 1000u);
    BOOST_TEST(body.count() == 1000u);
    BOOST_TEST(parsed(body)["metrics"].size() == 800u);
    BOOST_TEST(!body.add_param("p", "v"));
    body.clear();
    BOOST_TEST(body.empty());
    taken = 0;
    while (taken < 5000 && body.add_metric("m", {1, 1, 1})) ++taken;
    BOOST_TEST(taken == 1000u);
    BOOST_TEST(!body.add_tag("t", "v"));
}

BOOST_AUTO_TEST_CASE(no_body_is_a_million_bytes_long) {
    batch_body body;
    std::size_t taken = 0;
    while (taken < 5000 && body.add_tag("t", std::string(40000, '"'))) ++taken;
    BOOST_TEST(taken == 12u);
    BOOST_TEST(body.add_tag("t", "small"));
    BOOST_TEST(body.text(std::string(250, 'r')).size() <= 1000000u);
    body.clear();
    // What is never taken.
    BOOST_TEST(!body.add_tag("t", std::string(1000000, 'v')));
    BOOST_TEST(body.empty());
    BOOST_TEST(body.text("abc") == "{\"run_id\":\"abc\"}");
}

BOOST_AUTO_TEST_SUITE_END()
