// SPDX-License-Identifier: MIT
/// \file A request, and what came back for it.
#ifndef MLSCRIBE_SYNC_HTTP_MESSAGE_HPP
#define MLSCRIBE_SYNC_HTTP_MESSAGE_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <optional>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What is asked of a server.
struct http_request {
    const char* method = "GET";  ///< "GET", "POST", "PATCH", "PUT" or "DELETE"
    std::string path;            ///< behind the server's address, percent-encoded, with its query
    std::string body;            ///< JSON
    int file = -1;               ///< what is sent in place of `body`, from its beginning
    std::int64_t size = 0;       ///< how many bytes of it
    /// Never sent a second time but by the caller: it takes a connection of its own, since libcurl
    /// sends again what an old one loses.
    bool once = false;
};

/// How a request ended.
enum class http_outcome {
    answered,   ///< there is a whole answer
    not_sent,   ///< the server was not reached: nothing happened there
    lost,       ///< no whole answer; whether the server did it is unknown
    too_large,  ///< the answer is beyond what is read
    distrust,   ///< the server's certificate, or ours, is not accepted
    bad_file,   ///< the file could not be read, or changed meanwhile
};

/// What came back. \threadsafety one thread at a time
struct http_answer {
    http_outcome outcome = http_outcome::lost;
    std::string reason;   ///< libcurl's words, where it is not `answered`
    int system_code = 0;  ///< errno where it is `bad_file`; EIO where the file became shorter
    long status = 0;      ///< 200, 404, …
    std::string body;
    std::string content_type;
    std::string location;                     ///< where a redirect leads
    std::optional<std::int64_t> retry_after;  ///< seconds that the server asks us to wait

    bool success() const noexcept {
        return outcome == http_outcome::answered && status >= 200 && status < 300;
    }
    /// Whether the same request may fare better later.
    bool may_pass() const noexcept {
        if (outcome != http_outcome::answered) {
            return outcome == http_outcome::not_sent || outcome == http_outcome::lost;
        }
        // The list of MLflow's own client.
        return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
               status == 504;
    }
    /// Whether the server may have done what was asked although it does not say so.
    bool may_be_done() const noexcept {
        return outcome == http_outcome::lost ||
               (outcome == http_outcome::answered && may_pass() && status != 429);
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
