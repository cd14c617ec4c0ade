// SPDX-License-Identifier: MIT
/// \file Answers filters and orders over runs that a test written in Python describes: one line
/// each, words separated by blanks, texts as hexadecimal digits behind an 'x'.
#include <mlscribe/query/clause_match.hpp>
#include <mlscribe/query/filter_parser.hpp>
#include <mlscribe/query/run_sort.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace mlscribe::detail;

namespace {

struct dataset {
    std::string name;
    std::string digest;
    std::vector<std::string> contexts;
};

struct described_run {
    mlscribe::run_record record;
    std::vector<dataset> used;

    template <class Value>
    static const Value* find(const std::map<std::string, Value>& values, const std::string& key) {
        const auto found = values.find(key);
        return found == values.end() ? nullptr : &found->second;
    }
    const mlscribe::run_info& info() const { return record.info; }
    const std::string* param(const std::string& key) const { return find(record.params, key); }
    const std::string* tag(const std::string& key) const { return find(record.tags, key); }
    std::optional<double> metric(const std::string& key) const {
        const double* const value = find(record.metrics, key);
        return value == nullptr ? std::nullopt : std::optional<double>(*value);
    }
    const std::vector<dataset>& datasets() const { return used; }
};

std::string decoded(const std::string& word) {
    std::string text;
    for (std::size_t i = 1; i + 1 < word.size(); i += 2) {
        text += static_cast<char>(std::stoi(word.substr(i, 2), nullptr, 16));
    }
    return text;
}

double number(const std::string& bits) {
    const std::uint64_t integer = std::stoull(bits, nullptr, 16);
    double value;
    std::memcpy(&value, &integer, sizeof value);
    return value;
}

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

void answer_filter(std::istream& words, const std::vector<described_run>& runs) {
    std::string filter;
    words >> filter;
    std::vector<filter_clause> clauses;
    if (const query_problem problem = parse_filter(decoded(filter), clauses))
        return refuse(problem);
    std::cout << "runs";
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto holds_for_run = [&run = runs[i]](const filter_clause& clause) {
            return matches(clause, run);
        };
        if (std::all_of(clauses.begin(), clauses.end(), holds_for_run)) std::cout << ' ' << i;
    }
    std::cout << '\n';
}

void answer_order(std::istream& words, const std::vector<described_run>& runs) {
    std::vector<order_key> keys;
    for (std::string entry; words >> entry;) {
        order_key key;
        if (const query_problem problem = parse_order(decoded(entry), key)) return refuse(problem);
        keys.push_back(key);
    }
    std::vector<sortable_run> sorted;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        sortable_run run{i, {}, runs[i].info().start_time, runs[i].info().run_id};
        for (const order_key& key : keys) run.values.push_back(value_for_sort(key.field, runs[i]));
        sorted.push_back(run);
    }
    std::stable_sort(sorted.begin(), sorted.end(), run_sorter(keys));
    std::cout << "runs";
    for (const sortable_run& run : sorted) std::cout << ' ' << run.index;
    std::cout << '\n';
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
            dataset used{decoded(key), decoded(value), {}};
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
