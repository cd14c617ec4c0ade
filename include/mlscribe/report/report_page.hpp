// SPDX-License-Identifier: MIT
/// \file Puts the page together, part by part, within its bound.
#ifndef MLSCRIBE_REPORT_REPORT_PAGE_HPP
#define MLSCRIBE_REPORT_REPORT_PAGE_HPP

#include <mlscribe/layout/base64.hpp>
#include <mlscribe/layout/sha256.hpp>
#include <mlscribe/report/artifact_section.hpp>
#include <mlscribe/report/curve_chart.hpp>
#include <mlscribe/report/page_script.hpp>
#include <mlscribe/report/report_options.hpp>
#include <mlscribe/version.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a Content-Security-Policy calls a script.
inline std::string script_hash(std::string_view script) {
    sha256 hash;
    hash.update(script);
    const std::string digits = hash.finish();
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto value = [&digits](std::size_t at) {
            return digits[at] <= '9' ? digits[at] - '0' : digits[at] - 'a' + 10;
        };
        bytes += static_cast<char>(value(i) << 4 | value(i + 1));
    }
    return "sha256-" + base64(bytes);
}

/// Each part takes what the parts before it left, up to its share.
class report_page {
  public:
    /// \param but  an artifact that is left out: the report itself, which is written anew
    report_page(reported_runs& runs, const report_options& options, std::string_view but)
        : runs_(runs),
          options_(options),
          but_(but),
          most_((std::max)(options.most_bytes, std::size_t{65536})) {}

    std::string html() {
        leave_out_runs();
        read_metrics();

        std::string front = head();
        const std::string facts = facts_table(runs_);
        const std::string params = params_part();
        const std::string metrics = metrics_part();
        const std::string tags = tags_part();
        used_ = front.size() + page_script.size() + facts.size() + params.size() + metrics.size() +
                tags.size() + room_for_rest;
        const std::string charts = charts_part();
        used_ += charts.size();
        const std::string artifacts = artifacts_part();
        // After all has been read.
        const std::string problems = problems_part();

        std::string out = std::move(front);
        out += navigation({{"params", params},
                           {"metrics", metrics},
                           {"curves", charts},
                           {"artifacts", artifacts},
                           {"tags", tags}});
        out += "</header>\n<main>\n" + problems + description() + facts;
        out += left_out_note(runs_left_out_, "runs");
        out += page_section("params", "Params", params);
        out += page_section("metrics", "Metrics", metrics);
        out += page_section("curves", "Curves", charts);
        out += page_section("artifacts", "Artifacts", artifacts);
        out += page_section("tags", "Tags", tags);
        out += "</main>\n<footer class=\"note\">Written by mlscribe on " +
               time_text(milliseconds_now()) + ". Times are UTC.</footer>\n<script>";
        return out.append(page_script).append("</script>\n</body>\n</html>\n");
    }

  private:
    /// Headings, problems, navigation, footer.
    static constexpr std::size_t room_for_rest = 12288;

    std::size_t share(std::size_t parts_of_hundred) const { return most_ / 100 * parts_of_hundred; }

    /// Those behind as many as have room for their columns.
    void leave_out_runs() {
        constexpr std::size_t other_tables = 5;
        const std::size_t most = share(40);
        while (runs_.size() > 1) {
            const std::size_t needed =
                facts_table(runs_).size() + other_tables * run_heads(runs_).size();
            if (needed <= most) return;
            const std::size_t fitting = runs_.size() * most / needed;
            do {
                runs_.pop_back();
                ++runs_left_out_;
            } while (runs_.size() > (std::max)(fitting, std::size_t{1}));
        }
    }

    /// Curves are as fine as their share of the page and some 40 MB of memory let them be.
    void read_metrics() {
        constexpr std::size_t finest = 600;
        constexpr std::size_t coarsest = 24;
        constexpr std::size_t most_columns = 500000;
        constexpr std::size_t bytes_of_column = 72;  // two points, in the picture and as numbers
        std::size_t curves = 1;
        for (reported_run& run : runs_) {
            if (!options_.metrics.empty()) run.choose_metrics(options_.metrics);
            curves += run.metric_keys().size();
        }
        std::size_t columns = (std::min)(finest, most_columns / curves + coarsest);
        std::size_t drawn = 0;
        const auto for_each_history = [this](auto&& change) {
            for (reported_run& run : runs_) {
                for (auto& entry : run.metrics()) change(entry.second);
            }
        };
        for (reported_run& run : runs_) run.read_metrics(columns);
        for_each_history([&drawn](const metric_history& each) { drawn += each.way.size(); });
        while (columns > coarsest && drawn * bytes_of_column > share(40)) {
            columns = columns * 3 / 4;
            drawn = 0;
            for_each_history([&](metric_history& each) {
                each.way.narrow(columns);
                drawn += each.way.size();
            });
        }
    }

    std::string title() const {
        if (!options_.title.empty()) return html_front(options_.title, 500);
        constexpr std::size_t most_names = 4;
        std::string names;
        for (std::size_t i = 0; i < (std::min)(runs_.size(), most_names); ++i) {
            names += (i == 0 ? "" : ", ") + html_front(runs_[i].name(), 120);
        }
        if (runs_.size() > most_names) {
            names += " and " + std::to_string(runs_.size() - most_names) + " more";
        }
        return names;
    }

