// SPDX-License-Identifier: MIT
/// \file Texts that are nested a hundred thousand times are read where a thread has little stack,
/// as musl gives it.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/model.hpp>
#include <mlscribe/query.hpp>
#include <mlscribe/registry.hpp>
#include <mlscribe/report/report_html.hpp>

#include <exception>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "scratch_directory.hpp"
#include "small_stack.hpp"

namespace {

struct beam {
    double length = 1;
    std::string wood = "oak";
};
MLSCRIBE_DESCRIBE(beam, length, wood)

/// As deep as its file says.
struct branch {
    std::vector<branch> twigs;
};
MLSCRIBE_DESCRIBE(branch, twigs)

constexpr std::size_t levels = 100000;

std::string repeated(const std::string& text, std::size_t count = levels) {
    std::string all;
    for (std::size_t i = 0; i != count; ++i) all += text;
    return all;
}

/// YAML, which JSON is, too.
std::vector<std::string> nested_texts() {
    std::string steps;
    for (std::size_t i = 0; i != 500; ++i) steps += std::string(i, ' ') + "a:\n";
    return {repeated("["),
            repeated("[") + repeated("]"),
            repeated("{\"a\": ") + '1' + repeated("}"),
            repeated("{a: [") + repeated("]}"),
            "flavors: {a: " + repeated("[") + repeated("]") + "}",
            "signature:\n  inputs: '" + repeated("[{\"type\": \"array\", \"items\": ") + "'",
            repeated("- "),
            repeated("? "),
            repeated("- ? : "),
            steps,
            repeated("\""),
            repeated("&a ") + "x",
            repeated("!!") + "x",
            repeated("(")};
}

/// Runs `body` where there is little stack. \return why it ended otherwise
std::string on_a_small_stack(const std::function<void()>& body) {
    return test::on_a_small_stack([&body] {
        try {
            body();
        } catch (const std::exception& thrown) {
            return std::string(thrown.what());
        }
        return std::string();
    });
}

/// What `ask` says of it: nothing where it is content.
std::string told_by(const std::function<void()>& ask) {
    try {
        ask();
    } catch (const mlscribe::logging_error& thrown) {
        return thrown.what();
    } catch (const mlscribe::query_error& thrown) {
        return thrown.what();
    }
    return {};
}

void must_refuse(const std::function<void()>& ask) {
    const std::string said = told_by(ask);
    if (said.empty()) throw std::runtime_error("was not refused");
    if (said.size() > 10000) throw std::runtime_error("was refused at length");
}

struct nested_store {
    test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    std::string run;

    nested_store() {
        mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
        id = made.id();
        run = test::folder(scratch, made);
        made.log_metric("loss", 1.0);
        made.log_model("line", beam{});
        made.log_table(std::vector<beam>(1), "t.json");
        made.log_array(std::vector<double>{1.0}, "a.npy");
        made.checkpoint("saved");
        made.end();
    }

    beam load(bool verify) const {
        mlscribe::load_options options;
        options.tracking_uri = scratch.store();
        options.verify = verify;
        return mlscribe::load_model<beam>("runs:/" + id + "/line", options);
    }
};

constexpr const char* manifest = "/artifacts/line/mlscribe/manifest.sha256";
constexpr const char* values = "/artifacts/line/data/model.json";
constexpr const char* stranger = "/inputs/x/meta.yaml";  ///< which no store of ours has

}  // namespace

BOOST_FIXTURE_TEST_SUITE(deep_nesting, nested_store)

BOOST_AUTO_TEST_CASE(all_is_read_on_a_small_stack) {
    const std::string said = on_a_small_stack([this] {
        const mlscribe::store read(scratch.store());
        mlscribe::search_query query;
        query.filter = "metrics.loss > 0";
        query.threads = 4;
        if (read.search_runs(query).size() != 1) throw std::runtime_error("no run was found");
        if (load(true).wood != "oak") throw std::runtime_error("another model");
        if (mlscribe::report_html(read, {id}).failure) throw std::runtime_error("no report");
        if (!mlscribe::examine(scratch.store()).findings.empty()) {
            throw std::runtime_error("something is damaged");
        }
    });
    BOOST_TEST(said.empty(), said);
}

