// SPDX-License-Identifier: MIT
/// \file Directories as users have them: loops, FIFOs, files that come and go, strange names,
/// holes.
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"
#include "skipped.hpp"

using mlscribe::artifact_options;
using mlscribe::error_code;
using mlscribe::transfer;
using std::filesystem::create_symlink;
using test::write_file;

namespace {

struct one_run {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));

    std::string artifacts() const { return test::folder(scratch, run) + "/artifacts"; }
    std::string text(const std::string& path) const {
        return test::read_file(artifacts() + '/' + path);
    }
    std::vector<std::string> tree() const { return test::tree(artifacts()); }
};

struct stat status_of(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) throw std::runtime_error("no " + path);
    return found;
}

std::int64_t most_memory() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;  // KiB
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_artifact_trees)

BOOST_FIXTURE_TEST_CASE(everything_that_is_no_file_is_told_and_the_files_are_there, one_run) {
    const std::string out = scratch / "out";
    write_file(out + "/a.txt", "a");
    write_file(out + "/sub/b.txt", "b");
    write_file(scratch / "other/c.txt", "c");
    create_symlink("nowhere", out + "/dangling");
    create_symlink("self", out + "/self");
    create_symlink("..", out + "/sub/parent");
    create_symlink("sub", out + "/sibling");
    create_symlink("../other", out + "/other");
    create_symlink("../out", scratch / "other/back");
    create_symlink("/dev/zero", out + "/zero");
    BOOST_REQUIRE_EQUAL(::mkfifo((out + "/fifo").c_str(), 0600), 0);
    run.log_artifacts(out, "plots");
    const std::vector<std::string> expected = {
        "plots/",         "plots/a.txt",         "plots/other/", "plots/other/c.txt",
        "plots/sibling/", "plots/sibling/b.txt", "plots/sub/",   "plots/sub/b.txt"};
    BOOST_TEST(tree() == expected, boost::test_tools::per_element());
    for (const std::string name :
         {"dangling", "self", "sub/parent", "sibling/parent", "other/back", "zero", "fifo"}) {
        BOOST_TEST(log.tells({out + '/' + name + '"'}), name);
    }
    BOOST_TEST(log.all().size() == 7u);
    // The FIFO as a single artifact, too.
    run.log_artifact(out + "/fifo");
    BOOST_TEST(log.all().size() == 8u);
}

