// SPDX-License-Identifier: MIT
/// \file What to tell people of an answer that is none, and nothing secret.
#ifndef MLSCRIBE_SYNC_SERVER_REFUSAL_HPP
#define MLSCRIBE_SYNC_SERVER_REFUSAL_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/base64.hpp>
#include <mlscribe/layout/hex_digits.hpp>
#include <mlscribe/sync/http_message.hpp>
#include <mlscribe/sync/server_json.hpp>
#include <mlscribe/sync/server_settings.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// How much of a text's front is a secret: as it is, or with any bytes of it percent-encoded.
inline std::size_t secret_size(std::string_view text, std::string_view secret) noexcept {
    if (text.substr(0, secret.size()) == secret) return secret.size();
    std::size_t at = 0;
    for (const char byte : secret) {
        const std::string_view next = text.substr((std::min)(at, text.size()), 3);
        const bool encoded =
            next.size() == 3 && next[0] == '%' && hex_value(next[1]) >= 0 &&
            hex_value(next[1]) * 16 + hex_value(next[2]) == static_cast<unsigned char>(byte);
        if (!encoded && (next.empty() || next[0] != byte)) return 0;
        at += encoded ? 3 : 1;
    }
    return at;
}

/// A text of the server's without our secrets, which it may have echoed.
inline std::string without_secrets(std::string text, const server_settings& settings) {
    constexpr std::string_view stars = "***";
    std::string secrets[] = {{}, settings.token, settings.password, settings.username};
    if (!settings.username.empty() || !settings.password.empty()) {
        secrets[0] = base64(settings.username + ':' + settings.password);
        while (secrets[0].back() == '=') secrets[0].pop_back();
    }
    // The longest first: what stands for a shorter one would break it up.
    std::sort(std::begin(secrets), std::end(secrets),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    for (const std::string& secret : secrets) {
        if (secret.empty()) break;
        std::string kept;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t size = secret_size(std::string_view(text).substr(at), secret);
            if (size == 0) {
                kept += text[at++];
            } else {
                kept += stars;
                at += size;
            }
        }
        text = std::move(kept);
    }
    for (const std::string_view scheme : {"basic ", "bearer "}) {
        const std::string lower = ascii_lowered(text);
        std::string kept;
        std::size_t at = 0;
        for (std::size_t begin = 0; (begin = lower.find(scheme, at)) != lower.npos;) {
            const std::size_t from = begin + scheme.size();
            const std::size_t end =
                (std::min)(lower.find_first_of(" \"'\r\n,;}", from), lower.size());
            kept.append(text, at, from - at);
            if (end > from) kept += stars;
            at = end;
        }
        text = kept.append(text, at, text.npos);
    }
    return text;
}

/// The beginning of a text that the server wrote, on one line.
inline std::string said_by_server(std::string text, const server_settings& settings) {
    constexpr std::size_t most = 320;
    constexpr std::size_t most_bytes = 65536;
    const bool is_long = text.size() > most_bytes;
    if (is_long) text.resize(most_bytes);
    std::string clean = without_secrets(std::move(text), settings);
    // A secret that is cut in two is not found.
    const std::size_t longest =
        3 * (settings.token.size() + settings.username.size() + settings.password.size() + 1);
    if (is_long) clean.resize(clean.size() - (std::min)(clean.size(), longest));
    std::string_view rest = utf8::prefix(clean, most);
    const bool cut = is_long || rest.size() != clean.size();
    std::string out;
    while (!rest.empty()) {
        const std::string_view piece = utf8::prefix(rest, 80);
        out += shown(piece);
        rest.remove_prefix(piece.size());
    }
    return cut ? out + " …" : out;
}

inline bool is_web_page(const http_answer& answer) noexcept {
    return answer.content_type.find("html") != std::string::npos ||
           (!answer.body.empty() && answer.body[0] == '<');
}

