// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/meta_file.hpp>

#include <string>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::meta_document;
using mlscribe::detail::directory;
using mlscribe::detail::read_meta;
using mlscribe::detail::update_meta;

namespace {

struct run_folder {
    test::scratch_directory scratch;
    directory folder;

    run_folder() { BOOST_REQUIRE_EQUAL(directory::open(scratch.path(), folder), 0); }
    void write(const std::string& text) const { test::write_file(scratch / "meta.yaml", text); }
    error read(meta_document& document) const { return read_meta(folder, "the run", document); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_meta_file)

BOOST_FIXTURE_TEST_CASE(only_the_named_keys_change, run_folder) {
    write("a_later_key:\n  nested: [1, 2]\nrun_name: 'renamed: in the UI'\nstatus: 1\n");
    const error failure = update_meta(folder, "the run", [](meta_document& document) {
        document.set_integer("status", 3);
        document.set_null("end_time");
    });
    BOOST_TEST(!failure);
    BOOST_TEST(test::read_file(scratch / "meta.yaml") ==
               "a_later_key:\n  nested:\n  - 1\n  - 2\nend_time: null\n"
               "run_name: 'renamed: in the UI'\nstatus: 3\n");
    BOOST_TEST(test::tree(scratch.path()).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(damage_is_told_with_its_place_and_left_alone, run_folder) {
    meta_document document;
    BOOST_TEST((read(document).code == error_code::not_found));
    const std::string broken = "status: 1\nrun_name: \"cut of";
    write(broken);
    const error failure = read(document);
    BOOST_TEST((failure.code == error_code::damaged));
    BOOST_TEST(failure.message.find("the run/meta.yaml\" line 2") != std::string::npos,
               failure.message);
    bool called = false;
    BOOST_TEST((update_meta(folder, "the run", [&called](meta_document&) { called = true; }).code ==
                error_code::damaged));
    BOOST_TEST(!called);
    BOOST_TEST(test::read_file(scratch / "meta.yaml") == broken);
}

BOOST_FIXTURE_TEST_CASE(an_empty_file_is_damaged, run_folder) {
    write("");
    meta_document document;
    BOOST_TEST((read(document).code == error_code::damaged));
}

BOOST_FIXTURE_TEST_CASE(a_link_or_a_folder_is_not_read, run_folder) {
    test::write_file(scratch / "elsewhere", "status: 1\n");
    std::filesystem::create_symlink("elsewhere", scratch / "meta.yaml");
    meta_document document;
    BOOST_TEST(static_cast<bool>(read(document)));
    std::filesystem::remove(scratch / "meta.yaml");
    std::filesystem::create_directory(scratch / "meta.yaml");
    BOOST_TEST((read(document).code == error_code::system));
}

BOOST_AUTO_TEST_SUITE_END()
