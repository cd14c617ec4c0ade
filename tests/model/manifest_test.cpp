// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/model/manifest.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::detail::directory;
using mlscribe::detail::manifest_absence;
using mlscribe::detail::manifest_entry;
using mlscribe::detail::manifest_text;
using mlscribe::detail::parse_manifest;
using mlscribe::detail::verify_manifest;
using mlscribe::detail::write_manifest;

namespace {

/// A model's directory with a few files, one of them larger than what is read at once.
class model_folder {
  public:
    model_folder() {
        write("MLmodel", "flavors: {}\n");
        write("data/weights.bin", std::string(700'000, 'w'));
        write("empty", "");
        BOOST_TEST_REQUIRE(directory::open(scratch_.path(), opened_) == 0);
    }

    std::string operator/(const std::string& name) const { return scratch_ / name; }
    void write(const std::string& name, const std::string& bytes) const {
        test::write_file(scratch_ / name, bytes);
    }
    std::string manifest() const { return test::read_file(scratch_ / "mlscribe/manifest.sha256"); }
    const directory& opened() const { return opened_; }
    std::string problem() const { return verify_manifest(opened_).message; }
    bool sha256sum_agrees() const {
        const std::string line =
            "cd '" + scratch_.path() + "' && sha256sum -c mlscribe/manifest.sha256 >/dev/null 2>&1";
        return std::system(line.c_str()) == 0;
    }

  private:
    test::scratch_directory scratch_;
    directory opened_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(model_manifest)

BOOST_AUTO_TEST_CASE(what_is_listed_verifies_here_and_by_sha256sum) {
    const model_folder model;
    model.write("a\nb\\c\rd", "odd");
    model.write(" two  blanks", "odd");
    BOOST_TEST(write_manifest(model.opened()).message == "");
    BOOST_TEST(model.problem() == "");
    BOOST_TEST(model.sha256sum_agrees());
    BOOST_TEST(model.manifest().find(
                   "# size 0  empty\n"
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n") !=
               std::string::npos);
    // A second manifest does not list the first.
    const std::string before = model.manifest();
    BOOST_TEST(write_manifest(model.opened()).message == "");
    BOOST_TEST(model.manifest() == before);
}

BOOST_AUTO_TEST_CASE(every_damage_names_its_file) {
    const model_folder model;
    BOOST_TEST_REQUIRE(write_manifest(model.opened()).message == "");
    const auto expect = [&model](const char* problem) {
        BOOST_TEST(model.problem() == problem);
        BOOST_TEST((verify_manifest(model.opened()).code == error_code::damaged));
    };
    model.write("data/weights.bin", std::string(699'999, 'w') + 'x');
    expect("file \"data/weights.bin\" has changed since the model was logged");
    model.write("data/weights.bin", std::string(699'999, 'w'));
    expect("file \"data/weights.bin\" is cut short; copy the model again");
    model.write("data/weights.bin", std::string(700'001, 'w'));
    expect("file \"data/weights.bin\" has become longer");
    ::unlink((model / "data/weights.bin").c_str());
    expect("file \"data/weights.bin\" is missing; copy the model again");
    BOOST_TEST_REQUIRE(::symlink("../empty", (model / "data/weights.bin").c_str()) == 0);
    expect("file \"data/weights.bin\" has become a link or no plain file");
    ::unlink((model / "data/weights.bin").c_str());
    model.write("data/weights.bin", std::string(700'000, 'w'));
    BOOST_TEST(model.problem() == "");
    model.write("zzz", "");
    expect("file \"zzz\" was not there when the model was logged; remove it");
    ::unlink((model / "zzz").c_str());
    model.write("data/more/new", "");
    expect("file \"data/more/new\" was not there when the model was logged; remove it");
}

BOOST_AUTO_TEST_CASE(what_loading_leaves_behind_is_no_damage) {
    const model_folder model;
    model.write("code/__pycache__/early.pyc", "1");
    BOOST_TEST_REQUIRE(write_manifest(model.opened()).message == "");
    model.write("registered_model_meta", "model_name: m\n");
    model.write("code/__pycache__/early.pyc", "2");
    model.write("__pycache__/late.pyc", "1");
    BOOST_TEST(model.problem() == "");
    model.write("my__pycache__/late.pyc", "1");
    BOOST_TEST(
        model.problem() ==
        "file \"my__pycache__/late.pyc\" was not there when the model was logged; remove it");
}

BOOST_AUTO_TEST_CASE(of_large_files_only_the_size_is_kept) {
    const model_folder model;
    BOOST_TEST_REQUIRE(write_manifest(model.opened(), 1000).message == "");
    BOOST_TEST(model.sha256sum_agrees());
    model.write("data/weights.bin", std::string(700'000, 'x'));
    BOOST_TEST(model.problem() == "");
    model.write("data/weights.bin", "x");
    BOOST_TEST(model.problem() == "file \"data/weights.bin\" is cut short; copy the model again");
}

BOOST_AUTO_TEST_CASE(a_model_without_a_manifest_is_for_the_caller_to_judge) {
    const model_folder model;
    BOOST_TEST(verify_manifest(model.opened(), manifest_absence::allowed).message == "");
    BOOST_TEST(model.problem() ==
               "file \"mlscribe/manifest.sha256\" is missing: nothing tells whether the model is "
               "whole");
}

BOOST_AUTO_TEST_CASE(a_damaged_manifest_says_where) {
    const model_folder model;
    BOOST_TEST_REQUIRE(write_manifest(model.opened()).message == "");
    const std::string whole = model.manifest();
    model.write("mlscribe/manifest.sha256", whole.substr(0, whole.size() - 1));
    BOOST_TEST(model.problem() == "file \"mlscribe/manifest.sha256\" is damaged in line 7");
    std::vector<manifest_entry> entries;
    for (const char* bad : {"# size x  a\n", "# size 1 a\n", "# size 1  a\\x\n", "# size 1  \n",
                            "# size 99999999999999999999  a\n", "junk\n", "\n"}) {
        BOOST_TEST(parse_manifest(bad, entries) == 1u, bad);
    }
    BOOST_TEST(parse_manifest("# size 1  a\n" + std::string(64, '0') + "  b\n", entries) == 2u);
    // A name that leads out of the model is never opened.
    model.write("mlscribe/manifest.sha256", "# size 1  ../x\n");
    BOOST_TEST(model.problem() == "file \"../x\" is missing; copy the model again");
}

BOOST_AUTO_TEST_CASE(links_and_fifos_are_refused) {
    {
        const model_folder model;
        BOOST_TEST_REQUIRE(::symlink("MLmodel", (model / "link").c_str()) == 0);
        BOOST_TEST(write_manifest(model.opened()).message ==
                   "file \"link\" of a model is a link or no plain file; save what it leads to");
    }
    const model_folder model;
    BOOST_TEST_REQUIRE(::mkfifo((model / "fifo").c_str(), 0600) == 0);
    BOOST_TEST((write_manifest(model.opened()).code == error_code::damaged));
}

BOOST_AUTO_TEST_SUITE_END()
