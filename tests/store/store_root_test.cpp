// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/store_root.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::found_experiment;
using mlscribe::detail::store_root;
using mlscribe::detail::store_scan;

namespace {

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

void expect_tree(const std::string& path, const std::vector<std::string>& expected) {
    BOOST_TEST(test::tree(path) == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_store_root)

BOOST_AUTO_TEST_CASE(a_new_store_has_what_mlflow_makes) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch / "deep/below/mlruns", store));
    expect_tree(scratch / "deep/below/mlruns", {".trash/", "0/", "0/meta.yaml", "models/"});
    found_experiment first;
    BOOST_TEST(!store.read_experiment("0", false, first));
    BOOST_TEST(first.meta.name == "Default");
    BOOST_TEST(first.meta.artifact_location == "file://" + scratch.path() + "/deep/below/mlruns/0");
    BOOST_TEST(test::meta(scratch / "deep/below/mlruns/0", "experiment_id") == "0");
}

BOOST_AUTO_TEST_CASE(opened_again_it_stays_as_it_is) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    const std::string before = test::read_file(scratch.store() + "/0/meta.yaml");
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    BOOST_TEST(test::read_file(scratch.store() + "/0/meta.yaml") == before);
    std::filesystem::remove_all(scratch.store() + "/0");
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    expect_tree(scratch.store(), {".trash/", "models/"});
}

BOOST_AUTO_TEST_CASE(a_store_with_experiments_gets_no_default) {
    const test::scratch_directory scratch;
    std::filesystem::create_directories(scratch.store() + "/123");
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    expect_tree(scratch.store(), {".trash/", "123/", "models/"});
}

// Whoever made it was killed before the end, which is .trash.
BOOST_AUTO_TEST_CASE(a_half_made_store_is_completed) {
    for (const char* const made : {"", "models", "0", "0/.mlscribe-1-1-0"}) {
        const test::scratch_directory scratch;
        std::filesystem::create_directories(scratch.store() + '/' + made);
        store_root store;
        BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
        BOOST_TEST(test::exists(scratch.store() + "/.trash"));
        BOOST_TEST(test::exists(scratch.store() + "/models"));
        BOOST_TEST(test::meta(scratch.store() + "/0", "name") == "Default");
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_default_is_left_alone) {
    const test::scratch_directory scratch;
    test::write_file(scratch.store() + "/0/meta.yaml", "{");
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    BOOST_TEST(test::read_file(scratch.store() + "/0/meta.yaml") == "{");
}

BOOST_AUTO_TEST_CASE(a_deleted_default_is_not_made_again) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    std::filesystem::rename(scratch.store() + "/0", scratch.store() + "/.trash/0");
    std::filesystem::remove(scratch.store() + "/models");  // MLflow 2 does not make it always
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    expect_tree(scratch.store(), {".trash/", ".trash/0/", ".trash/0/meta.yaml", "models/"});
}

BOOST_AUTO_TEST_CASE(a_file_in_the_way) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "file", "kept");
    store_root store;
    for (const std::string& path : {scratch / "file", scratch / "file/mlruns"}) {
        const error failure = store_root::open_for_writing(path, store);
        BOOST_TEST((failure.code == error_code::system));
        BOOST_TEST(failure.message.find("is a file: name a directory") != std::string::npos,
                   failure.message);
    }
    BOOST_TEST(test::read_file(scratch / "file") == "kept");
    BOOST_TEST((store_root::open(scratch / "absent", store).code == error_code::system));
    BOOST_TEST(!test::exists(scratch / "absent"));
}

