// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/http_client.hpp>

#include <fcntl.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scratch_directory.hpp"
#include "sync/stand_in_server.hpp"

namespace {

using mlscribe::detail::descriptor;
using mlscribe::detail::http_answer;
using mlscribe::detail::http_client;
using mlscribe::detail::http_outcome;
using mlscribe::detail::http_request;
using test::way;

http_request post(const std::string& path, const std::string& body) {
    http_request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    return request;
}

http_request put(const descriptor& file, std::int64_t size) {
    http_request request;
    request.method = "PUT";
    request.path = "/file";
    request.file = file.get();
    request.size = size;
    return request;
}

/// A file of so many bytes, open for reading.
struct open_file {
    test::scratch_directory scratch;
    std::string bytes;
    descriptor file;

    explicit open_file(std::size_t size) : bytes(size, 'x') {
        for (std::size_t i = 0; i < size; i += 97) bytes[i] = static_cast<char>(i % 251);
        test::write_file(scratch / "file", bytes);
        file = descriptor(::open((scratch / "file").c_str(), O_RDONLY | O_CLOEXEC));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_http_client)

BOOST_AUTO_TEST_CASE(requests_of_all_kinds_share_a_connection) {
    const test::stand_in_server server({{200, "first"}, {404, "second"}, {}, {}, {}});
    http_client client(server.settings());
    http_answer answer = client.send(post("/a?b=c%20d", "{\"x\":1}"));
    BOOST_TEST(answer.success());
    BOOST_TEST(answer.body == "first");
    BOOST_TEST(answer.content_type == "application/json");
    http_request request;
    request.path = "/get";
    answer = client.send(request);
    BOOST_TEST((answer.outcome == http_outcome::answered));
    BOOST_TEST(answer.status == 404);
    BOOST_TEST(answer.body == "second");
    const open_file small(10);
    BOOST_TEST(client.send(put(small.file, 10)).success());
    request = post("/patch", "");
    request.method = "PATCH";
    BOOST_TEST(client.send(request).success());
    request = http_request();
    BOOST_TEST(client.send(request).success());
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST_REQUIRE(seen.size() == 5u);
    BOOST_TEST(seen[0].method == "POST");
    BOOST_TEST(seen[0].target == "/a?b=c%20d");
    BOOST_TEST(seen[0].body == "{\"x\":1}");
    BOOST_TEST(seen[0].has_header("Content-Type: application/json"));
    BOOST_TEST(seen[1].method == "GET");
    BOOST_TEST(seen[1].body == "");
    BOOST_TEST(seen[2].method == "PUT");
    BOOST_TEST(seen[2].body == small.bytes);
    BOOST_TEST(seen[3].method == "PATCH");
    BOOST_TEST(seen[4].method == "GET");
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(credentials_are_told_as_mlflow_tells_them) {
    const test::stand_in_server server;
    auto settings = server.settings();
    settings.token = "to-ken";
    settings.workspace = "team";
    http_client(settings).send({});
    settings.username = "me";
    http_client(settings).send({});
    settings.password = "secret";
    http_client(settings).send({});
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST_REQUIRE(seen.size() == 3u);
    BOOST_TEST(seen[0].has_header("Authorization: Bearer to-ken"));
    BOOST_TEST(seen[0].has_header("X-MLFLOW-WORKSPACE: team"));
    BOOST_TEST(seen[1].has_header("Authorization: Bearer to-ken"));
    BOOST_TEST(seen[2].has_header("Authorization: Basic bWU6c2VjcmV0"));
    BOOST_TEST(seen[2].head.find("to-ken") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_redirect_leads_nowhere) {
    const test::stand_in_server elsewhere;
    const test::stand_in_server server({{302, "", "Location: " + elsewhere.url() + "/x\r\n"}});
    auto settings = server.settings();
    settings.token = "to-ken";
    const http_answer answer = http_client(settings).send(post("/a", "{}"));
    BOOST_TEST(answer.status == 302);
    BOOST_TEST(!answer.success());
    BOOST_TEST(answer.location == elsewhere.url() + "/x");
    BOOST_TEST(elsewhere.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_large_file_comes_whole) {
    const test::stand_in_server server;
    http_client client(server.settings());
    const open_file large(3'000'000);
    BOOST_TEST(client.send(put(large.file, 3'000'000)).success());
    // From its beginning, as often as it is sent; and no more of it than is told.
    BOOST_TEST(client.send(put(large.file, 1'000)).success());
    const open_file none(0);
    BOOST_TEST(client.send(put(none.file, 0)).success());
    const std::vector<test::seen_request> seen = server.seen();
    BOOST_TEST_REQUIRE(seen.size() == 3u);
    BOOST_TEST((seen[0].body == large.bytes));
    BOOST_TEST((seen[1].body == large.bytes.substr(0, 1000)));
    BOOST_TEST(seen[2].body == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_became_shorter_or_cannot_be_read_is_no_success) {
    const test::stand_in_server server;
    http_client client(server.settings());
    const open_file half(500'000);
    http_answer answer = client.send(put(half.file, 1'000'000));
    BOOST_TEST((answer.outcome == http_outcome::bad_file));
    BOOST_TEST(answer.system_code == EIO);
    BOOST_TEST(!answer.may_pass());
    const descriptor folder(::open(half.scratch.path().c_str(), O_RDONLY | O_CLOEXEC));
    answer = client.send(put(folder, 5));
    BOOST_TEST((answer.outcome == http_outcome::bad_file));
    BOOST_TEST(answer.system_code == EISDIR);
    // The client goes on.
    BOOST_TEST(client.send({}).success());
}

BOOST_AUTO_TEST_CASE(a_refusal_before_the_file_was_read_is_an_answer) {
    const test::stand_in_server server({{401, "no", "", way::early}});
    const open_file large(8'000'000);
    const http_answer answer = http_client(server.settings()).send(put(large.file, 8'000'000));
    BOOST_TEST((answer.outcome == http_outcome::answered));
    BOOST_TEST(answer.status == 401);
}

BOOST_AUTO_TEST_CASE(no_answer_and_half_of_one_are_lost) {
    const test::stand_in_server server(
        {{200, "{}", "", way::drop}, {200, "{\"a\":\"bcdefgh\"}", "", way::cut}, {}});
    http_client client(server.settings());
    for (int i = 0; i < 2; ++i) {
        const http_answer answer = client.send(post("/a", "{}"));
        BOOST_TEST((answer.outcome == http_outcome::lost));
        BOOST_TEST(answer.may_pass());
        BOOST_TEST(answer.may_be_done());
        BOOST_TEST(!answer.success());
        BOOST_TEST(answer.reason != "");
    }
    BOOST_TEST(client.send(post("/a", "{}")).success());
}

// libcurl sends again what it lost on a kept connection.
BOOST_AUTO_TEST_CASE(what_is_sent_once_is_sent_once) {
    const test::stand_in_server server({{}, {200, "", "", way::drop}, {}});
    http_client client(server.settings());
    client.send(post("/a", "{}"));
    http_request request = post("/make", "{}");
    request.once = true;
    BOOST_TEST((client.send(request).outcome == http_outcome::lost));
    BOOST_TEST(server.seen().size() == 2u);
    BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_closed_meanwhile_is_opened_again) {
    const test::stand_in_server server({{200, "{}", "", way::closed}, {}});
    http_client client(server.settings());
    BOOST_TEST(client.send({}).success());
    BOOST_TEST(client.send({}).success());
    BOOST_TEST(server.connections() == 2u);
}

BOOST_AUTO_TEST_CASE(a_huge_answer_is_not_kept) {
    const test::stand_in_server server({{200, std::string(20'000'000, ' ')}, {}});
    http_client client(server.settings());
    const http_answer answer = client.send({});
    BOOST_TEST((answer.outcome == http_outcome::too_large));
    BOOST_TEST(answer.body.size() <= 16'777'216u);
    BOOST_TEST(!answer.may_pass());
    BOOST_TEST(client.send({}).success());
}

BOOST_AUTO_TEST_CASE(a_silent_server_is_not_waited_for_forever) {
    const test::stand_in_server server({{200, "", "", way::hold}});
    auto settings = server.settings();
    settings.timeout = 1;
    BOOST_TEST((http_client(settings).send({}).outcome == http_outcome::lost));
}

BOOST_AUTO_TEST_CASE(nobody_there_is_told_from_a_lost_answer) {
    std::string gone;
    {
        const test::stand_in_server server;
        gone = server.url();
    }
    mlscribe::detail::server_settings settings;
    settings.url = gone;
    const http_answer answer = http_client(settings).send({});
    BOOST_TEST((answer.outcome == http_outcome::not_sent));
    BOOST_TEST(answer.may_pass());
    BOOST_TEST(!answer.may_be_done());
}

BOOST_AUTO_TEST_CASE(a_server_says_how_long_to_wait_in_seconds_or_by_a_date) {
    const test::stand_in_server server({{429, "", "Retry-After: 7\r\n"},
                                        {503, "", "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n"},
                                        {503, "", "Retry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"},
                                        {503, "", "Retry-After: 99999999999999999999\r\n"},
                                        {503, "", "Retry-After: soon\r\n"},
                                        {429, ""}});
    http_client client(server.settings());
    BOOST_TEST(client.send({}).retry_after.value_or(-1) == 7);
    BOOST_TEST(client.send({}).retry_after.value_or(-1) == 0);
    BOOST_TEST(client.send({}).retry_after.value_or(-1) > 1'000'000'000);
    BOOST_TEST(client.send({}).retry_after.value_or(-1) == INT64_MAX);
    BOOST_TEST(!client.send({}).retry_after);
    BOOST_TEST(!client.send({}).retry_after);
}

BOOST_AUTO_TEST_CASE(a_header_without_end_is_no_answer) {
    const test::stand_in_server server({{200, "{}", "X: " + std::string(1'000'000, 'x') + "\r\n"}});
    BOOST_TEST(!http_client(server.settings()).send({}).success());
}

BOOST_AUTO_TEST_SUITE_END()
