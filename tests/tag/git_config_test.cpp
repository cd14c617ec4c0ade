// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/git_config.hpp>

#include <string>

using mlscribe::detail::git_config;
using mlscribe::detail::public_url;

namespace {

std::string value(const std::string& text, const char* section, const char* sub, const char* key) {
    git_config config;
    if (!config.parse(text)) return "(bad)";
    const std::string* const found = config.find(section, sub, key);
    return found == nullptr ? "(none)" : *found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_git_config)

BOOST_AUTO_TEST_CASE(gits_syntax) {
    const std::string text =
        "\xEF\xBB\xBF# comment\n[Core]\n\tBare = false ; no\n\tempty =\n\tflag\n"
        "[remote \"a \\\"b\\\" C\"] url = one\\\n two\n[old.SUB]\r\n x = \" lead#\" tail \r\n"
        "[core]\n bare=true\n esc = \"a\\tb\\\\\"\n";
    BOOST_TEST(value(text, "core", "", "bare") == "true");
    BOOST_TEST(value(text, "core", "", "empty") == "");
    BOOST_TEST(value(text, "core", "", "flag") == "true");
    BOOST_TEST(value(text, "core", "", "esc") == "a\tb\\");
    BOOST_TEST(value(text, "remote", "a \"b\" C", "url") == "one two");
    BOOST_TEST(value(text, "old", "sub", "x") == " lead# tail");
    BOOST_TEST(value(text, "core", "", "missing") == "(none)");
    git_config config;
    BOOST_TEST(config.parse(text));
    BOOST_TEST(config.flag("core", "bare", false));
    BOOST_TEST(!config.flag("core", "empty", true));
    BOOST_TEST(config.flag("core", "missing", true));
}

BOOST_AUTO_TEST_CASE(what_git_refuses) {
    for (const char* bad : {"[core", "[core]\n = x", "x = 1", "[]\n", "[a \"b]\n", "[a]\nb = \"c\n",
                            "[a]\nb = \\q\n", "[a]\nb = c\\", "[a]\nb c", "[a \"b\\"}) {
        BOOST_TEST(value(bad, "a", "", "b") == "(bad)", bad);
    }
    BOOST_TEST(value("", "a", "", "b") == "(none)");
}

BOOST_AUTO_TEST_CASE(a_url_without_its_secret) {
    BOOST_TEST(public_url("https://host/a.git") == "https://host/a.git");
    BOOST_TEST(public_url("https://user:token@host/a.git") == "https://host/a.git");
    BOOST_TEST(public_url("https://token@host:8080/a") == "https://host:8080/a");
    BOOST_TEST(public_url("https://a@b:c@host/a") == "https://host/a");
    BOOST_TEST(public_url("ssh://git@host:22/a") == "ssh://host:22/a");
    BOOST_TEST(public_url("https://u:t@[::1]:80/a") == "https://[::1]:80/a");
    BOOST_TEST(public_url("https://host/a?private_token=t#x") == "https://host/a");
    BOOST_TEST(public_url("https://u:t@host") == "https://host");
    BOOST_TEST(public_url("git@host:org/a.git") == "git@host:org/a.git");
    BOOST_TEST(public_url("/srv/git/a.git") == "/srv/git/a.git");
    BOOST_TEST(public_url("../a.git") == "../a.git");
    BOOST_TEST(public_url("file:///srv/a") == "file:///srv/a");
}

BOOST_AUTO_TEST_CASE(what_may_hide_a_secret_is_left_out) {
    for (const char* url : {"user:t0ken@host/a",
                            "https:/user:t0ken@host/a",
                            "https:user:t0ken@host/a",
                            "//user:t0ken@host/a",
                            "https://user:t0/ken@host/a",
                            "https://user:12/t0ken@host/a",
                            "https://t0ken/x@host/a",
                            "https://user:t0ken%40host/a",
                            "https://t0ken%40host/a",
                            "https:\\\\user:t0ken@host/a",
                            "https://user:t0#ken@host/a",
                            "https://user:t0?ken@host/a",
                            "ext::sh -c t0ken",
                            "https::https://user:t0ken@host/a",
                            "ext::ssh:t0ken",
                            " https://u:t0ken@h/a",
                            "https://user:t0ken@host/a b",
                            "git@user:t0ken@host:a",
                            "https://user:t0ken",
                            "https://",
                            "https://user:t0ken@",
                            "https://[t0ken]/a",
                            "https://[::1]t0ken/a"}) {
        BOOST_TEST(public_url(url) == "", url);
    }
}

BOOST_AUTO_TEST_SUITE_END()
