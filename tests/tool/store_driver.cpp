// SPDX-License-Identifier: MIT
/// \file Writes runs as the tests of the tool ask for them: store_driver <store>. A request is a
/// line of words on stdin, each in hexadecimal; the answer is a line.
#include <mlscribe/mlscribe.hpp>

#include <cstddef>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::string text_of(const std::string& word) {
    std::string text;
    for (std::size_t i = 0; i + 1 < word.size(); i += 2) {
        text += static_cast<char>(std::stoi(word.substr(i, 2), nullptr, 16));
    }
    return text;
}

mlscribe::run_options options_of(const std::string& store, const std::string& experiment,
                                 const std::string& name) {
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = experiment;
    options.run_name = name;
    options.source_tags = false;
    options.errors = mlscribe::strictness::raise;
    return options;
}

}  // namespace

int main(int, char** argv) {
    const std::string store = argv[1];
    std::optional<mlscribe::run> run;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream in(line);
        std::vector<std::string> words;
        for (std::string word; in >> word;) words.push_back(text_of(word.substr(1)));
        const std::string& what = words.at(0);
        std::string answer = "done";
        if (what == "start") {
            run.emplace(mlscribe::start_run(options_of(store, words.at(1), words.at(2))));
            answer = run->id();
        } else if (what == "param") {
            run->log_param(words.at(1), words.at(2));
        } else if (what == "tag") {
            run->set_tag(words.at(1), words.at(2));
        } else if (what == "metric") {
            run->log_metric(words.at(1), std::stod(words.at(2)), std::stoll(words.at(3)));
        } else if (what == "artifact") {
            run->log_text(words.at(2), words.at(1));
        } else if (what == "end") {
            run.reset();
        } else if (what == "fail") {
            run->end(mlscribe::run_status::failed);
            run.reset();
        } else {
            throw std::invalid_argument(what);
        }
        std::cout << answer << std::endl;
    }
}
