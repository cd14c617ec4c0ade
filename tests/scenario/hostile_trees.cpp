// SPDX-License-Identifier: MIT
/// \file A store that somebody made to hurt its readers: what they read is bounded, what they show
/// is text, and nothing is waited for.
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/flavor/shared_library.hpp>
#include <mlscribe/model.hpp>
#include <mlscribe/query.hpp>
#include <mlscribe/registry.hpp>
#include <mlscribe/report/report_html.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bounded_memory.hpp"
#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

struct bait {
    double weight = 1;
    std::string unit = "m";
};
MLSCRIBE_DESCRIBE(bait, weight, unit)

struct baited_store {
    test::scratch_directory scratch;
    test::error_log log;
    std::string id;
    std::string run;
    std::string model;

    baited_store() {
        mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
        id = made.id();
        run = test::folder(scratch, made);
        made.log_metric("loss", 1.0);
        made.log_param("lr", 0.1);
        made.log_text("notes", "notes.txt");
        made.log_model("line", bait{});
        made.end();
        model = run + "/artifacts/line";
    }

    /// Has everything read in a process that gets 256 MiB more and a minute of a processor.
    std::string read_all() const {
        return test::in_child([this] {
            test::bound_memory(256);
            const rlimit seconds{60, 60};
            ::setrlimit(RLIMIT_CPU, &seconds);
            std::string said;
            const auto attempt = [&said](const std::function<void()>& body) {
                try {
                    body();
                } catch (const mlscribe::logging_error& thrown) {
                    said += std::string(thrown.what()) + '\n';
                }
            };
            const std::string place = scratch.store();
            attempt([&] {
                const mlscribe::store seen(place);
                attempt([&] { seen.search_runs("metrics.loss > 0 and params.lr = '0.1'"); });
                attempt([&] { seen.search_runs(); });
                mlscribe::search_query by_several;
                by_several.threads = 4;
                attempt([&] {
                    for (const auto& each : seen.search_runs(by_several).damaged) {
                        said += each.why.message + '\n';
                    }
                });
                attempt([&] { seen.get_run(id); });
                attempt([&] { seen.metric_history(id, "loss"); });
                attempt([&] { seen.artifacts(id); });
                const mlscribe::report_text report = mlscribe::report_html(seen, {id});
                said += report.html + report.failure.message;
            });
            attempt([&] {
                for (const auto& each : mlscribe::examine(place).findings) {
                    said += each.message + '\n';
                }
                mlscribe::relocate(place);
            });
            attempt([&] { mlscribe::load_model<bait>("runs:/" + id + "/line", {place}); });
            mlscribe::recover_options quiet;
            quiet.on_error = [](const mlscribe::error&) {};
            mlscribe::recover(place, quiet);
            mlscribe::registry(place, mlscribe::strictness::report, quiet.on_error)
                .search_registered_models();
            return said + "all was read";
        });
    }
    static bool is_whole(const std::string& said) {
        const std::string end = "all was read";
        return said.size() >= end.size() &&
               said.compare(said.size() - end.size(), end.size(), end) == 0;
    }
    bool survives() const { return is_whole(read_all()); }

    /// What a load of the model says, within the same memory.
    std::string load_within(bool verify) const {
        return test::in_child([this, verify] {
            test::bound_memory(256);
            try {
                mlscribe::load_model<bait>(model, {scratch.store(), verify, ignored});
            } catch (const mlscribe::logging_error& thrown) {
                return std::string(thrown.what());
            }
            return std::string("was loaded");
        });
    }
    static void ignored(const mlscribe::error&) {}
};

std::string repeated(std::string_view part, std::size_t bytes) {
    std::string text;
    text.reserve(bytes + part.size());
    while (text.size() < bytes) text += part;
    return text;
}

/// Texts of about so many bytes that become as many values as there can be.
std::vector<std::string> crowded_yaml(std::size_t bytes) {
    std::string keys;
    for (int i = 0; keys.size() < bytes; ++i) keys += std::to_string(i) + ":\n";
    const std::string deep = std::string(30, '[') + std::string(30, ']') + ',';
    return {"a: [" + repeated("x,", bytes) + "]\n",    "a: [" + repeated("[],", bytes) + "]\n",
            "a: {" + repeated("x,", bytes) + "}\n",    "a:\n" + repeated("-\n", bytes),
            "a: [" + repeated(deep, bytes) + "]\n",    "a:\n" + repeated("- - - x\n", bytes),
            "a: [" + repeated("{x,},", bytes) + "]\n", std::move(keys)};
}
std::vector<std::string> crowded_json(std::size_t bytes) {
    std::string keys = "{\"\":0";
    for (int i = 0; keys.size() < bytes; ++i) keys += ",\"" + std::to_string(i) + "\":0";
    const std::string deep = ',' + std::string(900, '[') + std::string(900, ']');
    return {"[[]" + repeated(",[]", bytes) + ']', "[0" + repeated(deep, bytes) + ']',
            "{\"\":0" + repeated(",\"\":0", bytes) + '}',
            "[{}" + repeated(",{\"\":0}", bytes) + ']', std::move(keys) + '}'};
}