BOOST_AUTO_TEST_CASE(scanned_it_tells_experiments_damage_and_foreign_directories) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    found_experiment made;
    BOOST_TEST(!store.claim_experiment("11", "first", 5, made));
    BOOST_TEST(!store.claim_experiment("12", "second", 6, made));
    std::filesystem::rename(scratch.store() + "/12", scratch.store() + "/.trash/12");
    test::write_file(scratch.store() + "/13/meta.yaml", "");
    test::write_file(scratch.store() + "/14/meta.yaml", "name: cut o");
    test::write_file(scratch.store() + "/15/meta.yaml", "a: [");
    test::write_file(scratch.store() + "/checkpoints/model.bin", "");
    test::write_file(scratch.store() + "/lost+found/x", "");
    test::write_file(scratch.store() + "/.snapshot/x", "");
    test::write_file(scratch.store() + "/.mlscribe.trash/x", "");  // MLflow passes over it
    test::write_file(scratch.store() + "/README.txt", "");
    std::filesystem::create_symlink("11", scratch.store() + "/16");  // or a copy
    const store_scan scan = store.scan();
    std::vector<std::string> names;
    for (const found_experiment& each : scan.experiments) names.push_back(each.meta.name);
    const std::vector<std::string> expected = {"Default", "first", "second"};
    BOOST_TEST(sorted(names) == expected, boost::test_tools::per_element());
    for (const found_experiment& each : scan.experiments) {
        BOOST_TEST(each.in_trash == (each.meta.name == "second"));
        if (each.in_trash) BOOST_TEST(each.path() == ".trash/12");
    }
    const std::vector<std::string> foreign = {".snapshot", "lost+found"};
    BOOST_TEST(sorted(scan.foreign) == foreign, boost::test_tools::per_element());
    BOOST_TEST(scan.damaged.size() == 4u);
    for (const error& damaged : scan.damaged) {
        BOOST_TEST((damaged.code == error_code::damaged));
        BOOST_TEST(damaged.message.find("/meta.yaml\"") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(of_long_texts_nothing_is_kept) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    const auto write = [&](const std::string& id, const std::string& named, const std::string& name,
                           const std::string& location) {
        test::write_file(scratch.store() + '/' + id + "/meta.yaml",
                         "artifact_location: " + location + "\nexperiment_id: '" + named +
                             "'\nlifecycle_stage: active\nname: " + name + '\n');
    };
    const std::string most(32768, 'x');
    write("11", "11", most, most);
    write("12", "12", most + 'x', "x");
    write("13", "13", "x", most + 'x');
    write("14", std::string(900000, '7'), "x", "x");
    const store_scan scan = store.scan();
    BOOST_TEST(scan.experiments.size() == 2u);
    BOOST_TEST(!scan.unread);
    std::vector<std::string> rules;
    for (const error& damaged : scan.damaged) {
        BOOST_TEST(damaged.message.size() < 1000u);
        rules.push_back(damaged.message.substr(damaged.message.find("/1") + 1, 44));
    }
    const std::vector<std::string> expected = {"12/meta.yaml\": the text of \"name\" is longer ",
                                               "13/meta.yaml\": the text of \"artifact_locatio",
                                               "14/meta.yaml\": is that of experiment \"777777"};
    BOOST_TEST(sorted(rules) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_id_is_claimed_by_one_name) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    found_experiment made;
    std::filesystem::create_directory(scratch.store() + "/42");  // its maker was killed
    BOOST_TEST(!store.claim_experiment("42", "sweep", 1000, made));
    BOOST_TEST(made.meta.creation_time.value() == 1000);
    BOOST_TEST(!store.claim_experiment("42", "sweep", 2000, made));
    BOOST_TEST(made.meta.creation_time.value() == 1000);
    const error taken = store.claim_experiment("42", "other", 3000, made);
    BOOST_TEST((taken.code == error_code::already_exists));
    BOOST_TEST(test::meta(scratch.store() + "/42", "name") == "sweep");
    expect_tree(scratch.store() + "/42", {"meta.yaml"});
}

BOOST_AUTO_TEST_CASE(an_experiment_that_is_not_there) {
    const test::scratch_directory scratch;
    store_root store;
    BOOST_TEST(!store_root::open_for_writing(scratch.store(), store));
    found_experiment found;
    std::filesystem::create_directory(scratch.store() + "/7");
    BOOST_TEST((store.read_experiment("6", false, found).code == error_code::not_found));
    BOOST_TEST((store.read_experiment("7", false, found).code == error_code::not_found));
    BOOST_TEST((store.read_experiment("0", true, found).code == error_code::not_found));
    test::write_file(scratch.store() + "/7/meta.yaml", "experiment_id: '7'\nname: x\n");
    const error damaged = store.read_experiment("7", false, found);
    BOOST_TEST((damaged.code == error_code::damaged));
    BOOST_TEST(damaged.message.find("artifact_location") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
