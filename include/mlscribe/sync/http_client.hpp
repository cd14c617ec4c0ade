// SPDX-License-Identifier: MIT
/// \file Sends requests to one server by libcurl, over a connection that is kept.
#ifndef MLSCRIBE_SYNC_HTTP_CLIENT_HPP
#define MLSCRIBE_SYNC_HTTP_CLIENT_HPP

#include <mlscribe/error/blocked_signals.hpp>
#include <mlscribe/file/descriptor.hpp>
#include <mlscribe/sync/answer_header.hpp>
#include <mlscribe/sync/http_message.hpp>
#include <mlscribe/sync/server_settings.hpp>
#include <mlscribe/version.hpp>

#include <curl/curl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Sends to one server what it is given, once. Redirects are not followed: credentials go to the
/// host that the user named and to no other. \threadsafety one thread at a time; an object for each
/// thread
class http_client {
  public:
    explicit http_client(const server_settings& settings) : url_(settings.url) {
        // Of the whole process, which a first client sets up before there is a second.
        static const CURLcode ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
        if (ready == CURLE_OK) handle_.reset(::curl_easy_init());
        if (handle_) set_up(settings);
    }
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    http_answer send(const http_request& request) {
        http_answer answer;
        if (!handle_) {
            answer.outcome = http_outcome::not_sent;
            answer.reason = "libcurl cannot be set up";
            return answer;
        }
        exchange now{&request, &answer};
        prepare(request, now);
        CURLcode result = CURLE_OK;
        {
            // TLS writes without MSG_NOSIGNAL.
            blocked_signals no_signals;
            result = ::curl_easy_perform(handle_.get());
            no_signals.heed(EPIPE);
        }
#if MLSCRIBE_HAS_EXCEPTIONS
        if (now.no_memory) throw std::bad_alloc();
#endif
        conclude(result, now);
        return answer;
    }

  private:
    /// More is no answer of a tracking server.
    static constexpr std::size_t most_bytes = std::size_t{16} << 20;

    struct exchange {
        const http_request* request;
        http_answer* answer;
        std::int64_t sent = 0;
        bool too_large = false;
        bool bad_file = false;
        bool no_memory = false;
    };
    struct easy_end {
        void operator()(CURL* handle) const noexcept { ::curl_easy_cleanup(handle); }
    };
    struct list_end {
        void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
    };
    using header_list = std::unique_ptr<curl_slist, list_end>;

    template <class Value>
    void set(CURLoption option, Value value) {
        ::curl_easy_setopt(handle_.get(), option, value);
    }
    static void add(header_list& to, const std::string& line) {
        if (curl_slist* const longer = ::curl_slist_append(to.get(), line.c_str())) {
            static_cast<void>(to.release());  // `longer` begins with it
            to.reset(longer);
        }
    }

