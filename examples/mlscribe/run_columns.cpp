// SPDX-License-Identifier: MIT
#include "run_columns.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "value_text.hpp"

namespace tool {
namespace {

constexpr std::string_view attributes[] = {"id",       "name", "experiment", "status", "start",
                                           "duration", "end",  "user",       "stage"};
constexpr std::string_view metrics_prefix = "metrics.";
constexpr std::string_view params_prefix = "params.";
constexpr std::string_view tags_prefix = "tags.";

bool begins(std::string_view text, std::string_view front) {
    return text.substr(0, front.size()) == front;
}

template <class Values>
void add_keys(std::set<std::string>& names, std::string_view prefix, const Values& values) {
    for (const auto& entry : values) names.insert(std::string(prefix) + entry.first);
}

std::set<std::string> all_of(std::string_view prefix, const mlscribe::found_runs& runs) {
    std::set<std::string> names;
    for (const auto& run : runs) {
        if (prefix == metrics_prefix) add_keys(names, prefix, run.metrics);
        if (prefix == params_prefix) add_keys(names, prefix, run.params);
        if (prefix == tags_prefix) add_keys(names, prefix, run.tags);
    }
    return names;
}

template <class Value>
std::string text_in(const std::map<std::string, Value>& values, std::string_view key,
                    const session& of) {
    const auto found = values.find(std::string(key));
    if (found == values.end()) return {};
    if constexpr (std::is_same<Value, double>::value) {
        return of.number(found->second);
    } else {
        return found->second;
    }
}

/// At most `most` names, the most frequent first.
std::vector<std::string> most_frequent(const std::map<std::string, std::size_t>& counts,
                                       std::size_t most) {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& [name, count] : counts) order.emplace_back(count, name);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (order.size() > most) order.resize(most);
    std::vector<std::string> names;
    for (auto& each : order) names.push_back(std::move(each.second));
    return names;
}

/// Without the seconds where people read it.
std::string short_time(const session& of, std::int64_t milliseconds) {
    constexpr std::size_t to_the_minute = 16;
    const std::string time = of.time(milliseconds);
    return of.out().is_terminal() ? time.substr(0, to_the_minute) : time;
}

/// What the library measures by itself says little about a model.
bool is_side_metric(const std::string& key) {
    return key == "epoch_seconds" || key == "step_seconds" || begins(key, "system/");
}

}  // namespace

table_column run_column::shape(bool whole_name) const {
    const bool is_number = name == "duration" || begins(name, metrics_prefix);
    std::string_view title = name;
    for (const std::string_view prefix : {metrics_prefix, params_prefix, tags_prefix}) {
        if (!whole_name && begins(title, prefix)) title.remove_prefix(prefix.size());
    }
    return {std::string(title), is_number ? side::right : side::left};
}

std::vector<run_column> columns_of(const std::vector<std::string>& names,
                                   const mlscribe::found_runs& runs) {
    std::vector<run_column> columns;
    for (const std::string& name : names) {
        const bool known =
            std::find(std::begin(attributes), std::end(attributes), name) != std::end(attributes);
        const std::string_view prefix = std::string_view(name).substr(
            0, name.find('.') == std::string::npos ? 0 : name.find('.') + 1);
        const bool below =
            prefix == metrics_prefix || prefix == params_prefix || prefix == tags_prefix;
        if (!known && (!below || name.size() == prefix.size())) {
            std::string list;
            for (const std::string_view each : attributes) (list += each) += ", ";
            throw failure(exit_code::usage, "no column \"" + name + "\"; there are " + list +
                                                "metrics.KEY, params.KEY and tags.KEY, or "
                                                "metrics.* for all of them");
        }
        if (!below || name.substr(prefix.size()) != "*") {
            columns.push_back({name});
            continue;
        }
        for (const std::string& each : all_of(prefix, runs)) columns.push_back({each});
    }
    return columns;
}

std::vector<run_column> usual_columns(const mlscribe::found_runs& runs) {
    constexpr std::size_t most_metrics = 3;
    constexpr std::size_t most_params = 3;
    std::map<std::string, std::size_t> metrics;
    std::map<std::string, std::size_t> params;
    std::map<std::string, std::set<std::string>> values;
    for (const auto& run : runs) {
        for (const auto& entry : run.metrics) {
            if (!is_side_metric(entry.first)) ++metrics[std::string(metrics_prefix) + entry.first];
        }
        for (const auto& entry : run.params) {
            ++params[entry.first];
            if (values[entry.first].size() < 2) values[entry.first].insert(entry.second);
        }
    }
    std::map<std::string, std::size_t> different;
    for (const auto& [key, count] : params) {
        const bool differs = values[key].size() > 1 || count != runs.size() || runs.size() == 1;
        if (differs) different[std::string(params_prefix) + key] = count;
    }
    std::vector<run_column> columns;
    for (const char* each : {"id", "name", "experiment", "status", "start", "duration"}) {
        columns.push_back({each});
    }
    for (auto& name : most_frequent(metrics, most_metrics)) columns.push_back({std::move(name)});
    for (auto& name : most_frequent(different, most_params)) columns.push_back({std::move(name)});
    return columns;
}

table_cell cell_of(session& of, const run_column& column, const mlscribe::run_record& run) {
    const std::string_view name = column.name;
    const mlscribe::run_info& info = run.info;
    if (begins(name, metrics_prefix)) {
        return {text_in(run.metrics, name.substr(metrics_prefix.size()), of)};
    }
    if (begins(name, params_prefix)) {
        return {text_in(run.params, name.substr(params_prefix.size()), of)};
    }
    if (begins(name, tags_prefix)) return {text_in(run.tags, name.substr(tags_prefix.size()), of)};
    if (name == "id") return {of.short_id(info.run_id), ink::cyan};
    if (name == "name") return {info.run_name};
    if (name == "experiment") return {of.experiment_name(info.experiment_id)};
    if (name == "status") return {mlscribe::to_string(info.status), ink_of(info.status)};
    if (name == "start") return {short_time(of, info.start_time), ink::faint};
    if (name == "duration") return {duration_text(duration_of(info))};
    if (name == "end") return {info.end_time ? short_time(of, *info.end_time) : "", ink::faint};
    if (name == "user") return {info.user_id};
    return {mlscribe::to_string(info.lifecycle_stage)};
}

}  // namespace tool