/// How a call ended that has no whole answer.
inline error unanswered(const server_settings& settings, const std::string& call,
                        const http_answer& answer) {
    const std::string why = " (" + said_by_server(answer.reason, settings) + ')';
    switch (answer.outcome) {
        case http_outcome::not_sent:
            return {error_code::unreachable, 0,
                    call + ": it cannot be reached" + why +
                        "; is it running, and are address and proxy right?"};
        case http_outcome::too_large:
            return {error_code::unreachable, 0,
                    call + ": its answer is larger than any of a tracking server; is it one?"};
        case http_outcome::distrust:
            return {error_code::unreachable, 0,
                    call + ": no trust in the connection" + why +
                        "; name the authority of the server's certificate by "
                        "MLFLOW_TRACKING_SERVER_CERT_PATH, your own certificate by "
                        "MLFLOW_TRACKING_CLIENT_CERT_PATH"};
        case http_outcome::bad_file:
            return {error_code::system, answer.system_code,
                    call + ": the file cannot be read, or became shorter meanwhile (" +
                        std::generic_category().message(answer.system_code) + "); push again"};
        default:
            return {error_code::unreachable, 0,
                    call + ": the connection broke before a whole answer came" + why +
                        "; push again: what is there already is not sent twice"};
    }
}

/// What an answer beyond 2xx, or one that is no JSON, means.
/// \param what  that was asked for, as "create a run"
inline error refusal_of(const server_settings& settings, std::string_view what,
                        const http_answer& answer) {
    std::string call = "cannot " + std::string(what) + " on tracking server " + settings.url;
    if (answer.outcome != http_outcome::answered) return unanswered(settings, call, answer);
    const std::string status = std::to_string(answer.status);
    const auto make = [&call](error_code code, const std::string& message) {
        return error{code, 0, call + ": " + message};
    };
    if (answer.status >= 300 && answer.status < 400) {
        // Its query may hold a ticket.
        const std::string target = answer.location.substr(0, answer.location.find_first_of("?#"));
        return make(error_code::unreachable,
                    "it sends us on to \"" + shown_uri(without_secrets(target, settings)) +
                        "\", where credentials do not follow; if that is the server, push to its "
                        "address, if it is a login, set MLFLOW_TRACKING_TOKEN");
    }
    const std::optional<server_json> body = parse_server_json(answer.body);
    const std::string name = body ? text_of(*body, "error_code") : std::string();
    // Its security, and proxies, speak in plain words.
    std::string words = body ? text_of(*body, "message") : answer.body;
    if (!body && is_web_page(answer)) words.clear();
    words = said_by_server(std::move(words), settings);
    if (answer.status == 401 || name == "UNAUTHENTICATED") {
        return make(error_code::access_denied,
                    "it does not know who asks (401); set MLFLOW_TRACKING_TOKEN, or "
                    "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
    }
    if (answer.status == 407) {
        return make(error_code::access_denied,
                    "the proxy wants credentials (407); write http_proxy or https_proxy with them");
    }
    if (answer.status == 403 || name == "PERMISSION_DENIED") {
        const bool unknown_host = words.find("Invalid Host header") != words.npos;
        return make(error_code::access_denied,
                    "not allowed (403)" + (words.empty() ? "" : ": " + words) +
                        (unknown_host ? "; have it started with --allowed-hosts and this host"
                                      : "; ask who runs the server for leave to write"));
    }
    if (name == "RESOURCE_ALREADY_EXISTS") return make(error_code::already_exists, words);
    if (name == "RESOURCE_DOES_NOT_EXIST") return make(error_code::not_found, words);
    if (answer.success() || answer.status == 404 || answer.status == 405 || answer.status == 501) {
        return make(
            error_code::unreachable,
            std::string(is_web_page(answer) ? "a web page" : "something that is not MLflow's") +
                " answers (" + status +
                "); that is no MLflow server, or its address needs a prefix or a login");
    }
    if (answer.status == 413) {
        return make(error_code::invalid_value,
                    "more than it takes at once (413); let its proxy take larger bodies");
    }
    if (answer.may_pass()) {
        std::string message = "it is busy or broken (" + status + ')';
        if (!words.empty()) message += ": " + words;
        if (answer.retry_after) {
            message +=
                "; it wants to be left alone for " + std::to_string(*answer.retry_after) + " s";
        }
        return make(error_code::unreachable, message + "; push again later");
    }
    return make(error_code::invalid_value,
                "refused (" + status + ')' + (words.empty() ? "" : ": " + words));
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
