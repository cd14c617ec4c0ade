// SPDX-License-Identifier: MIT
/// \file One call of a REST interface, asked again with pauses while that can help.
#ifndef MLSCRIBE_SYNC_SERVER_CALL_HPP
#define MLSCRIBE_SYNC_SERVER_CALL_HPP

#include <mlscribe/sync/http_client.hpp>
#include <mlscribe/sync/retry_schedule.hpp>
#include <mlscribe/sync/server_refusal.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a call asks for.
struct server_call {
    std::string_view what;  ///< "create a run": for messages
    http_request request;
    /// Of a request that makes something: looks up whether the server did it although the answer
    /// was lost. Then nothing is asked again.
    std::function<error(bool& is_done)> look_up = {};
    /// Nobody there is an answer: not asked again.
    bool fail_fast = false;
};

/// Asks a server, and gives JSON back. \threadsafety one thread at a time
class server_caller {
  public:
    explicit server_caller(server_settings settings)
        : settings_(std::move(settings)), client_(settings_) {}

    const server_settings& settings() const noexcept { return settings_; }

    /// \param answer  what it said; empty where look_up() found the thing made
    error ask(const server_call& call, server_json& answer) {
        retry_schedule pauses(settings_);
        for (;;) {
            const http_answer got = client_.send(call.request);
            if (got.success()) {
                // That of a file that was stored is empty.
                if (got.body.empty() && call.request.file >= 0) return {};
                if (std::optional<server_json> read = parse_server_json(got.body)) {
                    answer = std::move(*read);
                    return {};
                }
            }
            const std::size_t begin = got.body.find_first_not_of(" \t\r\n");
            const bool torn = got.success() && begin != got.body.npos && got.body[begin] == '{';
            if (!got.may_pass() && !torn) return refusal_of(settings_, call.what, got);
            if (call.fail_fast && got.outcome == http_outcome::not_sent) {
                return refusal_of(settings_, call.what, got);
            }
            const std::optional<std::int64_t> pause = pauses.next(got.retry_after);
            if (!pause) return refusal_of(settings_, call.what, got);
            std::this_thread::sleep_for(std::chrono::milliseconds(*pause));
            if (!call.look_up || !(torn || got.may_be_done())) continue;
            bool is_done = false;
            if (error failure = call.look_up(is_done)) return failure;
            if (is_done) return {};
        }
    }

    /// Asks for a text. \param answer  empty where there is none
    void ask_text(const std::string& path, std::string& answer) {
        http_request request;
        request.path = path;
        http_answer got = client_.send(request);
        answer.clear();
        if (got.success()) answer = std::move(got.body);
    }

  private:
    server_settings settings_;
    http_client client_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
