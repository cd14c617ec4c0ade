// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>
#include <mlscribe/layout/uri.hpp>
#include <optional>
#include <string>
#include <string_view>

using mlscribe::file_uri;
using mlscribe::path_of_uri;
using mlscribe::percent_decoded;
using mlscribe::percent_encoded_path;
using mlscribe::resolved_path;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(layout_uri)

BOOST_AUTO_TEST_CASE(encodes_what_mlflow_would_misread) {
    BOOST_TEST(percent_encoded_path("/a/B9._~-") == "/a/B9._~-");
    BOOST_TEST(percent_encoded_path("/a b#c?d%e+f&g") == "/a%20b%23c%3Fd%25e%2Bf%26g");
    BOOST_TEST(percent_encoded_path("\xC3\xBC\n") == "%C3%BC%0A");
    BOOST_TEST(percent_encoded_path("\0:;=@"s) == "%00%3A%3B%3D%40");
    BOOST_TEST(file_uri("/data/run 1") == "file:///data/run%201");
}

// Measured: urllib.parse.unquote().
BOOST_AUTO_TEST_CASE(decodes_as_python_does) {
    const struct {
        std::string_view text, expected;
    } cases[] = {
        {"", ""},
        {"a%20b", "a b"},
        {"%C3%bc", "\xC3\xBC"},
        {"%F0%9F%98%80", "\xF0\x9F\x98\x80"},
        {"%zz%", "%zz%"},
        {"%2", "%2"},
        {"%2%30", "%20"},
        {"%25%2041", "% 41"},
        {"%2520", "%20"},
        {"a+b", "a+b"},
        {"%FF", "\xEF\xBF\xBD"},
        {"%C3\xC3\xBC", "\xEF\xBF\xBD\xC3\xBC"},
        {"\xC3\xBC%C3%BC", "\xC3\xBC\xC3\xBC"},
        {"\xFF%41",
         "\xFF"
         "A"},
    };
    for (const auto& [text, expected] : cases) BOOST_TEST(percent_decoded(text) == expected);
}

BOOST_AUTO_TEST_CASE(encoding_and_decoding_give_every_valid_text_back) {
    for (char32_t code = 0; code < 0x3000; ++code) {
        std::string path = "/";
        mlscribe::utf8::append(path, code);
        path += "41";
        if (path_of_uri(file_uri(path)) != path) BOOST_ERROR("U+" << static_cast<unsigned>(code));
    }
}

BOOST_AUTO_TEST_CASE(paths_of_artifact_uris) {
    const struct {
        std::string_view uri, path;
    } cases[] = {
        {"file:///abs/x", "/abs/x"},
        {"file:/abs/x", "/abs/x"},
        {"file://localhost/abs", "/abs"},
        {"file://LOCALHOST/abs", "/abs"},
        {"/abs/x", "/abs/x"},
        {"/abs/a%20b", "/abs/a b"},
        {"/abs/a#b?c", "/abs/a#b?c"},
        {"file:///abs/a#b", "/abs/a"},
        {"file:///abs/a?b#c", "/abs/a"},
        {"file:///abs/a%23b%3Fc;d", "/abs/a#b?c;d"},
        {"mlruns/1/r/artifacts", "mlruns/1/r/artifacts"},
        {"./mlruns/1", "./mlruns/1"},
        {"file:./mlruns/1", "./mlruns/1"},
        {"file:////abs", "//abs"},
        {"1:2", "1:2"},
    };
    for (const auto& [uri, path] : cases) {
        BOOST_TEST_CONTEXT(uri) {
            BOOST_TEST(path_of_uri(uri).value_or("(none)") == path);
        }
    }
    for (const std::string_view uri :
         {"", "file:", "file://", "file:#x", "file://host/abs", "file://./abs", "FILE:///abs",
          "s3://b/x", "mlflow-artifacts:/1/r/artifacts", "runs:/r/a", "http://h/p", "dbfs:/x",
          "a:b"}) {
        BOOST_TEST(!path_of_uri(uri), uri);
    }
}

BOOST_AUTO_TEST_CASE(resolves_paths) {
    const struct {
        std::string_view working_directory, path, expected;
    } cases[] = {
        {"/w", "a", "/w/a"},
        {"/w/", "a/", "/w/a"},
        {"/w", "./a//b/.", "/w/a/b"},
        {"/w/v", "../a", "/w/a"},
        {"/w", "..", "/"},
        {"/w", "../../..", "/"},
        {"/w", "/a/../b", "/b"},
        {"/w", "/", "/"},
        {"/w", "//a///b//", "/a/b"},
        {"/w", "", "/w"},
        {"/w", ".", "/w"},
        {"/", "a", "/a"},
        {"/w/./x/../v", "a", "/w/v/a"},
        {"/w", "..a/.b/...", "/w/..a/.b/..."},
        {"/w", "a b#", "/w/a b#"},
        {"", "a", "/a"},
        {"/w", "/..", "/"},
    };
    for (const auto& [working_directory, path, expected] : cases) {
        BOOST_TEST(resolved_path(working_directory, path) == expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()
