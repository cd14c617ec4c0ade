// SPDX-License-Identifier: MIT
#include <mlscribe/hpc/start_point.hpp>

#include <boost/test/unit_test.hpp>

#include <mlscribe/hpc/job_return.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "scratch_directory.hpp"

namespace {

using namespace mlscribe::detail;

start_point behind(std::int64_t step) {
    checkpoint_record record;
    record.time = 5;
    record.done_step = step;
    record.ranges = {{range_kind::steps, 0, step, 100}};
    record.next_range_step = step;
    record.series["loss"] = {step + 1, 4, false};
    return {"step \"" + std::to_string(step) + "\"\n", record};
}

found_run run_in(const test::scratch_directory& scratch) {
    found_run run;
    BOOST_TEST_REQUIRE(directory::open(scratch.path(), run.folder) == 0);
    return run;
}

/// Reads its checkpoint while rank 0 begins.
struct overtaken_return {
    static constexpr bool moves_loop = true;

    mlscribe::error load(const found_run& run) {
        ++loads;
        BOOST_TEST(keep_start_point(run.folder, "1 b", behind(7)) == 0);
        return {mlscribe::error_code::damaged, 0, "was replaced meanwhile"};
    }
    void begin_at(start_point begin) { begun = std::move(begin); }

    int loads = 0;
    std::optional<start_point> begun;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hpc_start_point)

BOOST_AUTO_TEST_CASE(is_read_by_ranks_of_the_same_start_alone) {
    const test::scratch_directory scratch;
    const found_run run = run_in(scratch);
    BOOST_TEST(!read_start_point(run.folder, "0 a"));
    BOOST_TEST(keep_start_point(run.folder, "0 a", behind(3)) == 0);
    const std::optional<start_point> read = read_start_point(run.folder, "0 a");
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->checkpoint == behind(3).checkpoint);
    BOOST_TEST(read->record.is_at(behind(3).record));
    BOOST_TEST(!read_start_point(run.folder, "1 a"));
    BOOST_TEST(keep_start_point(run.folder, {}, behind(3)) == 0);
    BOOST_TEST(!read_start_point(run.folder, {}));
}

BOOST_AUTO_TEST_CASE(of_a_damaged_file_is_none) {
    const test::scratch_directory scratch;
    const found_run run = run_in(scratch);
    BOOST_TEST(keep_start_point(run.folder, "0 a", behind(3)) == 0);
    const std::string path = scratch / std::string(start_point_file);
    const std::string whole = test::read_file(path);
    for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
        test::write_file(path, whole.substr(0, length));
        BOOST_TEST(!read_start_point(run.folder, "0 a"), length);
    }
}

BOOST_AUTO_TEST_CASE(is_looked_for_again_behind_the_checkpoint) {
    const test::scratch_directory scratch;
    const found_run run = run_in(scratch);
    BOOST_TEST(keep_start_point(run.folder, "0 a", behind(3)) == 0);
    overtaken_return back;
    BOOST_TEST(!guest_return<overtaken_return>(back, "1 b").load(run));
    BOOST_TEST(back.loads == 1);
    BOOST_TEST_REQUIRE(back.begun.has_value());
    BOOST_TEST(back.begun->record.done_step == 7);
    // Who finds it at once needs no checkpoint.
    BOOST_TEST(!guest_return<overtaken_return>(back, "1 b").load(run));
    BOOST_TEST(back.loads == 1);
    BOOST_TEST(!!guest_return<overtaken_return>(back, "2 c").load(run));
}

BOOST_AUTO_TEST_SUITE_END()