/// A file that is all hole.
void make_hole(const std::string& path, off_t bytes) {
    test::write_file(path, "");
    while (::truncate(path.c_str(), bytes) != 0 && bytes > 4096) bytes /= 2;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_trees, baited_store)

BOOST_AUTO_TEST_CASE(files_of_a_terabyte_that_take_no_disk) {
    const off_t terabyte = off_t{1} << 40;
    for (const std::string path :
         {"/metrics/loss", "/metrics/hole", "/params/hole", "/tags/hole",
          "/tags/mlflow.note.content", "/tags/mlscribe.journal", "/artifacts/hole.txt",
          "/artifacts/hole.png", "/artifacts/hole.svg", "/inputs/hole/meta.yaml",
          "/../00000000000000000000000000000bad/meta.yaml", "/../../7/meta.yaml",
          "/../../models/hole/meta.yaml"}) {
        make_hole(run + path, terabyte);
    }
    BOOST_TEST(survives());
    make_hole(model + "/MLmodel", terabyte);
    BOOST_TEST(survives());
}

BOOST_AUTO_TEST_CASE(values_of_one_run_that_are_too_much) {
    for (int i = 0; i != 5; ++i) {
        make_hole(run + "/params/hole" + std::to_string(i), off_t{15} << 20);
    }
    BOOST_CHECK_THROW(mlscribe::store(scratch.store()).get_run(id), mlscribe::logging_error);
}

BOOST_AUTO_TEST_CASE(values_of_many_runs_that_one_is_chosen_by) {
    const std::string experiment = run.substr(0, run.rfind('/'));
    const std::string meta = test::read_file(run + "/meta.yaml");
    for (int i = 10; i != 22; ++i) {
        const std::string other = std::string(30, 'a') + std::to_string(i);
        std::string text = meta;
        for (std::size_t at = text.find(id); at != text.npos; at = text.find(id)) {
            text.replace(at, id.size(), other);
        }
        test::write_file(experiment + '/' + other + "/meta.yaml", text);
        make_hole(experiment + '/' + other + "/params/hole", off_t{16} << 20);
    }
    const std::string told = test::in_child([this] {
        test::bound_memory(128);
        mlscribe::search_query query;
        query.order_by = {"params.hole DESC"};
        query.max_results = 1;
        const mlscribe::found_runs found = mlscribe::store(scratch.store()).search_runs(query);
        std::string said = std::to_string(found.size()) + " of all";
        for (const auto& each : found.damaged) said += '\n' + each.why.message;
        return said;
    });
    BOOST_TEST(told == "1 of all");
}

BOOST_AUTO_TEST_CASE(pipes_devices_and_circles) {
    for (const std::string path :
         {"/metrics/pipe", "/params/pipe", "/tags/pipe", "/artifacts/pipe.txt",
          "/artifacts/line/data/pipe", "/.mlscribe-journal-1-1-1"}) {
        std::filesystem::create_directories(std::filesystem::path(run + path).parent_path());
        BOOST_TEST(::mkfifo((run + path).c_str(), 0644) == 0);
    }
    for (const std::string folder : {"/metrics", "/params", "/tags", "/artifacts"}) {
        std::filesystem::create_symlink("circle", run + folder + "/circle");
        std::filesystem::create_symlink("..", run + folder + "/up");
        // The machine may not let us.
        ::mknod((run + folder + "/zero").c_str(), S_IFCHR | 0644, ::makedev(1, 5));
    }
    std::filesystem::create_symlink("..", run + "/../up");
    std::filesystem::create_symlink(".", run + "/../../8");
    BOOST_TEST(survives());
    for (const char* const path : {"/meta.yaml", "/artifacts/line/MLmodel"}) {
        std::filesystem::remove(run + path);
        BOOST_TEST(::mkfifo((run + path).c_str(), 0644) == 0);
    }
    BOOST_TEST(survives());
}

