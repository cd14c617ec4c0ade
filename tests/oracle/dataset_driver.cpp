// SPDX-License-Identifier: MIT
/// \file dataset_driver make ROOT FILE: a run with arrays and datasets, one of them the file;
/// prints its id. dataset_driver many ROOT COUNT: so many runs, each with a dataset of its own and
/// one of all. dataset_driver read TYPE FILE: the shape of an array and its values as TYPE, or
/// `refused` and why. dataset_driver search ROOT FILTER: the ids of the runs found.
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

struct flower {
    double sepal_length;
    std::string species;
    bool wild;
    int petals;
    std::int64_t seen;
    std::vector<double> widths;
};
MLSCRIBE_DESCRIBE(flower, sepal_length, species, wild, petals, seen, widths)

mlscribe::run start(const std::string& root, const std::string& experiment) {
    mlscribe::run_options options;
    options.tracking_uri = root;
    options.experiment = experiment;
    options.run_name = "run";
    options.source_tags = false;
    options.errors = mlscribe::strictness::raise;
    return mlscribe::start_run(options);
}

void make(const std::string& root, const std::string& file) {
    mlscribe::run run = start(root, "datasets");
    const std::vector<std::vector<float>> matrix = {{1, 2}, {3, 4}, {5, 6}};
    run.log_array(matrix, "arrays/matrix.npy");
    run.log_array(std::vector<bool>{true, false}, "arrays/flags.npy");
    run.log_array(std::vector<std::uint64_t>{UINT64_MAX, 1}, "arrays/large.npy");
    run.log_array(mlscribe::array<std::int8_t>{{2, 1, 2}, {-1, 2, -3, 4}}, "arrays/deep.npy");
    run.log_array(mlscribe::array<double>{{}, {0.1}}, "arrays/scalar.npy");
    run.log_array(std::vector<std::vector<short>>{}, "arrays/empty.npy");
    run.log_input(mlscribe::dataset_of(matrix, "matrix"), "training", {{"fold", "1"}});
    run.log_input(
        mlscribe::dataset_of(std::vector<flower>{{5.1, "setosa", true, 3, 1, {0.2}}}, "iris"),
        "validation");
    run.log_input(mlscribe::dataset_of_file(file), "test");
    mlscribe::dataset free;
    free.name = "it's \"q\"\n: #ü\xF0\x9F\x98\x80";
    free.digest = "0123";
    free.set_source("s3://bucket/a b.csv");
    run.log_input(free, "");
    std::cout << run.id() << '\n';
}

void make_many(const std::string& root, int count) {
    for (int i = 0; i < count; ++i) {
        mlscribe::run run = start(root, "many");
        mlscribe::dataset used;
        used.name = "shared";
        run.log_input(used);
        used.name = "own " + std::to_string(i);
        run.log_input(used);
    }
}

template <class T>
void read(const std::string& path) {
    try {
        const mlscribe::array<T> array = mlscribe::load_array<T>(path);
        for (const std::size_t length : array.shape) std::printf("%zu ", length);
        std::printf("\n");
        for (const T value : array.values) std::cout << mlscribe::param_text(value) << ' ';
        std::cout << std::endl;
    } catch (const mlscribe::logging_error& refused) {
        std::cout << "refused " << refused.what() << std::endl;
    }
}

void search(const std::string& root, const std::string& filter) {
    mlscribe::search_query query;
    query.filter = filter;
    for (const auto& run : mlscribe::store(root).search_runs(query)) {
        std::cout << run.info.run_id << '\n';
    }
}

}  // namespace

int main(int count, char** words) {
    const std::string what = count == 4 ? words[1] : "";
    if (what == "make") make(words[2], words[3]);
    if (what == "many") make_many(words[2], std::atoi(words[3]));
    if (what == "search") search(words[2], words[3]);
    const std::string type = what == "read" ? words[2] : "";
    if (type == "bool") read<bool>(words[3]);
    if (type == "int64") read<std::int64_t>(words[3]);
    if (type == "uint64") read<std::uint64_t>(words[3]);
    if (type == "float32") read<float>(words[3]);
    if (type == "float64") read<double>(words[3]);
    return what.empty() ? 1 : 0;
}
