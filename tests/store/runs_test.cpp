// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/store/runs.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>

#include "few_descriptors.hpp"
#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::lifecycle;
using mlscribe::detail::find_run;
using mlscribe::detail::found_run;
using mlscribe::detail::mark_run;
using mlscribe::detail::store_root;

namespace {

const std::string id = "a0b027bfadc54c49b3659cd870ff79c4";

std::string meta_text(const std::string& run_id) {
    return "end_time: null\nexperiment_id: '7'\nlifecycle_stage: active\nrun_id: " + run_id +
           "\nrun_name: x\nstart_time: 5\nstatus: 1\nuser_id: me\n";
}

struct opened_store {
    test::scratch_directory scratch;
    store_root store;

    opened_store() { BOOST_REQUIRE(!store_root::open_for_writing(scratch.store(), store)); }
    std::string folder(const std::string& relative) const {
        return scratch.store() + '/' + relative;
    }
    void write(const std::string& relative, const std::string& text) const {
        test::write_file(folder(relative) + "/meta.yaml", text);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_runs)

BOOST_FIXTURE_TEST_CASE(found_wherever_it_stands, opened_store) {
    write("7/" + id, meta_text(id));
    found_run found;
    BOOST_TEST(!find_run(store, id, found));
    BOOST_TEST(found.experiment_id == "7");
    BOOST_TEST(found.path == folder("7/" + id));
    BOOST_TEST(!found.in_trash);
    BOOST_TEST(found.meta.start_time == 5);
    std::filesystem::rename(folder("7"), folder(".trash/7"));
    BOOST_TEST(!find_run(store, id, found));
    BOOST_TEST(found.in_trash);
    BOOST_TEST(found.path == folder(".trash/7/" + id));
}

BOOST_FIXTURE_TEST_CASE(not_there_not_legal_or_damaged, opened_store) {
    found_run found;
    const error absent = find_run(store, id, found);
    BOOST_TEST((absent.code == error_code::not_found));
    BOOST_TEST(absent.message.find("MLFLOW_TRACKING_URI") != std::string::npos);
    for (const std::string bad : {"", "..", "a/b", "_x", "0/meta.yaml"}) {
        BOOST_TEST((find_run(store, bad, found).code == error_code::invalid_value));
    }
    std::filesystem::create_directories(folder("7/" + id));
    BOOST_TEST((find_run(store, id, found).code == error_code::not_found));
    write("7/" + id, "");
    BOOST_TEST((find_run(store, id, found).code == error_code::damaged));
    write("7/" + id, "status: 1\n");
    BOOST_TEST((find_run(store, id, found).code == error_code::damaged));
    write("7/" + id, meta_text("copied"));
    const error copied = find_run(store, id, found);
    BOOST_TEST((copied.code == error_code::damaged));
    BOOST_TEST(copied.message.find("is that of run \"copied\"") != std::string::npos);
    write("7/" + id, meta_text(std::string(900000, 'a')));
    BOOST_TEST(find_run(store, id, found).message.size() < 1000u);
}

BOOST_FIXTURE_TEST_CASE(a_planted_link_is_no_run, opened_store) {
    test::write_file(scratch / "elsewhere/meta.yaml", meta_text(id));
    std::filesystem::create_directories(folder("7"));
    std::filesystem::create_symlink(scratch / "elsewhere", folder("7/" + id));
    found_run found;
    BOOST_TEST((find_run(store, id, found).code == error_code::not_found));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_opened_may_be_the_run, opened_store) {
    write("7/" + id, meta_text(id));
    for (const std::size_t count : {0u, 1u, 2u}) {
        const error failure = [&] {
            const test::few_descriptors few(count);
            found_run found;
            return find_run(store, id, found);
        }();
        BOOST_TEST((failure.code == error_code::system), count);
        BOOST_TEST(failure.system_code == EMFILE, count);
        BOOST_TEST(failure.message.find("cannot look for the run in") != std::string::npos);
    }
    found_run found;
    BOOST_TEST(!find_run(store, id, found));
}

BOOST_FIXTURE_TEST_CASE(marked_deleted_and_restored, opened_store) {
    write("7/" + id, meta_text(id));
    found_run found;
    BOOST_REQUIRE(!find_run(store, id, found));
    BOOST_TEST(!mark_run(found.folder, found.path, lifecycle::deleted, 99));
    BOOST_TEST(test::meta(found.path, "lifecycle_stage") == "deleted");
    BOOST_TEST(test::meta(found.path, "deleted_time") == "99");
    BOOST_TEST(!mark_run(found.folder, found.path, lifecycle::active, 100));
    BOOST_TEST(test::read_file(found.path + "/meta.yaml") == meta_text(id));
}

BOOST_AUTO_TEST_SUITE_END()
