// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/journal/metric_list.hpp>

#include <string>
#include <vector>

#include "scratch_directory.hpp"

BOOST_AUTO_TEST_SUITE(journal_metric_list)

BOOST_AUTO_TEST_CASE(keys_that_mlflow_reads) {
    const test::scratch_directory scratch;
    for (const char* key : {"loss", "val/loss", "val/a b", "recall@5"}) {
        test::write_file(scratch / (std::string("metrics/") + key), "1 1.0 1\n");
    }
    mlscribe::detail::directory run;
    std::vector<std::string> keys;
    BOOST_REQUIRE(mlscribe::detail::directory::open(scratch.path(), run) == 0);
    BOOST_TEST(mlscribe::detail::list_metrics(run, keys) == 0);
    BOOST_TEST(keys == (std::vector<std::string>{"loss", "val/a b", "val/loss"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
