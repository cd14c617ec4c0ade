// SPDX-License-Identifier: MIT
/// \file Where the tracking server is, who asks, and how patiently.
#ifndef MLSCRIBE_SYNC_SERVER_SETTINGS_HPP
#define MLSCRIBE_SYNC_SERVER_SETTINGS_HPP

#include <mlscribe/error/error.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What MLflow's own client takes from its environment variables. The secrets among it are in no
/// message.
struct server_settings {
    std::string url;       ///< `https://host:port/prefix`: no credentials, no slash at the end
    std::string token;     ///< MLFLOW_TRACKING_TOKEN
    std::string username;  ///< MLFLOW_TRACKING_USERNAME, or the URI's
    std::string password;
    bool verify_tls = true;        ///< false only by MLFLOW_TRACKING_INSECURE_TLS
    std::string ca_path;           ///< MLFLOW_TRACKING_SERVER_CERT_PATH: file or folder of CAs
    std::string client_cert_path;  ///< MLFLOW_TRACKING_CLIENT_CERT_PATH: certificate and key
    std::string workspace;         ///< MLFLOW_WORKSPACE
    int most_retries = 7;          ///< MLFLOW_HTTP_REQUEST_MAX_RETRIES
    double backoff_factor = 2;     ///< seconds; MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR
    double backoff_jitter = 1;     ///< seconds; MLFLOW_HTTP_REQUEST_BACKOFF_JITTER
    int timeout = 120;             ///< seconds of silence; MLFLOW_HTTP_REQUEST_TIMEOUT
};

/// Fills `settings` from a tracking URI, the environment and `~/.mlflow/credentials`.
/// \onfailure unsupported_uri where `uri` is not `http(s)://host…`; invalid_value where a variable
///            is none of its kind
inline error read_server_settings(std::string_view uri, server_settings& settings);

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
