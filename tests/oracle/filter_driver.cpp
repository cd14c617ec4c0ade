// SPDX-License-Identifier: MIT
/// \file Answers filters and orders over runs that a test written in Python describes: one line
/// each, words separated by blanks, texts as hexadecimal digits behind an 'x'.
#include <mlscribe/query/filter_parser.hpp>
#include <mlscribe/query/run_order.hpp>

#include <cstddef>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "oracle/driver_words.hpp"
#include "query/described_run.hpp"

using namespace mlscribe::detail;
using test::decoded;
using test::described_run;
using test::number;

namespace {

void refuse(const query_problem& problem) {
    std::cout << "refused " << problem.position << '\n';
}

void add_run(std::istream& words, std::vector<described_run>& runs) {
    std::string id, name, user, uri, end;
    int status = 0;
    described_run run;
    words >> id >> name >> user >> status >> uri >> run.record.info.start_time >> end;
    run.record.info.run_id = decoded(id);
    run.record.info.run_name = decoded(name);
    run.record.info.user_id = decoded(user);
    run.record.info.status = static_cast<mlscribe::run_status>(status);
    run.record.info.artifact_uri = decoded(uri);
    if (end != "none") run.record.info.end_time = std::stoll(end);
    runs.push_back(run);
}

void answer(const std::vector<std::size_t>& runs) {
    std::cout << "runs";
    for (const std::size_t run : runs) std::cout << ' ' << run;
    std::cout << '\n';
}

void answer_filter(std::istream& words, const std::vector<described_run>& runs) {
    std::string filter;
    words >> filter;
    std::vector<filter_clause> clauses;
    if (const query_problem problem = parse_filter(decoded(filter), clauses))
        return refuse(problem);
    answer(test::matching(clauses, runs));
}

void answer_order(std::istream& words, const std::vector<described_run>& runs) {
    std::vector<order_key> keys;
    for (std::string entry; words >> entry;) {
        order_key key;
        if (const query_problem problem = parse_order(decoded(entry), key)) return refuse(problem);
        keys.push_back(key);
    }
    answer(test::ordered(keys, runs));
}

}  // namespace

int main() {
    std::vector<described_run> runs;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string call, key, value;
        words >> call;
        if (call == "filter") {
            answer_filter(words, runs);
        } else if (call == "order") {
            answer_order(words, runs);
        } else if (call == "run") {
            add_run(words, runs);
        } else if (call == "dataset") {
            words >> key >> value;
            test::described_dataset used{decoded(key), decoded(value), {}};
            for (std::string context; words >> context;) used.contexts.push_back(decoded(context));
            runs.back().used.push_back(used);
        } else {
            words >> key >> value;
            mlscribe::run_record& record = runs.back().record;
            if (call == "param") record.params[decoded(key)] = decoded(value);
            if (call == "tag") record.tags[decoded(key)] = decoded(value);
            if (call == "metric") record.metrics[decoded(key)] = number(value);
        }
    }
}
