// SPDX-License-Identifier: MIT
/// \file What is kept of the head of a server's answer.
#ifndef MLSCRIBE_SYNC_ANSWER_HEADER_HPP
#define MLSCRIBE_SYNC_ANSWER_HEADER_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/sync/http_message.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The seconds since 1970 of a date in HTTP; below 0 for a text that is none.
using http_date_reader = std::int64_t (*)(const char*);

/// How long a server asks to wait. \param value  seconds, or a date
inline std::optional<std::int64_t> seconds_to_wait(const std::string& value,
                                                   http_date_reader read_date) {
    if (!value.empty() && value.find_first_not_of("0123456789") == value.npos) {
        return parse_python_int(value).value_or(INT64_MAX);
    }
    const std::int64_t moment = read_date(value.c_str());
    if (moment < 0) return std::nullopt;
    return (std::max)(moment - milliseconds_now() / 1000, std::int64_t{0});
}

/// Takes one line of a head into `answer`.
inline void read_header(std::string_view line, http_date_reader read_date, http_answer& answer) {
    constexpr std::size_t longest_header = 4096;
    const std::size_t colon = line.find(':');
    // A new answer: behind "100 Continue", or that of a proxy.
    if (line.substr(0, 5) == "HTTP/") {
        answer.body.clear();
        answer.content_type.clear();
        answer.location.clear();
        answer.retry_after.reset();
    } else if (colon != line.npos && line.size() <= longest_header) {
        const std::string name = ascii_lowered(line.substr(0, colon));
        const std::string value(python_stripped(line.substr(colon + 1)));
        if (name == "content-type") answer.content_type = ascii_lowered(value);
        if (name == "location") answer.location = value;
        if (name == "retry-after") answer.retry_after = seconds_to_wait(value, read_date);
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
