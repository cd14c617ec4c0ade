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
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
            unsigned long pages = 0;
            std::ifstream("/proc/self/statm") >> pages;
            const rlim_t bytes = pages * 4096 + (rlim_t{256} << 20);
            const rlimit memory{bytes, bytes};
            ::setrlimit(RLIMIT_AS, &memory);
#endif
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
    bool survives() const {
        const std::string said = read_all();
        const std::string end = "all was read";
        return said.size() >= end.size() &&
               said.compare(said.size() - end.size(), end.size(), end) == 0;
    }
};

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
