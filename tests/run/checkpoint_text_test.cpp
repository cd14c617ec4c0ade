// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/run/checkpoint_text.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "run/rows_tail_of.hpp"

using mlscribe::detail::checkpoint_record;
using mlscribe::detail::no_step;
using mlscribe::detail::parse_checkpoint;
using mlscribe::detail::range_kind;
using test::rows_tail_of;

BOOST_AUTO_TEST_SUITE(run_checkpoint_text)

BOOST_AUTO_TEST_CASE(as_it_is_written) {
    checkpoint_record record;
    record.done_step = 503;
    record.ranges = {{range_kind::epochs, 0, 5, 100}, {range_kind::steps, 500, 503, 600, 2}};
    record.time = 1700000000000;
    record.next_range_step = 503;
    record.mark("loss", rows_tail_of({502, 503}));
    record.mark("système/é", rows_tail_of({0, 1, 0}));
    record.mark("system/cpu", rows_tail_of({7}));
    record.mark("never logged", rows_tail_of({}));
    const std::string text = checkpoint_text(record);
    BOOST_TEST(text == R"({
  "time": 1700000000000,
  "done_step": 503,
  "ranges_done": 0,
  "next_range_step": 503,
  "ranges": {
    "0": {
      "kind": "epochs",
      "first": 0,
      "current": 5,
      "last": 100,
      "before": 0
    },
    "1": {
      "kind": "steps",
      "first": 500,
      "current": 503,
      "last": 600,
      "before": 2
    }
  },
  "series": {
    "loss": {
      "next_step": 504,
      "time": 1001
    },
    "system/cpu": {
      "next_step": 8,
      "time": 1000,
      "cut_by": "time"
    },
    "syst\u00e8me/\u00e9": {
      "next_step": 1,
      "time": 1002,
      "cut_by": "time"
    }
  }
}
)");
    const auto read = parse_checkpoint(text);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(checkpoint_text(*read) == text);
}

BOOST_AUTO_TEST_CASE(outside_of_every_range) {
    const auto read = parse_checkpoint(checkpoint_text(checkpoint_record()));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->done_step == no_step);
    BOOST_TEST(read->ranges.empty());
    BOOST_TEST(read->series.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_checkpoint) {
    for (
        const char* text :
        {"", "[]", "{}", "{\"time\": 1}",
         R"({"time":1,"ranges_done":0,"next_range_step":0,"ranges":{},"series":3})",
         R"({"time":1.5,"ranges_done":0,"next_range_step":0,"ranges":{},"series":{}})",
         R"({"time":1,"ranges_done":0,"next_range_step":0,"ranges":{"0":{}},"series":{}})",
         R"({"time":1,"ranges_done":0,"next_range_step":0,"ranges":{},"series":{"loss":{"next_step":1}}})",
         R"({"time":1,"ranges_done":0,"next_range_step":0,"ranges":{},"series":{"loss":7}})"}) {
        BOOST_TEST(!parse_checkpoint(text).has_value());
    }
    // Numbers that no run has; some of them would overflow.
    const std::string start = R"({"time":1,"ranges_done":0,"next_range_step":)";
    const auto with_range = [&start](const std::string& numbers) {
        return start + R"(0,"ranges":{"0":{"kind":"steps",)" + numbers + R"(}},"series":{}})";
    };
    BOOST_TEST(
        parse_checkpoint(with_range(R"("first":0,"current":3,"last":9,"before":0)")).has_value());
    for (const char* numbers :
         {R"("first":-1,"current":3,"last":9,"before":0)",
          R"("first":4,"current":3,"last":9,"before":0)",
          R"("first":0,"current":10,"last":9,"before":0)",
          R"("first":0,"current":3,"last":9,"before":-1)",
          R"("first":-9223372036854775808,"current":0,"last":0,"before":0)"}) {
        BOOST_TEST(!parse_checkpoint(with_range(numbers)).has_value(), numbers);
    }
    BOOST_TEST(
        !parse_checkpoint(start + R"(-9223372036854775808,"ranges":{},"series":{}})").has_value());
    std::string other = with_range(R"("first":0,"current":3,"last":9,"before":0)");
    other.replace(other.find("steps\",\"first"), 5, "turns");
    BOOST_TEST(!parse_checkpoint(other).has_value());
    BOOST_TEST(parse_checkpoint(
                   R"({"time":1,"ranges_done":0,"next_range_step":0,"ranges":{},"series":{}})")
                   .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
