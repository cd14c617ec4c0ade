// SPDX-License-Identifier: MIT
/// \file A program whose globals have the names that the library uses inside of its templates.
#include <mlscribe/mlscribe.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

extern const int object, other, names, members, held, row, line, lines, end_of, listener, failure,
    key, value, values, entry, step, name, text, file, folder, path, result, found, sink, element;

struct inner_options {
    int units = 1;
};
struct outer_options {
    double rate = 1;
    inner_options inner;
    std::optional<inner_options> maybe;
    std::variant<int, inner_options> either;
    std::vector<inner_options> list;
    std::map<std::string, int> map;
};
MLSCRIBE_DESCRIBE(inner_options, units)
MLSCRIBE_DESCRIBE(outer_options, rate, inner, maybe, either, list, map)

void log_everything(mlscribe::run& run);

void log_everything(mlscribe::run& run) {
    run.log_params(outer_options{});
    run.log_param("list", std::array<int, 2>{1, 2});
    run.log_metric("loss", 1, 2);
    run.log_metrics({{"loss", 1.0}}, 3);
    run.log_series("curve", std::array<int, 2>{1, 2});
    auto loss = run.metric<mlscribe::mean>("mean");
    for (auto epoch : run.epochs(3)) loss.add(1);
}