BOOST_AUTO_TEST_CASE(texts_that_unfold) {
    std::string laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    for (char c = 'b'; c != 'k'; ++c) {
        const std::string before = std::string(" *") + static_cast<char>(c - 1) + ',';
        laughs += std::string(1, c) + ": &" + c + " [";
        for (int i = 0; i != 9; ++i) laughs += before;
        laughs += "]\n";
    }
    const std::string brackets(100000, '[');
    std::string steps;
    for (std::size_t i = 0; i != 500; ++i) steps += std::string(i, ' ') + "a:\n";
    int number = 0;
    for (const std::string& text : {laughs, brackets, steps, "a: " + brackets}) {
        const std::string other = std::string(31, '0') + std::to_string(++number);
        test::write_file(run + "/../" + other + "/meta.yaml", text);
    }
    test::write_file(run + "/tags/mlflow.loggedArtifacts", brackets);
    test::write_file(model + "/MLmodel", laughs);
    BOOST_TEST(survives());
    test::write_file(model + "/MLmodel", steps + brackets);
    BOOST_TEST(survives());
}

BOOST_AUTO_TEST_CASE(descriptions_of_many_values) {
    const auto files_of = [this](const std::vector<std::string>& texts) {
        int number = 0;
        for (const std::string& text : texts) {
            const std::string other = std::string(30, '0') + std::to_string(10 + ++number);
            test::write_file(run + "/../" + other + "/meta.yaml", text);
            if (number > 2) continue;
            test::write_file(run + "/../../" + std::to_string(number) + "/meta.yaml", text);
        }
    };
    files_of(crowded_yaml(std::size_t{6} << 20));
    const std::string said = read_all();
    BOOST_TEST(is_whole(said));
    BOOST_TEST(said.find("at most 1 MiB") != said.npos, said.substr(0, 1000));
    files_of(crowded_yaml(std::size_t{1000} << 10));
    BOOST_TEST(survives());
    mlscribe::search_query by_several;
    by_several.threads = 4;
    const mlscribe::found_runs found = mlscribe::store(scratch.store()).search_runs(by_several);
    BOOST_TEST(found.runs.size() == 1u);
    BOOST_TEST(found.runs[0].info.run_id == id);
    BOOST_REQUIRE(!found.damaged.empty());
    for (const auto& each : found.damaged) {
        const std::string& why = each.why.message;
        BOOST_TEST(why.find("65536 values") != why.npos, why);
    }
    // It may be sound for others: nothing is written anew.
    const std::string other = run + "/../00000000000000000000000000000011/meta.yaml";
    const std::string before = test::read_file(other);
    std::size_t told = 0;
    for (const auto& each : mlscribe::repair(scratch.store()).left) {
        if (each.what != mlscribe::damage::unreadable_mode) continue;
        told += each.message.find("65536 values") != std::string::npos ? 1u : 0u;
    }
    BOOST_TEST(told == found.damaged.size());
    BOOST_TEST((test::read_file(other) == before));
}

BOOST_AUTO_TEST_CASE(links_to_one_description_of_long_texts) {
    const std::string half(std::size_t{500} << 10, '7');
    const std::string zeros(29, '0');
    test::write_file(run + "/../../7/meta.yaml", "artifact_location: file:///" + half +
                                                     "\nexperiment_id: '" + half +
                                                     "'\nlifecycle_stage: active\nname: seven\n");
    test::write_file(run + "/../" + zeros + "100/meta.yaml",
                     "artifact_uri: file:///" + half + "\nend_time: 1\nexperiment_id: '7'\n" +
                         "run_id: 'r" + half + "'\nrun_uuid: 'r" + half +
                         "'\nstart_time: 1\nstatus: 3\nuser_id: me\n");
    for (int i = 101; i != 130; ++i) {
        std::filesystem::create_directory_symlink("7", run + "/../../" + std::to_string(i));
        std::filesystem::create_directory_symlink(zeros + "100",
                                                  run + "/../" + zeros + std::to_string(i));
    }
    const std::string told = test::in_child([this] {
        test::bound_memory(24);
        std::size_t damaged = 0;
        for (const auto& each : mlscribe::store(scratch.store()).search_runs().damaged) {
            damaged += each.why.message.size() < 1000 ? 1u : 0u;
        }
        mlscribe::relocate(scratch.store());
        const std::size_t found = mlscribe::examine(scratch.store()).findings.size();
        return std::to_string(damaged) + " and " + std::to_string(found >= 60 ? 60 : found);
    });
    BOOST_TEST(told == "60 and 60");
}

