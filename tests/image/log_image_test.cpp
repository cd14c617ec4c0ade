// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/image.hpp>

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "child_process.hpp"
#include "decoded_png.hpp"
#include "environment.hpp"
#include "scratch_directory.hpp"

using mlscribe::error_code;
using mlscribe::image_view;

namespace {

using grey = std::vector<std::vector<std::uint8_t>>;

const grey two_rows = {{0, 100, 200}, {1, 2, 3}};
const std::string tag = "/tags/mlflow.loggedImages";
const std::string thumbnail_ending = "+compressed.png";

bool is_thumbnail(const std::string& path) {
    return path.size() > thumbnail_ending.size() &&
           path.substr(path.size() - thumbnail_ending.size()) == thumbnail_ending;
}

struct started {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    std::string folder = test::folder(scratch, run);

    std::vector<std::string> artifacts() const {
        return test::exists(folder + "/artifacts") ? test::tree(folder + "/artifacts")
                                                   : std::vector<std::string>();
    }
    /// The pictures with a step that begin with `prefix`; each has its thumbnail.
    std::vector<std::string> pictures(const std::string& prefix) const {
        std::vector<std::string> stems;
        std::size_t thumbnails = 0;
        for (const std::string& path : artifacts()) {
            if (path.compare(0, prefix.size(), prefix) != 0) continue;
            const bool is_small =
                path.size() > thumbnail_ending.size() &&
                path.substr(path.size() - thumbnail_ending.size()) == thumbnail_ending;
            thumbnails += is_small ? 1 : 0;
            if (!is_small) stems.push_back(path.substr(0, path.size() - 4));
        }
        BOOST_TEST(thumbnails == stems.size());
        return stems;
    }
    test::decoded_png decoded(const std::string& path) const {
        return test::decode(test::read_file(folder + "/artifacts/" + path));
    }
    /// Whether nothing of a picture is there: no file, no tag, nothing under a temporary name.
    bool is_bare() const {
        for (const std::string& path : artifacts()) {
            if (path.back() != '/') return false;
        }
        return !test::exists(folder + tag) && !leaves_staged_files();
    }
    bool leaves_staged_files() const {
        for (const std::string& path : test::tree(folder)) {
            const std::string staged = mlscribe::detail::staged_owner(::getpid());
            if (path.compare(0, staged.size(), staged) == 0) return true;
        }
        return false;
    }
};

/// The grid shows a broken picture where one is seen without its thumbnail.
void expect_thumbnails(const std::string& images) {
    for (const std::string& path : test::tree(images)) {
        if (is_thumbnail(path)) continue;
        BOOST_TEST(test::exists(images + '/' + path.substr(0, path.size() - 4) + thumbnail_ending));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_log_image)

BOOST_AUTO_TEST_CASE(a_picture_without_a_step_is_one_file) {
    started at;
    at.run.log_image(two_rows, "samples/a.png");
    BOOST_TEST(at.artifacts() == (std::vector<std::string>{"samples/", "samples/a.png"}),
               boost::test_tools::per_element());
    BOOST_TEST(at.decoded("samples/a.png").values == (std::vector<int>{0, 100, 200, 1, 2, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(!test::exists(at.folder + tag));
    at.run.log_image(grey{{5}}, "samples/a.png");
    BOOST_TEST(at.decoded("samples/a.png").values == std::vector<int>{5},
               boost::test_tools::per_element());
    BOOST_TEST(at.log.all().empty());
}

BOOST_AUTO_TEST_CASE(pictures_with_a_step_stand_beside_their_thumbnails_and_set_the_tag) {
    started at;
    for (auto epoch : at.run.epochs(3)) {
        at.run.log_image(two_rows, "val/digits", epoch);
    }
    at.run.log_image(two_rows, "val/digits", 2u, mlscribe::timestamp{5});
    BOOST_TEST(at.pictures("images/val~digits+step+").size() == 4u);
    BOOST_TEST(at.pictures("images/val~digits+step+1+timestamp+").size() == 1u);
    const auto timed = at.pictures("images/val~digits+step+2+timestamp+5+");
    BOOST_REQUIRE(timed.size() == 1u);
    BOOST_TEST(at.decoded(timed[0] + ".png").values == (std::vector<int>{0, 100, 200, 1, 2, 3}),
               boost::test_tools::per_element());
    const test::decoded_png shown = at.decoded(timed[0] + thumbnail_ending);
    BOOST_TEST(shown.width == 255u);
    BOOST_TEST(shown.height == 170u);
    BOOST_TEST(test::read_file(at.folder + tag) == "True");
    at.run.end();
    BOOST_TEST(at.log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_picture_as_large_as_a_thumbnail_is_packed_once) {
    started at;
    const std::vector<std::uint8_t> pixels(200 * 150 * 3, 9);
    at.run.log_image(image_view{pixels.data(), 200, 150, 3}, "view", 0);
    const auto stems = at.pictures("images/view");
    BOOST_REQUIRE(stems.size() == 1u);
    BOOST_TEST(test::read_file(at.folder + "/artifacts/" + stems[0] + ".png") ==
               test::read_file(at.folder + "/artifacts/" + stems[0] + thumbnail_ending));
}

BOOST_AUTO_TEST_CASE(a_picture_that_is_refused_leaves_nothing) {
    started at;
    at.run.log_image(grey{}, "a.png");
    at.run.log_image(grey{}, "a", 0);
    at.run.log_image(two_rows, "../a.png");
    at.run.log_image(two_rows, "a");
    at.run.log_image(two_rows, "a+b", 0);
    at.run.log_image(two_rows, "a", -1);
    at.run.log_image(std::vector<std::vector<int>>{{0, 256}}, "a", 0);
    at.run.log_image(image_view{nullptr, 1, 1, 1}, "a", 0);
    BOOST_TEST(at.is_bare());
    BOOST_TEST(at.log.all().size() == 8u);
    BOOST_TEST(at.log.tells({"image \"a.png\": it has 0 x 0 pixels"}));
    BOOST_TEST(at.log.tells({"image \"a\": it has integers 0 to 256"}));
}

BOOST_AUTO_TEST_CASE(real_numbers_out_of_range_are_shown_and_reported) {
    started at;
    at.run.log_image(std::vector<std::vector<float>>{{-1, 1}}, "tanh", 0);
    BOOST_TEST(at.pictures("images/tanh").size() == 1u);
    BOOST_TEST(test::exists(at.folder + tag));
    BOOST_TEST(at.log.all().size() == 1u);
    BOOST_TEST(at.log.tells({"image \"tanh\": its values, -1.0 to 1.0, are outside"}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_leaves_nothing) {
    started at;
    test::write_file(at.folder + "/artifacts/images", "a file");
    at.run.log_image(two_rows, "a", 0);
    BOOST_TEST(at.log.tells({"cannot write image", "artifacts/images/a+step+0"}));
    BOOST_TEST(!test::exists(at.folder + tag));
    BOOST_TEST(at.artifacts() == std::vector<std::string>{"images"},
               boost::test_tools::per_element());
    BOOST_TEST(!at.leaves_staged_files());
}

BOOST_AUTO_TEST_CASE(threads_log_pictures_at_once) {
    started at;
    std::vector<std::thread> workers;
    for (int worker = 0; worker != 4; ++worker) {
        workers.emplace_back([&at, worker] {
            for (int step = 0; step != 10; ++step) {
                at.run.log_image(grey(3, std::vector<std::uint8_t>(4, 7)), "shared",
                                 step * 4 + worker);
            }
        });
    }
    for (std::thread& worker : workers) worker.join();
    BOOST_TEST(at.pictures("images/shared+step+").size() == 40u);
    BOOST_TEST(at.log.all().empty());
}

BOOST_AUTO_TEST_CASE(a_killed_program_leaves_whole_pictures_and_none_without_its_thumbnail) {
    for (int round = 0; round != 5; ++round) {
        started at;
        test::child_process child([&at] {
            test::error_log log;
            mlscribe::run_options options = test::options(at.scratch, log);
            options.run_id = "killed";
            mlscribe::run run = mlscribe::start_run(options);
            for (std::int64_t step = 0;; ++step) run.log_image(two_rows, "digits", step);
            return std::string();
        });
        at.folder = at.scratch.store() + '/' + std::string(at.run.experiment_id()) + "/killed";
        const std::string images = at.folder + "/artifacts/images";
        while (!test::exists(at.folder + tag)) std::this_thread::yield();
        for (int look = 0; look != 4 + round; ++look) expect_thumbnails(images);
        child.kill();
        BOOST_TEST(child.result() == "signal 9");
        expect_thumbnails(images);
        for (const std::string& path : test::tree(images)) {
            const test::decoded_png seen = at.decoded("images/" + path);
            BOOST_TEST((seen.width == 3u || seen.width == 255u));
        }
        mlscribe::run resumed = mlscribe::resume_run("killed", test::resuming(at.scratch, at.log));
        resumed.log_image(two_rows, "digits", 1000000);
        resumed.end();
        for (const std::string& path : test::tree(at.folder)) {
            BOOST_TEST(path.compare(0, 10, ".mlscribe-") != 0);
        }
        BOOST_TEST(at.log.all().empty());
    }
}

BOOST_AUTO_TEST_CASE(switched_off_nothing_is_looked_at) {
    const test::variable mode("MLSCRIBE_MODE", "disabled");
    const test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));
    run.log_image(image_view{nullptr, 1, 1, 1}, "a.png");
    run.log_image(image_view{nullptr, 1, 1, 1}, "@", -1);
    run.log_image(image_view{nullptr, 1, 1, 1}, "@", -1, mlscribe::timestamp{-1});
    mlscribe::run().log_image(two_rows, "a.png");
    BOOST_TEST(test::tree(scratch.path()).empty());
    BOOST_TEST(log.all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
