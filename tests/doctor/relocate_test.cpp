// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor.hpp>
#include <mlscribe/mlscribe.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

#include "scratch_directory.hpp"

namespace {

/// A store with a run that has an artifact.
struct store_to_move {
    test::scratch_directory scratch;
    test::error_log log;
    std::string experiment;
    std::string run;

    store_to_move() {
        mlscribe::run made = mlscribe::start_run(test::options(scratch, log));
        made.log_text("text", "note.txt");
        experiment = std::string(made.experiment_id());
        run = experiment + '/' + std::string(made.id());
    }

    std::string meta(const std::string& root, const std::string& folder) const {
        return test::read_file(root + '/' + folder + "/meta.yaml");
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor_relocate)

BOOST_AUTO_TEST_CASE(a_moved_store_leads_to_where_it_is) {
    const store_to_move moved;
    const std::string place = moved.scratch / "x y/mlruns2";
    std::filesystem::create_directories(moved.scratch / "x y");
    std::filesystem::rename(moved.scratch.store(), place);
    mlscribe::relocate_options options;
    options.dry_run = true;
    const auto planned = mlscribe::relocate(place, options);
    BOOST_TEST(has(moved.meta(place, moved.run), "file://" + moved.scratch.store() + '/'));
    const auto done = mlscribe::relocate(place);
    BOOST_TEST(done.failures.empty());
    // Of both experiments and the run.
    BOOST_TEST(done.changes.size() == 3u);
    BOOST_TEST(planned.changes.size() == 3u);
    const std::string uri = "file://" + moved.scratch.path() + "/x%20y/mlruns2/";
    BOOST_TEST(has(moved.meta(place, moved.run), uri + moved.run + "/artifacts"));
    BOOST_TEST(has(moved.meta(place, moved.experiment), uri + moved.experiment));
    BOOST_TEST(mlscribe::relocate(place).changes.empty());
    BOOST_TEST(mlscribe::examine(place).findings.empty());
}

BOOST_AUTO_TEST_CASE(a_copy_does_not_lead_to_the_store_that_it_was_made_of) {
    const store_to_move original;
    const std::string place = original.scratch / "copy";
    std::filesystem::copy(original.scratch.store(), place,
                          std::filesystem::copy_options::recursive);
    BOOST_TEST(mlscribe::relocate(place).changes.size() == 3u);
    BOOST_TEST(mlscribe::relocate(original.scratch.store()).changes.empty());
    BOOST_TEST(has(original.meta(original.scratch.store(), original.run),
                   original.scratch.store() + '/' + original.run));
}

BOOST_AUTO_TEST_CASE(artifacts_that_are_kept_elsewhere_stay_there) {
    const store_to_move store;
    const std::string root = store.scratch.store();
    const std::string elsewhere = store.scratch / "large";
    std::filesystem::create_directories(elsewhere + '/' + store.run + "/artifacts");
    std::string meta = store.meta(root, store.run);
    const std::string uri = "file://" + root;
    meta.replace(meta.find(uri), uri.size(), "file://" + elsewhere);
    test::write_file(root + '/' + store.run + "/meta.yaml", meta);
    BOOST_TEST(mlscribe::relocate(root).changes.empty());
    for (const char* const other :
         {"s3://bucket/place", "mlflow-artifacts:/place", "mlruns/place"}) {
        std::string changed = meta;
        const std::size_t at = changed.find("file://" + elsewhere);
        changed.replace(at, changed.find('\n', at) - at - 1, other);
        test::write_file(root + '/' + store.run + "/meta.yaml", changed);
        BOOST_TEST(mlscribe::relocate(root).changes.empty());
    }
}

BOOST_AUTO_TEST_CASE(the_old_place_can_be_told) {
    // Without artifacts nothing tells that the store was moved, rather than its artifacts.
    const test::scratch_directory scratch;
    test::error_log log;
    { mlscribe::start_run(test::options(scratch, log)); }
    const std::string place = scratch / "moved";
    std::filesystem::rename(scratch.store(), place);
    BOOST_TEST(mlscribe::relocate(place).changes.empty());
    mlscribe::relocate_options options;
    options.from = "file://" + scratch.store();
    BOOST_TEST(mlscribe::relocate(place, options).changes.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_plain_path_stays_one) {
    const store_to_move moved;
    const std::string root = moved.scratch.store();
    std::string meta = moved.meta(root, moved.run);
    meta.erase(meta.find("file://"), 7);
    test::write_file(root + '/' + moved.run + "/meta.yaml", meta);
    const std::string place = moved.scratch / "moved";
    std::filesystem::rename(root, place);
    BOOST_TEST(mlscribe::relocate(place).changes.size() == 3u);
    BOOST_TEST(!has(moved.meta(place, moved.run), "file:"));
    BOOST_TEST(has(moved.meta(place, moved.run), place + '/' + moved.run + "/artifacts"));
}

BOOST_AUTO_TEST_CASE(what_is_longer_than_any_path_stays) {
    const store_to_move moved;
    const std::string root = moved.scratch.store();
    const std::string long_uri = "file://" + root + '/' + std::string(900000, 'x');
    std::string meta = moved.meta(root, moved.experiment);
    const std::size_t at = meta.find("file://");
    meta.replace(at, meta.find('\n', at) - at, long_uri);
    test::write_file(root + "/7/meta.yaml", meta);
    const std::string place = moved.scratch / "moved";
    std::filesystem::rename(root, place);
    BOOST_TEST(mlscribe::relocate(place).changes.size() == 3u);
    BOOST_TEST((moved.meta(place, "7") == meta));
}

BOOST_AUTO_TEST_SUITE_END()
