// SPDX-License-Identifier: MIT
/// \file What the libraries learn: the Iris flowers, shuffled, a fifth of them held out.
#ifndef MLSCRIBE_EXAMPLES_IRIS_FLOWERS_HPP
#define MLSCRIBE_EXAMPLES_IRIS_FLOWERS_HPP

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

constexpr std::size_t features = 4;
constexpr std::size_t classes = 3;

struct flowers {
    std::vector<float> measures;  ///< four of each flower
    std::vector<float> species;   ///< 0, 1 or 2
    std::size_t count() const { return species.size(); }
};

struct split {
    flowers training;
    flowers held_out;
};

/// Reads iris.csv: four measures and a name in each line.
inline split read_iris(const char* csv) {
    std::vector<std::pair<std::vector<float>, float>> all;
    std::ifstream in(csv);
    std::string name;
    std::getline(in, name);  // the columns' names
    std::vector<float> measures(features);
    char comma = 0;
    while (in >> measures[0] >> comma >> measures[1] >> comma >> measures[2] >> comma >>
           measures[3] >> comma >> name) {
        all.emplace_back(measures, name == "setosa" ? 0.0F : name == "versicolor" ? 1.0F : 2.0F);
    }
    if (all.size() < 5) {
        std::fprintf(stderr, "%s is missing\n", csv);
        std::exit(1);
    }
    std::mt19937 random(7);  // the raw engine is the same everywhere, std::shuffle is not
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random() % i]);

    split found;
    for (std::size_t i = 0; i != all.size(); ++i) {
        flowers& into = i % 5 == 0 ? found.held_out : found.training;
        into.measures.insert(into.measures.end(), all[i].first.begin(), all[i].first.end());
        into.species.push_back(all[i].second);
    }
    return found;
}

#endif
