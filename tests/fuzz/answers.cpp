// SPDX-License-Identifier: MIT
/// \file Any bytes as what a tracking server answers, and as what a push remembers and is told.
#include <mlscribe/sync/answer_header.hpp>
#include <mlscribe/sync/artifact_address.hpp>
#include <mlscribe/sync/model_metrics.hpp>
#include <mlscribe/sync/push_state.hpp>
#include <mlscribe/sync/remote_json.hpp>
#include <mlscribe/sync/server_refusal.hpp>
#include <mlscribe/sync/server_settings.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

#include "fuzz/must_hold.hpp"

namespace detail = mlscribe::detail;
using test::must_hold;

namespace {

void check_refusals(std::string_view text) {
    detail::server_settings settings;
    settings.url = "http://server";
    // Not what an escaped byte (\x7f) and the text behind it make together.
    settings.token = "zoken";
    settings.password = "zazz";
    detail::http_answer answer;
    answer.outcome = detail::http_outcome::answered;
    answer.body = text;
    answer.reason = text;
    answer.location = text;
    constexpr long statuses[] = {0, 200, 302, 400, 403, 500};
    answer.status = statuses[text.size() % std::size(statuses)];
    if (answer.status == 0) answer.outcome = detail::http_outcome::lost;
    const mlscribe::error refused = detail::refusal_of(settings, "ask", answer);
    must_hold(refused && refused.message.find(settings.token) == std::string::npos &&
                  refused.message.find(settings.password) == std::string::npos,
              "no message tells a secret");
}

void check_answer(std::string_view text) {
    const auto answer = detail::parse_server_json(text);
    if (!answer) return;
    const auto again = detail::parse_server_json(detail::body_text(*answer));
    must_hold(again.has_value(), "an answer can be sent back");
    detail::remote_experiment experiment;
    detail::remote_run run;
    detail::remote_model model;
    if (detail::read_remote(*answer, experiment)) {
        must_hold(detail::is_server_id(experiment.experiment_id), "an experiment has an id");
    }
    if (detail::read_remote(*answer, run)) {
        must_hold(detail::is_server_id(run.run_id), "a run has an id");
    }
    if (detail::read_remote(*answer, model)) {
        must_hold(detail::is_server_id(model.model_id), "a model has an id");
    }
    for (const char* key : {"experiment", "run", "model"}) {
        const detail::server_json* const inner = detail::member_of(*answer, key);
        if (inner == nullptr) continue;
        detail::read_remote(*inner, experiment);
        detail::read_remote(*inner, run);
        detail::read_remote(*inner, model);
    }
}

/// The lines of an answer's head.
void check_header(std::string_view text) {
    // In the place of libcurl's reader: the first moment, the last one, and no date.
    const auto read_date = [](const char* date) {
        constexpr std::int64_t moments[] = {0, (std::numeric_limits<std::int64_t>::max)(), -1};
        return moments[static_cast<unsigned char>(*date) % std::size(moments)];
    };
    detail::http_answer answer;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n') + 1);
        detail::read_header(line.empty() ? rest : line, read_date, answer);
        rest.remove_prefix(line.empty() ? rest.size() : line.size());
    }
    must_hold(text.find(answer.location) != std::string_view::npos, "a redirect leads where told");
    must_hold(detail::ascii_lowered(text).find(answer.content_type) != std::string::npos,
              "the type of an answer is the one that is told");
    must_hold(answer.retry_after.value_or(0) >= 0, "nobody waits for the past");
    detail::read_header("HTTP/1.1 200 OK\r\n", read_date, answer);
    must_hold(answer.location.empty() && answer.content_type.empty() && !answer.retry_after,
              "a new answer has nothing of the one before");

    constexpr std::size_t most_digits = 18;
    const std::string digits(text.substr(0, text.find_first_not_of("0123456789")));
    if (digits.empty() || digits.size() > most_digits) return;
    detail::read_header("retry-after: " + digits + "\r\n", read_date, answer);
    must_hold(answer.retry_after == std::strtoll(digits.c_str(), nullptr, 10),
              "seconds are waited for as they are told");
}

/// Where the server says that the artifacts of a run are.
void check_address(std::string_view uri) {
    const std::string server = "https://host:5000";
    std::string place;
    const mlscribe::error refused = detail::find_artifact_address(server, uri, "a/b", place);
    must_hold(!refused || !refused.message.empty(), "what is refused has a reason");
    if (refused) return;
    const std::string lowered = detail::ascii_lowered(uri) + '/';
    const auto begins = [&lowered](const std::string& with) {
        return lowered.compare(0, with.size(), with) == 0;
    };
    // The slash that makes a host whole is not one of the two before it.
    constexpr std::string_view scheme = "mlflow-artifacts:";
    const bool is_proxied = begins(std::string(scheme)) && uri.substr(scheme.size(), 2) != "//";
    must_hold(is_proxied || begins("mlflow-artifacts:///") ||
                  begins("mlflow-artifacts://host:5000/") ||
                  begins(server + std::string(detail::artifact_proxy) + '/'),
              "artifacts go to no other server");
    const std::string inside = '/' + place + '/';
    must_hold(inside.find("/../") == std::string::npos && inside.find("//") == std::string::npos &&
                  inside.size() >= 5 && inside.substr(inside.size() - 5) == "/a/b/",
              "artifacts go below the place that is told");
}

void check_state(std::string_view text) {
    const std::string written = detail::state_text(detail::state_reader::read(text)).str();
    must_hold(detail::state_text(detail::state_reader::read(written)).str() == written,
              "a state is read as it was written");
}

void check_settings(std::string_view text) {
    const detail::credentials found = detail::parse_credentials(text);
    must_hold(found.username.size() + found.password.size() <= text.size(),
              "credentials stand in their file");
    detail::server_settings settings;
    if (detail::read_server_url(text, settings)) return;
    must_hold(settings.url.substr(0, settings.url.find('/', 8)).find('@') == std::string::npos,
              "the address is without the user");
}

/// A line of a model's metrics.
void check_metric_line(std::string_view line) {
    const auto read = detail::parse_model_metric_line(line);
    if (!read) return;
    must_hold(read->run_id.find(' ') == std::string_view::npos, "a run is one word");
    const std::string_view last =
        read->dataset_digest.empty() ? read->run_id : read->dataset_digest;
    must_hold(last.data() + last.size() <= line.data() + line.size() &&
                  read->dataset_name.size() < line.size(),
              "what is read of a line stands in it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_answer(text);
    check_refusals(text);
    check_header(text);
    check_address(text);
    check_state(text);
    check_settings(text);
    check_metric_line(text);
    return 0;
}
