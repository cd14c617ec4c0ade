// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/tag/source_tags.hpp>

#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>

#include "child_process.hpp"
#include "skipped.hpp"

using mlscribe::detail::put_tag;
using mlscribe::detail::source_tags;
using mlscribe::detail::tag_list;
using mlscribe::detail::user_name;

namespace {

/// Sets the variables that name a user for as long as it lives.
class user_environment {
  public:
    explicit user_environment(const std::map<std::string, std::string>& values) {
        for (const char* name : {"LOGNAME", "USER", "LNAME", "USERNAME"}) {
            const char* const value = std::getenv(name);
            if (value != nullptr) before_[name] = value;
            ::unsetenv(name);
        }
        for (const auto& value : values) ::setenv(value.first.c_str(), value.second.c_str(), 1);
    }
    user_environment(const user_environment&) = delete;
    user_environment& operator=(const user_environment&) = delete;
    ~user_environment() {
        for (const char* name : {"LOGNAME", "USER", "LNAME", "USERNAME"}) ::unsetenv(name);
        for (const auto& value : before_) ::setenv(value.first.c_str(), value.second.c_str(), 1);
    }

  private:
    std::map<std::string, std::string> before_;
};

std::string user_with(const std::map<std::string, std::string>& values) {
    const user_environment set(values);
    return user_name();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tag_source_tags)

BOOST_AUTO_TEST_CASE(the_user_as_mlflow_finds_it) {
    BOOST_TEST(user_with({{"LOGNAME", "bob"}, {"USER", "alice"}}) == "bob");
    BOOST_TEST(user_with({{"LOGNAME", ""}, {"USER", "alice"}}) == "alice");
    BOOST_TEST(user_with({{"LNAME", "l"}, {"USERNAME", "u"}}) == "l");
    BOOST_TEST(user_with({{"USERNAME", "u"}}) == "u");
    BOOST_TEST(!user_with({}).empty());
}

BOOST_AUTO_TEST_CASE(another_user_has_another_name) {
    const std::string self = user_with({});
    BOOST_TEST(user_with({}) == self);
    const std::string child = test::in_child([]() -> std::string {
        if (::geteuid() != 0 || ::setuid(2000000000) != 0) return "skipped";
        return user_with({});
    });
    if (child == "skipped") return test::skipped("the user cannot be changed (root only)");
    BOOST_TEST(child == "unknown");
}

BOOST_AUTO_TEST_CASE(three_tags_of_their_own) {
    const tag_list tags = source_tags("me");
    BOOST_REQUIRE(tags.size() == 3u);
    BOOST_TEST(tags[0].first == "mlflow.user");
    BOOST_TEST(tags[0].second == "me");
    BOOST_TEST(tags[1].first == "mlflow.source.name");
    BOOST_TEST(!tags[1].second.empty());
    BOOST_TEST(tags[2].first == "mlflow.source.type");
    BOOST_TEST(tags[2].second == "LOCAL");
}

BOOST_AUTO_TEST_CASE(a_tag_is_put_once) {
    tag_list tags = {{"a", "1"}};
    put_tag(tags, "b", "2");
    put_tag(tags, "a", "3");
    const tag_list expected = {{"a", "3"}, {"b", "2"}};
    BOOST_TEST((tags == expected));
}

BOOST_AUTO_TEST_SUITE_END()
