// SPDX-License-Identifier: MIT
/// \file search_driver make ROOT: writes a store to be searched.
/// search_driver ROOT: answers questions on stdin, one a line, its texts in hexadecimal digits:
///     search VIEW MAX FILTER [ORDER]…    ids of the runs, or `refused POSITION`
///     run ID                             what stands in it, a line each, then `.`
///     history ID KEY                     its points, a line each, then `.`
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>

namespace {

std::string decoded(const std::string& digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
    return bytes;
}
std::string encoded(const std::string& bytes) {
    std::string digits;
    char two[3];
    for (const char c : bytes) {
        std::snprintf(two, sizeof two, "%02x",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
        digits += two;
    }
    return digits;
}

void make(const std::string& root) {
    const double special[] = {0.0,
                              -0.0,
                              std::nan(""),
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity(),
                              1e-300};
    for (int i = 0; i < 36; ++i) {
        mlscribe::run_options options;
        options.tracking_uri = root;
        options.experiment = i % 4 == 0 ? "other" : "searched";
        options.run_name = "run " + std::to_string(i % 7);
        options.source_tags = false;
        mlscribe::run run = mlscribe::start_run(options);
        run.log_param("opt", i % 3 == 0 ? "adam" : i % 3 == 1 ? "SGD" : "sgd");
        run.log_param("lr", i % 5 == 0 ? "0.1" : "0.01");
        if (i % 2 == 0) run.log_param("model/depth", i);
        run.set_tag("team", i % 6 == 0 ? "hpc" : "h_c");
        if (i % 9 == 0) run.set_tag("mlflow.note.content", "two\nlines %");
        if (i % 4 != 1) run.log_metric("loss", special[i % 6], 0);
        run.log_metric("acc", i % 8 * 0.125, 0);
        for (int step : {3, 1, 3, 2}) run.log_metric("val/acc top-1", (i * step) % 11 * 0.25, step);
        if (i % 10 == 9) run.end(mlscribe::run_status::failed);
    }
}

void search(const mlscribe::store& store, std::istringstream& line) {
    std::string view;
    std::string filter;
    std::string order;
    mlscribe::search_query query;
    line >> view >> query.max_results >> filter;
    query.filter = decoded(filter.substr(1));
    while (line >> order) query.order_by.push_back(decoded(order.substr(1)));
    query.view = view == "all"       ? mlscribe::run_view::all
                 : view == "deleted" ? mlscribe::run_view::deleted
                                     : mlscribe::run_view::active;
    query.threads = 2;
    try {
        const mlscribe::found_runs found = store.search_runs(query);
        for (const auto& each : found.damaged) std::cerr << each.why.message << '\n';
        for (const mlscribe::run_record& run : found) std::cout << run.info.run_id << ' ';
        std::cout << std::endl;
    } catch (const mlscribe::query_error& refused) {
        std::cout << "refused " << refused.position() << std::endl;
    }
}

void show(const mlscribe::run_record& run) {
    const mlscribe::run_info& info = run.info;
    std::cout << "i " << encoded(info.run_name) << ' ' << to_string(info.status) << ' '
              << info.start_time << ' ' << (info.end_time ? std::to_string(*info.end_time) : "None")
              << ' ' << encoded(info.user_id) << ' ' << encoded(info.artifact_uri) << ' '
              << to_string(info.lifecycle_stage) << '\n';
    for (const auto& [key, value] : run.params) {
        std::cout << "p " << encoded(key) << ' ' << encoded(value) << '\n';
    }
    for (const auto& [key, value] : run.tags) {
        std::cout << "t " << encoded(key) << ' ' << encoded(value) << '\n';
    }
    for (const auto& [key, value] : run.metrics) {
        char text[64];
        std::snprintf(text, sizeof text, "%a", value);
        std::cout << "m " << encoded(key) << ' ' << text << '\n';
    }
    std::cout << '.' << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
    if (count == 3 && std::string(arguments[1]) == "make") {
        make(arguments[2]);
        return 0;
    }
    const mlscribe::store store(arguments[1]);
    for (std::string text; std::getline(std::cin, text);) {
        std::istringstream line(text);
        std::string question;
        std::string id;
        std::string key;
        line >> question;
        if (question == "search") {
            search(store, line);
        } else if (question == "run") {
            line >> id;
            show(store.get_run(id));
        } else if (question == "history") {
            line >> id >> key;
            for (const mlscribe::point& row : store.metric_history(id, decoded(key))) {
                std::printf("%" PRId64 " %a %" PRId64 "\n", row.timestamp, row.value, row.step);
            }
            std::printf(".\n");
            std::fflush(stdout);
        }
    }
}