BOOST_AUTO_TEST_CASE(in_the_files_of_a_store) {
    const std::string paths[] = {"/meta.yaml",
                                 "/../meta.yaml",
                                 "/tags/mlflow.loggedArtifacts",
                                 "/tags/mlflow.log-model.history",
                                 "/artifacts/checkpoints/saved.json",
                                 "/artifacts/t.json",
                                 "/artifacts/line/MLmodel",
                                 manifest,
                                 values,
                                 stranger};
    for (const std::string& path : paths) {
        const bool is_there = test::exists(run + path);
        BOOST_REQUIRE(is_there == (path != stranger));
        const std::string before = is_there ? test::read_file(run + path) : "";
        const std::string directory = run + path.substr(0, path.rfind('/'));
        for (const std::string& text : nested_texts()) {
            test::write_file(run + path, text);
            const std::string said = on_a_small_stack([&] {
                const std::string place = scratch.store();
                told_by([&] {
                    const mlscribe::store read(place);
                    mlscribe::search_query query;
                    query.threads = 4;
                    read.search_runs(query);
                    mlscribe::report_html(read, {id});
                });
                told_by([&] { mlscribe::examine(place); });
                told_by([&] { mlscribe::relocate(place); });
                // A checksum would refuse the values before they are read.
                const bool verify = path != values;
                const std::string refusal = told_by([&] { load(verify); });
                const char* const expected = path == manifest ? "is damaged in line 1"
                                             : path == values ? "model.json is no JSON"
                                                              : "";
                if (refusal.find(expected) == refusal.npos) {
                    throw std::runtime_error("the model's load says: " + refusal);
                }
                test::error_log quiet;
                mlscribe::resume_options options = test::resuming(scratch, quiet);
                options.keep_status = true;
                mlscribe::run again = mlscribe::resume_run(id, options);
                again.log_table(std::vector<beam>(1), "t.json");
                again.end();
                mlscribe::resume_run(id, mlscribe::from_checkpoint{"saved"}, options);
            });
            BOOST_TEST(said.empty(), path << " of " << text.substr(0, 20) << ": " << said);
        }
        if (is_there) {
            test::write_file(run + path, before);
        } else {
            std::filesystem::remove_all(directory);
        }
        BOOST_TEST(told_by([this] { load(true); }) == "", path);
    }
}

BOOST_AUTO_TEST_CASE(in_a_type_that_contains_itself) {
    const std::size_t depth = 490;
    test::write_file(run + "/artifacts/line/data/model.json",
                     repeated("{\"twigs\": [", depth) + repeated("]}", depth));
    mlscribe::load_options options{scratch.store()};
    options.verify = false;
    const auto load = [&] {
        return mlscribe::load_model<branch>("runs:/" + id + "/line", options);
    };
    std::size_t found = 0;
    const branch whole = load();
    for (const branch* each = &whole; !each->twigs.empty(); each = &each->twigs.front()) ++found;
    BOOST_TEST(found == depth - 1);
    const std::string said = on_a_small_stack([&] { must_refuse(load); });
    BOOST_TEST(said.empty(), said);
}

BOOST_AUTO_TEST_CASE(in_what_is_asked) {
    const std::string filters[] = {repeated("("),
                                   repeated("(") + "metrics.loss > 0" + repeated(")"),
                                   "metrics.loss > " + repeated("(") + '0',
                                   "params.a IN " + repeated("("),
                                   "params.a IN (" + repeated("(") + "'a'" + repeated(")") + ")",
                                   "params.a IN (" + repeated("['a', ") + ")",
                                   repeated("NOT ") + "metrics.loss > 0",
                                   "metrics.`" + repeated("(")};
    for (const std::string& filter : filters) {
        const std::string said = on_a_small_stack([&] {
            const mlscribe::store read(scratch.store());
            must_refuse([&] { read.search_runs(filter); });
            mlscribe::search_query query;
            query.order_by = {filter};
            must_refuse([&] { read.search_runs(query); });
        });
        BOOST_TEST(said.empty(), filter.substr(0, 30) << ": " << said);
    }
    const std::string said = on_a_small_stack([this] {
        mlscribe::search_query query;
        query.filter = "metrics.loss > 0";
        for (int i = 0; i != 20000; ++i) query.filter += " AND metrics.loss > 0";
        if (mlscribe::store(scratch.store()).search_runs(query).size() != 1) {
            throw std::runtime_error("many clauses");
        }
    });
    BOOST_TEST(said.empty(), said);
}

BOOST_AUTO_TEST_CASE(in_a_file_of_an_array) {
    for (const std::string& inside :
         {repeated("(", 60000), repeated("{'shape': (", 5000), repeated("[", 60000)}) {
        std::string bytes = std::string("\x93NUMPY\x01", 7) + '\0';
        bytes += static_cast<char>(inside.size() & 0xFF);
        bytes += static_cast<char>(inside.size() >> 8);
        bytes += inside;
        test::write_file(scratch / "a.npy", bytes);
        const std::string said = on_a_small_stack(
            [this] { must_refuse([this] { mlscribe::load_array<double>(scratch / "a.npy"); }); });
        BOOST_TEST(said.empty(), said);
    }
}

BOOST_AUTO_TEST_SUITE_END()
