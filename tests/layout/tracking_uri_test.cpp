// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <mlscribe/layout/tracking_uri.hpp>
#include <string>
#include <string_view>

using mlscribe::parse_tracking_uri;
using mlscribe::tracking_location;
using namespace std::string_literals;

namespace {

using kind = tracking_location::kind;

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(layout_tracking_uri)

// Measured: where MLflow 2.22.5 and 3.17.2 made the experiment, P being /s/P and the working
// directory /s/d/cwd.
BOOST_AUTO_TEST_CASE(local_spellings) {
    const struct {
        std::string_view uri, path;
    } cases[] = {
        {"", "/s/d/cwd/mlruns"},
        {"/s/P", "/s/P"},
        {"/s/P/", "/s/P"},
        {"/s/P//", "/s/P"},
        {"file:///s/P", "/s/P"},
        {"file:///s/P/", "/s/P"},
        {"file:/s/P", "/s/P"},
        {"file:////s/P", "/s/P"},
        {"file://localhost/s/P", "/s/P"},
        {"file://LOCALHOST/s/P", "/s/P"},
        {"file://127.0.0.1/s/P", "/s/P"},
        {"./rel", "/s/d/cwd/rel"},
        {"rel", "/s/d/cwd/rel"},
        {"file:rel", "/s/d/cwd/rel"},
        {"file:./rel", "/s/d/cwd/rel"},
        {"file:../rel", "/s/d/rel"},
        {"../rel", "/s/d/rel"},
        {"a/../rel", "/s/d/cwd/rel"},
        {".", "/s/d/cwd"},
        {"..", "/s/d"},
        {"file:///", "/"},
        {"/s/P%20q", "/s/P q"},
        {"/s/P q", "/s/P q"},
        {"/s/P ", "/s/P "},
        {"/s/P#q", "/s/P#q"},
        {"/s/P?q", "/s/P?q"},
        {"file:///s/P#q", "/s/P"},
        {"file:///s/P?q", "/s/P"},
        {"file:///s/P%23q", "/s/P#q"},
        {"file:///s/P q", "/s/P q"},
        {"file:///s/P;q", "/s/P;q"},
        {"/s/P;q", "/s/P;q"},
        {"/s/P%FF", "/s/P\xEF\xBF\xBD"},
        {"/s/P%zz", "/s/P%zz"},
        {"/s/P%", "/s/P%"},
        {"/s/P\xC3\xBC%C3%BC", "/s/P\xC3\xBC\xC3\xBC"},
        {"file:rel#a", "/s/d/cwd/rel"},
        {"file:rel?a", "/s/d/cwd/rel"},
        {"rel#a", "/s/d/cwd/rel#a"},
        {"rel?a", "/s/d/cwd/rel?a"},
        {"?x", "/s/d/cwd/?x"},
        {"#x", "/s/d/cwd/#x"},
        {"1:2", "/s/d/cwd/1:2"},
        {"x/y:z", "/s/d/cwd/x/y:z"},
        {".:z", "/s/d/cwd/.:z"},
        {"f\xC3\xAFle:x", "/s/d/cwd/f\xC3\xAFle:x"},
        {"file:a:b", "/s/d/cwd/a:b"},
        {"sqlite", "/s/d/cwd/sqlite"},
        {"http", "/s/d/cwd/http"},
        {"uc/x", "/s/d/cwd/uc/x"},
        {"databricks/x", "/s/d/cwd/databricks/x"},
        {"/s/P\tq", "/s/P\tq"},
        {"/s/P%2Fq", "/s/P/q"},
        {"/s/P%2e%2e", "/s/P.."},
        {"%2e/rel", "/s/d/cwd/rel"},
        {"/s/P/./q", "/s/P/q"},
        {"/s/P/../q", "/s/q"},
        {"file:/s/P/../q", "/s/q"},
        {"rel\\x", "/s/d/cwd/rel\\x"},
        {"file:rel\\x", "/s/d/cwd/rel\\x"},
        {"rel[x", "/s/d/cwd/rel[x"},
        {"//s/P", "/s/P"},
        {"./~/x", "/s/d/cwd/~/x"},
        {"a/~", "/s/d/cwd/a/~"},
        {"./uc", "/s/d/cwd/uc"},
    };
    for (const auto& [uri, path] : cases) {
        BOOST_TEST_CONTEXT(uri) {
            const tracking_location location = parse_tracking_uri(uri, "/s/d/cwd");
            BOOST_TEST((location.where == kind::local));
            BOOST_TEST(location.path == path);
            BOOST_TEST(location.message == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(servers_and_databases_are_logged_beside) {
    for (const std::string_view uri :
         {"http://127.0.0.1:5000", "https://h/p", "HTTP://h", "sqlite:///mlflow.db",
          "postgresql://h/d", "postgresql+psycopg2://h/d", "mysql+pymysql://h/d",
          "mssql+pyodbc://q", "databricks", "databricks://profile", "databricks-uc",
          "databricks-uc://x"}) {
        BOOST_TEST_CONTEXT(uri) {
            const tracking_location location = parse_tracking_uri(uri, "/w/d/");
            BOOST_TEST((location.where == kind::server));
            BOOST_TEST(location.path == "/w/d/mlruns");
            const bool is_http = mlscribe::detail::ascii_lowered(uri.substr(0, 4)) == "http";
            const std::string command =
                is_http ? "mlscribe sync /w/d/mlruns " + std::string(uri) + '`'
                        : "mlflow migrate-filestore --source /w/d/mlruns --target sqlite:///";
            BOOST_TEST(contains(location.message, "logging to /w/d/mlruns; push it later to " +
                                                      std::string(uri) + " with `" + command));
        }
    }
    BOOST_TEST(contains(parse_tracking_uri("databricks", "/w").message, "server's machine"));
    BOOST_TEST(!contains(parse_tracking_uri("sqlite:///x", "/w").message, "server's machine"));
}

BOOST_AUTO_TEST_CASE(no_password_in_messages) {
    for (const std::string_view uri :
         {"http://me:secret@h:5000/p", "postgresql://me:secret@h/d", "s3://me:secret@h/d",
          "file://me:secret@h/d", "http://me:se@secret@h"}) {
        const std::string message = parse_tracking_uri(uri, "/w").message;
        BOOST_TEST(!contains(message, "secret"));
        BOOST_TEST(contains(message, "://***@h"));
    }
    for (const std::string_view uri : {"postgresql://h/d?user=me&password=secret",
                                       "http://me:se/secret@h", "s3://h/k?sig=secret"}) {
        BOOST_TEST(!contains(parse_tracking_uri(uri, "/w").message, "secret"), uri);
    }
    BOOST_TEST(contains(parse_tracking_uri("http://h/a@b", "/w").message, "http://h/a@b"));
}

BOOST_AUTO_TEST_CASE(spellings_that_lead_nowhere_or_astray) {
    const struct {
        std::string_view uri, part;
    } cases[] = {
        {"file://./rel", "is a host, not a folder"},
        {"file://rel", "is a host, not a folder"},
        {"file://rel/x", "is a host, not a folder"},
        {"file://~/x", "is a host, not a folder"},
        {"file://[::1]/x", "is a host, not a folder"},
        {"file://localhostx/P", "is a host, not a folder"},
        {"FILE:///s/P", "only in lower case"},
        {"File:rel", "only in lower case"},
        {"~/x", "does not expand '~'"},
        {"~", "does not expand '~'"},
        {"~root/x", "does not expand '~'"},
        {"%7E/x", "does not expand '~'"},
        {"file:~/x", "does not expand '~'"},
        {"file:", "names no folder"},
        {"file://", "names no folder"},
        {"file:?x", "names no folder"},
        {"file:#x", "names no folder"},
        {"s3://b/x", "no tracking store for \"s3:\""},
        {"dbfs:/x", "no tracking store for \"dbfs:\""},
        {"mlflow-artifacts:/x", "no tracking store for \"mlflow-artifacts:\""},
        {"postgres://h/d", "no tracking store for \"postgres:\""},
        {"mysqlx:y", "no tracking store for \"mysqlx:\""},
        {"ab:c", "write ./ before"},
        {"a:b", "write ./ before"},  // 3.x takes it for a folder, 2.x refuses it
        {"uc:x", "no tracking store for \"uc:\""},
        {"uc", "Unity Catalog"},
        {" /s/P", "blank at the beginning"},
        {" file:///s/P", "blank at the beginning"},
        {"\x01"
         "file:/s/P",
         "blank at the beginning"},
        {"file:///s/P\tq", "drops tabs"},
        {"file:///s/P\n", "drops tabs"},
        {"fi\tle:rel", "drops tabs"},
        {"//[x/y", "brackets"},
        {"/s/P%00q", "NUL"},
        {"file:/s/P%00q", "NUL"},
        {"/s/f\xFC", "not UTF-8"},
    };
    for (const auto& [uri, part] : cases) {
        BOOST_TEST_CONTEXT(uri) {
            const tracking_location location = parse_tracking_uri(uri, "/s/d/cwd");
            BOOST_TEST((location.where == kind::refused));
            BOOST_TEST(location.path == "");
            BOOST_TEST(contains(location.message, part), location.message);
            BOOST_TEST(location.message.substr(0, 14) == "tracking URI \"");
        }
    }
    BOOST_TEST((parse_tracking_uri("/a\0b"s, "/w").where == kind::refused));
    BOOST_TEST(contains(parse_tracking_uri("file:///s/P\n", "/w").message, "P\\n\""));
}

BOOST_AUTO_TEST_SUITE_END()
