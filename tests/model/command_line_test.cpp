// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/command_line.hpp>

#include <string>
#include <vector>

using mlscribe::detail::hide_secrets;

namespace {

std::vector<std::string> hidden(std::vector<std::string> arguments) {
    hide_secrets(arguments);
    return arguments;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_command_line)

BOOST_AUTO_TEST_CASE(secrets_of_the_command_line_are_hidden) {
    const auto expect = [](const std::vector<std::string>& given,
                           const std::vector<std::string>& shown) {
        BOOST_TEST(hidden(given) == shown, boost::test_tools::per_element());
    };
    expect({"train", "--api-key", "s3cret", "--epochs", "5"},
           {"train", "--api-key", "***", "--epochs", "5"});
    expect({"train", "--db_password=s3cret", "token=s3cret", "-token", "-s3cret"},
           {"train", "--db_password=***", "token=***", "-token", "***"});
    expect({"train", "API_KEY=s3cret", "--auth.secret=a=b"},
           {"train", "API_KEY=***", "--auth.secret=***"});
    expect({"--uri=https://me:s3cret@host/x@y", "http://host/a@b", "s3://bucket", "://@"},
           {"--uri=https://***@host/x@y", "http://host/a@b", "s3://bucket", "://@"});
    expect({"https://h/data?sig=s3cret", "--u=https://me:s3/cret@h/x", "--auth", "me:s3cret"},
           {"https://h/data?***", "--u=https://***@h/x", "--auth", "***"});
    expect({"--max-tokens", "512", "--tokenizer=bert", "token", "x", "--key", "y", "--token"},
           {"--max-tokens", "512", "--tokenizer=bert", "token", "x", "--key", "y", "--token"});
}

BOOST_AUTO_TEST_SUITE_END()
