// SPDX-License-Identifier: MIT
/// \file Who asks for exceptions gets them where they are documented, and nowhere else.
#include <boost/test/unit_test.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::logging_error;

namespace {

mlscribe::run_options strict(const test::scratch_directory& scratch, test::error_log& log) {
    mlscribe::run_options options = test::options(scratch, log);
    options.errors = mlscribe::strictness::raise;
    return options;
}

/// The code of what `call` throws, ok for nothing.
error_code thrown_by(const std::function<void()>& call) {
    try {
        call();
    } catch (const logging_error& raised) {
        BOOST_TEST(std::string(raised.what()) == raised.reason().message);
        return raised.reason().code;
    }
    return error_code::ok;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strictness)

BOOST_AUTO_TEST_CASE(calls_outside_of_the_loop_throw) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(strict(scratch, log));
    const std::string folder = test::folder(scratch, run);
    run.log_param("lr", 0.1);
    run.log_metric("loss", 1.0);
    const std::vector<std::pair<error_code, std::function<void()>>> calls = {
        {error_code::invalid_key, [&] { run.metric("a@b"); }},
        {error_code::invalid_key, [&] { run.metric<mlscribe::mean>("c@d"); }},
        {error_code::key_clash, [&] { run.metric("loss/train"); }},
        {error_code::value_changed, [&] { run.log_param("lr", 0.2); }},
        {error_code::value_truncated, [&] { run.log_param("long", std::string(7000, 'x')); }},
        {error_code::invalid_key, [&] { run.log_param("a@b", 1); }},
        {error_code::key_clash, [&] { run.log_param("lr/x", 1); }},
        {error_code::invalid_key, [&] { run.set_tag("a@b", "x"); }},
        {error_code::invalid_path, [&] { run.log_text("x", "../x"); }},
        {error_code::system, [&] { run.log_artifact(scratch / "missing"); }},
        {error_code::system, [&] { run.log_artifacts(scratch / "missing"); }},
        {error_code::invalid_value,
         [&] {
             mlscribe::run_options options = strict(scratch, log);
             options.run_id = "_";
             run.start_child(options);
         }},
    };
    for (std::size_t i = 0; i < calls.size(); ++i) {
        BOOST_TEST((thrown_by(calls[i].second) == calls[i].first), "call " << i);
    }
    BOOST_TEST(log.all().empty());
    run.end();
    BOOST_TEST(test::read_file(folder + "/params/lr") == "0.1");
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(a_run_that_cannot_be_started_throws) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run_options options = strict(scratch, log);
    options.experiment = "it's";
    BOOST_TEST((thrown_by([&] { mlscribe::start_run(options); }) == error_code::invalid_value));
    options = strict(scratch, log);
    options.tracking_uri = "s3://bucket";
    BOOST_TEST((thrown_by([&] { mlscribe::start_run(options); }) == error_code::unsupported_uri));
    mlscribe::resume_options resume = test::resuming(scratch, log);
    resume.errors = mlscribe::strictness::raise;
    BOOST_TEST(
        (thrown_by([&] { mlscribe::resume_run("absent", resume); }) == error_code::not_found));
}

BOOST_AUTO_TEST_CASE(the_loop_never_throws_and_the_next_call_does) {
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(strict(scratch, log));
    const auto loop = [&] {
        for ([[maybe_unused]] auto epoch : run.epochs(2)) {
            run.log_metric("a@b", 1.0);
            run.log_metrics({{"c@d", 1.0}}, -1);
            run.metric("loss").log(1.0, -1);
        }
    };
    BOOST_TEST((thrown_by(loop) == error_code::ok));
    BOOST_TEST((thrown_by([&] { run.flush(); }) == error_code::invalid_key));
    BOOST_TEST((thrown_by([&] { run.flush(); }) == error_code::ok));
    run.log_metric("loss", 1.0, -1);
    BOOST_TEST((thrown_by([&] { run.set_tag("good", "x"); }) == error_code::invalid_value));
    run.log_metric("loss", 1.0, -1);
    BOOST_TEST((thrown_by([&] { run.end(); }) == error_code::invalid_value));
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::read_file(folder + "/tags/good") == "x");
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(a_destructor_never_throws) {
    const test::scratch_directory scratch;
    test::error_log log;
    std::string folder;
    const auto scope = [&] {
        mlscribe::run run = mlscribe::start_run(strict(scratch, log));
        folder = test::folder(scratch, run);
        run.log_metric("a@b", 1.0);
    };
    BOOST_TEST((thrown_by(scope) == error_code::ok));
    BOOST_TEST(log.count(error_code::invalid_key) == 1u);  // told at last
    BOOST_TEST(test::meta(folder, "status") == "3");
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_stops_nothing) {
    const test::scratch_directory scratch;
    int calls = 0;
    mlscribe::run_options options;
    options.tracking_uri = scratch.store();
    options.on_error = [&calls](const mlscribe::error&) {
        ++calls;
        throw std::runtime_error("from the handler");
    };
    mlscribe::run run = mlscribe::start_run(options);
    const std::string folder = test::folder(scratch, run);
    BOOST_CHECK_NO_THROW(run.metric("a@b").log(1.0));
    BOOST_CHECK_NO_THROW(run.log_metric("c@d", 1.0));
    BOOST_CHECK_NO_THROW(run.log_param("a@b", 1));
    BOOST_CHECK_NO_THROW(run.log_param("good", 1));
    BOOST_CHECK_NO_THROW(run.log_artifact(scratch / "missing"));
    BOOST_CHECK_NO_THROW(run.end());
    BOOST_TEST(calls == 5);  // the last tells of the lost points
    BOOST_TEST(test::read_file(folder + "/params/good") == "1");
    BOOST_TEST(test::meta(folder, "status") == "3");
    options.experiment = "it's";
    BOOST_CHECK_NO_THROW(mlscribe::start_run(options));
    BOOST_TEST(calls == 6);
}

BOOST_AUTO_TEST_CASE(a_handler_may_use_and_end_its_run) {
    const test::scratch_directory scratch;
    mlscribe::run run;
    int calls = 0;
    mlscribe::run_options options;
    options.tracking_uri = scratch.store();
    options.on_error = [&](const mlscribe::error&) {
        if (++calls != 1) return;
        run.set_tag("failed", "yes");
        run.end(mlscribe::run_status::failed);
    };
    run = mlscribe::start_run(options);
    run.log_metric("loss", 1.0);
    run.log_param("a@b", 1);
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(calls == 1);
    BOOST_TEST(test::meta(folder, "status") == "4");
    BOOST_TEST(test::read_file(folder + "/tags/failed") == "yes");
    BOOST_TEST(test::points(folder, "loss").size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
