// SPDX-License-Identifier: MIT
/// \file Where the tracking server is, who asks, and how patiently.
#ifndef MLSCRIBE_SYNC_SERVER_SETTINGS_HPP
#define MLSCRIBE_SYNC_SERVER_SETTINGS_HPP

#include <mlscribe/sync/credentials_file.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What MLflow's own client takes from its environment variables. The secrets among it are in no
/// message.
struct server_settings {
    std::string url;         ///< `https://host:port/prefix`: no credentials, no slash at the end
    std::string username;    ///< the URI's, MLFLOW_TRACKING_USERNAME, or the file's
    std::string password;    ///< MLFLOW_TRACKING_PASSWORD, likewise
    std::string token;       ///< MLFLOW_TRACKING_TOKEN; sent where there is no username
    bool verify_tls = true;  ///< false only by MLFLOW_TRACKING_INSECURE_TLS
    std::string server_cert_path;     ///< MLFLOW_TRACKING_SERVER_CERT_PATH: a file or folder of CAs
    std::string client_cert_path;     ///< MLFLOW_TRACKING_CLIENT_CERT_PATH: certificate and key
    std::string workspace;            ///< MLFLOW_WORKSPACE
    std::int64_t most_retries = 7;    ///< MLFLOW_HTTP_REQUEST_MAX_RETRIES
    double backoff_factor = 2;        ///< seconds; MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR
    double backoff_jitter = 1;        ///< seconds; MLFLOW_HTTP_REQUEST_BACKOFF_JITTER
    std::int64_t timeout = 120;       ///< seconds without a byte; MLFLOW_HTTP_REQUEST_TIMEOUT
    bool respect_retry_after = true;  ///< MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER
};

inline error refused_variable(const char* name, std::string_view value, const char* rule) {
    return {error_code::invalid_value, 0,
            std::string(name) + "=\"" + shown(value) + "\": MLflow takes " + rule +
                "; correct or unset it"};
}

// Each leaves what is there where the variable is not set.
inline error read_variable(const char* name, double most, double& number) {
    const std::string text = environment(name);
    if (text.empty()) return {};
    const std::optional<double> value = parse_python_float(text);
    if (!value || !(*value >= 0 && *value <= most)) {
        return refused_variable(name, text, "a number from 0 to what is still a sensible pause");
    }
    number = *value;
    return {};
}
inline error read_variable(const char* name, std::int64_t most, std::int64_t& number) {
    const std::string text = environment(name);
    if (text.empty()) return {};
    const std::optional<std::int64_t> value = parse_python_int(text);
    if (!value || *value < 0 || *value > most) {
        return refused_variable(name, text, "a small whole number");
    }
    number = *value;
    return {};
}
inline error read_variable(const char* name, bool& answer) {
    const std::string text = ascii_lowered(environment(name));
    if (text.empty()) return {};
    if (text != "true" && text != "1" && text != "false" && text != "0") {
        return refused_variable(name, text, "true, false, 1 or 0");
    }
    answer = text == "true" || text == "1";
    return {};
}

/// A line end in a header would begin another one.
inline bool has_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), is_control);
}

/// Splits `https://name:password@host/prefix/`.
inline error read_server_url(std::string_view uri, server_settings& settings) {
    const auto refused = [uri](const char* why) {
        return error{error_code::unsupported_uri, 0,
                     "tracking server \"" + shown_uri(uri) + "\": " + why};
    };
    const std::string scheme = ascii_lowered(scheme_of(uri));
    if ((scheme != "http" && scheme != "https") || uri.substr(scheme.size(), 3) != "://") {
        return refused("runs are pushed to http://HOST:PORT or https://HOST");
    }
    if (has_control(uri) || uri.find_first_of(" ?#\\") != uri.npos) {
        return refused("an address has no blank, '?', '#' or '\\'; write it without");
    }
    std::string_view behind = uri.substr(scheme.size() + 3);
    const std::size_t at = behind.substr(0, behind.find('/')).rfind('@');
    if (at != behind.npos) {
        const std::string_view user = behind.substr(0, at);
        const std::size_t colon = (std::min)(user.find(':'), user.size());
        settings.username = percent_decoded(user.substr(0, colon));
        settings.password = percent_decoded(user.substr((std::min)(colon + 1, user.size())));
        behind.remove_prefix(at + 1);
    }
    while (!behind.empty() && behind.back() == '/') behind.remove_suffix(1);
    if (behind.empty() || behind[0] == '/' || behind[0] == ':') return refused("it names no host");
    const std::size_t prefix = (std::min)(behind.find('/'), behind.size());
    settings.url = scheme + "://" + ascii_lowered(behind.substr(0, prefix));
    settings.url += behind.substr(prefix);
    return {};
}

