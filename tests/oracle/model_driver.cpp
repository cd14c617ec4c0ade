// SPDX-License-Identifier: MIT
// model_driver <store> log <experiment> <source file>: logs models of each kind, prints the run's
// id. model_driver <store> load <uri>: prints what a `line` predicts, or why it cannot be loaded.
#include <mlscribe/mlscribe.hpp>
#include <mlscribe/model.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace {

/// y = weights · x + bias
struct line {
    std::vector<double> weights;
    double bias = 0;

    double operator()(const std::vector<double>& x) const {
        double y = bias;
        for (std::size_t i = 0; i < weights.size(); ++i) y += weights[i] * x[i];
        return y;
    }
};
MLSCRIBE_DESCRIBE(line, weights, bias)

/// The same, with Python code that MLflow can load it by.
struct python_line : line {};

struct row {
    double a = 0;
    double b = 0;
};
MLSCRIBE_DESCRIBE(row, a, b)

}  // namespace

/// Taught as a type of somebody else's is.
template <>
struct mlscribe::model_io<python_line> {
    static void save(const python_line& model, model_saver& to) {
        mlscribe::save_value(static_cast<const line&>(model), to);
        to.write("code/line_loader.py",
                 "import json, os\n"
                 "import numpy\n"
                 "class Line:\n"
                 "    def __init__(self, folder):\n"
                 "        with open(os.path.join(folder, 'model.json')) as file:\n"
                 "            self.value = json.load(file)\n"
                 "        self.weights = numpy.load(os.path.join(folder, self.value['weights']))\n"
                 "    def predict(self, rows, params=None):\n"
                 "        return numpy.asarray(rows) @ self.weights + self.value['bias']\n"
                 "def _load_pyfunc(path):\n"
                 "    return Line(path)\n");
        to.add_flavor("python_function",
                      mlscribe::document_of(std::map<std::string, std::string>{
                          {"loader_module", "line_loader"}, {"code", "code"}, {"data", "data"}}));
        to.require("numpy");
        mlscribe::model_signature signature;
        signature.inputs = {mlscribe::model_field::column("a", "double"),
                            mlscribe::model_field::column("b", "double")};
        signature.outputs = {mlscribe::model_field::tensor("float64", {-1})};
        to.set_signature(signature);
    }
};

namespace {

void log(const std::string& store, const std::string& experiment, const std::string& source) {
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = experiment;
    options.errors = mlscribe::strictness::raise;
    auto run = mlscribe::start_run(options);
    run.log_param("C", 0.5);
    run.log_param("solver/name", "newton");
    for (int step = 0; step < 3; ++step) run.log_metric("loss", 1.0 / (1 + step), step);

    python_line model;
    model.weights = {0.1, -2.5};
    model.bias = 0.3;
    mlscribe::model_options choices;
    choices.example = mlscribe::input_example(std::vector<row>{{1, 2}, {3, 4.5}});
    choices.metadata = {{"team", "vision: \"A\""}};
    choices.source_files = {source};
    choices.registered_name = "line-reg";
    choices.logged_model = true;
    const auto logged = run.log_model("line", model, choices);
    run.log_model("forms/values", line(model));
    choices.registered_name.clear();
    run.log_model("line", model, choices);  // again: it is replaced
    run.end();
    std::printf("%s %s %lld\n", std::string(run.id()).c_str(), logged.model_id.c_str(),
                static_cast<long long>(logged.registered_version));
}

int load(const std::string& store, const std::string& uri) {
    mlscribe::load_options options;
    options.tracking_uri = store;
    try {
        const auto model = mlscribe::load_model<line>(uri, options);
        std::printf("%.17g\n", model({3, 4.5}));
        return 0;
    } catch (const mlscribe::logging_error& refused) {
        std::printf("%s\n", refused.what());
        return 1;
    }
}

}  // namespace

int main(int count, char** words) {
    const std::string command = count > 2 ? words[2] : "";
    if (command == "log" && count == 5) return log(words[1], words[3], words[4]), 0;
    if (command == "load" && count == 4) return load(words[1], words[3]);
    return 2;
}
