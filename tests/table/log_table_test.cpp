// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

using mlscribe::error_code;

namespace {

enum class species { setosa, virginica };

struct box {
    int x = 0;
    std::optional<double> y;
};
MLSCRIBE_DESCRIBE(box, x, y)

struct row {
    std::uint64_t id = 0;
    double score = 0;
    species label = species::setosa;
    box found;
    std::optional<box> wanted;
    std::vector<float> weights;
    std::map<std::string, bool> flags;
};
MLSCRIBE_DESCRIBE(row, id, score, label, found, wanted, weights, flags)

struct columns {
    std::vector<int> a;
    std::vector<std::string> b;
};
MLSCRIBE_DESCRIBE(columns, a, b)

using numbers = std::vector<std::pair<std::string, std::vector<int>>>;

struct logging {
    test::scratch_directory scratch;
    test::error_log log;
    mlscribe::run run = mlscribe::start_run(test::options(scratch, log));

    std::string place(const std::string& path) const {
        return test::folder(scratch, run) + "/artifacts/" + path;
    }
    std::string text(const std::string& path) const { return test::read_file(place(path)); }
    std::string tag() const {
        return test::read_file(test::folder(scratch, run) + "/tags/mlflow.loggedArtifacts");
    }
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(table_log_table)

BOOST_FIXTURE_TEST_CASE(members_are_columns, logging) {
    std::vector<row> rows(2);
    rows[0] = {UINT64_MAX, 0.1, species::virginica, {1, {}}, box{2, 0.5}, {0.1f}, {{"a/b", true}}};
    rows[1].score = std::nan("");
    run.log_table(rows, "eval/p.json");
    BOOST_TEST(
        text("eval/p.json") ==
        R"({"columns":["id","score","label","found.x","found.y","wanted","weights","flags"],)"
        R"("data":[[18446744073709551615,0.1,"virginica",1,null,{"x":2,"y":0.5},[0.1],)"
        R"({"a\/b":true}],[0,null,"setosa",0,null,null,[],{}]]})");
    BOOST_TEST(tag() == R"([{"path": "eval/p.json", "type": "table"}])");
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(columns_may_be_given, logging) {
    run.log_table(columns{{1, 2}, {"x", "y"}}, "a.json");
    run.log_table(std::map<std::string, std::vector<bool>>{{"b", {true}}, {"a/c", {false}}},
                  "b.json");
    run.log_table(numbers{{"z", {}}}, "c.json");
    BOOST_TEST(text("a.json") == R"({"columns":["a","b"],"data":[[1,"x"],[2,"y"]]})");
    BOOST_TEST(text("b.json") == R"({"columns":["a\/c","b"],"data":[[false,true]]})");
    BOOST_TEST(text("c.json") == R"({"columns":["z"],"data":[]})");
    BOOST_TEST(count(tag(), "\"type\": \"table\"") == 3u);
    run.log_table(std::vector<row>(), "d.json");
    BOOST_TEST(!test::exists(place("d.json")));
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(rows_are_appended_by_the_names_of_their_columns, logging) {
    test::write_file(place("t.json"), "{\"columns\": [\"b\", \"a\"], \"data\": [ ] }\n");
    run.log_table(columns{{1}, {"x"}}, "t.json");
    run.log_table(columns{{2, 3}, {"y", "]}"}}, "t.json");
    run.log_table(columns{}, "t.json");
    BOOST_TEST(text("t.json") ==
               "{\"columns\": [\"b\", \"a\"], \"data\": [[\"x\",1],[\"y\",2],[\"]}\",3]]}");
    BOOST_TEST(tag() == R"([{"path": "t.json", "type": "table"}])");
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(columns_are_found_again_by_names_that_are_no_text, logging) {
    for (int i = 0; i < 2; ++i) run.log_table(numbers{{"\xFF", {i}}}, "t.json");
    BOOST_TEST(text("t.json") == R"({"columns":["\ufffd"],"data":[[0],[1]]})");
    run.log_table(numbers{{"\xFF", {1}}, {"\xFE", {1}}}, "u.json");
    BOOST_TEST(log.tells({"table \"u.json\": two of its columns are called"}));
    BOOST_TEST(log.all().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_table_whose_columns_changed_stays, logging) {
    run.log_table(numbers{{"a", {1}}, {"b", {2}}}, "t.json");
    const std::string before = text("t.json");
    for (const numbers& other : {numbers{{"a", {1}}}, numbers{{"a", {1}}, {"c\n", {1}}},
                                 numbers{{"a", {1}}, {"b", {1}}, {"c", {1}}}}) {
        run.log_table(other, "t.json");
    }
    BOOST_TEST(log.count(error_code::value_changed) == 3u);
    BOOST_TEST(
        log.tells({"table \"t.json\": it has the columns \"a\", \"b\" and these rows have "
                   "\"a\", \"c\\n\"; log them to another file"}));
    run.log_table(numbers{{"a", {1}}, {"b", {}}}, "t.json");
    run.log_table(numbers{{"a", {1}}, {"a", {1}}}, "t.json");
    BOOST_TEST(log.count(error_code::invalid_value) == 2u);
    BOOST_TEST(log.tells({"differ in length: \"a\" has 1 values and \"b\" has 0"}));
    BOOST_TEST(log.tells({"two of its columns are called \"a\""}));
    BOOST_TEST(text("t.json") == before);
}

BOOST_FIXTURE_TEST_CASE(what_is_no_table_stays, logging) {
    test::write_file(place("half.json"), R"({"columns":["a"],"data":[[1],[2)");
    test::write_file(place("folder.json/x"), "");
    ::symlink("half.json", place("link.json").c_str());
    for (const std::string path : {"half.json", "folder.json", "link.json", "half.json/x.json"}) {
        run.log_table(numbers{{"a", {1}}}, path);
    }
    BOOST_TEST(log.all().size() == 4u);
    BOOST_TEST(log.count(error_code::damaged) == 1u);
    BOOST_TEST(log.tells({"no table that log_table wrote"}));
    BOOST_TEST(text("half.json") == R"({"columns":["a"],"data":[[1],[2)");
    BOOST_TEST(!test::exists(test::folder(scratch, run) + "/tags/mlflow.loggedArtifacts"));
}

BOOST_FIXTURE_TEST_CASE(names_that_mlflow_would_not_find_are_refused, logging) {
    for (const std::string path :
         {"", "../t.json", "/t.json", "t", "t.JSON", "t.parquet", "a'b.json", "a\"b.json",
          "a,b.json", "a:b.json", "[a].json", "{a}.json"}) {
        run.log_table(numbers{{"a", {1}}}, path);
    }
    BOOST_TEST(log.count(error_code::invalid_path) == 12u);
    BOOST_TEST(log.tells({"not as Parquet"}));
    BOOST_TEST(test::tree(place("")).empty());
}

BOOST_FIXTURE_TEST_CASE(the_tag_keeps_what_others_wrote_and_stays_readable, logging) {
    const std::string file = test::folder(scratch, run) + "/tags/mlflow.loggedArtifacts";
    test::write_file(file, R"([{"path": "a.json", "type": "image"}, 7])");
    run.log_table(numbers{{"a", {1}}}, "a.json");
    BOOST_TEST(tag() == R"([{"path": "a.json", "type": "image"}, 7, )"
                        R"({"path": "a.json", "type": "table"}])");
    test::write_file(file, "[" + std::string(7970, ' ') + "]");
    run.log_table(numbers{{"a", {1}}}, "\xC3\xBC.json");
    BOOST_TEST(tag() == R"([{"path": "\u00fc.json", "type": "table"}])");
    for (int i = 0; i < 250; ++i) run.log_table(numbers{{"a", {i}}}, std::to_string(i) + ".json");
    BOOST_TEST(tag().size() <= 8000u);
    BOOST_TEST(tag().back() == ']');
    BOOST_TEST(log.count(error_code::value_truncated) > 0u);
    BOOST_TEST(test::exists(place("249.json")));
}

BOOST_FIXTURE_TEST_CASE(a_tag_that_cannot_be_read_stays, logging) {
    const std::string tags = test::folder(scratch, run) + "/tags";
    test::write_file(tags + "/elsewhere", R"([{"path": "a.json", "type": "table"}])");
    ::symlink("elsewhere", (tags + "/mlflow.loggedArtifacts").c_str());
    run.log_table(numbers{{"a", {1}}}, "t.json");
    BOOST_TEST(log.tells({"table \"t.json\": cannot read tag \"mlflow.loggedArtifacts\""}));
    BOOST_TEST(tag() == R"([{"path": "a.json", "type": "table"}])");
    BOOST_TEST(test::exists(place("t.json")));
}

BOOST_FIXTURE_TEST_CASE(threads_and_processes_lose_no_row, logging) {
    constexpr int appends = 25;
    const auto append = [this](int first) {
        for (int i = 0; i < appends; ++i) run.log_table(numbers{{"a", {first + i}}}, "t.json");
    };
    mlscribe::resume_options options = test::resuming(scratch, log);
    const std::string id(run.id());
    test::child_process other([&]() -> std::string {
        mlscribe::run again = mlscribe::resume_run(id, options);
        for (int i = 0; i < appends; ++i) again.log_table(numbers{{"a", {500 + i}}}, "t.json");
        return log.all().empty() ? "done" : log.all()[0].message;
    });
    std::thread first(append, 100);
    std::thread second(append, 200);
    first.join();
    second.join();
    BOOST_TEST(other.result() == "done");
    const std::string table = text("t.json");
    for (const int base : {100, 200, 500}) {
        for (int i = 0; i < appends; ++i) {
            BOOST_TEST(count(table, '[' + std::to_string(base + i) + ']') == 1u);
        }
    }
    BOOST_TEST(count(tag(), "t.json") == 1u);
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(histograms_are_metrics_and_rows_of_the_step, logging) {
    mlscribe::histogram_options options;
    options.bins = 2;
    options.high = 2;
    for (auto epoch : run.epochs(2)) {
        const double grown = static_cast<double>(epoch);
        run.log_histogram("layer/w", std::vector<std::vector<double>>{{0, 1.5}, {grown}}, options);
    }
    run.log_histogram("g", std::vector<int>{3}, 7);
    run.log_histogram("g", std::vector<bool>{true, false}, {1, 0, 1});
    // Its shape says more than it has.
    run.log_histogram("g", mlscribe::array<float>{{1000}, {0.5f, 1}}, 20, options);
    run.flush();
    BOOST_TEST(text("histograms/layer/w.json") ==
               R"({"columns":["step","low","high","count"],"data":[[0,0.0,1.0,2],[0,1.0,2.0,1],)"
               R"([1,0.0,1.0,1],[1,1.0,2.0,2]]})");
    BOOST_TEST(text("histograms/g.json") ==
               R"({"columns":["step","low","high","count"],"data":[[7,3.0,3.0,1],[8,0.0,1.0,2],)"
               R"([20,0.0,1.0,1],[20,1.0,2.0,1]]})");
    const std::string folder = test::folder(scratch, run);
    BOOST_TEST(test::steps(folder, "layer/w.p50") == (std::vector<std::int64_t>{0, 1}),
               boost::test_tools::per_element());
    BOOST_TEST(test::points(folder, "layer/w.p50")[1].value == 1.0);
    BOOST_TEST(test::steps(folder, "g.mean") == (std::vector<std::int64_t>{7, 8, 20}),
               boost::test_tools::per_element());
    BOOST_TEST(log.all().empty());
}

BOOST_FIXTURE_TEST_CASE(histograms_that_cannot_be_are_told_and_leave_nothing, logging) {
    const std::vector<double> values = {1, 2};
    run.log_histogram("g", std::vector<double>());
    run.log_histogram("g", values, -1);
    run.log_histogram("g", values, UINT64_MAX);
    run.log_histogram("g", values, {0, 0, 0});
    BOOST_TEST(log.count(error_code::invalid_value) == 4u);
    run.log_histogram("a:b", values);
    BOOST_TEST(log.count(error_code::invalid_path) == 1u);
    run.log_histogram("../g", values);
    run.log_histogram("", values);
    BOOST_TEST(log.tells({"histogram \"g\": there are no values"}));
    run.flush();
    BOOST_TEST(log.count(error_code::invalid_key) == 2u);
    BOOST_TEST(test::tree(place("")).empty());
    BOOST_TEST(!test::exists(test::folder(scratch, run) + "/metrics/g.count"));
}

BOOST_AUTO_TEST_SUITE_END()
