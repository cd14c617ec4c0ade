// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/resume_target.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

#include "scratch_directory.hpp"

using mlscribe::error;
using mlscribe::error_code;
using mlscribe::from_checkpoint;
using mlscribe::from_step;
using mlscribe::detail::checkpoint_record;
using mlscribe::detail::resume_target;

namespace {

struct stored_run {
    test::scratch_directory scratch;
    mlscribe::detail::found_run run;

    stored_run() {
        BOOST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), run.folder) == 0);
        run.path = scratch.path();
        run.meta.run_id = "r";
    }
    void keep(const std::string& name, const std::string& text) const {
        test::write_file(scratch / ("artifacts/checkpoints/" + name + ".json"), text);
    }
    error_code load(const std::string& name) const {
        resume_target target{from_checkpoint{name}};
        const error failure = target.load(run);
        if (failure) BOOST_TEST(!failure.message.empty());
        return failure.code;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(run_resume_target)

BOOST_FIXTURE_TEST_CASE(a_checkpoint_that_is_not_there, stored_run) {
    keep("good", checkpoint_text(checkpoint_record()));
    keep("deep/er", checkpoint_text(checkpoint_record()));
    keep("bad", "{\"time\": 3");
    BOOST_TEST((load("good") == error_code::ok));
    BOOST_TEST((load("deep/er") == error_code::ok));
    BOOST_TEST((load("absent") == error_code::not_found));
    BOOST_TEST((load("good.json/below") == error_code::not_found));
    BOOST_TEST((load("bad") == error_code::damaged));
    BOOST_TEST((load("") == error_code::invalid_path));
    BOOST_TEST((load("../../meta") == error_code::invalid_path));
    BOOST_TEST((load(std::string(251, 'x')) == error_code::invalid_path));
}

BOOST_FIXTURE_TEST_CASE(what_the_ranks_keep_is_bounded, stored_run) {
    checkpoint_record record;
    record.own_prefix = "";
    keep("good", checkpoint_text(record));
    const auto keep_of_rank = [&](const std::string& prefix, std::size_t mebibytes) {
        record.own_prefix = prefix;
        test::write_file(scratch / ("artifacts/rank_checkpoints/" + prefix + "good.json"),
                         checkpoint_text(record) + std::string(mebibytes << 20, ' '));
    };
    for (const char* const prefix : {"rank_1/", "rank_2/", "rank_3/", "rank_4/"}) {
        keep_of_rank(prefix, 15);
    }
    resume_target target{from_checkpoint{"good"}};
    BOOST_TEST(!target.load(run));
    BOOST_REQUIRE(target.record());
    BOOST_TEST(target.record()->guests.size() == 4u);
    keep_of_rank("rank_5/", 15);
    resume_target refused{from_checkpoint{"good"}};
    const error failure = refused.load(run);
    BOOST_TEST(failure.system_code == EFBIG);
    BOOST_TEST(failure.message.find("at most 64 MiB") != std::string::npos, failure.message);
}

BOOST_FIXTURE_TEST_CASE(steps_count_from_0, stored_run) {
    for (const from_step& from : {from_step{-1}, from_step{{"a", 3}, {"b", -7}}}) {
        resume_target target(from);
        const error failure = target.load(run);
        BOOST_TEST((failure.code == error_code::invalid_value));
        BOOST_TEST(failure.message.find("steps count from 0") != std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(the_longest_beginning_of_a_key_counts, stored_run) {
    resume_target target(from_step{{"train/", 300}, {"train/val/", 3}, {"", 7}});
    BOOST_REQUIRE(!target.load(run));
    BOOST_TEST(target.cut_of("train/loss")->from_step.value() == 300);
    BOOST_TEST(target.cut_of("train/val/loss")->from_step.value() == 3);
    BOOST_TEST(target.cut_of("train")->from_step.value() == 7);
    BOOST_TEST(!target.cut_of("system/cpu").has_value());
    const resume_target parts(from_step{{"train/", 300}});
    BOOST_TEST(!parts.cut_of("val/loss").has_value());
}

BOOST_FIXTURE_TEST_CASE(which_checkpoints_know_more, stored_run) {
    checkpoint_record record;
    record.series["train/loss"] = {301, 5, false};
    record.series["system/cpu"] = {900, 5, true};
    BOOST_TEST(!resume_target(from_step{301}).is_before(record));
    BOOST_TEST(resume_target(from_step{300}).is_before(record));
    BOOST_TEST(!resume_target(from_step{{"val/", 0}}).is_before(record));
    keep("c", checkpoint_text(record));
    resume_target target(from_checkpoint{"c"});
    BOOST_REQUIRE(!target.load(run));
    BOOST_TEST(!target.is_before(record));
    record.series["train/loss"].time = 6;
    BOOST_TEST(target.is_before(record));
}

BOOST_AUTO_TEST_SUITE_END()
