// SPDX-License-Identifier: MIT
/// \file A process is killed, or the disk is full, at every system call of a log_model() that
/// changes files: the model is the one before or the new one, whole, and so is what points to it.
#include <boost/test/unit_test.hpp>

#include <mlscribe/model.hpp>
#include <mlscribe/query.hpp>
#include <mlscribe/registry.hpp>

#include <cerrno>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "planned_calls.hpp"
#include "scratch_directory.hpp"

namespace {

constexpr unsigned every_call = test::call_write | test::call_linkat | test::call_renameat;

struct weights {
    int version = 0;
    std::vector<double> values;
};
MLSCRIBE_DESCRIBE(weights, version, values)

/// \param listed  whether MLflow's registry and its list of models have it, too
mlscribe::logged_model log(mlscribe::run& run, int version, bool listed) {
    mlscribe::model_options options;
    options.source = false;
    options.logged_model = listed;
    if (listed) options.registered_name = "weights";
    return run.log_model("m", weights{version, std::vector<double>(100, version)}, options);
}

/// What stands in the store, as MLflow and load_model() find it.
void expect_readable(const test::scratch_directory& scratch, const std::string& id, int least) {
    mlscribe::load_options options;
    options.tracking_uri = scratch.store();
    const mlscribe::run_record run = mlscribe::store(scratch.store()).get_run(id);
    const std::string folder = scratch.store() + '/' + run.info.experiment_id + '/';
    if (least > 0 || test::exists(folder + id + "/artifacts/m")) {
        const auto model = mlscribe::load_model<weights>("runs:/" + id + "/m", options);
        BOOST_TEST(model.version >= least);
        BOOST_TEST(model.values == std::vector<double>(100, model.version),
                   boost::test_tools::per_element());
    }
    for (const std::string& shelf : {folder + "models", folder + id + "/outputs"}) {
        if (!test::exists(shelf)) continue;
        for (const std::string& name : test::tree(shelf)) {
            if (name.find('/') != name.size() - 1) continue;
            BOOST_TEST(test::exists(shelf + '/' + name + "meta.yaml"), name);
        }
    }
    test::error_log log;
    mlscribe::registry registry(scratch.store(), mlscribe::strictness::report, log.handler());
    for (const auto& model : registry.search_registered_models()) {
        for (const auto& version : registry.model_versions(model.name)) {
            const auto loaded = mlscribe::load_model<weights>(
                "models:/" + model.name + '/' + std::to_string(version.version), options);
            BOOST_TEST(loaded.version > 0);
        }
    }
    BOOST_TEST(log.all().empty());
}

/// In the registry the next registration removes it; MLflow passes over it.
void expect_nothing_left(const test::scratch_directory& scratch) {
    for (const std::string& name : test::tree(scratch.store())) {
        const bool registry =
            name.compare(0, 7, "models/") == 0 || name.compare(0, 16, ".mlscribe.trash/") == 0;
        BOOST_TEST((registry || name.find("/.mlscribe-") == std::string::npos), name);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(killed_models)

BOOST_AUTO_TEST_CASE(a_model_is_whole_or_the_one_before) {
    for (const int before : {0, 1}) {
        long calls = 0;
        for (bool survived = false; !survived && calls < 500; calls += survived ? 0 : 1) {
            const test::scratch_directory scratch;
            const std::string id = test::in_child([&]() -> std::string {
                test::error_log errors;
                mlscribe::run run = mlscribe::start_run(test::options(scratch, errors));
                if (before != 0) log(run, 1, true);
                test::write_file(scratch / "id", std::string(run.id()));
                const test::plan_calls plan(every_call, test::call_end::died_before, 0, calls,
                                            false);
                log(run, 2, before != 0);
                test::plan_calls::stop();
                run.end();
                // That the first version leads to the second model now is told.
                const std::size_t told = errors.count(mlscribe::error_code::value_changed);
                return errors.all().size() == told ? "survived" : "failed";
            });
            survived = id == "survived";
            BOOST_REQUIRE((survived || id == "signal 9"));
            BOOST_TEST_CONTEXT("call " << calls) {
                mlscribe::recover(scratch.store());
                expect_readable(scratch, test::read_file(scratch / "id"), survived ? 2 : before);
                expect_nothing_left(scratch);
            }
        }
        BOOST_TEST(calls > 10);
        BOOST_TEST(calls < 500);
    }
}

// EINVAL is also what a file system says that cannot exchange two names.
BOOST_AUTO_TEST_CASE(where_the_disk_refuses_the_model_before_stays) {
    for (const int refusal : {ENOSPC, EINVAL}) {
        const test::scratch_directory scratch;
        test::error_log errors;
        mlscribe::run run = mlscribe::start_run(test::options(scratch, errors));
        log(run, 1, false);
        const std::string id(run.id());
        long calls = 0;
        for (bool met = true; met && calls < 500; ++calls) {
            {
                const test::plan_calls plan(every_call, test::call_end::refused, refusal, calls,
                                            false);
                log(run, 2, false);
                test::plan_calls::stop();
                met = test::plan_calls::met() != 0;
            }
            BOOST_TEST_CONTEXT("call " << calls) expect_readable(scratch, id, 1);
            log(run, 1, false);
        }
        BOOST_TEST(calls > 10);
        BOOST_TEST(errors.tells({"model \"m\""}));
        run.end();
        expect_nothing_left(scratch);
    }
}

BOOST_AUTO_TEST_SUITE_END()