/// Fills `settings` from a tracking URI, the environment and `~/.mlflow/credentials`.
/// \onfailure unsupported_uri where `uri` is not `http(s)://host…`; invalid_value where a variable
///            is none of its kind; system where the file cannot be read
inline error read_server_settings(std::string_view uri, server_settings& settings) {
    settings = server_settings();
    if (error failure = read_server_url(uri, settings)) return failure;
    credentials stored;
    if (error failure = read_credentials(stored)) return failure;
    // MLflow's order: what the URI says, the environment, the file.
    const auto choose = [](std::string& chosen, const char* name, const std::string& otherwise) {
        if (chosen.empty()) chosen = environment(name);
        if (chosen.empty()) chosen = otherwise;
    };
    choose(settings.username, "MLFLOW_TRACKING_USERNAME", stored.username);
    choose(settings.password, "MLFLOW_TRACKING_PASSWORD", stored.password);
    choose(settings.token, "MLFLOW_TRACKING_TOKEN", {});
    for (const std::string* secret : {&settings.username, &settings.password, &settings.token}) {
        if (!has_control(*secret)) continue;
        return {error_code::invalid_value, 0,
                "the name, password or token for " + settings.url +
                    " has a control character, which no server takes; look for a line end at the "
                    "end of MLFLOW_TRACKING_TOKEN, _USERNAME or _PASSWORD"};
    }
    choose(settings.workspace, "MLFLOW_WORKSPACE", {});
    if (has_control(settings.workspace)) {
        return refused_variable("MLFLOW_WORKSPACE", settings.workspace, "a name");
    }

    bool insecure = false;
    if (error failure = read_variable("MLFLOW_TRACKING_INSECURE_TLS", insecure)) return failure;
    settings.verify_tls = !insecure;
    // MLflow's own variable, then those of the library that it asks by.
    for (const char* name :
         {"MLFLOW_TRACKING_SERVER_CERT_PATH", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
        choose(settings.server_cert_path, name, {});
    }
    if (insecure && !environment("MLFLOW_TRACKING_SERVER_CERT_PATH").empty()) {
        return {error_code::invalid_value, 0,
                "MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH exclude each "
                "other: unset the first to have the server verified"};
    }
    choose(settings.client_cert_path, "MLFLOW_TRACKING_CLIENT_CERT_PATH", {});

    constexpr std::int64_t most_retries = 9;
    constexpr double longest_factor = 120;
    constexpr double longest_jitter = 600;
    constexpr std::int64_t longest_timeout = 86400;
    error failure =
        read_variable("MLFLOW_HTTP_REQUEST_MAX_RETRIES", most_retries, settings.most_retries);
    if (!failure) {
        failure = read_variable("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", longest_factor,
                                settings.backoff_factor);
    }
    if (!failure) {
        failure = read_variable("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", longest_jitter,
                                settings.backoff_jitter);
    }
    if (!failure) {
        failure = read_variable("MLFLOW_HTTP_REQUEST_TIMEOUT", longest_timeout, settings.timeout);
    }
    if (!failure) {
        failure =
            read_variable("MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER", settings.respect_retry_after);
    }
    return failure;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