BOOST_FIXTURE_TEST_CASE(the_writer_of_a_fifo_is_not_woken, one_run) {
    const std::string out = scratch / "out";
    std::filesystem::create_directories(out);
    BOOST_REQUIRE_EQUAL(::mkfifo((out + "/fifo").c_str(), 0600), 0);
    std::atomic<bool> woken{false};
    std::thread writer([&] {
        const int end = ::open((out + "/fifo").c_str(), O_WRONLY | O_CLOEXEC);
        woken = true;
        ::close(end);
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    run.log_artifacts(out);
    run.log_artifact(out + "/fifo");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    BOOST_TEST(!woken.load());
    const int end = ::open((out + "/fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    writer.join();
    ::close(end);
}

BOOST_AUTO_TEST_CASE(what_may_not_be_read_is_told) {
    BOOST_TEST(
        test::in_child([] {
            constexpr unsigned nobody = 65534;
            if (::getuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) {
                return std::string("cannot drop privileges");
            }
            one_run child;
            const std::string out = child.scratch / "out";
            for (const std::string name : {"/a.txt", "/secret.txt", "/closed/b.txt", "/z/c.txt"})
                write_file(out + name, "x");
            ::chmod((out + "/secret.txt").c_str(), 0);
            ::chmod((out + "/closed").c_str(), 0);
            child.run.log_artifacts(out);
            artifact_options move;
            move.mode = transfer::move;
            child.run.log_artifact("/etc/passwd", "", move);  // a file of somebody else
            ::chmod((out + "/closed").c_str(), 0700);
            std::string result = std::to_string(child.log.all().size());
            result += child.log.tells({"secret.txt", "Permission denied"}) ? " secret" : "";
            result += child.log.tells({"closed", "Permission denied"}) ? " closed" : "";
            result += child.log.tells({"is logged", "/etc/passwd"}) ? " passwd" : "";
            for (const std::string& name : child.tree()) result += ' ' + name;
            return result;
        }) == "3 secret closed passwd a.txt passwd z/ z/c.txt");
}

BOOST_FIXTURE_TEST_CASE(files_that_vanish_and_appear_meanwhile, one_run) {
    const std::string out = scratch / "out";
    constexpr int count = 400;
    for (int i = 0; i < count; ++i) {
        write_file(out + "/" + std::to_string(i % 20) + "/" + std::to_string(i), "whole");
    }
    write_file(out + "/zz/last", "whole");
    std::thread remover([&] {
        for (int i = count - 1; i >= 0; i -= 2) {
            ::unlink((out + "/" + std::to_string(i % 20) + "/" + std::to_string(i)).c_str());
        }
        std::error_code ignored;
        std::filesystem::remove_all(out + "/7", ignored);
    });
    run.log_artifacts(out);
    remover.join();
    std::size_t files = 0;
    for (const std::string& name : tree()) {
        if (name.back() == '/') continue;
        ++files;
        BOOST_TEST(text(name) == "whole");
    }
    BOOST_TEST(test::exists(artifacts() + "/zz/last"));
    BOOST_TEST(files + log.all().size() <= static_cast<std::size_t>(count) + 21);
    BOOST_TEST(files >= static_cast<std::size_t>(count) / 2 - 20);
    for (const mlscribe::error& failure : log.all()) {
        BOOST_TEST((failure.system_code == ENOENT || failure.system_code == ESTALE),
                   failure.message);
    }
}

BOOST_FIXTURE_TEST_CASE(a_source_that_grows_is_taken_as_it_was, one_run) {
    const std::string source = scratch / "growing.log";
    write_file(source, std::string(1000000, 'x'));
    std::atomic<bool> done{false};
    std::thread writer([&] {
        const std::string more(65536, 'x');
        const int file = ::open(source.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
        for (int i = 0; i < 2000 && !done; ++i) {
            if (::write(file, more.data(), more.size()) < 0) break;
        }
        ::close(file);
    });
    run.log_artifact(source);
    const auto taken = status_of(artifacts() + "/growing.log").st_size;
    done = true;
    writer.join();
    BOOST_TEST(taken >= 1000000);
    BOOST_TEST(taken <= status_of(source).st_size);
    BOOST_TEST(text("growing.log").find_first_not_of('x') == std::string::npos);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(names_of_every_kind, one_run) {
    const std::vector<std::string> names = {
        "100%",  "p%41.txt", "h#h", "\xC3\xBC.txt", "\xE6\x90\x8D", "q?x",     "new\nline", "a b",
        "-dash", "*",        "[x]", "back\\slash",  "\"quoted\"",   ".hidden", "~"};
    for (const std::string& name : names) write_file(scratch / ("out/" + name), name);
    run.log_artifacts(scratch / "out", "t%41 #\xC3\xBC");
    for (const std::string& name : names) {
        BOOST_TEST(text("t%41 #\xC3\xBC/" + name) == name);
        run.log_artifact(scratch / ("out/" + name));
        BOOST_TEST(text(name) == name);
        run.open_artifact("s/" + name) << name;
        BOOST_TEST(text("s/" + name) == name);
    }
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(a_store_of_any_name_in_what_is_logged, one_run) {
    // The source holds the store, and with it the artifacts themselves.
    write_file(scratch / "notes.txt", "n");
    run.log_artifacts(scratch.path(), "all");
    BOOST_TEST(text("all/notes.txt") == "n");
    BOOST_TEST(log.all().size() == 1u);
    BOOST_TEST(log.tells({"is where these artifacts go"}));
    run.log_artifacts(artifacts());
    run.log_artifact(artifacts() + "/all/notes.txt", "all");
    BOOST_TEST(text("all/notes.txt") == "n");
    BOOST_TEST(log.all().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(five_sparse_gibibytes, one_run) {
    constexpr off_t size = off_t{5} << 30;
    const std::string source = scratch / "sparse.bin";
    {
        const int file = ::open(source.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        BOOST_REQUIRE_EQUAL(::ftruncate(file, size), 0);
        BOOST_REQUIRE_EQUAL(::pwrite(file, "middle", 6, off_t{3} << 30), 6);
        ::close(file);
    }
    if (status_of(source).st_blocks > 1000) {
        return test::skipped("this file system has no holes");
    }
    const std::int64_t before = most_memory();
    run.log_artifact(source);
    const struct stat copied = status_of(artifacts() + "/sparse.bin");
    BOOST_TEST(copied.st_size == size);
    BOOST_TEST(copied.st_blocks < 1000);
    const int file = ::open((artifacts() + "/sparse.bin").c_str(), O_RDONLY | O_CLOEXEC);
    char middle[6] = {};
    BOOST_TEST(::pread(file, middle, 6, off_t{3} << 30) == 6);
    ::close(file);
    BOOST_TEST(std::string(middle, 6) == "middle");
    artifact_options options;
    for (const transfer mode : {transfer::hard_link, transfer::move}) {
        options.mode = mode;
        run.log_artifact(source, mode == transfer::move ? "moved" : "linked", options);
    }
    BOOST_TEST(!test::exists(source));
    BOOST_TEST(status_of(artifacts() + "/moved/sparse.bin").st_size == size);
    BOOST_TEST(most_memory() - before < 16 * 1024);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(dicts, one_run) {
    const std::map<std::string, std::map<std::string, double>> value = {{"b", {{"x", 0.5}}},
                                                                        {"a", {}}};
    run.log_dict(value, "d/config.json");
    run.log_dict(value, "d/config.yaml");
    BOOST_TEST(text("d/config.json") == "{\n  \"a\": {},\n  \"b\": {\n    \"x\": 0.5\n  }\n}");
    BOOST_TEST(text("d/config.yaml") == "a: {}\nb:\n  x: 0.5\n");
    run.log_dict(value, "../d.json");
    BOOST_TEST(log.count(error_code::invalid_path) == 1u);
    const std::string folder = artifacts();
    run.end();
    run.log_dict(value, "late.json");
    BOOST_TEST(!test::exists(folder + "/late.json"));
}

BOOST_AUTO_TEST_SUITE_END()
