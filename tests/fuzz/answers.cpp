// SPDX-License-Identifier: MIT
/// \file Any bytes as what a tracking server answers, and as what a push remembers and is told.
#include <mlscribe/layout/python_number.hpp>
#include <mlscribe/sync/model_metrics.hpp>
#include <mlscribe/sync/push_state.hpp>
#include <mlscribe/sync/remote_json.hpp>
#include <mlscribe/sync/server_refusal.hpp>
#include <mlscribe/sync/server_settings.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
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

void check_state(std::string_view text) {
    const std::string written = detail::state_text(detail::state_reader::read(text)).str();
    must_hold(detail::state_text(detail::state_reader::read(written)).str() == written,
              "a state is read as it was written");
}

void check_settings(std::string_view text) {
    detail::parse_credentials(text);
    detail::server_settings settings;
    if (detail::read_server_url(text, settings)) return;
    must_hold(settings.url.substr(0, settings.url.find('/', 8)).find('@') == std::string::npos,
              "the address is without the user");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_answer(text);
    check_refusals(text);
    check_state(text);
    check_settings(text);
    detail::parse_model_metric_line(text);
    return 0;
}
