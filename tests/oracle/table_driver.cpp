// SPDX-License-Identifier: MIT
/// \file table_driver make ROOT: a run with tables and a histogram; prints its id. table_driver
/// append ROOT RUN_ID: two more rows to its tables. table_driver many ROOT RUN_ID COUNT: so many
/// rows to one table, each by itself.
#include <mlscribe/mlscribe.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace {

struct box {
    int left;
    bool hit;
};
MLSCRIBE_DESCRIBE(box, left, hit)

struct prediction {
    std::int64_t id;
    double score;
    std::string text;
    box found;
    std::optional<double> wanted;
    std::vector<double> weights;
};
MLSCRIBE_DESCRIBE(prediction, id, score, text, found, wanted, weights)

struct plain {
    std::int64_t id;
    double score;
    std::string text;
    bool ok;
};
MLSCRIBE_DESCRIBE(plain, id, score, text, ok)

const double infinity = std::numeric_limits<double>::infinity();

const std::vector<plain> plain_rows = {
    {1, 0.5, "a/b \"q\" \\ \n\t\x7F</script>", true},
    {-7, std::nan(""), "\xC3\xBC \xF0\x9F\x98\x80 \xE2\x80\xA8", false},
    {3, infinity, "", true},
    {4, 1e-5, "01", false},
    {5, 1e300, "x", true},
    {6, 1e17, "x", true},
    {7, 0.1, "x", true},
};

int make(const std::string& root) {
    mlscribe::run_options options;
    options.tracking_uri = root;
    options.experiment = "tables";
    options.run_name = "run";
    options.source_tags = false;
    options.errors = mlscribe::strictness::raise;
    mlscribe::run run = mlscribe::start_run(options);
    run.log_table(plain_rows, "plain.json");
    run.log_table(std::vector<prediction>{{INT64_MAX, 0.1 + 0.2, "x", {1, true}, {}, {0.5}},
                                          {1, 1.0 / 3, "y", {2, false}, 2.5, {}}},
                  "eval/predictions.json");
    run.log_table(std::map<std::string, std::vector<int>>{{"a", {1, 2}}, {"b", {3, 4}}},
                  "eval/numbers.json");
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i) values.push_back(std::sin(i));
    for ([[maybe_unused]] auto epoch : run.epochs(2))
        run.log_histogram("layer/w", values, {20, 0, 0});
    std::cout << run.id() << '\n';
    return 0;
}

mlscribe::run resume(const std::string& root, const std::string& id) {
    mlscribe::resume_options options;
    options.tracking_uri = root;
    options.errors = mlscribe::strictness::raise;
    return mlscribe::resume_run(id, options);
}

int append(const std::string& root, const std::string& id) {
    mlscribe::run run = resume(root, id);
    run.log_table(std::vector<plain>{{8, 2.5, "ours", true}, {9, -0.25, "ours", false}},
                  "plain.json");
    run.log_table(std::map<std::string, std::vector<int>>{{"b", {6}}, {"a", {5}}}, "theirs.json");
    return 0;
}

int append_many(const std::string& root, const std::string& id, int count) {
    mlscribe::run run = resume(root, id);
    for (int i = 0; i < count; ++i) {
        run.log_table(std::map<std::string, std::vector<int>>{{"n", {i}}}, "many.json");
    }
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::string what = count > 1 ? words[1] : "";
    if (what == "make" && count == 3) return make(words[2]);
    if (what == "append" && count == 4) return append(words[2], words[3]);
    if (what == "many" && count == 5) return append_many(words[2], words[3], std::atoi(words[4]));
    return 1;
}
