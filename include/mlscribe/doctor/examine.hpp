// SPDX-License-Identifier: MIT
/// \file examine() and repair(): what is wrong with a store, and mending it.
#ifndef MLSCRIBE_DOCTOR_EXAMINE_HPP
#define MLSCRIBE_DOCTOR_EXAMINE_HPP

#include <mlscribe/doctor/store_checkup.hpp>
#include <mlscribe/error/reporter.hpp>
#include <mlscribe/store/tracking.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Opens a store that must be there. \return false where it cannot be, and nothing can be thrown
inline bool open_patient(std::string_view root, store_root& store) {
    const tracking_location location = find_tracking_location(root);
    error failure;
    if (location.where != tracking_location::kind::local) {
        failure = {error_code::unsupported_uri, 0, location.message};
    } else {
        failure = store_root::open(location.path, store);
    }
    if (failure) reporter(strictness::raise, {}).fail(failure);
    return !failure;
}

/// The worst first, then by place.
inline void sort_findings(std::vector<finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), [](const finding& a, const finding& b) {
        return a.does != b.does ? a.does < b.does : a.path < b.path;
    });
}

}  // namespace detail

/// Looks for every damage in a store, without a change to it. What live runs are writing is none.
/// Traces, logged models and the registry are not looked at, nor what lies behind links in a run.
/// \param root  a folder or file: URI; empty: MLFLOW_TRACKING_URI, else ./mlruns
/// \onfailure   logging_error where the store cannot be opened (under -fno-exceptions it reports
///              on stderr); std::bad_alloc where memory is out, and what `on_progress` throws; what
///              cannot be read in it is a finding
/// \threadsafety any thread
/// \cost        reads every metric, param and tag. Metrics are streamed: their length takes no
///              memory, except that of rows which go back in step or time. Of the params, tags and
///              meta.yaml one at a time is in memory: up to 16 MiB, of a run's or experiment's
///              meta.yaml 1 MiB, each a few times. Longer ones are findings
inline examination examine(std::string_view root = {}, const examine_options& options = {}) {
    examination result;
    detail::store_root store;
    if (!detail::open_patient(root, store)) return result;
    detail::treatment taken(store.path(), options.silence);
    detail::store_checkup(taken, store).look(options.on_progress);
    result.findings = taken.take_left();
    detail::sort_findings(result.findings);
    result.experiments = taken.experiments;
    result.runs = taken.runs;
    result.files = taken.files;
    return result;
}

/// Mends what can be mended; a second call finds nothing more to do. What is removed or replaced
/// is kept in the quarantine, with a list of where it was. Runs that a process writes are left, and
/// a file that somebody writes meanwhile is left or keeps what was written.
/// \param root   as examine()
/// \onfailure    as examine(); what could not be mended is left with the reason in its message; the
///               next repair ends one that std::bad_alloc cut short
/// \threadsafety any thread; one repair of a store at a time
inline repair_report repair(std::string_view root = {}, const repair_options& options = {}) {
    repair_report result;
    detail::store_root store;
    if (!detail::open_patient(root, store)) return result;
    detail::treatment taken(store.path(), options);
    detail::store_checkup(taken, store).look(options.on_progress);
    result.changes = taken.take_changes();
    result.left = taken.take_left();
    detail::sort_findings(result.left);
    result.quarantine = taken.quarantine_path();
    result.experiments = taken.experiments;
    result.runs = taken.runs;
    result.files = taken.files;
    return result;
}

MLSCRIBE_NAMESPACE_END

#endif
