// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <sys/resource.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::artifact_stream;
using mlscribe::error_code;

namespace {

struct one_run {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run;

    explicit one_run(mlscribe::strictness errors = mlscribe::strictness::report) {
        mlscribe::run_options options = test::options(scratch, log);
        options.errors = errors;
        run = mlscribe::start_run(options);
    }
    std::string artifacts() const { return test::folder(scratch, run) + "/artifacts"; }
    std::string text(const std::string& path) const {
        return test::read_file(artifacts() + '/' + path);
    }
    bool has(const std::string& path) const { return test::exists(artifacts() + '/' + path); }
    /// No temporary file is left in the run's folder.
    bool clean() const {
        for (const std::string& name : test::tree(test::folder(scratch, run))) {
            const bool journal = name.compare(0, 17, ".mlscribe-journal") == 0;
            if (!journal && name.compare(0, 10, ".mlscribe-") == 0) return false;
        }
        return true;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_artifact_stream)

BOOST_FIXTURE_TEST_CASE(seen_when_complete, one_run) {
    {
        artifact_stream out = run.open_artifact("notes/log.csv");
        BOOST_TEST(static_cast<bool>(out));
        out << "step" << ',' << std::string("loss") << '\n';
        out << 3 << ',' << 0.1f << ',' << true << ',' << std::vector<int>{1, 2};
        out.write(std::string("\0\n", 2)).write("end");
        BOOST_TEST(!has("notes"));
    }
    BOOST_TEST((text("notes/log.csv") == std::string("step,loss\n3,0.1,True,[1, 2]\0\nend", 32)));
    artifact_stream out = run.open_artifact("notes/log.csv");
    out << "new";
    BOOST_TEST(text("notes/log.csv").size() == 32u);
    out.close();
    BOOST_TEST(!out);
    out << "lost";
    out.close();
    BOOST_TEST(text("notes/log.csv") == "new");
    BOOST_TEST(clean());
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(given_up, one_run) {
    artifact_stream out = run.open_artifact("a");
    out << "x";
    out.discard();
    BOOST_TEST(!out);
    BOOST_TEST(log.all().empty());
    try {
        const artifact_stream unwound = run.open_artifact("b");
        throw std::runtime_error("stop");
    } catch (const std::runtime_error&) {
    }
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.tells({"artifact \"b\"", "discarded", "exception"}));
    BOOST_TEST(!has("a"));
    BOOST_TEST(!has("b"));
    BOOST_TEST(clean());
}

BOOST_FIXTURE_TEST_CASE(opened_while_an_exception_unwinds, one_run) {
    struct last_words {
        mlscribe::run& target;
        ~last_words() { target.open_artifact("words") << "bye"; }
    };
    try {
        const last_words words{run};
        throw std::runtime_error("stop");
    } catch (const std::runtime_error&) {
    }
    BOOST_TEST(text("words") == "bye");
}

BOOST_FIXTURE_TEST_CASE(moved, one_run) {
    artifact_stream first = run.open_artifact("a");
    first << "1";
    artifact_stream second = std::move(first);
    first << "lost";
    second << "2";
    first.close();
    second = run.open_artifact("b");
    BOOST_TEST(text("a") == "12");
    second << "3";
    second.close();
    BOOST_TEST(text("b") == "3");
    artifact_stream none;
    none << "x";
    none.close();
    none.discard();
    BOOST_TEST(!mlscribe::run().open_artifact("a"));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(of_an_ended_run, one_run) {
    artifact_stream out = run.open_artifact("a");
    out << "x";
    const std::string folder = artifacts();
    run.open_artifact("closed").close();
    run.end();
    // Told by the end of the run, since its handler need not live any longer.
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.tells({"artifact \"a\"", "run ended"}));
    BOOST_TEST(!out);
    out << std::string(100000, 'y');
    out.close();
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(!test::exists(folder + "/a"));
    BOOST_TEST(test::exists(folder + "/closed"));
    BOOST_TEST(clean());
    BOOST_TEST(!run.open_artifact("b"));
}

BOOST_AUTO_TEST_CASE(that_outlives_all_of_its_run) {
    artifact_stream outlives;
    {
        one_run other;
        outlives = other.run.open_artifact("c");
        outlives << "x";
        const std::string folder = other.artifacts();
        other.run = mlscribe::run();
        BOOST_TEST(other.log.all().size() == 1u);
        BOOST_TEST(!test::exists(folder + "/c"));
    }
    outlives << "y";
    outlives.close();
}

BOOST_FIXTURE_TEST_CASE(bad_paths, one_run) {
    artifact_stream out = run.open_artifact("../meta.yaml");
    BOOST_TEST(!out);
    out << "x";
    out.close();
    BOOST_TEST(log.count(error_code::invalid_path) == 1u);
    run.log_text("x", "taken");
    run.open_artifact("taken/below").close();
    BOOST_TEST(log.count(error_code::system) == 1u);
    BOOST_TEST(text("taken") == "x");
    BOOST_TEST(clean());
}

BOOST_AUTO_TEST_CASE(strict_streams_throw_at_close_and_never_at_the_end_of_a_scope) {
    one_run strict(mlscribe::strictness::raise);
    BOOST_CHECK_THROW(static_cast<void>(strict.run.open_artifact("/a")), mlscribe::logging_error);
    strict.run.log_text("x", "taken");
    artifact_stream out = strict.run.open_artifact("taken/below");
    BOOST_CHECK_THROW(out.close(), mlscribe::logging_error);
    out.close();
    { const artifact_stream quiet = strict.run.open_artifact("taken/below"); }
    BOOST_CHECK_THROW(strict.run.flush(), mlscribe::logging_error);
    BOOST_TEST(strict.clean());
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_told_once, one_run) {
    BOOST_TEST(test::in_child([] {
                   one_run child;
                   rlimit limit{100000, 100000};
                   ::setrlimit(RLIMIT_FSIZE, &limit);
                   {
                       artifact_stream out = child.run.open_artifact("large");
                       for (int i = 0; i < 100; ++i) out.write(std::string(10000, 'x'));
                       if (out) return std::string("went on");
                   }
                   if (child.has("large") || !child.clean()) return std::string("left something");
                   return std::to_string(child.log.count(error_code::system));
               }) == "1");
}

BOOST_FIXTURE_TEST_CASE(a_forked_child_leaves_it_to_its_parent, one_run) {
    artifact_stream out = run.open_artifact("a");
    out << "parent";
    BOOST_TEST(test::in_child([&out, this] {
                   out << std::string(100000, 'c');
                   out.close();
                   return std::to_string(log.all().size());
               }) == "0");
    out.close();
    BOOST_TEST(text("a") == "parent");
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
