// SPDX-License-Identifier: MIT
/// \file Stores that cannot be written, or have something broken in them.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

/// A training loop that does not know whether anything is recorded.
void train(mlscribe::run& run) {
    run.log_param("lr", 0.1);
    run.set_tag("team", "hpc");
    auto loss = run.metric<mlscribe::mean>("loss");
    for (auto epoch : run.epochs(3)) {
        loss.add(1.0);
        run.log_metric("accuracy", static_cast<double>(epoch));
    }
    run.log_text("notes", "notes.txt");
    mlscribe::run child = run.start_child("child");
    child.log_metric("loss", 1.0);
    run.flush();
    run.end();
}

/// What `train` brings about in this store: the messages, one a line.
std::string messages_of_training_in(const std::string& store) {
    test::error_log log;
    mlscribe::run_options options;
    options.tracking_uri = store;
    options.experiment = "test";
    options.on_error = log.handler();
    mlscribe::run run = mlscribe::start_run(options);
    std::string text = run.recording() ? "recording\n" : "";
    train(run);
    for (const mlscribe::error& failure : log.all()) text += failure.message + '\n';
    return text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_stores)

BOOST_AUTO_TEST_CASE(a_root_that_is_a_file) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "mlruns", "kept");
    for (const std::string& root : {scratch / "mlruns", scratch / "mlruns/below"}) {
        const std::string messages = messages_of_training_in(root);
        BOOST_TEST(lines(messages) == 1u, messages);
        BOOST_TEST(contains(messages, '"' + root + '"'), messages);
        BOOST_TEST(contains(messages, "is a file: name a directory; nothing is recorded"),
                   messages);
    }
    BOOST_TEST(test::read_file(scratch / "mlruns") == "kept");
}

BOOST_AUTO_TEST_CASE(a_root_that_may_not_be_written) {
    const test::scratch_directory scratch;
    std::filesystem::create_directories(scratch / "closed");
    {
        test::error_log log;
        mlscribe::start_run(test::options(scratch, log)).end();
    }
    const auto as_another_user = [&](const std::string& store) {
        return test::in_child([&] {
            if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) {
                return std::string("cannot drop privileges");
            }
            return messages_of_training_in(store);
        });
    };
    ::chmod((scratch / "closed").c_str(), 0555);
    ::chmod(scratch.store().c_str(), 0555);
    const std::string made = as_another_user(scratch / "closed/mlruns");
    BOOST_TEST(lines(made) == 1u, made);
    BOOST_TEST(contains(made, "Permission denied"), made);
    BOOST_TEST(contains(made, "MLFLOW_TRACKING_URI"), made);
    BOOST_TEST(contains(made, "nothing is recorded"), made);
    const auto before = test::tree(scratch.store());
    const std::string existing = as_another_user(scratch.store());
    BOOST_TEST(lines(existing) == 1u, existing);
    BOOST_TEST(contains(existing, "Permission denied"), existing);
    BOOST_TEST(test::tree(scratch.store()) == before, boost::test_tools::per_element());
    ::chmod((scratch / "closed").c_str(), 0755);
    ::chmod(scratch.store().c_str(), 0755);
}

BOOST_AUTO_TEST_CASE(a_root_that_exists_and_is_empty) {
    const test::scratch_directory scratch;
    std::filesystem::create_directory(scratch.store());
    BOOST_TEST(messages_of_training_in(scratch.store()) == "recording\n");
    BOOST_TEST(test::meta(scratch.store() + "/0", "name") == "Default");
    BOOST_TEST(test::exists(scratch.store() + "/.trash"));
}

BOOST_AUTO_TEST_CASE(a_broken_neighbour_is_named_and_left_alone) {
    for (const std::string broken : {"", "name: cut o", "a: [", "\t", "name: x\n"}) {
        const test::scratch_directory scratch;
        test::write_file(scratch.store() + "/77/meta.yaml", broken);
        const std::string messages = messages_of_training_in(scratch.store());
        BOOST_TEST(lines(messages) == 2u, messages);
        BOOST_TEST(contains(messages, "recording\n"));
        BOOST_TEST(contains(messages, "/77/meta.yaml\""), messages);
        BOOST_TEST(test::read_file(scratch.store() + "/77/meta.yaml") == broken);
    }
}

BOOST_AUTO_TEST_CASE(a_store_that_is_removed_under_a_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_metric("loss", 1.0);
    std::filesystem::remove_all(scratch.store());
    train(run);
    BOOST_TEST(!log.all().empty());
    BOOST_TEST(run.lost_points() > 0u);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_moved_under_a_run) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    const std::string id(run.id());
    const std::string experiment(run.experiment_id());
    run.log_metric("loss", 1.0);
    run.flush();
    std::filesystem::rename(scratch.store(), scratch / "moved");
    run.log_metric("loss", 1.0);
    run.log_metric("new", 1.0);
    run.log_param("late", 1);
    run.end();
    const std::string folder = scratch / ("moved/" + experiment + '/' + id);
    BOOST_TEST(test::points(folder, "loss").size() == 2u);
    BOOST_TEST(test::points(folder, "new").size() == 1u);
    BOOST_TEST(test::read_file(folder + "/params/late") == "1");
    BOOST_TEST(test::meta(folder, "status") == "3");
    BOOST_TEST(!test::exists(scratch.store()));
}

BOOST_AUTO_TEST_SUITE_END()
