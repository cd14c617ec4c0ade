// SPDX-License-Identifier: MIT
#include <boost/test/unit_test.hpp>

#include <mlscribe/mlscribe.hpp>
#include <mlscribe/report.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"
#include "searched_store.hpp"

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct reported_store : test::searched_store {
    std::string page(const std::vector<std::string>& ids,
                     const mlscribe::report_options& options = {}) const {
        const mlscribe::report_text made = mlscribe::report_html(store(), ids, options);
        BOOST_TEST(made.failure.message == "");
        return made.html;
    }
};

std::string id_of(const mlscribe::run& run) {
    return std::string(run.id());
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

#define MLSCRIBE_CHECK_TELLS(page, part) BOOST_TEST(count(page, part) > 0u, "no " << (part))

}  // namespace

BOOST_FIXTURE_TEST_SUITE(report_report_html, reported_store)

BOOST_AUTO_TEST_CASE(a_report_tells_what_was_logged) {
    mlscribe::run run = start("first try");
    run.log_param("lr", 0.1);
    run.set_tag("stage", "trial");
    run.set_description("a note");
    mlscribe::metric_options options;
    options.best = mlscribe::best::max;
    auto accuracy = run.metric("accuracy", options);
    for (const double value : {0.5, 0.75, not_a_number, 0.625}) accuracy.log(value);
    run.end();
    const std::string page = this->page({id_of(run)});
    for (const char* part :
         {"<title>first try</title>", "FINISHED", "<th scope=\"row\">lr</th><td>0.1</td>",
          "<th scope=\"row\">stage</th><td>trial</td>", "<div id=\"description\">a note",
          "<b title=\"0.625\">0.625</b> <small>step\u00A03</small>",
          "<td><span title=\"0.75\">0.75</span> <small>step\u00A01</small></td>",
          "4 <small>1 not finite</small>", "data-key=\"accuracy\"",
          "\"x\":[0,1,2,3],\"y\":[0.5,0.75,null,0.625]", "default-src 'none'; img-src data:"}) {
        MLSCRIBE_CHECK_TELLS(page, part);
    }
    // The best value stands in the row of its metric.
    BOOST_TEST(count(page, "accuracy.best") == 0u);
    BOOST_TEST(count(page, "<script>") == 1u);
    BOOST_TEST(count(page, "http") == count(page, "http-equiv") + count(page, "http://www.w3.org"));
}

BOOST_AUTO_TEST_CASE(names_and_values_are_texts_and_nothing_else) {
    const std::string nasty = "\"'><script>alert(1)</script><!--";
    mlscribe::run run = start(nasty);
    run.log_param("p", nasty);
    run.set_tag("t", nasty + "\xFF\x1b");
    run.log_metric("m", 1.0, 1);
    run.log_metric("m", 2.0, 2);
    run.log_text(nasty, "<b>.txt");
    run.log_text("{\"columns\":[\"<i>\"],\"data\":[[\"</td><script>\"],[1.5]]}", "t.json");
    run.log_text("<svg><script>alert(1)</script></svg>", "s.svg");
    mlscribe::run other = start(nasty);
    other.log_metric("m", 3.0, 1);
    mlscribe::report_options options;
    options.title = nasty;
    const std::string page = this->page({id_of(run), id_of(other)}, options);
    BOOST_TEST(count(page, "<script>") == 1u);
    BOOST_TEST(count(page, "<script") == 2u);
    BOOST_TEST(count(page, "</script") == 2u);
    BOOST_TEST(count(page, "<!--") == 0u);
    BOOST_TEST(count(page, "<b>.txt") == 0u);
    BOOST_TEST(count(page, "<i>") == 0u);
    MLSCRIBE_CHECK_TELLS(page, "&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--\uFFFD\u241B");
    MLSCRIBE_CHECK_TELLS(page, "<td>&lt;/td&gt;&lt;script&gt;</td>");
    MLSCRIBE_CHECK_TELLS(page, "src=\"data:image/svg+xml;base64,");
    BOOST_TEST(mlscribe::utf8::is_valid(page));
}

BOOST_AUTO_TEST_CASE(a_million_points_become_a_small_page_with_their_peak) {
    mlscribe::run run = start("long");
    auto loss = run.metric("loss");
    for (int i = 0; i < 1000000; ++i) loss.log(i == 654321 ? 7.5 : std::sin(i * 1e-4));
    const std::string page = this->page({id_of(run)});
    BOOST_TEST(page.size() < 300000u);
    MLSCRIBE_CHECK_TELLS(page, "<span title=\"7.5\">7.5</span> <small>step\u00A0654321</small>");
    MLSCRIBE_CHECK_TELLS(page, ",654321,");
    MLSCRIBE_CHECK_TELLS(page, ",7.5,");
}

