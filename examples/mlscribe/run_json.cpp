// SPDX-License-Identifier: MIT
#include "run_json.hpp"

#include "json.hpp"

namespace tool {

std::string info_json(const mlscribe::run_info& info, const std::string& experiment_name) {
    return json_members()
        .text("run_id", info.run_id)
        .text("run_name", info.run_name)
        .text("experiment_id", info.experiment_id)
        .text("experiment_name", experiment_name)
        .text("user_id", info.user_id)
        .text("status", mlscribe::to_string(info.status))
        .integer("start_time", info.start_time)
        .integer("end_time", info.end_time)
        .text("artifact_uri", info.artifact_uri)
        .text("lifecycle_stage", mlscribe::to_string(info.lifecycle_stage))
        .object();
}

std::string run_json(const mlscribe::run_record& run, const std::string& experiment_name) {
    json_members params;
    json_members metrics;
    json_members tags;
    for (const auto& [key, value] : run.params) params.text(key, value);
    for (const auto& [key, value] : run.metrics) metrics.number(key, value);
    for (const auto& [key, value] : run.tags) tags.text(key, value);
    const std::string data = json_members()
                                 .raw("params", params.object())
                                 .raw("metrics", metrics.object())
                                 .raw("tags", tags.object())
                                 .object();
    return json_members()
        .raw("info", info_json(run.info, experiment_name))
        .raw("data", data)
        .object();
}

std::string damage_json(const std::vector<mlscribe::damaged_run>& damaged) {
    json_members list;
    for (const auto& each : damaged) {
        list.item(json_members()
                      .text("experiment_id", each.experiment_id)
                      .text("run_id", each.run_id)
                      .text("message", each.why.message)
                      .object());
    }
    return list.list();
}

std::string point_json(const mlscribe::point& row) {
    return json_members()
        .integer("step", row.step)
        .integer("timestamp", row.timestamp)
        .number("value", row.value)
        .object();
}

}  // namespace tool
