// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/doctor/quarantine.hpp>

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "scratch_directory.hpp"

namespace {

mlscribe::finding found_at(const std::string& path) {
    mlscribe::finding found;
    found.what = mlscribe::damage::stray_file;
    found.path = path;
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doctor_quarantine)

BOOST_AUTO_TEST_CASE(it_is_made_with_the_first_piece_beside_the_store) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "store/1/a/metrics/x", "bytes");
    mlscribe::detail::quarantine kept(scratch / "store", {});
    BOOST_TEST(kept.path().empty());
    BOOST_TEST(test::tree(scratch.path()).size() == 5u);
    mlscribe::detail::directory folder;
    BOOST_TEST(mlscribe::detail::directory::open(scratch / "store/1/a/metrics", folder) == 0);
    std::string where;
    BOOST_TEST(!kept.move(found_at("1/a/metrics/x"), folder, "x", where));
    BOOST_TEST(where == kept.path() + "/1/a/metrics/x");
    BOOST_TEST(kept.path().find(scratch / "store-quarantine/") == 0u);
    BOOST_TEST(test::read_file(where) == "bytes");
    BOOST_TEST(!kept.keep(found_at("1/a/metrics/x"), "others", where));
    BOOST_TEST(where == kept.path() + "/1/a/metrics/x~1");
    BOOST_TEST(test::read_file(where) == "others");
    const std::string list = test::read_file(kept.path() + "/MANIFEST.jsonl");
    BOOST_TEST(list.find("{\"path\": \"1/a/metrics/x\", \"damage\": \"stray-file\"") == 0u);
    BOOST_TEST(list.find("\"size\": 6") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_does_not_lie_in_the_store) {
    const test::scratch_directory scratch;
    test::write_file(scratch / "store/1/x", "bytes");
    for (const char* const place :
         {"store", "store/away", "store/1/../away", "elsewhere/../store"}) {
        mlscribe::detail::quarantine kept(scratch / "store", scratch / place);
        std::string where;
        const mlscribe::error failure = kept.keep(found_at("1/x"), "bytes", where);
        BOOST_TEST((failure.code == mlscribe::error_code::invalid_path), place);
        BOOST_TEST(kept.path().empty());
    }
    BOOST_TEST(test::tree(scratch / "store").size() == 2u);
}

// Where both are one disk it is a rename, as above.
BOOST_AUTO_TEST_CASE(a_file_goes_to_another_disk_and_a_folder_stays) {
    const test::scratch_directory scratch;
    const std::filesystem::path place =
        std::filesystem::path("/dev/shm") / std::filesystem::path(scratch.path()).filename();
    struct stat here {};
    struct stat there {};
    BOOST_TEST_REQUIRE(::stat(scratch.path().c_str(), &here) == 0);
    BOOST_TEST_REQUIRE(::stat("/dev/shm", &there) == 0);
    test::write_file(scratch / "store/1/x", "bytes");
    test::write_file(scratch / "store/1/folder/y", "more");
    mlscribe::detail::quarantine kept(scratch / "store", place.string());
    mlscribe::detail::directory folder;
    BOOST_TEST(mlscribe::detail::directory::open(scratch / "store/1", folder) == 0);
    std::string where;
    BOOST_TEST(!kept.move(found_at("1/x"), folder, "x", where));
    BOOST_TEST(test::read_file(where) == "bytes");
    BOOST_TEST(!test::exists(scratch / "store/1/x"));
    const mlscribe::error failure = kept.move(found_at("1/folder"), folder, "folder", where);
    if (here.st_dev != there.st_dev) {
        BOOST_TEST(
            failure.message.find("name a quarantine on the disk of the store") != std::string::npos,
            failure.message);
        BOOST_TEST(test::read_file(scratch / "store/1/folder/y") == "more");
    }
    std::filesystem::remove_all(place);
}

BOOST_AUTO_TEST_SUITE_END()