BOOST_AUTO_TEST_CASE(models_of_many_values) {
    const auto check = [this](const std::string& path, const std::string& text, bool verify) {
        test::write_file(model + path, text);
        const std::string said = load_within(verify);
        // A load function's failure tells what was thrown.
        for (const char* const word : {"alloc", "memory", "exit", "signal"}) {
            BOOST_TEST(said.find(word) == said.npos, path << ": " << said);
        }
    };
    const std::size_t bytes = std::size_t{8} << 20;
    const std::vector<std::string> texts = crowded_json(bytes);
    check("/mlscribe/environment.json", texts[0], false);
    for (const std::string& text : texts) check("/data/model.json", text, false);
    std::string files;
    for (int i = 0; files.size() < 5 * bytes; ++i) {
        files += "# size 1  " + std::to_string(i) + '\n';
    }
    check("/mlscribe/manifest.sha256", files, true);
    for (const std::string& text : crowded_yaml(bytes)) check("/MLmodel", text, false);
}

BOOST_AUTO_TEST_CASE(tags_and_checkpoints_of_many_values) {
    for (const std::string& text : crowded_json(std::size_t{8} << 20)) {
        for (const char* const path :
             {"/tags/mlflow.loggedArtifacts", "/tags/mlflow.log-model.history",
              "/artifacts/checkpoints/dense.json"}) {
            test::write_file(run + path, text);
        }
        const std::string said = test::in_child([this] {
            test::bound_memory(256);
            test::error_log heard;
            mlscribe::run again = mlscribe::resume_run(id, test::resuming(scratch, heard));
            again.log_table(std::vector<bait>(1), "table.json");
            again.log_model("other", bait{});
            again.end();
            mlscribe::resume_run(id, mlscribe::from_checkpoint{"dense"},
                                 test::resuming(scratch, heard));
            std::string told;
            for (const mlscribe::error& each : heard.all()) told += each.message + '\n';
            return told + "all was read";
        });
        BOOST_TEST(is_whole(said), said);
        BOOST_TEST(said.find("memory") == said.npos, said);
        // A list that is not read is not written over.
        BOOST_TEST((test::read_file(run + "/tags/mlflow.loggedArtifacts") == text));
    }
    int number = 0;
    for (const std::string& text : crowded_json(std::size_t{4000} << 10)) {
        test::write_file(run + "/artifacts/" + std::to_string(++number) + ".json", text);
    }
    BOOST_TEST(survives());
}

BOOST_AUTO_TEST_CASE(names_and_values_that_are_markup) {
    const std::string image = "<img src=x onerror=alert(1)>";
    const std::string script = "</script><script>alert(1)</script>";
    const std::string quote = "\"'><svg onload=alert(1)>";
    for (const std::string folder : {"/params/", "/tags/"}) {
        for (const std::string& value : {image, script, quote}) {
            test::write_file(run + folder + "key" + std::to_string(value.size()), value);
        }
        test::write_file(run + folder + image, "1");
        test::write_file(run + folder + quote, "1");
    }
    for (const char* const tag : {"mlflow.runName", "mlflow.note.content", "mlflow.user"}) {
        test::write_file(run + "/tags/" + tag, script + image);
    }
    for (const std::string& name : {image, quote}) {
        test::write_file(run + "/metrics/" + name, "1 2.0 3\n");
        test::write_file(run + "/artifacts/" + name, "x");
        test::write_file(run + "/artifacts/" + name + ".txt", script + image);
        test::write_file(run + "/artifacts/" + name + ".svg",
                         "<svg xmlns='http://www.w3.org/2000/svg'>" + script + "</svg>");
        test::write_file(run + "/artifacts/" + name + ".html", script);
    }
    const mlscribe::report_text report =
        mlscribe::report_html(mlscribe::store(scratch.store()), {id});
    BOOST_TEST(!report.failure, report.failure.message);
    for (const char* const markup :
         {"<img src=x", "<script>alert", "<svg onload", "<svg xmlns='"}) {
        BOOST_TEST((report.html.find(markup) == std::string::npos), markup);
    }
}

BOOST_AUTO_TEST_CASE(models_that_name_files_elsewhere) {
    test::write_file(scratch / "secret", "S3CR3T");
    std::filesystem::create_symlink(scratch.path(), model + "/link");
    std::filesystem::create_symlink(scratch / "secret", model + "/data/link");
    const std::pair<std::string, std::string> places[] = {
        {"../../../../..", "secret"}, {"/", "dev/zero"},     {"data", "../../../../../../secret"},
        {"link", "secret"},           {"data", "link"},      {scratch.path(), "secret"},
        {"data", scratch / "secret"}, {"data", "/dev/zero"}, {"", "secret"}};
    for (const auto& [data, library] : places) {
        test::write_file(model + "/MLmodel", "flavors:\n  mlscribe_shared_library:\n    data: '" +
                                                 data + "'\n    library: '" + library + "'\n");
        BOOST_CHECK_THROW(mlscribe::load_model<mlscribe::shared_library_place>(model),
                          mlscribe::logging_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