    std::string head() const {
        const std::string named = title();
        std::string out =
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "img-src data:; style-src 'unsafe-inline'; script-src '" +
            script_hash(page_script) +
            "'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"generator\" content=\"mlscribe " +
            std::to_string(MLSCRIBE_VERSION_MAJOR) + '.' + std::to_string(MLSCRIBE_VERSION_MINOR) +
            '.' + std::to_string(MLSCRIBE_VERSION_PATCH) + "\">\n<title>" + named +
            "</title>\n<style>";
        out.append(page_style)
            .append(run_style())
            .append("</style>\n</head>\n<body>\n<header>\n<h1>");
        return out + named + "</h1>\n";
    }

    static std::string navigation(
        const std::vector<std::pair<std::string, const std::string&>>& parts) {
        std::string links;
        for (const auto& [id, content] : parts) {
            std::string name = id;
            name[0] = static_cast<char>(name[0] - 'a' + 'A');
            if (!content.empty()) links += "<a href=\"#" + id + "\">" + name + "</a>\n";
        }
        return links.empty() ? links : "<nav aria-label=\"Parts\">\n" + links + "</nav>\n";
    }

    std::string description() const {
        std::string out;
        std::string before;
        for (const reported_run& run : runs_) {
            const std::string text = run.tag("mlflow.note.content");
            if (text.empty() || text == before || out.size() > share(3)) continue;
            if (runs_.size() > 1) out += "<b>" + html_front(run.name(), 60) + "</b>\n";
            out += html_front(text, share(1)) + '\n';
            before = text;
        }
        return out.empty() ? out : "<div id=\"description\">" + out + "</div>\n";
    }

    std::string problems_part() const {
        constexpr std::size_t most_shown = 20;
        std::string items;
        std::size_t count = 0;
        for (const reported_run& run : runs_) {
            for (const error& each : run.problems()) {
                if (count++ < most_shown) {
                    items += "<li>" + html_front(each.message, 300) + "</li>\n";
                }
            }
        }
        if (count == 0) return {};
        std::string out =
            "<div class=\"problems\" role=\"note\">Not all could be read:<ul>\n" + items;
        if (count > most_shown) out += "<li>and " + count_text(count - most_shown) + " more</li>\n";
        return out + "</ul></div>\n";
    }

    std::string params_part() const {
        const auto all = [](const std::string&) { return true; };
        const auto rows = text_rows(
            runs_, [](const reported_run& run) -> auto& { return run.params(); }, all);
        return text_table(runs_, rows, "params", share(12));
    }

    std::string metrics_part() const {
        const std::string system = metric_table(runs_, true, share(6));
        return metric_table(runs_, false, share(12)) + folded("Time and machine", system);
    }

    /// The user's own, then folded those that MLflow and mlscribe set.
    std::string tags_part() const {
        const auto tags_of = [](const reported_run& run) -> auto& {
            return run.tags();
        };
        const auto is_library = [](const std::string& key) {
            return key.substr(0, 7) == "mlflow." || key.substr(0, 9) == "mlscribe.";
        };
        const auto is_own = [&is_library](const std::string& key) { return !is_library(key); };
        const std::string library =
            text_table(runs_, text_rows(runs_, tags_of, is_library), "tags", share(5));
        return text_table(runs_, text_rows(runs_, tags_of, is_own), "tags", share(5)) +
               folded("Tags of MLflow and mlscribe", library);
    }

    std::string charts_part() const {
        const std::size_t left = most_ - (std::min)(most_, used_);
        bounded_html own((std::min)(share(45), left / 4 * 3));
        for (const std::string& key : metric_keys(runs_)) {
            if (!is_system_metric(key)) own.add(curve_chart(runs_, key));
        }
        bounded_html system((std::min)(share(15), own.left()));
        for (const std::string& key : metric_keys(runs_)) {
            if (is_system_metric(key)) system.add(curve_chart(runs_, key));
        }
        const auto grid = [](const bounded_html& charts) {
            return charts.empty() ? std::string()
                                  : "<div class=\"charts\">\n" + charts.text() + "</div>\n";
        };
        return grid(own) + folded("Time and machine", grid(system)) +
               left_out_note(own.left_out() + system.left_out(), "curves",
                             "; choose metrics to see theirs");
    }

    std::string artifacts_part() {
        if (!options_.artifacts) return {};
        constexpr std::size_t room_for_notes = room_for_rest / 4;
        bounded_html out(most_ - (std::min)(most_, used_) + room_for_notes);
        for (std::size_t i = 0; i < runs_.size(); ++i) {
            const std::size_t left = out.left() - (std::min)(out.left(), room_for_notes);
            const std::size_t most = left / (runs_.size() - i);
            std::string part = artifact_section(runs_[i], runs_[i].files(but_), most).html();
            if (part.empty()) continue;
            if (runs_.size() > 1) part.insert(0, "<h3>" + marked_name(runs_, i) + "</h3>\n");
            out.add(part);
        }
        return out.text() + left_out_note(out.left_out(), "runs with artifacts");
    }

    reported_runs& runs_;
    const report_options& options_;
    std::string_view but_;
    std::size_t most_;
    std::size_t used_ = 0;
    std::size_t runs_left_out_ = 0;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
