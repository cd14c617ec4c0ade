// SPDX-License-Identifier: MIT
/// \file One push of a store to a tracking server, from the words of a user to a report.
#ifndef MLSCRIBE_SYNC_SYNC_HPP
#define MLSCRIBE_SYNC_SYNC_HPP

#include <mlscribe/store/tracking.hpp>
#include <mlscribe/sync/follow.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline error open_push(push_context& push, const server_settings& settings) {
    tracking_server server(settings);
    if (error failure = server.check()) return failure;
    push.server_has_models = server.has_models();
    filesystem::error_code failed;
    const std::string real = filesystem::canonical(push.store.path(), failed).string();
    const error unremembered =
        push.shelf.open(server.url(), failed ? push.store.path() : real, push.options.dry_run);
    if (unremembered) push.note_failure(unremembered);
    return {};
}

}  // namespace detail

/// Brings what is new in a store to a tracking server of MLflow: experiments, runs, params, tags,
/// metrics, datasets, models and artifacts, each once, however often this is called and wherever it
/// was cut off before. Runs of dead processes are recovered first; points that wait in the journal
/// of a live run are sent, too. What was sent is remembered below `$XDG_STATE_HOME/mlscribe`, and
/// asked of the server where that was lost.
///
///     const auto pushed = mlscribe::sync("mlruns", "https://mlflow.example.org");
///     if (!pushed.is_complete()) …
///
/// \param root    a folder or file: URI; empty: MLFLOW_TRACKING_URI, else ./mlruns
/// \param server  http(s)://host:port; MLflow's own variables, such as MLFLOW_TRACKING_TOKEN, tell
///                who asks it
/// \onfailure     nothing is thrown; the report tells what is not there, and why
/// \threadsafety  any thread; pushes of several processes take turns, run by run,
///                where they remember in the same folder
/// \cost          a look at the files of each run; memory does not grow with points and artifacts
inline sync_report sync(std::string_view root, std::string_view server,
                        const sync_options& options = {}) {
    sync_report report;
    if (detail::is_disabled()) return report;
    bool is_whole = false;
    MLSCRIBE_TRY {
        const tracking_location from = detail::find_tracking_location(root);
        detail::store_root store;
        detail::server_settings settings;
        if (from.where == tracking_location::kind::refused) {
            report.stopped = {error_code::unsupported_uri, 0, from.message};
        }
        if (!report.stopped) report.stopped = detail::store_root::open(from.path, store);
        if (!report.stopped) report.stopped = detail::read_server_settings(server, settings);
        detail::push_context push(store, options);
        if (!report.stopped) report.stopped = detail::open_push(push, settings);
        if (!report.stopped) detail::push_store(push, settings, report);
        is_whole = true;
    }
    MLSCRIBE_CATCH_ALL {}
    if (!is_whole) report.stopped = detail::out_of_memory();
    return report;
}

MLSCRIBE_NAMESPACE_END

#endif
