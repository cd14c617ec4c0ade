// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/sync/artifact_address.hpp>

#include <string>

namespace {

using mlscribe::error;
using mlscribe::error_code;

std::string place(const std::string& server, const std::string& uri, const std::string& path) {
    std::string found;
    const error failure = mlscribe::detail::find_artifact_address(server, uri, path, found);
    return failure ? "refused " + std::to_string(static_cast<int>(failure.code)) : found;
}

std::string refused(error_code code) {
    return "refused " + std::to_string(static_cast<int>(code));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_artifact_address)

BOOST_AUTO_TEST_CASE(what_the_server_passes_on_is_found) {
    const std::string server = "https://h:5000/prefix";
    BOOST_TEST(place(server, "mlflow-artifacts:/1/ab/artifacts", "a b/c") ==
               "1/ab/artifacts/a b/c");
    BOOST_TEST(place(server, "mlflow-artifacts:/1/ab/artifacts/", "") == "1/ab/artifacts");
    BOOST_TEST(place(server, "mlflow-artifacts:///1/x", "") == "1/x");
    BOOST_TEST(place(server, "mlflow-artifacts://H:5000/1/x", "y") == "1/x/y");
    BOOST_TEST(place(server, "mlflow-artifacts:/", "y") == "y");
    BOOST_TEST(place(server, "https://h:5000/prefix/api/2.0/mlflow-artifacts/artifacts/1/x", "y") ==
               "1/x/y");
}

BOOST_AUTO_TEST_CASE(no_other_host_is_asked) {
    const std::string server = "https://h:5000";
    for (const char* const uri :
         {"mlflow-artifacts://evil/1", "mlflow-artifacts://h/1", "mlflow-artifacts://h:5000@evil/1",
          "mlflow-artifacts://evil", "s3://bucket/x", "file:///x", "/x", "", "https://h:50001/x",
          "http://h:5000/api/2.0/mlflow-artifacts/artifacts/1",
          "https://h:5000/api/2.0/mlflow-artifacts/artifactsx/1", "https://h:5000/other/1"}) {
        BOOST_TEST_CONTEXT(uri) {
            BOOST_TEST(place(server, uri, "y") == refused(error_code::unsupported_uri));
        }
    }
}

BOOST_AUTO_TEST_CASE(nor_another_place_of_this_one) {
    for (const char* const uri :
         {"mlflow-artifacts:/../../mlflow/runs/delete", "mlflow-artifacts:/1/../../x",
          "mlflow-artifacts:/1/.", "mlflow-artifacts:/1//x",
          "http://h/api/2.0/mlflow-artifacts/artifacts/../../x"}) {
        BOOST_TEST_CONTEXT(uri) {
            BOOST_TEST(place("http://h", uri, "y") == refused(error_code::unsupported_uri));
        }
    }
}

BOOST_AUTO_TEST_CASE(no_path_leaves_the_artifacts) {
    for (const char* const path : {"../x", "a/../../x", "/x", "a//b", "a/", "."}) {
        BOOST_TEST_CONTEXT(path) {
            BOOST_TEST(place("http://h", "mlflow-artifacts:/1", path) ==
                       refused(error_code::invalid_path));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_the_server_changes_is_refused) {
    using mlscribe::detail::check_artifact_name;
    for (const char* const name : {"a%20b", "%2e%2E", "50%ab", "a#b", "a\nb", "\x7F"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST((check_artifact_name(name).code == error_code::invalid_path));
        }
    }
    for (const char* const name :
         {"a b", "50%", "50%a", "%%", "% 20", "a%2", "\xC3\xBC?*:\"\\+&"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(!check_artifact_name(name));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
