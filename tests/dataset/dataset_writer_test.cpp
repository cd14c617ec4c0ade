// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/dataset/dataset_writer.hpp>
#include <mlscribe/mlscribe.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "recorded_texts.hpp"
#include "scratch_directory.hpp"

using mlscribe::dataset;
using mlscribe::error_code;
using mlscribe::detail::md5_text;

namespace {

dataset train_set() {
    dataset made;
    made.name = "train_set";
    made.digest = "976f33e0";
    made.profile = "{\"num_rows\": 2, \"num_elements\": 6}";
    made.set_source("/data/train.csv");
    return made;
}

struct recording {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    std::string experiment = scratch.store() + '/' + std::string(run.experiment_id());
    std::string folder = experiment + '/' + std::string(run.id());

    std::string input_of(const dataset& used, const mlscribe::run& of) const {
        return "inputs/" + md5_text(md5_text(used.name + used.digest) + std::string(of.id()));
    }
    void expect(const std::string& shelf, const std::vector<std::string>& names) const {
        std::vector<std::string> all;
        for (const std::string& name : names) {
            all.push_back(name + '/');
            all.push_back(name + "/meta.yaml");
        }
        std::sort(all.begin(), all.end());
        BOOST_TEST(test::tree(shelf) == all, boost::test_tools::per_element());
    }
    void expect_no_waste() const {
        for (const std::string& name : test::tree(experiment)) {
            BOOST_TEST((name.find(".mlscribe-") == std::string::npos ||
                        name.find("journal") != std::string::npos),
                       name);
        }
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(dataset_dataset_writer)

BOOST_FIXTURE_TEST_CASE(the_files_are_those_that_mlflow_writes, recording) {
    run.log_input(train_set(), "training", {{"fold", "1"}});
    const std::string id = md5_text("train_set976f33e0");
    BOOST_TEST(test::read_file(experiment + "/datasets/" + id + "/meta.yaml") ==
               "digest: 976f33e0\n"
               "name: train_set\n"
               "profile: '{\"num_rows\": 2, \"num_elements\": 6}'\n"
               "schema: null\n"
               "source: '{\"uri\": \"/data/train.csv\"}'\n"
               "source_type: local\n");
    const std::string input = md5_text(id + std::string(run.id()));
    BOOST_TEST(test::read_file(folder + "/inputs/" + input + "/meta.yaml") ==
               "destination_id: " + id +
                   "\n"
                   "destination_type: RUN\n"
                   "source_id: " +
                   id +
                   "\n"
                   "source_type: DATASET\n"
                   "tags:\n"
                   "  fold: '1'\n"
                   "  mlflow.data.context: training\n");
    expect(folder + "/inputs", {input});
    expect(experiment + "/datasets", {id});
    expect_no_waste();
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(once_a_run_and_once_an_experiment, recording) {
    const dataset used = train_set();
    run.log_input(used);
    const auto before = test::tree(experiment);
    run.log_input(used);
    BOOST_TEST(log.all().empty());
    run.log_input(used, "validation");
    BOOST_TEST(log.count(error_code::value_changed) == 1u);
    BOOST_TEST(log.tells({"\"train_set\"", "the first stays"}));
    BOOST_TEST(test::tree(experiment) == before, boost::test_tools::per_element());
    BOOST_TEST(test::meta(folder + '/' + input_of(used, run), "tags") == "");
    const std::map<std::string, std::string> tags = {{"mlflow.data.context", "other"},
                                                     {"fold", "1"}};
    mlscribe::run child = run.start_child("child");
    dataset other = used;
    other.source = "{\"uri\": \"elsewhere\"}";
    child.log_input(other, "test", tags);
    const std::string path = experiment + '/' + std::string(child.id()) + '/';
    BOOST_TEST(test::read_file(path + input_of(used, child) + "/meta.yaml").find("other") ==
               std::string::npos);
    // What one name and digest stand for was said by the first.
    const std::string shared = experiment + "/datasets/" + md5_text(used.name + used.digest);
    BOOST_TEST(test::meta(shared, "source") == used.source);
    BOOST_TEST(log.all().size() == 1u);
    child.end();
    child.log_input(used, "validation");
    BOOST_TEST(log.all().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_run_whose_experiment_moved_is_followed, recording) {
    const std::string trash = scratch.store() + "/.trash/" + std::string(run.experiment_id());
    std::filesystem::rename(experiment, trash);
    run.log_input(train_set());
    BOOST_TEST(log.all().empty());
    expect(trash + "/datasets", {md5_text("train_set976f33e0")});
    BOOST_TEST(!test::exists(experiment));
    // In another one the run has none.
    const std::string elsewhere =
        scratch.store() + '/' + mlscribe::client(scratch.store()).create_experiment("other");
    std::filesystem::rename(trash + '/' + std::string(run.id()), elsewhere + "/taken");
    dataset other = train_set();
    other.digest = "other";
    run.log_input(other);
    BOOST_TEST(log.count(error_code::not_found) == 1u);
    BOOST_TEST(log.tells({"does not lie in its experiment"}));
    BOOST_TEST(!test::exists(elsewhere + "/datasets"));
}

BOOST_FIXTURE_TEST_CASE(links_in_the_way_are_not_followed, recording) {
    std::filesystem::create_directory(scratch / "elsewhere");
    std::filesystem::create_symlink(scratch / "elsewhere", folder + "/inputs");
    run.log_input(train_set());
    BOOST_TEST(log.count(error_code::system) == 1u);
    std::filesystem::remove(folder + "/inputs");
    std::filesystem::remove_all(experiment + "/datasets");
    std::filesystem::create_symlink(scratch / "elsewhere", experiment + "/datasets");
    run.log_input(train_set());
    BOOST_TEST(log.count(error_code::system) == 2u);
    BOOST_TEST(test::tree(scratch / "elsewhere").empty());
    expect_no_waste();
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_python_left_empty_is_filled, recording) {
    const dataset used = train_set();
    const std::string shared = experiment + "/datasets/" + md5_text(used.name + used.digest);
    std::filesystem::create_directories(shared);
    std::filesystem::create_directories(folder + '/' + input_of(used, run));
    run.log_input(used);
    BOOST_TEST(log.all().empty());
    BOOST_TEST(test::meta(shared, "name") == "train_set");
    BOOST_TEST(test::meta(folder + '/' + input_of(used, run), "source_type") == "DATASET");
    expect_no_waste();
}

BOOST_FIXTURE_TEST_CASE(texts_that_break_careless_writers_come_back, recording) {
    std::vector<std::string> names = test::nasty_strings();
    names.emplace_back("a\0b\nc", 5);
    for (const std::string& name : names) {
        dataset used = train_set();
        used.name = name.substr(0, 500);
        used.source = name;
        const std::map<std::string, std::string> tags = {{"a\nb: #", name.substr(0, 500)}};
        if (!mlscribe::utf8::is_valid(used.name) || name.empty()) continue;
        run.log_input(used, "", tags);
        const std::string shared = experiment + "/datasets/" + md5_text(used.name + used.digest);
        BOOST_TEST(test::meta(shared, "name") == used.name);
        BOOST_TEST(test::meta(shared, "source") == used.source);
        const auto input = mlscribe::meta_document::parse(
            test::read_file(folder + '/' + input_of(used, run) + "/meta.yaml"));
        BOOST_REQUIRE(input);
        const mlscribe::yaml_value* const tag = input->find("tags")->find("a\nb: #");
        BOOST_REQUIRE(tag != nullptr);
        BOOST_TEST(tag->text == tags.begin()->second);
    }
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(what_mlflow_refuses_is_refused, recording) {
    const auto refused = [this](const dataset& used, const std::string& what) {
        const std::size_t before = log.count(error_code::invalid_value);
        run.log_input(used);
        BOOST_TEST(log.count(error_code::invalid_value) == before + 1);
        BOOST_TEST(log.tells({"dataset \"", what}));
    };
    dataset used = train_set();
    for (int i = 0; i < 500; ++i) used.name += "ü";
    refused(used, "its name has more than 500");
    used = train_set();
    used.digest = std::string(37, 'd');
    refused(used, "its digest has more than 36");
    used = train_set();
    used.source = std::string(65536, 's');
    refused(used, "its source has more than 65535");
    used = train_set();
    used.schema = std::string(1048576, 's');
    refused(used, "its schema has more than 1048575");
    used = train_set();
    used.failure = {error_code::invalid_value, 0, "dataset \"x\": not to be read"};
    refused(used, "not to be read");
    run.log_input(train_set(), std::string(501, 'c'));
    run.log_input(train_set(), "", {{std::string(256, 'k'), "v"}});
    BOOST_TEST(log.tells({"dataset tag \"mlflow.data.context\"", "500"}));
    BOOST_TEST(log.tells({"dataset tag \"kkk", "255"}));
    BOOST_TEST(!test::exists(experiment + "/datasets"));
    BOOST_TEST(!test::exists(folder + "/inputs"));
    // Bytes that are no UTF-8 are replaced, what is empty is made up.
    used = dataset{"caf\xe9", "", "{}", "code"};
    run.log_input(used);
    used.name.clear();
    run.log_input(used);
    BOOST_TEST(test::tree(experiment + "/datasets").size() == 4u);
    BOOST_TEST(log.all().size() == 7u);
}

BOOST_AUTO_TEST_CASE(many_processes_log_one_dataset_at_once) {
    const test::scratch_directory scratch;
    const std::string id = mlscribe::client(scratch.store()).create_experiment("test");
    const auto work = [&scratch] {
        std::string told;
        for (int i = 0; i < 10; ++i) {
            test::error_log log;
            mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
            dataset used = train_set();
            used.digest = std::to_string(i);
            run.log_input(used);
            run.end();
            for (const auto& failure : log.all()) told += failure.message;
        }
        return told;
    };
    {
        test::child_process first(work);
        test::child_process second(work);
        test::child_process third(work);
        BOOST_TEST(first.result() == "");
        BOOST_TEST(second.result() == "");
        BOOST_TEST(third.result() == "");
    }
    const std::string experiment = scratch.store() + '/' + id;
    BOOST_TEST(test::tree(experiment + "/datasets").size() == 20u);
    int inputs = 0;
    for (const std::string& name : test::tree(experiment)) {
        BOOST_TEST(name.find(".mlscribe-") == std::string::npos, name);
        inputs += name.find("/inputs/") != std::string::npos &&
                          name.find("/meta.yaml") != std::string::npos
                      ? 1
                      : 0;
    }
    BOOST_TEST(inputs == 30);
}

BOOST_AUTO_TEST_SUITE_END()
