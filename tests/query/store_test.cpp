// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>
#include <mlscribe/query.hpp>

#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "environment.hpp"
#include "few_descriptors.hpp"
#include "scratch_directory.hpp"
#include "searched_store.hpp"

namespace {

enum class solver { newton, descent };

struct layer {
    int units = 0;
    solver by = solver::newton;
};
MLSCRIBE_DESCRIBE(layer, units, by)

struct hyperparameters {
    double rate = 0.5;
    std::string name = "unset";
    std::optional<int> seed;
    std::vector<int> sizes;
    std::vector<layer> layers;
    bool amp = false;
    std::array<double, 2> betas{};
    std::vector<solver> tried;
    std::optional<layer> head;
    std::optional<layer> tail = layer{1, solver::newton};
};
MLSCRIBE_DESCRIBE(hyperparameters, rate, name, seed, sizes, layers, amp, betas, tried, head, tail)

std::vector<std::string> names_of(const mlscribe::found_runs& found) {
    std::vector<std::string> names;
    for (const mlscribe::run_record& run : found) names.push_back(run.info.run_name);
    return names;
}
using names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(query_store, test::searched_store)

BOOST_AUTO_TEST_CASE(a_run_comes_back_as_it_was_logged) {
    mlscribe::run run = start("one");
    run.log_param("rate", 0.1);
    run.set_tag("team", "hpc");
    run.log_metric("loss", 2.0, 1);
    run.log_metric("loss", 1.0, 5);
    run.log_metric("loss", 3.0, 4);
    const std::string id(run.id());
    run.end();
    const mlscribe::run_record read = store().get_run(id);
    BOOST_TEST(read.info.run_id == id);
    BOOST_TEST(read.info.run_name == "one");
    BOOST_TEST((read.info.status == mlscribe::run_status::finished));
    BOOST_TEST(read.info.end_time.has_value());
    BOOST_TEST(read.params.at("rate") == "0.1");
    BOOST_TEST(read.tags.at("team") == "hpc");
    BOOST_TEST(read.metrics.at("loss") == 1.0);
    std::vector<std::int64_t> steps;
    for (const mlscribe::point& each : store().metric_history(id, "loss"))
        steps.push_back(each.step);
    BOOST_TEST(steps == (std::vector<std::int64_t>{1, 5, 4}), boost::test_tools::per_element());
    BOOST_TEST(store().metric_history(id, "other").empty());
}

BOOST_AUTO_TEST_CASE(a_live_run_shows_what_it_has_not_yet_written) {
    mlscribe::run run = start("live");
    run.log_metric("loss", 0.25, 7);
    run.metric("group/other").log(1.5);
    const std::string before = test::meta(test::folder(scratch, run), "status");
    const mlscribe::run_record read = store().get_run(std::string(run.id()));
    BOOST_TEST(read.metrics.at("loss") == 0.25);
    BOOST_TEST(read.metrics.at("group/other") == 1.5);
    BOOST_TEST((read.info.status == mlscribe::run_status::running));
    BOOST_TEST(store().metric_history(read.info.run_id, "loss").size() == 1u);
    BOOST_TEST(names_of(store().search_runs("metrics.loss = 0.25 and status = 'RUNNING'")) ==
                   names{"live"},
               boost::test_tools::per_element());
    BOOST_TEST(!test::exists(test::folder(scratch, run) + "/metrics/loss"));
}

BOOST_AUTO_TEST_CASE(a_search_is_filtered_ordered_and_cut) {
    for (int i = 0; i < 6; ++i) {
        mlscribe::run run = start("run " + std::to_string(i));
        run.log_metric("loss", (i * 5) % 6);
        if (i % 2 == 0) run.log_param("opt", "adam");
    }
    mlscribe::search_query query;
    query.filter = "metrics.loss < 5 AND params.opt = 'adam'";
    query.order_by = {"metrics.loss DESC"};
    for (const unsigned threads : {1u, 4u}) {
        query.threads = threads;
        BOOST_TEST(names_of(store().search_runs(query)) == (names{"run 2", "run 4", "run 0"}),
                   boost::test_tools::per_element());
    }
    query.max_results = 2;
    BOOST_TEST(store().search_runs(query).size() == 2u);
    query.experiments = {"no such"};
    BOOST_CHECK_EXCEPTION(
        store().search_runs(query), mlscribe::logging_error,
        [](const auto& thrown) { return thrown.reason().code == mlscribe::error_code::not_found; });
}

BOOST_AUTO_TEST_CASE(an_experiment_that_may_be_there_is_not_said_to_be_missing) {
    start("run").end();
    const mlscribe::store opened = store();
    mlscribe::search_query query;
    query.experiments = {"no such"};
    const test::few_descriptors few(0);
    BOOST_CHECK_EXCEPTION(
        opened.search_runs(query), mlscribe::logging_error,
        [](const auto& thrown) { return thrown.reason().code == mlscribe::error_code::system; });
}

BOOST_AUTO_TEST_CASE(a_filter_that_is_none_says_where) {
    BOOST_CHECK_EXCEPTION(start("one").end();
                          store().search_runs("metrics.loss < 1 OR status = 'x'"),
                          mlscribe::query_error,
                          [](const auto& thrown) { return thrown.position() == 17u; });
    mlscribe::search_query query;
    query.order_by = {"metrics.loss DOWN"};
    BOOST_CHECK_THROW(store().search_runs(query), mlscribe::query_error);
}

BOOST_AUTO_TEST_CASE(damaged_runs_are_listed_and_hide_no_others) {
    std::vector<std::string> folders;
    for (int i = 0; i < 5; ++i) {
        mlscribe::run run = start("run " + std::to_string(i));
        run.log_metric("loss", i);
        run.log_param("p", i);
        folders.push_back(test::folder(scratch, run));
    }
    test::write_file(folders[0] + "/meta.yaml", "status: [");
    test::write_file(folders[1] + "/metrics/loss", "");
    test::write_file(folders[2] + "/params/p", "\xff.");
    test::write_file(folders[3] + "/tags/~backup", "");
    const mlscribe::found_runs found = store().search_runs();
    BOOST_TEST(names_of(found) == names{"run 4"}, boost::test_tools::per_element());
    BOOST_TEST(found.damaged.size() == 4u);
    for (const mlscribe::damaged_run& each : found.damaged) {
        BOOST_TEST((each.why.code == mlscribe::error_code::damaged));
        BOOST_TEST(each.why.message.find(each.run_id) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_experiment_is_listed_too) {
    mlscribe::run run = start("one");
    const std::string folder = scratch.store() + '/' + std::string(run.experiment_id());
    run.end();
    test::write_file(folder + "/meta.yaml", "name: [");
    const mlscribe::found_runs found = store().search_runs();
    BOOST_TEST(found.empty());
    BOOST_REQUIRE(found.damaged.size() == 1u);
    BOOST_TEST(found.damaged[0].run_id == "");
    BOOST_TEST(found.damaged[0].why.message.find(folder) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(more_experiments_than_a_process_may_have_files_open) {
    const std::size_t count = 40;
    for (std::size_t i = 0; i != count; ++i) {
        mlscribe::run_options chosen = test::options(scratch, log);
        chosen.experiment = "experiment " + std::to_string(i);
        mlscribe::start_run(chosen).end();
    }
    const mlscribe::store opened = store();
    mlscribe::search_query query;
    for (const char* const filter : {"", "attributes.status = 'FINISHED'"}) {
        query.filter = filter;
        query.threads = 2;
        const test::few_descriptors few(count / 2);
        const mlscribe::found_runs found = opened.search_runs(query);
        BOOST_TEST(found.size() == count);
        BOOST_TEST(found.damaged.empty());
    }
}

// MLflow reads keys of any length.
BOOST_AUTO_TEST_CASE(what_only_writers_refuse_is_read) {
    mlscribe::run run = start("one");
    const std::string key = std::string(200, 'a') + '/' + std::string(200, 'b');
    std::filesystem::create_directory(test::folder(scratch, run) + "/params/" +
                                      std::string(200, 'a'));
    test::write_file(test::folder(scratch, run) + "/params/" + key, "1");
    BOOST_TEST(store().get_run(std::string(run.id())).params.at(key) == "1");
}

BOOST_AUTO_TEST_CASE(parents_children_artifacts) {
    mlscribe::run parent = start("parent");
    mlscribe::run child = parent.start_child("child");
    parent.log_text("hello", "notes/a.txt");
    parent.log_text("there", "b.txt");
    const std::string id(parent.id());
    BOOST_TEST(names_of(store().children(id)) == names{"child"}, boost::test_tools::per_element());
    BOOST_TEST(store().parent(std::string(child.id()))->info.run_id == id);
    BOOST_TEST(!store().parent(id));
    const auto all = store().artifacts(id);
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].path == "b.txt");
    BOOST_TEST(all[0].bytes == 5u);
    BOOST_TEST(all[1].is_directory);
    BOOST_TEST(store().artifacts(id, "notes").front().path == "notes/a.txt");
    BOOST_TEST(store().artifacts(id, "none").empty());
    BOOST_CHECK_THROW(store().artifacts(id, "../tags"), mlscribe::logging_error);
}

BOOST_AUTO_TEST_CASE(side_by_side) {
    std::vector<std::string> ids;
    for (int i = 0; i < 2; ++i) {
        mlscribe::run run = start("run " + std::to_string(i));
        run.log_param("same", 1);
        run.log_param("rate", i);
        if (i == 1) run.log_param("only", "here");
        run.log_metric("loss", i);
        ids.push_back(std::string(run.id()));
    }
    const mlscribe::run_comparison both = store().compare(ids);
    BOOST_TEST(both.params.size() == 2u);
    BOOST_TEST(*both.params.at("rate")[1] == "1");
    BOOST_TEST(!both.params.at("only")[0].has_value());
    BOOST_TEST(*both.metrics.at("loss")[1] == 1.0);
}

BOOST_AUTO_TEST_CASE(params_become_a_struct_again) {
    hyperparameters logged;
    logged.rate = 1e-3;
    logged.name = "it's \"so\"";
    logged.seed = 7;
    logged.sizes = {64, 32};
    logged.layers = {{8, solver::descent}, {4, solver::newton}};
    logged.amp = true;
    logged.betas = {0.9, 0.999};
    logged.tried = {solver::descent, solver::newton};
    logged.head = layer{3, solver::descent};
    logged.tail.reset();
    mlscribe::run run = start("one");
    run.log_params(logged, "train");
    const auto read = store().read<hyperparameters>(std::string(run.id()), "train");
    BOOST_TEST(read.rate == logged.rate);
    BOOST_TEST(read.name == logged.name);
    BOOST_TEST(*read.seed == 7);
    BOOST_TEST(read.sizes == logged.sizes, boost::test_tools::per_element());
    BOOST_REQUIRE(read.layers.size() == 2u);
    BOOST_TEST((read.layers[0].by == solver::descent));
    BOOST_TEST(read.amp);
    BOOST_TEST(read.betas == logged.betas, boost::test_tools::per_element());
    BOOST_TEST((read.tried == logged.tried));
    BOOST_REQUIRE(read.head.has_value());
    BOOST_TEST(read.head->units == 3);
    BOOST_TEST(!read.tail.has_value());
    BOOST_TEST(store().read<hyperparameters>(std::string(run.id())).name == "unset");
    run.log_param("rate", "fast");
    BOOST_CHECK_THROW(store().read<hyperparameters>(std::string(run.id())),
                      mlscribe::logging_error);
}

BOOST_AUTO_TEST_CASE(trees_of_mlflow) {
    const std::string golden = std::getenv("MLSCRIBE_GOLDEN");
    for (const std::string tree :
         {"golden_v2/mlruns", "golden_v3/mlruns", "golden_v3/portable_mlruns"}) {
        const mlscribe::store read(golden + '/' + tree);
        BOOST_TEST(read.experiments().size() > 1u);
        BOOST_TEST(!read.experiments(mlscribe::run_view::deleted).empty());
        mlscribe::search_query query;
        query.view = mlscribe::run_view::all;
        const mlscribe::found_runs found = read.search_runs(query);
        BOOST_TEST(found.size() > 5u);
        for (const auto& each : found.damaged) BOOST_TEST_MESSAGE(each.why.message);
        BOOST_TEST(found.damaged.empty());
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_there) {
    start("one").end();
    BOOST_CHECK_THROW(store().get_run("0123456789abcdef0123456789abcdef"), mlscribe::logging_error);
    BOOST_CHECK_THROW(store().get_run("../.."), mlscribe::logging_error);
    BOOST_CHECK_THROW(mlscribe::store(scratch / "nowhere"), mlscribe::logging_error);
    BOOST_CHECK_THROW(mlscribe::store("https://example.org"), mlscribe::logging_error);
    BOOST_TEST(!test::exists(scratch / "nowhere"));
}

BOOST_AUTO_TEST_CASE(attributes_and_datasets_are_searched) {
    std::string folder;
    for (const char* const name : {"first", "second"}) {
        mlscribe::run run = start(name);
        mlscribe::dataset used;
        used.name = std::string("set of ") + name;
        used.digest = "976f33e0";
        run.log_input(used, name == std::string("first") ? "train" : "test");
        folder = test::folder(scratch, run);
    }
    start("none").end();
    const auto found = [this](const char* filter) {
        mlscribe::search_query query;
        query.filter = filter;
        query.order_by = {"run_name"};
        return names_of(store().search_runs(query));
    };
    using boost::test_tools::per_element;
    BOOST_TEST(found("run_name = 'first'") == names{"first"}, per_element());
    BOOST_TEST(found("run_name LIKE '%s%'") == (names{"first", "second"}), per_element());
    BOOST_TEST(found("run_name ILIKE 'FIR%'") == names{"first"}, per_element());
    BOOST_TEST(found("run_name LIKE 'FIR%'") == names{}, per_element());
    BOOST_TEST(found("attributes.user_id = 'nobody at all'") == names{}, per_element());
    BOOST_TEST(found("attributes.artifact_uri LIKE '%/artifacts'").size() == 3u);
    BOOST_TEST(found("dataset.name = 'set of second'") == names{"second"}, per_element());
    BOOST_TEST(found("dataset.digest = '976f33e0'") == (names{"first", "second"}), per_element());
    BOOST_TEST(found("dataset.context = 'train'") == names{"first"}, per_element());
    // A run whose name stands in its tag alone is found by it, too.
    std::string meta = test::read_file(folder + "/meta.yaml");
    const std::size_t at = meta.find("run_name: ");
    test::write_file(folder + "/meta.yaml",
                     meta.replace(at, meta.find('\n', at) - at, "run_name: ''"));
    BOOST_TEST(found("run_name = 'second'") == names{"second"}, per_element());
}

BOOST_AUTO_TEST_CASE(inputs_that_lead_nowhere_are_left_out_and_damaged_ones_told) {
    mlscribe::run run = start("one");
    run.log_input([] {
        mlscribe::dataset used;
        used.name = "set";
        used.digest = "1";
        return used;
    }());
    const std::string inputs = test::folder(scratch, run) + "/inputs/";
    run.end();
    test::write_file(inputs + "model/meta.yaml", "source_type: MODEL\nsource_id: m\n");
    test::write_file(inputs + "gone/meta.yaml", "source_type: DATASET\nsource_id: gone\n");
    test::write_file(inputs + "up/meta.yaml", "source_type: DATASET\nsource_id: ..\n");
    BOOST_TEST(store().search_runs("dataset.name = 'set'").size() == 1u);
    test::write_file(inputs + "file", "");
    const auto found = store().search_runs("dataset.name = 'set'");
    BOOST_TEST(found.size() == 0u);
    BOOST_TEST_REQUIRE(found.damaged.size() == 1u);
    BOOST_TEST(found.damaged[0].why.message.find("is no folder") != std::string::npos,
               found.damaged[0].why.message);
}

BOOST_AUTO_TEST_CASE(runs_are_ordered_by_params_of_any_name) {
    for (const char* const value : {"b", "c", "a"}) {
        mlscribe::run run = start(value);
        run.log_param("the name", value);
    }
    mlscribe::search_query query;
    for (const char* const order : {"params.`the name`", "params.\"the name\" ASC"}) {
        query.order_by = {order};
        BOOST_TEST(names_of(store().search_runs(query)) == (names{"a", "b", "c"}),
                   boost::test_tools::per_element());
    }
    BOOST_CHECK_EXCEPTION(
        store().search_runs("params.top.5 = 'x'"), mlscribe::query_error, [](const auto& thrown) {
            return std::string(thrown.what()).find("double quotes or backticks") !=
                   std::string::npos;
        });
}

BOOST_AUTO_TEST_SUITE_END()
