// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/flavor/lightgbm.hpp>
#include <mlscribe/model.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::model_options;
using mlscribe::model_saver;

namespace {

struct line {
    double slope = 0;
    std::vector<double> weights;
};
MLSCRIBE_DESCRIBE(line, slope, weights)

/// Saved by a library that writes by path.
struct by_path {
    std::string text;
};
void save_model(const by_path& model, model_saver& to) {
    std::ofstream(to.file("deep/model.txt")) << model.text;
    to.write("notes.txt", "n");
}

/// Names a file and does not write it.
struct forgetful {};
void save_model(const forgetful&, model_saver& to) {
    BOOST_TEST(!to.file("model.txt").empty());
}

/// Tells that it cannot be saved.
struct refusing {};
void save_model(const refusing&, model_saver& to) {
    to.write("half.bin", "half");
    to.fail({error_code::invalid_value, 0, "the tree has no leaves"});
}

struct leaving {};
void save_model(const leaving&, model_saver& to) {
    to.write("../../../stolen.txt", "x");
}

struct unknown {
    unknown();
};
static_assert(!mlscribe::detail::has_model_io_v<unknown>);
static_assert(!mlscribe::detail::has_model_io_v<double[3]>);
static_assert(mlscribe::detail::has_model_io_v<line> && mlscribe::detail::has_model_io_v<by_path>);

struct large {
    std::string source;
    mlscribe::transfer mode = mlscribe::transfer::move;
};
void save_model(const large& model, model_saver& to) {
    to.add_file(model.source, "model.bin", model.mode);
}

struct moving_and_refusing {
    large first;
};
void save_model(const moving_and_refusing& model, model_saver& to) {
    save_model(model.first, to);
    to.fail({error_code::invalid_value, 0, "the tree has no leaves"});
}

struct named {
    std::string name;
};
void save_model(const named& model, model_saver& to) {
    to.write(model.name, "x");
}

struct logging {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));

    std::string artifacts() const { return test::folder(scratch, run) + "/artifacts"; }
    std::string text(const std::string& path) const {
        return test::read_file(artifacts() + '/' + path);
    }
    static model_options bare() {
        model_options options;
        options.source = false;
        return options;
    }
    /// Neither half a model nor what was on its way.
    void expect_nothing_left() const {
        for (const std::string& name : test::tree(test::folder(scratch, run))) {
            BOOST_TEST((name.find(".mlscribe-") == std::string::npos ||
                        name.find('/') == std::string::npos),
                       name);
        }
        BOOST_TEST(test::tree(artifacts()).empty());
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(model_log_model)

BOOST_FIXTURE_TEST_CASE(a_model_is_an_artifact_with_all_that_belongs_to_it, logging) {
    const auto logged = run.log_model("models/line", line{0.5, {1, 2}});
    BOOST_TEST(logged.uri == "runs:/" + std::string(run.id()) + "/models/line");
    BOOST_TEST(log.all().empty());
    const auto files = test::tree(artifacts() + "/models/line");
    for (const std::string name :
         {"MLmodel", "data/model.json", "data/weights.npy", "mlscribe/environment.json",
          "mlscribe/manifest.sha256", "mlscribe/source.json"}) {
        BOOST_TEST((std::count(files.begin(), files.end(), name) == 1), name);
    }
    const std::string description = text("models/line/MLmodel");
    for (const std::string part :
         {"artifact_path: models/line\n", "flavors:\n  mlscribe:\n    format_version: 1\n",
          "run_id: ", "utc_time_created: '20", "model_uuid: "}) {
        BOOST_TEST((description.find(part) != std::string::npos), description);
    }
    // The file that calls log_model.
    const bool has_source = std::any_of(files.begin(), files.end(), [](const std::string& name) {
        return name.find("log_model_test.cpp") != std::string::npos;
    });
    BOOST_TEST(has_source);
    const std::string history =
        test::read_file(test::folder(scratch, run) + "/tags/mlflow.log-model.history");
    BOOST_TEST((history.find("\"artifact_path\": \"models/line\"") != std::string::npos), history);
}

BOOST_FIXTURE_TEST_CASE(a_save_function_writes_by_path_or_by_bytes, logging) {
    run.log_model("m", by_path{"tree"}, bare());
    BOOST_TEST(text("m/deep/model.txt") == "tree");
    BOOST_TEST(text("m/notes.txt") == "n");
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_later_model_of_one_name_replaces_it, logging) {
    run.log_model("m", by_path{"old"}, bare());
    run.log_model("m", line{1, {}}, bare());
    BOOST_TEST(!test::exists(artifacts() + "/m/deep"));
    BOOST_TEST(test::exists(artifacts() + "/m/data/model.json"));
    const std::string history =
        test::read_file(test::folder(scratch, run) + "/tags/mlflow.log-model.history");
    const std::string key = "\"artifact_path\"";
    BOOST_TEST(history.find(key) == history.rfind(key));
    BOOST_TEST(log.all().empty());
    // What somebody put into it is not lost.
    test::write_file(artifacts() + "/m/thoughts.txt", "mine");
    run.log_model("m", by_path{"new"}, bare());
    BOOST_TEST(text("m/thoughts.txt") == "mine");
    BOOST_TEST(log.tells({"model \"m\"", "thoughts.txt", "another name"}));
}

BOOST_FIXTURE_TEST_CASE(a_version_that_leads_to_another_model_now_is_told, logging) {
    model_options options = bare();
    options.registered_name = "lines";
    BOOST_TEST(run.log_model("m", line{1, {}}, options).registered_version == 1);
    BOOST_TEST(run.log_model("n", line{2, {}}, options).registered_version == 2);
    BOOST_TEST(log.all().empty());
    BOOST_TEST(run.log_model("m", line{3, {}}, options).registered_version == 3);
    BOOST_TEST(log.tells({"model \"m\"", "\"lines\"", "lead to this one now", "name of its own"}));
}

BOOST_FIXTURE_TEST_CASE(names_of_what_comes_along_are_taken, logging) {
    for (const std::string name : {"MLmodel", "mlscribe/manifest.sha256", "conda.yaml"}) {
        BOOST_TEST(run.log_model("m", named{name}, bare()).uri.empty());
        BOOST_TEST(log.tells({name, "comes with every model"}));
    }
    expect_nothing_left();
}

BOOST_FIXTURE_TEST_CASE(nothing_but_a_model_is_replaced, logging) {
    run.log_text("mine", "m/a.txt");
    run.log_text("mine", "n");
    BOOST_TEST(run.log_model("m", line{}, bare()).uri.empty());
    BOOST_TEST(run.log_model("n", line{}, bare()).uri.empty());
    BOOST_TEST(text("m/a.txt") == "mine");
    BOOST_TEST(text("n") == "mine");
    BOOST_TEST(log.tells({"/artifacts/m\"", "folder with other artifacts", "another name"}));
    BOOST_TEST(log.tells({"/artifacts/n\"", "is a file"}));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_saved_does_not_appear, logging) {
    BOOST_TEST(run.log_model("m", refusing{}).uri.empty());
    BOOST_TEST(log.tells({"model \"m\"", "the tree has no leaves"}));
    run.log_model("m", leaving{});
    BOOST_TEST(log.tells({"must not contain '.' or '..'"}));
    run.log_model("../m", line{});
    run.log_model("", line{});
    run.log_model("m", large{scratch / "nowhere"});
    BOOST_TEST(log.tells({"cannot read", "nowhere"}));
    BOOST_TEST(log.all().size() == 5u);
    expect_nothing_left();
}

BOOST_FIXTURE_TEST_CASE(large_files_are_moved_or_linked, logging) {
    const std::string source = scratch / "large.bin";
    constexpr off_t size = off_t{2} << 30;
    const int file = ::open(source.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    BOOST_REQUIRE(file >= 0);
    BOOST_REQUIRE_EQUAL(::ftruncate(file, size), 0);
    ::close(file);
    struct stat before {};
    struct stat after {};
    BOOST_REQUIRE_EQUAL(::stat(source.c_str(), &before), 0);
    model_options options = bare();
    options.checksum_up_to = 1 << 20;
    for (const auto mode : {mlscribe::transfer::hard_link, mlscribe::transfer::move}) {
        run.log_model("m", large{source, mode}, options);
        BOOST_REQUIRE_EQUAL(::stat((artifacts() + "/m/model.bin").c_str(), &after), 0);
        BOOST_TEST(before.st_ino == after.st_ino);
        BOOST_TEST(after.st_size == size);
    }
    BOOST_TEST(!test::exists(source));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_file_is_not_moved_for_a_model_that_does_not_appear, logging) {
    const std::string source = scratch / "forest.bin";
    test::write_file(source, "trees");
    run.log_text("mine", "m/a.txt");
    run.log_model("m", large{source}, bare());
    BOOST_TEST(test::read_file(source) == "trees");
    run.log_model("n", moving_and_refusing{{source}}, bare());
    BOOST_TEST(test::read_file(source) == "trees");
    BOOST_TEST(log.all().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_file_of_the_model_that_is_replaced_may_be_moved_into_the_new_one,
                        logging) {
    const std::string source = scratch / "forest.bin";
    test::write_file(source, "trees");
    run.log_model("m", large{source}, bare());
    run.log_model("m", large{artifacts() + "/m/model.bin"}, bare());
    BOOST_TEST(text("m/model.bin") == "trees");
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(two_models_of_a_run_stand_in_one_list, logging) {
    run.log_model("a", line{}, bare());
    run.log_model("b", line{}, bare());
    const std::string history =
        test::read_file(test::folder(scratch, run) + "/tags/mlflow.log-model.history");
    BOOST_TEST((history.find("\"a\"") < history.find("\"b\"")), history);
    for (int i = 0; i < 60; ++i) run.log_model("m" + std::to_string(i), line{}, bare());
    BOOST_TEST(
        test::read_file(test::folder(scratch, run) + "/tags/mlflow.log-model.history").size() <=
        5000u);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_list_of_models_that_cannot_be_read_stays, logging) {
    const std::string tags = test::folder(scratch, run) + "/tags";
    test::write_file(tags + "/elsewhere", R"([{"artifact_path": "a"}])");
    BOOST_REQUIRE(::symlink("elsewhere", (tags + "/mlflow.log-model.history").c_str()) == 0);
    run.log_model("m", line{}, bare());
    BOOST_TEST(log.tells({"model \"m\"", "cannot read tag \"mlflow.log-model.history\""}));
    BOOST_TEST(test::read_file(tags + "/mlflow.log-model.history") ==
               R"([{"artifact_path": "a"}])");
    BOOST_TEST(test::exists(artifacts() + "/m/MLmodel"));
}

BOOST_FIXTURE_TEST_CASE(a_turn_that_is_never_left_does_not_stop_the_training, logging) {
    test::write_file(test::folder(scratch, run) + "/.mlscribe-turn", "whose?");
    run.log_model("m", line{}, bare());
    BOOST_TEST(test::exists(test::folder(scratch, run) + "/tags/mlflow.log-model.history"));
    BOOST_TEST(!test::exists(test::folder(scratch, run) + "/.mlscribe-turn"));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(the_id_of_a_replaced_model_leads_nowhere_else, logging) {
    model_options options = bare();
    options.logged_model = true;
    const std::string id = run.log_model("m", line{}, options).model_id;
    BOOST_TEST(run.log_model("m", line{}, options).model_id == id);
    std::string description = text("m/MLmodel");
    description.replace(description.find(id), id.size(), "../../../elsewhere");
    test::write_file(artifacts() + "/m/MLmodel", description);
    BOOST_TEST(run.log_model("m", line{}, options).model_id.substr(0, 2) == "m-");
    BOOST_TEST(!test::exists(scratch.store() + "/elsewhere"));
    BOOST_TEST(!test::exists(scratch / "elsewhere"));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(no_model_is_put_into_another, logging) {
    run.log_model("a/m", line{}, bare());
    BOOST_TEST(run.log_model("a/m/best", line{}, bare()).uri.empty());
    BOOST_TEST(log.tells({"model \"a/m/best\"", "\"a/m\" is a model"}));
    BOOST_TEST(!test::exists(artifacts() + "/a/m/best"));
    BOOST_TEST(!run.log_model("a/n", line{}, bare()).uri.empty());
}

BOOST_FIXTURE_TEST_CASE(a_library_writes_by_path_also_where_the_run_was_moved, logging) {
    const std::string experiment(run.experiment_id());
    const std::string trash = scratch.store() + "/.trash/";
    std::filesystem::create_directories(trash);
    std::filesystem::rename(scratch.store() + '/' + experiment, trash + experiment);
    run.log_model("m", by_path{"tree"}, bare());
    BOOST_TEST(test::read_file(trash + experiment + '/' + std::string(run.id()) +
                               "/artifacts/m/deep/model.txt") == "tree");
}

BOOST_FIXTURE_TEST_CASE(a_model_without_a_file_of_its_library_does_not_appear, logging) {
    BOOST_TEST(run.log_model("m", forgetful{}, bare()).uri.empty());
    BOOST_TEST(log.tells({"model \"m\"", "did not write", "model.txt"}));
    expect_nothing_left();
}

BOOST_FIXTURE_TEST_CASE(an_ended_run_takes_no_model, logging) {
    run.end();
    BOOST_TEST(run.log_model("m", line{}).uri.empty());
    expect_nothing_left();
    BOOST_TEST(mlscribe::run().log_model("m", line{}).uri.empty());
}

BOOST_FIXTURE_TEST_CASE(a_name_that_mlflow_3_refuses_is_told_before_it_is_saved, logging) {
    model_options options = bare();
    options.logged_model = true;
    BOOST_TEST(run.log_model("a.b", line{}, options).uri.empty());
    BOOST_TEST(log.tells({"one of / : . % \" '", "leave model_options::logged_model out"}));
    expect_nothing_left();
}

BOOST_FIXTURE_TEST_CASE(a_model_of_python_names_what_it_needs, logging) {
    test::write_file(scratch / "saved.txt", "tree\nversion=v4\n\nend of trees\n");
    mlscribe::lightgbm_file booster;
    booster.path = scratch / "saved.txt";
    BOOST_TEST(!run.log_model("m", booster, bare()).uri.empty());
    BOOST_TEST(log.all().empty());
    const std::string description = text("m/MLmodel");
    for (const char* const key : {"python_function:", "python_version:", "env:"}) {
        BOOST_TEST(description.find(key) != std::string::npos, description);
    }
    BOOST_TEST(text("m/requirements.txt").find("lightgbm") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(source_that_is_not_there_is_named, logging) {
    model_options options;
    options.source_files = {scratch / "thoughts.cpp"};
    BOOST_TEST(!run.log_model("m", line{}, options).uri.empty());
    BOOST_TEST(log.tells({"is logged without all of its source", "thoughts.cpp"}));
}

BOOST_AUTO_TEST_SUITE_END()
