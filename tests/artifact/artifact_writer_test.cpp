// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/artifact/artifact_writer.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::detail::copy_artifact;
using mlscribe::detail::directory;
using mlscribe::detail::write_text_artifact;
using test::write_file;

namespace {

struct run_folder {
    test::scratch_directory scratch;
    directory run;

    run_folder() {
        std::filesystem::create_directories(scratch / "run/artifacts");
        BOOST_REQUIRE_EQUAL(directory::open(scratch / "run", run), 0);
    }
    void expect(const std::vector<std::string>& names) const {
        BOOST_TEST(test::tree(scratch / "run/artifacts") == names,
                   boost::test_tools::per_element());
        BOOST_TEST(test::tree(scratch / "run").size() == names.size() + 1);
    }
    std::string text(const std::string& path) const {
        return test::read_file(scratch / ("run/artifacts/" + path));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(artifact_artifact_writer)

BOOST_FIXTURE_TEST_CASE(texts_are_written_and_replaced, run_folder) {
    const std::string nul("a\0b\n", 4);
    BOOST_TEST(!write_text_artifact(run, "notes.txt", "first"));
    BOOST_TEST(!write_text_artifact(run, "notes.txt", nul));
    BOOST_TEST(!write_text_artifact(run, "a/b/empty", ""));
    BOOST_TEST((text("notes.txt") == nul));
    BOOST_TEST((write_text_artifact(run, "../meta.yaml", "x").code == error_code::invalid_path));
    BOOST_TEST((write_text_artifact(run, "", "x").code == error_code::invalid_path));
    BOOST_TEST((write_text_artifact(run, "a", "x").code == error_code::system));
    expect({"a/", "a/b/", "a/b/empty", "notes.txt"});
}

BOOST_FIXTURE_TEST_CASE(files_keep_name_and_bytes, run_folder) {
    std::string large(300000, 'x');
    large[70000] = '\0';
    write_file(scratch / "model.bin", large);
    BOOST_TEST(!copy_artifact(run, scratch / "model.bin", ""));
    BOOST_TEST(!copy_artifact(run, scratch / "model.bin", "models/best"));
    BOOST_TEST((text("model.bin") == large));
    BOOST_TEST((text("models/best/model.bin") == large));
    write_file(scratch / "model.bin", "new");
    BOOST_TEST(!copy_artifact(run, scratch / "model.bin", ""));
    BOOST_TEST(text("model.bin") == "new");
    expect({"model.bin", "models/", "models/best/", "models/best/model.bin"});
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_there_already_stays, run_folder) {
    write_file(scratch / "run/artifacts/a/log.txt", "kept");
    BOOST_TEST(!copy_artifact(run, scratch / "run/artifacts/a/log.txt", "a"));
    BOOST_TEST(text("a/log.txt") == "kept");
    std::filesystem::create_hard_link(scratch / "run/artifacts/a/log.txt", scratch / "log.txt");
    BOOST_TEST(!copy_artifact(run, scratch / "log.txt", "a"));
    BOOST_TEST(text("a/log.txt") == "kept");
    expect({"a/", "a/log.txt"});
}

BOOST_FIXTURE_TEST_CASE(what_is_no_regular_file_is_told, run_folder) {
    BOOST_REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
    std::filesystem::create_directory(scratch / "folder");
    const error fifo = copy_artifact(run, scratch / "fifo", "");
    BOOST_TEST((fifo.code == error_code::system));
    BOOST_TEST(fifo.message.find("only regular files") != std::string::npos);
    const error folder = copy_artifact(run, scratch / "folder", "");
    BOOST_TEST(folder.message.find("log_artifacts") != std::string::npos);
    BOOST_TEST(copy_artifact(run, scratch / "folder/", "").message == folder.message);
    const error missing = copy_artifact(run, scratch / "missing.png", "");
    BOOST_TEST((missing.code == error_code::system));
    BOOST_TEST(missing.system_code == ENOENT);
    BOOST_TEST(missing.message.find("missing.png") != std::string::npos);
    BOOST_TEST((copy_artifact(run, "", "").code == error_code::invalid_path));
    BOOST_TEST((copy_artifact(run, scratch / "fifo", "/abs").code == error_code::invalid_path));
    expect({});
}

BOOST_FIXTURE_TEST_CASE(a_link_as_source_is_followed_and_as_target_replaced, run_folder) {
    write_file(scratch / "target", "bytes");
    write_file(scratch / "victim", "kept");
    std::filesystem::create_symlink("target", scratch / "link");
    std::filesystem::create_symlink(scratch / "victim", scratch / "run/artifacts/link");
    BOOST_TEST(!copy_artifact(run, scratch / "link", ""));
    BOOST_TEST(text("link") == "bytes");
    BOOST_TEST(test::read_file(scratch / "victim") == "kept");
    std::filesystem::create_directory(scratch / "elsewhere");
    std::filesystem::create_symlink(scratch / "elsewhere", scratch / "run/artifacts/planted");
    const error refused = copy_artifact(run, scratch / "link", "planted");
    BOOST_TEST((refused.code == error_code::system));
    BOOST_TEST(refused.message.find(scratch / "link") != std::string::npos);
    BOOST_TEST(refused.message.find("\"artifacts/planted/link\"") != std::string::npos);
    BOOST_TEST(test::tree(scratch / "elsewhere").empty());
}

BOOST_FIXTURE_TEST_CASE(links_and_moves, run_folder) {
    mlscribe::artifact_options options;
    write_file(scratch / "a.txt", "bytes");
    options.mode = mlscribe::transfer::hard_link;
    BOOST_TEST(!copy_artifact(run, scratch / "a.txt", "linked", options));
    BOOST_TEST(std::filesystem::hard_link_count(scratch / "a.txt") == 2u);
    options.mode = mlscribe::transfer::move;
    BOOST_TEST(!copy_artifact(run, scratch / "a.txt", "moved", options));
    BOOST_TEST(!test::exists(scratch / "a.txt"));
    BOOST_TEST(text("moved/a.txt") == "bytes");
    BOOST_TEST(!copy_artifact(run, scratch / "run/artifacts/moved/a.txt", "moved", options));
    BOOST_TEST(text("moved/a.txt") == "bytes");
    // What is not published is not removed.
    write_file(scratch / "moved", "kept");
    BOOST_TEST((copy_artifact(run, scratch / "moved", "", options).code == error_code::system));
    BOOST_TEST(test::read_file(scratch / "moved") == "kept");
    // A later artifact of that name does not write into the linked file.
    write_file(scratch / "b/a.txt", "new");
    BOOST_TEST(!copy_artifact(run, scratch / "b/a.txt", "linked"));
    BOOST_TEST(text("moved/a.txt") == "bytes");
    expect({"linked/", "linked/a.txt", "moved/", "moved/a.txt"});
}

BOOST_AUTO_TEST_SUITE_END()
