// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/credentials_file.hpp>

#include <string>

#include "environment.hpp"
#include "scratch_directory.hpp"

namespace {

using mlscribe::detail::credentials;
using mlscribe::detail::parse_credentials;

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_credentials_file)

BOOST_AUTO_TEST_CASE(it_is_read_as_pythons_configparser_reads_it) {
    const credentials found = parse_credentials(
        "# of mine\n; too\n[other]\nmlflow_tracking_username = wrong\n"
        "[mlflow]\r\nMLflow_Tracking_Username :  me \r\n"
        "mlflow_tracking_password= a=b:%%c # d\nunknown = x\nno value\n"
        "[mlflow2]\nmlflow_tracking_password = wrong");
    BOOST_TEST(found.username == "me");
    BOOST_TEST(found.password == "a=b:%c # d");
    BOOST_TEST(parse_credentials("").username == "");
    BOOST_TEST(parse_credentials("[mlflow\nmlflow_tracking_username").username == "");
    BOOST_TEST(parse_credentials("mlflow_tracking_username = x").username == "");
}

BOOST_AUTO_TEST_CASE(it_stands_in_the_home_folder) {
    const test::scratch_directory scratch;
    const test::variable home("HOME", scratch.path().c_str());
    credentials found;
    BOOST_TEST(!mlscribe::detail::read_credentials(found));
    BOOST_TEST(found.username == "");
    test::write_file(scratch / ".mlflow/credentials", "[mlflow]\nmlflow_tracking_username = me\n");
    BOOST_TEST(!mlscribe::detail::read_credentials(found));
    BOOST_TEST(found.username == "me");
    BOOST_TEST(found.password == "");
    // A folder cannot be read.
    std::filesystem::remove(scratch / ".mlflow/credentials");
    std::filesystem::create_directories(scratch / ".mlflow/credentials");
    const mlscribe::error failure = mlscribe::detail::read_credentials(found);
    BOOST_TEST((failure.code == mlscribe::error_code::system));
    BOOST_TEST(failure.message.find("/.mlflow/credentials") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
