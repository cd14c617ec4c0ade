// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/server_settings.hpp>

#include <string>

#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::read_server_settings;
using mlscribe::detail::server_settings;

/// A home folder without credentials.
struct empty_home {
    test::scratch_directory scratch;
    test::variable home{"HOME", scratch.path().c_str()};
};

std::string url_of(const std::string& uri) {
    server_settings settings;
    const error failure = read_server_settings(uri, settings);
    return failure ? failure.message : settings.url;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_server_settings, empty_home)

BOOST_AUTO_TEST_CASE(one_server_has_one_address) {
    BOOST_TEST(url_of("http://h:5000") == "http://h:5000");
    BOOST_TEST(url_of("HTTPS://Host.Example/Prefix//") == "https://host.example/Prefix");
    BOOST_TEST(url_of("https://me:secret@[::1]:5000/") == "https://[::1]:5000");
    for (const char* const uri :
         {"", "h:5000", "mlruns", "file:///x", "sqlite:///x.db", "http:/h", "http://", "http:///x",
          "http://:5000", "http://h/?a=b", "http://h#x", "http://h x", "http://h\r\nX: y",
          "http://user@", "http://h\\x", "databricks"}) {
        BOOST_TEST_CONTEXT(uri) {
            server_settings settings;
            const error failure = read_server_settings(uri, settings);
            BOOST_TEST((failure.code == error_code::unsupported_uri));
            BOOST_TEST(settings.url == "");
        }
    }
    BOOST_TEST(url_of("ftp://me:secret@h").find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_asks_is_told_by_address_environment_and_file_in_turn) {
    server_settings settings;
    BOOST_TEST(!read_server_settings("http://a%40b:c%3Ad@h", settings));
    BOOST_TEST(settings.username == "a@b");
    BOOST_TEST(settings.password == "c:d");
    test::write_file(scratch / ".mlflow/credentials",
                     "[mlflow]\nmlflow_tracking_username=file\nmlflow_tracking_password=pass\n");
    BOOST_TEST(!read_server_settings("http://h", settings));
    BOOST_TEST(settings.username == "file");
    BOOST_TEST(settings.password == "pass");
    const test::variable name("MLFLOW_TRACKING_USERNAME", "me");
    const test::variable token("MLFLOW_TRACKING_TOKEN", "t");
    BOOST_TEST(!read_server_settings("http://h", settings));
    BOOST_TEST(settings.username == "me");
    BOOST_TEST(settings.password == "pass");
    BOOST_TEST(settings.token == "t");
    BOOST_TEST(settings.verify_tls);
    BOOST_TEST(!read_server_settings("http://a:b@h", settings));
    BOOST_TEST(settings.username == "a");
    BOOST_TEST(settings.password == "b");
}

BOOST_AUTO_TEST_CASE(a_secret_that_would_begin_a_header_is_refused_and_not_shown) {
    const test::variable token("MLFLOW_TRACKING_TOKEN", "secret\r\nX-Other: 1");
    server_settings settings;
    const error failure = read_server_settings("http://h", settings);
    BOOST_TEST((failure.code == error_code::invalid_value));
    BOOST_TEST(failure.message.find("MLFLOW_TRACKING_TOKEN") != std::string::npos);
    BOOST_TEST(failure.message.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(mlflows_variables_set_how_it_is_asked) {
    const test::variable retries("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3");
    const test::variable factor("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "1");
    const test::variable jitter("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "0.5");
    const test::variable timeout("MLFLOW_HTTP_REQUEST_TIMEOUT", "30");
    const test::variable respect("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", "False");
    const test::variable authority("MLFLOW_TRACKING_SERVER_CERT_PATH", "/ca.pem");
    const test::variable other_authority("REQUESTS_CA_BUNDLE", "/other.pem");
    const test::variable client("MLFLOW_TRACKING_CLIENT_CERT_PATH", "/me.pem");
    server_settings settings;
    BOOST_TEST(!read_server_settings("https://h", settings));
    BOOST_TEST(settings.most_retries == 3);
    BOOST_TEST(settings.backoff_factor == 1);
    BOOST_TEST(settings.backoff_jitter == 0.5);
    BOOST_TEST(settings.timeout == 30);
    BOOST_TEST(!settings.respect_retry_after);
    BOOST_TEST(settings.server_cert_path == "/ca.pem");
    BOOST_TEST(settings.client_cert_path == "/me.pem");
    BOOST_TEST(settings.verify_tls);
}

BOOST_AUTO_TEST_CASE(nothing_but_mlflows_own_switch_trusts_everyone) {
    server_settings settings;
    {
        const test::variable insecure("MLFLOW_TRACKING_INSECURE_TLS", "false");
        BOOST_TEST(!read_server_settings("https://h", settings));
        BOOST_TEST(settings.verify_tls);
    }
    const test::variable insecure("MLFLOW_TRACKING_INSECURE_TLS", "true");
    BOOST_TEST(!read_server_settings("https://h", settings));
    BOOST_TEST(!settings.verify_tls);
    const test::variable authority("MLFLOW_TRACKING_SERVER_CERT_PATH", "/ca.pem");
    const error failure = read_server_settings("https://h", settings);
    BOOST_TEST((failure.code == error_code::invalid_value));
}

BOOST_AUTO_TEST_CASE(a_variable_that_is_none_of_its_kind_is_named) {
    for (const auto& [name, value] : {std::pair("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "10"),
                                      std::pair("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "-1"),
                                      std::pair("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "nan"),
                                      std::pair("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", "much"),
                                      std::pair("MLFLOW_HTTP_REQUEST_TIMEOUT", "1.5"),
                                      std::pair("MLFLOW_TRACKING_INSECURE_TLS", "yes")}) {
        BOOST_TEST_CONTEXT(name << '=' << value) {
            const test::variable set(name, value);
            server_settings settings;
            const error failure = read_server_settings("http://h", settings);
            BOOST_TEST((failure.code == error_code::invalid_value));
            BOOST_TEST(failure.message.find(name) != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_workspace_is_a_name) {
    const test::variable workspace("MLFLOW_WORKSPACE", "a\nb");
    server_settings settings;
    const mlscribe::error failure = read_server_settings("http://h", settings);
    BOOST_TEST(failure.message.find("MLFLOW_WORKSPACE") != std::string::npos, failure.message);
}

BOOST_AUTO_TEST_SUITE_END()
