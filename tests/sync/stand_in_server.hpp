// SPDX-License-Identifier: MIT
/// \file A small HTTP server on 127.0.0.1 that answers what a test tells it to, or does not.
#ifndef MLSCRIBE_TESTS_SYNC_STAND_IN_SERVER_HPP
#define MLSCRIBE_TESTS_SYNC_STAND_IN_SERVER_HPP

#include <mlscribe/file/descriptor.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/sync/server_settings.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "give_up.hpp"

namespace test {

/// How one request is answered.
struct scripted_answer {
    enum class way {
        whole,    ///< the answer as it is
        closed,   ///< likewise, and the connection is closed
        drop,     ///< none: the connection is closed when the request was read
        cut,      ///< half of the body, then the connection is closed
        hold,     ///< none, and the connection stays
        early,    ///< the answer before the body was read, then the connection is closed
        endless,  ///< the body again and again, until the client hangs up
    };
    int status = 200;
    std::string body = "{}";
    std::string headers = "Content-Type: application/json\r\n";
    way how = way::whole;
};
using way = scripted_answer::way;

/// What came in.
struct seen_request {
    std::string method;
    std::string target;
    std::string head;  ///< the header lines
    std::string body;

    bool has_header(std::string_view line) const {
        return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
    }
};

/// Takes the answers of a script in turn, whatever is asked; behind its end `{}`, or what `rest`
/// thinks of, which a thread of the server calls. It ends with its scope.
class stand_in_server {
  public:
    using answering = std::function<scripted_answer(const seen_request&)>;

    explicit stand_in_server(answering tell)
        : stand_in_server(std::vector<scripted_answer>(), std::move(tell)) {}
    explicit stand_in_server(std::vector<scripted_answer> script = {}, answering rest = {})
        : script_(std::move(script)), rest_(std::move(rest)) {
        listening_ = mlscribe::detail::descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const place = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listening_.get(), place, size) != 0 || ::listen(listening_.get(), 16) != 0 ||
            ::getsockname(listening_.get(), place, &size) != 0) {
            give_up("no port on 127.0.0.1");
        }
        port_ = ntohs(address.sin_port);
        int ends[2];
        if (::pipe(ends) != 0) give_up("no pipe");
        asked_to_end_ = mlscribe::detail::descriptor(ends[0]);
        end_ = mlscribe::detail::descriptor(ends[1]);
        thread_ = std::thread([this] { serve(); });
    }
    stand_in_server(const stand_in_server&) = delete;
    stand_in_server& operator=(const stand_in_server&) = delete;
    ~stand_in_server() {
        end_ = mlscribe::detail::descriptor();
        thread_.join();
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    /// Settings of an impatient client of this server.
    mlscribe::detail::server_settings settings() const {
        mlscribe::detail::server_settings chosen;
        chosen.url = url();
        chosen.most_retries = 3;
        chosen.backoff_factor = 0;
        chosen.backoff_jitter = 0;
        return chosen;
    }
    std::vector<seen_request> seen() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return seen_;
    }
    std::size_t connections() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return connections_;
    }

  private:
    void serve() {
        std::vector<mlscribe::detail::descriptor> open;
        for (;;) {
            std::vector<pollfd> waiting = {{asked_to_end_.get(), POLLIN, 0},
                                           {listening_.get(), POLLIN, 0}};
            for (const auto& each : open) waiting.push_back({each.get(), POLLIN, 0});
            if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
            if (waiting[0].revents != 0) return;
            for (std::size_t i = open.size(); i-- != 0;) {
                if (waiting[i + 2].revents != 0 && !answer(open[i].get())) {
                    open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
                }
            }
            if (waiting[1].revents != 0) {
                open.emplace_back(::accept(listening_.get(), nullptr, nullptr));
                // Else the body waits until the header is acknowledged: 40 milliseconds.
                const int at_once = 1;
                ::setsockopt(open.back().get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
                const std::lock_guard<std::mutex> lock(mutex_);
                ++connections_;
            }
        }
    }

    static bool read_more(int from, std::string& bytes) {
        char room[65536];
        const ssize_t got = ::recv(from, room, sizeof room, 0);
        if (got > 0) bytes.append(room, static_cast<std::size_t>(got));
        return got > 0;
    }
    static bool send_all(int to, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    // Whether the connection stays.
    bool answer(int connection) {
        std::string bytes;
        std::size_t end = std::string::npos;
        while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
            if (!read_more(connection, bytes)) return false;
        }
        seen_request request;
        request.head = bytes.substr(bytes.find("\r\n"), end + 2 - bytes.find("\r\n"));
        const std::string line = bytes.substr(0, bytes.find("\r\n"));
        request.method = line.substr(0, line.find(' '));
        request.target = line.substr(request.method.size() + 1);
        request.target.resize(request.target.find(' '));
        scripted_answer told;
        const bool is_scripted = take_next(told);
        if (told.how != way::early) {
            const std::string lower = mlscribe::detail::ascii_lowered(request.head);
            const std::size_t at = lower.find("\r\ncontent-length:");
            const std::size_t size =
                at == lower.npos ? 0 : std::strtoul(lower.c_str() + at + 17, nullptr, 10);
            if (lower.find("\r\nexpect: 100-continue") != lower.npos) {
                send_all(connection, "HTTP/1.1 100 Continue\r\n\r\n");
            }
            while (bytes.size() - end - 4 < size) {
                if (!read_more(connection, bytes)) break;
            }
        }
        request.body = bytes.substr(end + 4);
        if (!is_scripted && rest_) told = rest_(request);
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            seen_.push_back(std::move(request));
        }
        if (told.how == way::hold) return true;
        if (told.how == way::drop) return false;
        if (told.how == way::endless) {
            char size[32];
            std::snprintf(size, sizeof size, "%zx\r\n", told.body.size());
            const std::string chunk = size + told.body + "\r\n";
            bool goes_on =
                send_all(connection, "HTTP/1.1 200 Told\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (goes_on) goes_on = send_all(connection, chunk);
            return false;
        }
        const std::size_t sent = told.how == way::cut ? told.body.size() / 2 : told.body.size();
        // At once: the second of two parts would wait until the first was acknowledged.
        send_all(connection, "HTTP/1.1 " + std::to_string(told.status) + " Told\r\n" +
                                 told.headers +
                                 "Content-Length: " + std::to_string(told.body.size()) +
                                 "\r\n\r\n" + told.body.substr(0, sent));
        if (told.how == way::early) {
            // A connection that is closed with bytes unread takes the answer away.
            ::shutdown(connection, SHUT_WR);
            while (read_more(connection, bytes)) bytes.clear();
        }
        return told.how == way::whole;
    }
    bool take_next(scripted_answer& answer) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (at_ == script_.size()) return false;
        answer = script_[at_++];
        return true;
    }

    std::vector<scripted_answer> script_;
    answering rest_;
    std::size_t at_ = 0;
    mutable std::mutex mutex_;
    std::vector<seen_request> seen_;
    std::size_t connections_ = 0;
    std::uint16_t port_ = 0;
    mlscribe::detail::descriptor listening_;
    mlscribe::detail::descriptor asked_to_end_;
    mlscribe::detail::descriptor end_;
    std::thread thread_;
};

}  // namespace test

#endif