BOOST_AUTO_TEST_CASE(whatever_a_run_holds_the_page_stays_within_its_bound) {
    mlscribe::run run = start(std::string(250, 'n'));
    for (int i = 0; i < 300; ++i) {
        const std::string number = std::to_string(i);
        run.log_param("p" + number, std::string(900, '<'));
        run.set_tag("t" + number, std::string(900, '&'));
        for (int step = 0; step < 50; ++step) run.log_metric("m" + number, std::sin(step), step);
        run.log_text(std::string(2000, '"'), "many/a" + number + ".txt");
    }
    run.log_text("\x89PNG\r\n\x1a\n" + std::string(3000000, 'x'), "huge.png");
    for (const std::size_t most : {std::size_t{65536}, std::size_t{300000}, std::size_t{2000000}}) {
        mlscribe::report_options options;
        options.most_bytes = most;
        const std::string page = this->page({id_of(run)}, options);
        BOOST_TEST(page.size() <= most);
        BOOST_TEST(page.size() > most / 2);
        MLSCRIBE_CHECK_TELLS(page, "did not fit into this file");
        MLSCRIBE_CHECK_TELLS(page, "huge.png <small>3 MB</small>: does not fit into this file");
    }
}

BOOST_AUTO_TEST_CASE(runs_that_have_no_room_are_counted) {
    std::vector<std::string> ids;
    for (int i = 0; i < 60; ++i) {
        mlscribe::run run = start(std::to_string(i) + std::string(200, '<'));
        run.log_metric("m", i, 1);
        run.log_text("x", "x.txt");
        ids.push_back(id_of(run));
    }
    mlscribe::report_options options;
    options.most_bytes = 65536;
    const std::string page = this->page(ids, options);
    BOOST_TEST(page.size() <= options.most_bytes);
    MLSCRIBE_CHECK_TELLS(page, " more runs did not fit into this file");
    BOOST_TEST(count(this->page(ids), " more runs did not fit") == 0u);
}

BOOST_AUTO_TEST_CASE(several_runs_stand_side_by_side_and_what_differs_first) {
    std::vector<std::string> ids;
    for (const double rate : {0.1, 0.2}) {
        mlscribe::run run = start("rate " + std::to_string(rate).substr(0, 3));
        run.log_param("a", "same");
        run.log_param("rate", rate);
        if (rate > 0.15) {
            run.log_param("only", 1);
            run.log_metric("other", 1.0, 1);
        }
        run.log_metric("loss", rate, 1);
        run.log_metric("loss", rate / 2, 2);
        ids.push_back(id_of(run));
    }
    ids.push_back(ids[0]);
    const std::string page = this->page(ids);
    MLSCRIBE_CHECK_TELLS(page, "<title>rate 0.1, rate 0.2</title>");
    MLSCRIBE_CHECK_TELLS(page,
                         "<tr class=\"differs\"><th scope=\"row\">rate</th><td>0.1</td>"
                         "<td>0.2</td></tr>\n<tr><th scope=\"row\">a</th>");
    MLSCRIBE_CHECK_TELLS(page, "<td class=\"none\">\u2013</td><td>1</td>");
    BOOST_TEST(count(page, "<figure class=\"metric\"") == 2u);
    // A run has its colour everywhere.
    MLSCRIBE_CHECK_TELLS(page, "{\"mark\":\"run run1 dash0\",\"name\":\"rate 0.2\",\"x\":[1,2]");
    const std::string other = page.substr(page.find("data-key=\"other\""));
    BOOST_TEST(count(other, "class=\"c0\"") == 0u);
    MLSCRIBE_CHECK_TELLS(other, "class=\"c1\"");
}

BOOST_AUTO_TEST_CASE(a_killed_run_is_told_as_such_with_all_its_points) {
    const std::string id = test::in_child([this] {
        // No destructor: the journal stays.
        static auto* const run = new mlscribe::run(start("killed"));
        for (int i = 0; i < 100; ++i) run->log_metric("loss", 100.0 - i, i);
        return id_of(*run);
    });
    const std::string page = this->page({id});
    MLSCRIBE_CHECK_TELLS(page, "its process is gone");
    MLSCRIBE_CHECK_TELLS(page, "<b title=\"1.0\">1</b> <small>step\u00A099</small>");
}

