// SPDX-License-Identifier: MIT
#include "session.hpp"

#include <chrono>

#include "value_text.hpp"

namespace tool {

const std::map<std::string, std::string>& session::experiment_names() {
    if (experiment_names_.empty()) {
        for (auto& each : store_.experiments(mlscribe::run_view::all)) {
            experiment_names_.emplace(each.experiment_id, each.name);
        }
    }
    return experiment_names_;
}

std::string session::experiment_name(const std::string& id) {
    const auto found = experiment_names().find(id);
    return found == experiment_names().end() ? id : found->second;
}

std::string session::time(std::int64_t milliseconds) const {
    return time_text(milliseconds, !out_.is_terminal());
}

std::string session::number(double value) const {
    return out_.is_terminal() ? short_number(value) : exact_number(value);
}

std::string session::short_id(const std::string& run_id) const {
    return out_.is_terminal() ? run_id.substr(0, 8) : run_id;
}

void session::note_damage(const std::vector<mlscribe::damaged_run>& damaged) {
    std::uint64_t runs = 0;
    for (const auto& each : damaged) {
        if (!each.run_id.empty()) ++runs;
    }
    const std::uint64_t experiments = damaged.size() - runs;
    std::string text;
    if (runs > 0) text = counted(runs, "run");
    if (experiments > 0) {
        text += (text.empty() ? "" : " and ") + counted(experiments, "experiment");
    }
    if (!text.empty()) {
        note(text + (damaged.size() == 1 ? " is" : " are") + " damaged: mlscribe doctor");
    }
}

void session::finish() {
    out_.flush();
    for (const std::string& each : notes_) tell(each);
    notes_.clear();
}

ink ink_of(mlscribe::run_status status) {
    switch (status) {
        case mlscribe::run_status::finished:
            return ink::green;
        case mlscribe::run_status::failed:
            return ink::red;
        case mlscribe::run_status::killed:
            return ink::magenta;
        case mlscribe::run_status::running:
        case mlscribe::run_status::scheduled:
            return ink::yellow;
    }
    return ink::plain;
}

std::int64_t duration_of(const mlscribe::run_info& run) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    const std::int64_t end = run.end_time ? *run.end_time : now;
    std::int64_t duration = 0;
    return __builtin_sub_overflow(end, run.start_time, &duration) ? 0 : duration;
}

}  // namespace tool