    void set_up(const server_settings& settings) {
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_TCP_KEEPALIVE, 1L);
        set(CURLOPT_ERRORBUFFER, reason_);
        set(CURLOPT_WRITEFUNCTION, &take_body);
        set(CURLOPT_HEADERFUNCTION, &take_header);
        set(CURLOPT_READFUNCTION, &give_file);
        set(CURLOPT_SEEKFUNCTION, &seek_file);
        // Silence ends a request, however long it takes as a whole.
        if (settings.timeout > 0) {
            set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings.timeout));
            set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.timeout));
            set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        }
        set(CURLOPT_SSL_VERIFYPEER, settings.verify_tls ? 1L : 0L);
        set(CURLOPT_SSL_VERIFYHOST, settings.verify_tls ? 2L : 0L);
        if (!settings.server_cert_path.empty()) {
            struct stat about {};
            const bool folder =
                ::stat(settings.server_cert_path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
            set(folder ? CURLOPT_CAPATH : CURLOPT_CAINFO, settings.server_cert_path.c_str());
            // The system's own would be trusted beside them.
            if (folder) set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
            if (!folder) set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
        }
        if (!settings.client_cert_path.empty()) {
            set(CURLOPT_SSLCERT, settings.client_cert_path.c_str());
            set(CURLOPT_SSLKEY, settings.client_cert_path.c_str());
        }
        set_headers(settings);
    }

    void set_headers(const server_settings& settings) {
        set(CURLOPT_USERAGENT, user_agent().c_str());
        if (!settings.username.empty() && !settings.password.empty()) {
            set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
            set(CURLOPT_USERNAME, settings.username.c_str());
            set(CURLOPT_PASSWORD, settings.password.c_str());
        }
        header_list common;
        if (settings.username.empty() || settings.password.empty()) {
            if (!settings.token.empty()) add(common, "Authorization: Bearer " + settings.token);
        }
        if (!settings.workspace.empty()) add(common, "X-MLFLOW-WORKSPACE: " + settings.workspace);
        add(common, "Accept: application/json");
        for (const curl_slist* line = common.get(); line != nullptr; line = line->next) {
            add(for_json_, line->data);
            add(for_files_, line->data);
        }
        add(for_json_, "Content-Type: application/json");
        // A batch is small: asking for leave to send it would only cost a round trip.
        add(for_json_, "Expect:");
        add(for_files_, "Content-Type: application/octet-stream");
    }
    static std::string user_agent() {
        return "mlscribe/" + std::to_string(MLSCRIBE_VERSION_MAJOR) + '.' +
               std::to_string(MLSCRIBE_VERSION_MINOR) + '.' +
               std::to_string(MLSCRIBE_VERSION_PATCH);
    }

    void prepare(const http_request& request, exchange& now) {
        reason_[0] = '\0';
        set(CURLOPT_URL, (url_ + request.path).c_str());
        set(CURLOPT_WRITEDATA, &now);
        set(CURLOPT_HEADERDATA, &now);
        set(CURLOPT_READDATA, &now);
        set(CURLOPT_SEEKDATA, &now);
        set(CURLOPT_FRESH_CONNECT, request.once ? 1L : 0L);
        const bool upload = request.file >= 0;
        set(CURLOPT_HTTPHEADER, (upload ? for_files_ : for_json_).get());
        // Each of the three undoes the other two.
        if (upload) {
            set(CURLOPT_UPLOAD, 1L);
            set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.size));
        } else if (std::string_view(request.method) == "GET") {
            set(CURLOPT_HTTPGET, 1L);
        } else {
            set(CURLOPT_POST, 1L);
            set(CURLOPT_POSTFIELDS, request.body.data());
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        }
        set(CURLOPT_CUSTOMREQUEST, request.method);
    }

    void conclude(CURLcode result, const exchange& now) {
        http_answer& answer = *now.answer;
        ::curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
        if (result != CURLE_OK) {
            answer.reason = reason_[0] != '\0' ? reason_ : ::curl_easy_strerror(result);
        }
        answer.outcome = now.bad_file    ? http_outcome::bad_file
                         : now.too_large ? http_outcome::too_large
                                         : outcome_of(result);
        // A proxy that does not let us through.
        long refused = 0;
        ::curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_CONNECTCODE, &refused);
        if (result == CURLE_RECV_ERROR && refused >= 400) answer.outcome = http_outcome::not_sent;
        // A server may refuse a file before it has read it, and hang up.
        const bool early = (result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR) &&
                           answer.status >= 400 && !answer.body.empty();
        if (early && answer.outcome == http_outcome::lost) answer.outcome = http_outcome::answered;
    }
    static http_outcome outcome_of(CURLcode result) noexcept {
        switch (result) {
            case CURLE_OK:
                return http_outcome::answered;
            case CURLE_COULDNT_RESOLVE_PROXY:
            case CURLE_COULDNT_RESOLVE_HOST:
            case CURLE_COULDNT_CONNECT:
            case CURLE_SSL_CONNECT_ERROR:
            case CURLE_URL_MALFORMAT:
            case CURLE_UNSUPPORTED_PROTOCOL:
                return http_outcome::not_sent;
            case CURLE_PEER_FAILED_VERIFICATION:
            case CURLE_SSL_CERTPROBLEM:
            case CURLE_SSL_CACERT_BADFILE:
            case CURLE_SSL_ISSUER_ERROR:
                return http_outcome::distrust;
            default:
                return http_outcome::lost;
        }
    }

    static std::size_t take_body(char* bytes, std::size_t one, std::size_t count, void* to) {
        exchange& now = *static_cast<exchange*>(to);
        std::string& body = now.answer->body;
        now.too_large = one * count > most_bytes - body.size();
        if (now.too_large) return 0;
        return taken(now, [&] {
            body.append(bytes, one * count);
            return one * count;
        });
    }

    static std::size_t take_header(char* bytes, std::size_t one, std::size_t count, void* to) {
        exchange& now = *static_cast<exchange*>(to);
        return taken(now, [&] {
            read_header({bytes, one * count}, read_date, *now.answer);
            return one * count;
        });
    }

    static std::int64_t read_date(const char* text) {
        return static_cast<std::int64_t>(::curl_getdate(text, nullptr));
    }

    /// What libcurl calls must not throw through its frames. \return what `take()` does, or 0
    template <class Take>
    static std::size_t taken(exchange& now, Take&& take) noexcept {
        MLSCRIBE_TRY {
            return take();
        }
        MLSCRIBE_CATCH_ALL {
            now.no_memory = true;
        }
        return 0;
    }

    static std::size_t give_file(char* room, std::size_t one, std::size_t count, void* from) {
        exchange& now = *static_cast<exchange*>(from);
        const std::int64_t left = now.request->size - now.sent;
        const std::size_t wanted =
            (std::min)(one * count, static_cast<std::size_t>((std::max)(left, std::int64_t{0})));
        if (wanted == 0) return 0;
        ssize_t got = -1;
        interruptions signals;
        do {
            got = ::pread(now.request->file, room, wanted, static_cast<off_t>(now.sent));
        } while (signals.repeats(got));
        if (got <= 0) {
            now.bad_file = true;
            now.answer->system_code = got < 0 ? errno : EIO;
            return CURL_READFUNC_ABORT;
        }
        now.sent += got;
        return static_cast<std::size_t>(got);
    }
    // To be sent once more, where a kept connection turned out to be closed.
    static int seek_file(void* from, curl_off_t offset, int origin) {
        if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
        static_cast<exchange*>(from)->sent = offset;
        return CURL_SEEKFUNC_OK;
    }

    std::string url_;
    char reason_[CURL_ERROR_SIZE] = {};
    header_list for_json_;
    header_list for_files_;
    std::unique_ptr<CURL, easy_end> handle_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
