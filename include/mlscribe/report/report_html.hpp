// SPDX-License-Identifier: MIT
/// \file Runs as one HTML file that needs nothing else.
#ifndef MLSCRIBE_REPORT_REPORT_HTML_HPP
#define MLSCRIBE_REPORT_REPORT_HTML_HPP

#include <mlscribe/error/guarded.hpp>
#include <mlscribe/query/store.hpp>
#include <mlscribe/report/report_page.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// A report, or why there is none.
struct report_text {
    std::string html;             ///< empty where there is none
    error failure;                ///< why
    std::vector<error> problems;  ///< parts that could not be read; the page names them, too
};

namespace detail {

inline void read_report(const store& from, const std::vector<std::string>& ids,
                        const report_options& options, report_text& result) {
    store_root root;
    if ((result.failure = store_root::open(from.path(), root))) return;
    reported_runs runs;
    for (const std::string& id : ids) {
        const auto is_same = [&id](const auto& run) { return run.info().run_id == id; };
        if (std::any_of(runs.begin(), runs.end(), is_same)) continue;
        found_run found;
        if ((result.failure = find_run(root, id, found))) return;
        runs.emplace_back(std::move(found.folder), std::move(found.path), std::move(found.meta));
    }
    if (runs.empty()) {
        result.failure = {error_code::invalid_value, 0, "a report needs a run; give it an id"};
        return;
    }
    result.html = report_page(runs, options, {}).html();
    for (const reported_run& run : runs) {
        result.problems.insert(result.problems.end(), run.problems().begin(), run.problems().end());
    }
}

}  // namespace detail

/// Tells all of some runs in one HTML file: no network, no other file, readable without its script.
/// Params, tags, metrics with their lowest, highest and best values, curves, artifacts; of several
/// runs side by side. Points that a live or killed run left in its journal are there. Every text is
/// escaped; a picture cannot run a script.
/// \param ids  of active or deleted runs; one that is named twice is there once
/// \onfailure never throws: not_found, damaged, system in `failure`; invalid_value without a run
/// \cost reads all metrics of the runs; memory for the page and some 50 KB a curve
inline report_text report_html(const store& from, const std::vector<std::string>& ids,
                               const report_options& options = {}) {
    report_text result;
    MLSCRIBE_TRY {
        detail::read_report(from, ids, options, result);
    }
    MLSCRIBE_CATCH_ALL {
        result = {};
        result.failure = detail::caught_error("report_html");
    }
    return result;
}

/// Writes such a report to a file of any name, which appears whole and replaces what is there.
/// \onfailure never throws: as report_html(), and system where the file cannot be written
inline error write_report(const store& from, const std::vector<std::string>& ids,
                          const std::string& path, const report_options& options = {}) {
    error failure;
    MLSCRIBE_TRY {
        report_text made = report_html(from, ids, options);
        if (made.failure) return std::move(made.failure);
        const std::size_t slash = path.rfind('/');
        const bool here = slash == std::string::npos;
        detail::directory folder;
        int failed = detail::directory::open(here ? "." : path.substr(0, slash + 1), folder);
        if (failed == 0) {
            failed = detail::replace_file(folder, here ? path : path.substr(slash + 1), made.html);
        }
        if (failed != 0) failure = detail::system_error("cannot write", path, failed);
    }
    MLSCRIBE_CATCH_ALL {
        failure = detail::caught_error("write_report");
    }
    return failure;
}

MLSCRIBE_NAMESPACE_END

#endif