BOOST_AUTO_TEST_CASE(an_empty_run_and_one_of_nothing_but_nan) {
    mlscribe::run empty = start("");
    mlscribe::run odd = start("odd");
    odd.log_metric("m", not_a_number, 1);
    odd.log_metric("n", std::numeric_limits<double>::infinity(), 1);
    const std::string page = this->page({id_of(empty), id_of(odd)});
    MLSCRIBE_CHECK_TELLS(page, "<b title=\"nan\">NaN</b>");
    MLSCRIBE_CHECK_TELLS(page, "<b title=\"inf\">Infinity</b>");
    BOOST_TEST(count(page, "<figure class=\"metric\"") == 0u);
    MLSCRIBE_CHECK_TELLS(this->page({id_of(empty)}), "RUNNING");
}

BOOST_AUTO_TEST_CASE(artifacts_are_shown_or_listed_with_the_reason) {
    mlscribe::run run = start("files");
    run.log_text("\x89PNG\r\n\x1a\npixels", "images/good.PNG");
    run.log_text("", "images/empty.png");
    run.log_text("no pixels", "images/bad.jpg");
    run.log_text("one\rtwo\rthree\n\x1b[31mred\x1b[0m\r\n", "logs/stdout.log");
    run.log_text(std::string("\0\1", 2), "logs/binary.log");
    run.log_text(std::string(40000, 'a') + "\nthe last line\n", "logs/long.log");
    run.log_text("{\"columns\":[\"x\",\"y\"],\"data\":[[1,\"a\"],[null,NaN],[3]]}", "t.json");
    run.log_text("{\"not\": \"a table\"}", "d.json");
    run.log_text("bytes", "weights.bin");
    const std::string logged = "images/val~grid+step+7+timestamp+1+a-b";
    run.log_text("GIF89a", logged + ".png");
    run.log_text("GIF89a", logged + "+compressed.webp");
    run.log_text("GIF89a", "images/lone%step%8%timestamp%1%a-b%compressed.webp");
    const std::string folder = test::folder(scratch, run) + "/artifacts/";
    BOOST_TEST_REQUIRE(::symlink("/etc/passwd", (folder + "link.txt").c_str()) == 0);
    BOOST_TEST_REQUIRE(::mkfifo((folder + "pipe.png").c_str(), 0600) == 0);
    std::string columns = "{\"columns\":[1";
    for (int i = 0; i < 50; ++i) columns += ",0";
    run.log_text(columns + "],\"data\":[]}", "wide.json");
    const std::string page = this->page({id_of(run)});
    for (const char* part :
         {"alt=\"images/good.PNG\" src=\"data:image/png;base64,iVBORw0KGgpwaXhlbHM=\"",
          "images/empty.png <small>0 B</small>: is empty",
          "images/bad.jpg <small>9 B</small>: is no image that a browser shows",
          "<pre tabindex=\"0\">\nthree\nred\n</pre>",
          "logs/binary.log <small>2 B</small>: is no text",
          "logs/long.log <small>40 kB</small>, its last 14 B</summary>\n<pre tabindex=\"0\">\nthe "
          "last",
          "<tr><td>1</td><td>a</td></tr>\n<tr><td>null</td><td>NaN</td></tr>\n<tr><td>3</td><td></"
          "td>",
          "{&quot;not&quot;: &quot;a table&quot;}",
          "<figcaption>val/grid <small>step\u00A07</small>",
          "<figcaption>lone <small>step\u00A08</small>",
          "<li data-path=\"weights.bin\">weights.bin <small>5 B</small></li>",
          ">link.txt <small>11 B</small>: is a link, which is not followed",
          ">pipe.png <small>0 B</small>: is no plain file", "</small>, 0 rows, 50 of 51 columns"}) {
        MLSCRIBE_CHECK_TELLS(page, part);
    }
    BOOST_TEST(count(page, "root:") == 0u);
    BOOST_TEST(count(page, logged + "+compressed") == 0u);
    mlscribe::report_options without;
    without.artifacts = false;
    BOOST_TEST(count(this->page({id_of(run)}, without), "weights.bin") == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_told_beside_the_rest) {
    mlscribe::run run = start("damaged");
    run.log_metric("loss", 1.0, 1);
    run.log_param("p", 1);
    run.end();
    test::write_file(test::folder(scratch, run) + "/metrics/torn", "1 2 3\nnot a line\n");
    test::write_file(test::folder(scratch, run) + "/params/bytes", "\xFF\xFE");
    const mlscribe::report_text made = mlscribe::report_html(store(), {id_of(run)});
    BOOST_TEST(made.failure.message == "");
    BOOST_TEST(made.problems.size() == 2u);
    MLSCRIBE_CHECK_TELLS(made.html, "Not all could be read");
    MLSCRIBE_CHECK_TELLS(made.html, "not a line");
    MLSCRIBE_CHECK_TELLS(made.html, "<th scope=\"row\">p</th>");
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_locked_costs_no_other_artifact) {
    mlscribe::run run = start("locked");
    for (const char* path : {"a/x.txt", "b/x.txt", "c/x.txt"}) run.log_text("x", path);
    const std::string artifacts = test::folder(scratch, run) + "/artifacts/";
    BOOST_TEST_REQUIRE(::chmod((artifacts + "b").c_str(), 0) == 0);
    BOOST_TEST_REQUIRE(::chmod(scratch.path().c_str(), 0755) == 0);
    const std::string page = test::in_child([&] {
        if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string();
        return this->page({id_of(run)});
    });
    ::chmod((artifacts + "b").c_str(), 0700);
    for (const char* part : {"a/x.txt", "c/x.txt", "Not all could be read"}) {
        MLSCRIBE_CHECK_TELLS(page, part);
    }
}

BOOST_AUTO_TEST_CASE(close_values_keep_the_digits_that_tell_them_apart) {
    mlscribe::run run = start("close");
    for (int i = 0; i < 3; ++i) run.log_metric("m", 100000 + i / 1024.0, i);
    MLSCRIBE_CHECK_TELLS(this->page({id_of(run)}), "\"y\":[100000,100000.000977,100000.001953]");
}

BOOST_AUTO_TEST_CASE(there_is_no_report_without_a_run) {
    const auto failure = [this](const std::vector<std::string>& ids) {
        const mlscribe::report_text made = mlscribe::report_html(store(), ids);
        BOOST_TEST(made.html == "");
        return made.failure.code;
    };
    const std::string id = id_of(start("run"));
    BOOST_TEST((failure({}) == mlscribe::error_code::invalid_value));
    BOOST_TEST((failure({id, std::string(32, 'f')}) == mlscribe::error_code::not_found));
    BOOST_TEST((failure({"../x"}) == mlscribe::error_code::invalid_value));
}

BOOST_AUTO_TEST_CASE(a_report_is_written_whole_or_its_refusal_told) {
    const std::string id = id_of(start("run"));
    BOOST_TEST(!mlscribe::write_report(store(), {id}, scratch / "r.html"));
    MLSCRIBE_CHECK_TELLS(test::read_file(scratch / "r.html"), "</html>");
    const mlscribe::error refused = mlscribe::write_report(store(), {id}, scratch / "no/r.html");
    BOOST_TEST((refused.code == mlscribe::error_code::system));
    MLSCRIBE_CHECK_TELLS(refused.message, "no/r.html");
}

BOOST_AUTO_TEST_CASE(a_run_logs_its_own_report) {
    mlscribe::run run = start("self");
    run.log_metric("loss", 0.25, 7);
    run.log_report();
    run.log_report();
    run.log_report("../outside.html");
    // Whose name MLflow's UI would show as a text.
    run.log_report("report.txt");
    BOOST_TEST(log.count(mlscribe::error_code::invalid_path) == 2u);
    const std::string page = test::read_file(test::folder(scratch, run) + "/artifacts/report.html");
    MLSCRIBE_CHECK_TELLS(page, "<title>self</title>");
    MLSCRIBE_CHECK_TELLS(page, "<b title=\"0.25\">0.25</b>");
    MLSCRIBE_CHECK_TELLS(page, "<td>test</td>");
    BOOST_TEST(count(page, "data-path") == 0u);
}

BOOST_AUTO_TEST_CASE(only_the_metrics_that_were_asked_for_are_shown) {
    mlscribe::run run = start("run");
    run.log_metric("loss", 1);
    run.log_metric("accuracy", 0.5);
    run.end();
    mlscribe::report_options options;
    options.metrics = {"accuracy", "unknown"};
    const std::string page = this->page({id_of(run)}, options);
    BOOST_TEST(count(page, "data-key=\"accuracy\"") > 0u);
    BOOST_TEST(count(page, "data-key=\"loss\"") == 0u);
}

BOOST_AUTO_TEST_CASE(times_are_told_in_two_units) {
    using mlscribe::detail::duration_text;
    BOOST_TEST(duration_text(-1) == "");
    BOOST_TEST(duration_text(999) == "999 ms");
    BOOST_TEST(duration_text(59999) == "59.9 s");
    BOOST_TEST(duration_text(3599999) == "59 min 59 s");
    BOOST_TEST(duration_text(86399999) == "23 h 59 min");
    BOOST_TEST(duration_text(90000000) == "1 d 1 h");
    using mlscribe::detail::time_text;
    BOOST_TEST(time_text(-1) == "1969-12-31 23:59:59 UTC");
    BOOST_TEST(time_text(1700000000000) == "2023-11-14 22:13:20 UTC");
    BOOST_TEST(time_text(9000000000000000) == "9000000000000000 ms");
}

BOOST_AUTO_TEST_SUITE_END()
