// SPDX-License-Identifier: MIT
/// \file image_driver ROOT FILE...: a run whose pictures are these arrays, `<type>-<name>.npy`,
/// each as `plain/<name>.png` and with a step; prints the run's id.
#include <mlscribe/image.hpp>
#include <mlscribe/mlscribe.hpp>

#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

template <class T>
void log(mlscribe::run& run, const std::string& file, const std::string& name) {
    const mlscribe::array<T> image = mlscribe::load_array<T>(file);
    run.log_image(image, "plain/" + name + ".png");
    run.log_image(image, "all kinds/" + name, 3, mlscribe::timestamp{1700000000123});
}

void log(mlscribe::run& run, const std::string& file) {
    const std::string leaf = file.substr(file.rfind('/') + 1);
    const std::string type = leaf.substr(0, leaf.find('-'));
    const std::string name = leaf.substr(type.size() + 1, leaf.size() - type.size() - 5);
    if (type == "uint8") return log<std::uint8_t>(run, file, name);
    if (type == "int64") return log<std::int64_t>(run, file, name);
    if (type == "bool") return log<bool>(run, file, name);
    if (type == "float32") return log<float>(run, file, name);
    if (type == "float64") return log<double>(run, file, name);
    throw std::invalid_argument("no picture is made of " + file);
}

}  // namespace

int main(int count, char** words) {
    mlscribe::run_options options;
    options.tracking_uri = words[1];
    options.experiment = "pictures";
    options.on_error = [](const mlscribe::error& failure) { std::cerr << failure.message << '\n'; };
    mlscribe::run run = mlscribe::start_run(options);
    for (int i = 2; i != count; ++i) log(run, words[i]);
    for (auto epoch : run.epochs(3)) {
        const std::uint8_t grey[2][2] = {{0, 80}, {160, static_cast<std::uint8_t>(epoch)}};
        run.log_image(grey, "each epoch", epoch);
    }
    std::cout << run.id() << '\n';
}
