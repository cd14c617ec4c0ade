// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/run_creation.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "environment.hpp"
#include "few_descriptors.hpp"
#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::run_options;
using mlscribe::detail::create_run;
using mlscribe::detail::found_run;
using mlscribe::detail::initial_tags;
using mlscribe::detail::store_root;
using mlscribe::detail::tag_list;

namespace {

std::string value_of(const tag_list& tags, const std::string& key) {
    std::string found = "(missing)";
    for (const auto& tag : tags) {
        if (tag.first == key) found = tag.second;
    }
    return found;
}

struct opened_store {
    test::scratch_directory scratch;
    store_root store;
    std::vector<error> refused;
    found_run run;

    opened_store() { BOOST_REQUIRE(!store_root::open_for_writing(scratch.store(), store)); }
    error create(const run_options& options) {
        return create_run(
            store, "0", options, [this](const error& failure) { refused.push_back(failure); },
            [this](found_run made) {
                BOOST_TEST(!test::exists(made.path));
                run = std::move(made);
            });
    }
    std::vector<std::string> experiment() const { return test::tree(scratch.store() + "/0"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run_run_creation)

BOOST_AUTO_TEST_CASE(tags_override_in_mlflows_order) {
    const test::variable user("LOGNAME", "bob");
    std::string warning;
    run_options options;
    options.run_name = "named";
    {
        const test::variable context("MLFLOW_RUN_CONTEXT",
                                     R"({"mlflow.user": "ctx", "team": "hpc", "a": "ctx"})");
        options.tags = {{"a", "program"}, {"mlflow.runName", "from the tags"}};
        const tag_list tags = initial_tags(options, warning);
        BOOST_TEST(warning.empty());
        BOOST_TEST(value_of(tags, "mlflow.user") == "ctx");
        BOOST_TEST(value_of(tags, "team") == "hpc");
        BOOST_TEST(value_of(tags, "a") == "program");
        BOOST_TEST(value_of(tags, "mlflow.runName") == "named");
    }
    for (const char* bad : {"{", "[]", "{\"a\": }", "text"}) {
        const test::variable context("MLFLOW_RUN_CONTEXT", bad);
        warning.clear();
        const tag_list tags = initial_tags(options, warning);
        BOOST_TEST(warning.find("MLFLOW_RUN_CONTEXT") != std::string::npos, bad);
        BOOST_TEST(value_of(tags, "mlflow.user") == "bob");
    }
    const test::variable context("MLFLOW_RUN_CONTEXT", "");
    warning.clear();
    options.run_name.clear();
    options.description = "**bold**";
    options.parent_run_id = "abc";
    BOOST_TEST(value_of(initial_tags(options, warning), "mlflow.runName") == "from the tags");
    options.tags.clear();
    const tag_list tags = initial_tags(options, warning);
    BOOST_TEST(value_of(tags, "mlflow.runName").size() > 5u);
    BOOST_TEST(value_of(tags, "mlflow.note.content") == "**bold**");
    BOOST_TEST(value_of(tags, "mlflow.parentRunId") == "abc");
    BOOST_TEST(warning.empty());
}

BOOST_AUTO_TEST_CASE(automatic_tags_give_way) {
    const test::scratch_directory scratch;
    const std::string git = scratch / "source/.git";
    std::filesystem::create_directories(git + "/objects");
    std::filesystem::create_directories(git + "/refs");
    test::write_file(git + "/HEAD", std::string(40, 'a') + '\n');
    std::string warning;
    run_options options;
    options.source_directory = scratch / "source";
    tag_list tags = initial_tags(options, warning);
    BOOST_TEST(value_of(tags, "mlflow.source.git.commit") == std::string(40, 'a'));
    BOOST_TEST(value_of(tags, "mlflow.source.git.branch") == "(missing)");
    BOOST_TEST(value_of(tags, "mlscribe.git.dirty") == "unknown");
    BOOST_TEST(value_of(tags, "mlscribe.host") != "(missing)");
    const test::variable context("MLFLOW_RUN_CONTEXT", R"({"mlscribe.host": "node7"})");
    options.tags = {{"mlflow.source.git.commit", "mine"}};
    tags = initial_tags(options, warning);
    BOOST_TEST(value_of(tags, "mlflow.source.git.commit") == "mine");
    BOOST_TEST(value_of(tags, "mlscribe.host") == "node7");
    const std::size_t before = tags.size();
    options.source_tags = false;
    tags = initial_tags(options, warning);
    BOOST_TEST(tags.size() == before - 4u);  // two were given by hand
    BOOST_TEST(value_of(tags, "mlscribe.git.dirty") == "(missing)");
}

BOOST_FIXTURE_TEST_CASE(a_run_has_all_that_mlflow_looks_for, opened_store) {
    const test::variable user("LOGNAME", "1001");
    const test::variable context("MLFLOW_RUN_CONTEXT", nullptr);
    run_options options;
    options.run_name = "yes";
    options.run_id = "job1234_0";
    options.source_directory = scratch.path();
    BOOST_TEST(!create(options));
    const std::vector<std::string> expected = {"job1234_0/",
                                               "job1234_0/artifacts/",
                                               "job1234_0/meta.yaml",
                                               "job1234_0/metrics/",
                                               "job1234_0/params/",
                                               "job1234_0/tags/",
                                               "job1234_0/tags/mlflow.runName",
                                               "job1234_0/tags/mlflow.source.name",
                                               "job1234_0/tags/mlflow.source.type",
                                               "job1234_0/tags/mlflow.user",
                                               "job1234_0/tags/mlscribe.compiler",
                                               "job1234_0/tags/mlscribe.cxx_standard",
                                               "job1234_0/tags/mlscribe.host",
                                               "job1234_0/tags/mlscribe.version",
                                               "meta.yaml"};
    BOOST_TEST(experiment() == expected, boost::test_tools::per_element());
    const std::string folder = scratch.store() + "/0/job1234_0";
    BOOST_TEST(run.path == folder);
    const auto document = mlscribe::meta_document::parse(test::read_file(folder + "/meta.yaml"));
    const auto meta = mlscribe::read_run_meta(document.value());
    BOOST_REQUIRE(meta.has_value());
    BOOST_TEST(meta->run_id == "job1234_0");
    BOOST_TEST(meta->run_name == "yes");
    BOOST_TEST(meta->user_id == "1001");
    BOOST_TEST(meta->experiment_id == "0");
    BOOST_TEST(meta->artifact_uri == "file://" + folder + "/artifacts");
    BOOST_TEST((meta->status == mlscribe::run_status::running));
    BOOST_TEST(!meta->end_time);
    BOOST_TEST(test::read_file(folder + "/tags/mlflow.user") == "1001");
}

BOOST_FIXTURE_TEST_CASE(an_id_is_used_once_and_checked, opened_store) {
    run_options options;
    options.run_id = "mine";
    options.source_tags = false;
    BOOST_TEST(!create(options));
    const std::string before = test::read_file(scratch.store() + "/0/mine/meta.yaml");
    const error taken = create(options);
    BOOST_TEST((taken.code == error_code::already_exists));
    BOOST_TEST(taken.message.find("resume_run") != std::string::npos);
    BOOST_TEST(test::read_file(scratch.store() + "/0/mine/meta.yaml") == before);
    for (const std::string bad : {"../x", "a/b", "_x", "a.b", "\xC3\xBC", "a\n"}) {
        options.run_id = bad;
        BOOST_TEST((create(options).code == error_code::invalid_value));
    }
    BOOST_TEST(test::tree(scratch.store() + "/0").size() == 11u);
}

BOOST_FIXTURE_TEST_CASE(an_id_that_may_be_taken_is_not_used, opened_store) {
    run_options options;
    options.run_id = "mine";
    options.source_tags = false;
    test::write_file(scratch.store() + "/7/mine/meta.yaml", "status: [");
    BOOST_TEST((create(options).code == error_code::damaged));
    std::filesystem::remove_all(scratch.store() + "/7/mine");
    const auto before = test::tree(scratch.store());
    {
        const test::few_descriptors few(1);
        const error unknown = create(options);
        BOOST_TEST((unknown.code == error_code::system));
        BOOST_TEST(unknown.message.find("cannot look for the run in") != std::string::npos);
    }
    BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
    BOOST_TEST(!create(options));
}

BOOST_FIXTURE_TEST_CASE(names_that_mlflow_itself_uses_in_an_experiment, opened_store) {
    for (const std::string reserved : {"tags", "datasets", "traces", "models"}) {
        run_options options;
        options.run_id = reserved;
        BOOST_TEST(static_cast<bool>(create(options)), reserved);
    }
}

/// Anybody who may write in a store can plant what looks like the beginning of a run.
BOOST_FIXTURE_TEST_CASE(journals_of_runs_that_never_appeared, opened_store) {
    const auto dead_process = [] {
        const pid_t process = ::fork();
        if (process == 0) ::_exit(0);
        BOOST_REQUIRE(::waitpid(process, nullptr, 0) == process);
        return process;
    };
    const pid_t starting = dead_process();
    const std::string elsewhere = scratch / "journals";
    const auto put = [&](const std::string& id, pid_t process) {
        mlscribe::detail::writer of = mlscribe::detail::writer::current();
        of.process = std::to_string(process);
        of.started = "1";
        const std::string name = id + of.new_name();
        test::write_file(elsewhere + '/' + name, "");
        return name;
    };
    int folders = 0;
    const auto leave_staged = [&](const std::string& id) {
        const std::string name =
            mlscribe::detail::staged_owner(starting) + std::to_string(folders++);
        const std::string folder = scratch.store() + "/0/datasets/.mlscribe-starting/" + name;
        test::write_file(folder + "/tags/mlscribe.journal", elsewhere);
        test::write_file(folder + "/meta.yaml",
                         "artifact_uri: /x\nend_time: null\nexperiment_id: '0'\nlifecycle_stage: "
                         "active\nrun_id: " +
                             id + "\nrun_name: x\nstart_time: 5\nstatus: 1\nuser_id: me\n");
    };
    run_options options;
    options.source_tags = false;
    options.run_id = "there";
    BOOST_TEST(!create(options));
    std::vector<std::string> kept = {put("there", starting), put("unseen", dead_process())};
    put("unseen", starting);
    put("again", starting);
    for (const char* id : {"there", "unseen", "again"}) leave_staged(id);
    options.run_id = "again";
    BOOST_TEST(!create(options));
    BOOST_TEST(!test::exists(scratch.store() + "/0/datasets"));
    std::sort(kept.begin(), kept.end());
    BOOST_TEST(test::tree(elsewhere) == kept, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_bad_tag_is_left_out_and_told, opened_store) {
    run_options options;
    options.run_id = "mine";
    options.tags = {{"a@b", "x"}, {"good", "caf\xE9"}, {"good/below", "x"}};
    BOOST_TEST(!create(options));
    BOOST_TEST(refused.size() == 2u);
    BOOST_TEST(test::read_file(scratch.store() + "/0/mine/tags/good") == "caf\xEF\xBF\xBD");
}

BOOST_FIXTURE_TEST_CASE(what_fails_half_way_leaves_no_folder, opened_store) {
    run_options options;
    options.run_id = "mine";
    options.tags = {{"a/b/c", "x"}, {"big", std::string(10000, 'x')}};
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit limit = before;
    limit.rlim_cur = 5000;  // stands for a full disk
    const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const error failure = create(options);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, signal_before);
    BOOST_TEST((failure.code == error_code::system));
    BOOST_TEST(experiment() == std::vector<std::string>{"meta.yaml"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
