// SPDX-License-Identifier: MIT
/// \file How many files a run costs: quotas count them, and MLflow opens each.
#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "scratch_directory.hpp"

namespace {

struct counted {
    std::size_t files = 0;
    std::size_t folders = 0;
    std::size_t foreign = 0;  ///< files whose name MLflow would not write
};

counted entries_below(const std::string& path) {
    counted found;
    for (const std::string& name : test::tree(path)) {
        ++(name.back() == '/' ? found.folders : found.files);
        if (name.find(".mlscribe") != std::string::npos) ++found.foreign;
    }
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(files_of_a_run)

// files   = 1 (meta.yaml) + 4 tags (mlflow.user, .source.name, .source.type, .runName)
//             + 4 tags (mlscribe.version, .compiler, .cxx_standard, .host)
//             + up to 4 tags in a git repository (mlflow.source.git.commit, .branch, .repoURL,
//               mlscribe.git.dirty)
//             + params + tags of one's own + metric keys + artifacts
// folders = 4 (metrics, params, tags, artifacts) + one for each different part before a '/'
BOOST_AUTO_TEST_CASE(are_one_for_each_thing_logged) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    options.source_directory = scratch.path();
    mlscribe::run run = mlscribe::start_run(options);
    const std::string folder = test::folder(scratch, run);
    const counted empty = entries_below(folder);
    BOOST_TEST(empty.files == 1u + 8u + 1u);  // the journal, while it runs
    BOOST_TEST(empty.folders == 4u);
    constexpr std::size_t params = 7;
    constexpr std::size_t tags = 3;
    constexpr std::size_t keys = 20;
    for (std::size_t i = 0; i < params; ++i) run.log_param("p" + std::to_string(i), i);
    for (std::size_t i = 0; i < tags; ++i) run.set_tag("t" + std::to_string(i), "x");
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < keys; ++i) run.log_metric("m" + std::to_string(i), 1.0);
        run.flush();
    }
    run.metric("registered and never logged to");
    BOOST_TEST(entries_below(folder).foreign == 1u);
    run.log_metric("train/loss", 1.0);
    run.log_metric("train/accuracy", 1.0);
    run.end();
    const counted ended = entries_below(folder);
    BOOST_TEST(ended.files == 1u + 8u + params + tags + keys + 2u);
    BOOST_TEST(ended.folders == 4u + 1u);
    BOOST_TEST(ended.foreign == 0u);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_repository_adds_tags_and_a_switch_takes_all_away) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = test::options(scratch, log);
    const std::string git = scratch / "source/.git";
    std::filesystem::create_directories(git + "/objects");
    test::write_file(git + "/HEAD", "ref: refs/heads/main\n");
    test::write_file(git + "/refs/heads/main", std::string(40, 'a') + '\n');
    test::write_file(git + "/config", "[remote \"origin\"]\nurl = https://host/x\n");
    options.source_directory = scratch / "source";
    const mlscribe::run tagged = mlscribe::start_run(options);
    BOOST_TEST(entries_below(test::folder(scratch, tagged)).files == 1u + 12u + 1u);
    options.source_tags = false;
    const mlscribe::run plain = mlscribe::start_run(options);
    BOOST_TEST(entries_below(test::folder(scratch, plain)).files == 1u + 4u + 1u);
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_CASE(no_temporary_file_is_left_anywhere) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    for (int i = 0; i < 3; ++i) {
        run.log_param("lr", i);    // twice refused
        run.log_param("lr/x", i);  // and what clashes
        run.set_tag("t", "x");
        run.set_tag("t/x", "x");
        run.log_metric("loss", 1.0);
        run.flush();
        run.log_text("x", "notes.txt");
        run.log_text("x", "notes.txt/below");
        run.log_artifact(scratch.store());
        run.start_child("child").log_metric("loss", 1.0);
        run.end();
        run = mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log));
    }
    run.end();
    BOOST_TEST(entries_below(scratch.path()).foreign == 0u);
}

BOOST_AUTO_TEST_CASE(what_a_killed_process_left_is_removed_by_a_resume) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.end();
    const pid_t dead = ::fork();
    if (dead == 0) ::_exit(0);
    ::waitpid(dead, nullptr, 0);
    test::write_file(folder + '/' + mlscribe::detail::staged_owner(dead) + "0", "half");
    test::write_file(folder + '/' + mlscribe::detail::staged_owner(::getpid()) + "9", "mine");
    mlscribe::resume_run(std::string(run.id()), test::resuming(scratch, log)).end();
    BOOST_TEST(entries_below(folder).foreign == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
