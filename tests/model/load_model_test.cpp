// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model.hpp>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error_code;

using mlscribe::load_options;

namespace {

struct line {
    double slope = 0;
    std::vector<double> weights;
};
MLSCRIBE_DESCRIBE(line, slope, weights)

struct throwing {};
void save_model(const throwing&, mlscribe::model_saver&) {}
void load_model(throwing&, mlscribe::model_files&) {
    throw std::runtime_error("no such kernel");
}

struct throwing_number {};
void save_model(const throwing_number&, mlscribe::model_saver&) {}
void load_model(throwing_number&, mlscribe::model_files&) {
    throw 7;
}

/// Whose library throws while it is saved.
struct unsaved {
    bool is_known = true;
};
void save_model(const unsaved& model, mlscribe::model_saver& to) {
    to.write("half.bin", "half");
    if (model.is_known) throw std::runtime_error("the tree is hollow");
    throw 7;
}

struct logged {
    test::scratch_directory scratch;
    test::error_log log;
    test::error_log differences;
    load_options options;
    std::string uri;
    std::string folder;

    logged() {
        mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
        uri = run.log_model("m", line{0.5, {1, 2}}, {}).uri;
        run.log_model("t", throwing{});
        run.log_model("u", throwing_number{});
        folder = test::folder(scratch, run) + "/artifacts/m";
        options.tracking_uri = scratch.store();
        options.on_difference = differences.handler();
        BOOST_TEST(log.all().empty());
    }
    /// \param texts  all stand in the message
    void refuses(error_code code, const std::vector<std::string>& texts) const {
        refuses(code, texts, [this] { mlscribe::load_model<line>(uri, options); });
    }
    static void refuses(error_code code, const std::vector<std::string>& texts,
                        const std::function<void()>& load) {
        try {
            load();
            BOOST_ERROR("loaded");
        } catch (const mlscribe::logging_error& refused) {
            BOOST_TEST((refused.reason().code == code), refused.what());
            for (const std::string& text : texts) {
                BOOST_TEST((std::string(refused.what()).find(text) != std::string::npos),
                           refused.what());
            }
        }
    }
    void edit(const std::string& name, const std::string& from, const std::string& to) const {
        std::string text = test::read_file(folder + '/' + name);
        const std::size_t at = text.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        test::write_file(folder + '/' + name, text.replace(at, from.size(), to));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(model_load_model)

BOOST_FIXTURE_TEST_CASE(a_model_comes_back_from_everywhere, logged) {
    for (const std::string& place : {uri, folder, "file://" + folder}) {
        const auto model = mlscribe::load_model<line>(place, options);
        BOOST_TEST(model.slope == 0.5);
        BOOST_TEST(model.weights == (std::vector<double>{1, 2}), boost::test_tools::per_element());
    }
    BOOST_TEST(differences.all().empty());
}

BOOST_FIXTURE_TEST_CASE(another_build_is_told, logged) {
    edit("mlscribe/environment.json", "\"byte_order\": \"little\"", "\"byte_order\": \"bigger\"");
    refuses(error_code::damaged, {"environment.json", "changed"});
    options.verify = false;
    BOOST_TEST(mlscribe::load_model<line>(uri, options).slope == 0.5);
    BOOST_TEST(differences.count(error_code::other_build) == 1u);
    BOOST_TEST(differences.tells({"another build", "byte"}));
}

BOOST_FIXTURE_TEST_CASE(another_build_is_told_where_the_load_fails, logged) {
    edit("mlscribe/environment.json", "\"byte_order\": \"little\"", "\"byte_order\": \"bigger\"");
    options.verify = false;
    test::write_file(folder + "/data/model.json", "{");
    refuses(error_code::damaged, {"model.json is no JSON"});
    BOOST_TEST(differences.tells({"another build", "byte"}));
}

BOOST_FIXTURE_TEST_CASE(a_model_that_is_replaced_meanwhile_is_one_or_the_other, logged) {
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    mlscribe::model_options bare;
    bare.source = false;
    const std::string place = run.log_model("m", line{0, {0}}, bare).uri;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 1; i < 60; ++i) {
            run.log_model("m", line{static_cast<double>(i), std::vector<double>(4, i)}, bare);
        }
        done = true;
    });
    int loads = 0;
    std::string failure;
    for (; failure.empty() && (!done || loads == 0); ++loads) {
        try {
            const auto model = mlscribe::load_model<line>(place, options);
            if (model.weights.front() != model.slope) failure = "a mixture";
        } catch (const mlscribe::logging_error& refused) {
            failure = refused.what();
        }
    }
    writer.join();
    BOOST_TEST(failure == "");
    BOOST_TEST(loads > 1);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(damage_is_told_before_a_value_is_made, logged) {
    edit("data/model.json", "0.5", "0.6");
    refuses(error_code::damaged, {"model \"" + folder, "data/model.json", "changed"});
    edit("data/model.json", "0.6", "0.5");
    std::filesystem::rename(folder + "/data/weights.npy", scratch / "aside");
    refuses(error_code::damaged, {"weights.npy", "missing"});
    std::filesystem::create_symlink(scratch / "aside", folder + "/data/weights.npy");
    refuses(error_code::damaged, {"weights.npy", "link"});
    std::filesystem::remove(folder + "/data/weights.npy");
    std::filesystem::rename(scratch / "aside", folder + "/data/weights.npy");
    edit("MLmodel", "format_version: 1", "format_version: 99");
    refuses(error_code::damaged, {"format version 99", "newer mlscribe"});
    test::write_file(folder + "/MLmodel", "\t");
    refuses(error_code::damaged, {"MLmodel", "line 1"});
    std::filesystem::remove(folder + "/MLmodel");
    refuses(error_code::not_found, {"no file MLmodel"});
}

BOOST_FIXTURE_TEST_CASE(what_a_load_function_throws_is_a_failure_of_the_call, logged) {
    refuses(error_code::damaged, {"/t\"", "no such kernel"}, [this] {
        mlscribe::load_model<throwing>(uri.substr(0, uri.rfind('/')) + "/t", options);
    });
    refuses(error_code::damaged, {"/u\"", "it threw something unknown"}, [this] {
        mlscribe::load_model<throwing_number>(uri.substr(0, uri.rfind('/')) + "/u", options);
    });
}

BOOST_FIXTURE_TEST_CASE(a_link_in_a_model_of_somebody_else_is_no_file_of_it, logged) {
    std::filesystem::create_symlink("/etc/passwd", folder + "/model.bin");
    mlscribe::detail::directory opened;
    BOOST_REQUIRE_EQUAL(mlscribe::detail::directory::open(folder, opened), 0);
    mlscribe::model_files files(opened, folder, {});
    BOOST_TEST(files.file("MLmodel") == folder + "/MLmodel");
    BOOST_TEST(files.file("model.bin").empty());
    BOOST_TEST((files.failure().message.find("model.bin") != std::string::npos));
}

BOOST_FIXTURE_TEST_CASE(what_a_save_function_throws_is_told_and_leaves_nothing, logged) {
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    BOOST_TEST(run.log_model("m", unsaved{}).uri.empty());
    BOOST_TEST(log.tells({"model \"m\"", "its save function failed: the tree is hollow"}));
    BOOST_TEST(run.log_model("m", unsaved{false}).uri.empty());
    BOOST_TEST(log.tells({"model \"m\"", "it threw something unknown"}));
    BOOST_TEST(test::tree(test::folder(scratch, run) + "/artifacts").empty());
}

BOOST_AUTO_TEST_SUITE_END()
