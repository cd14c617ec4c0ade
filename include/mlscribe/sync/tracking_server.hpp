// SPDX-License-Identifier: MIT
/// \file MLflow's tracking server: the calls of its REST interface that a push needs.
#ifndef MLSCRIBE_SYNC_TRACKING_SERVER_HPP
#define MLSCRIBE_SYNC_TRACKING_SERVER_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/sync/batch_body.hpp>
#include <mlscribe/sync/remote_run.hpp>
#include <mlscribe/sync/server_settings.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// One conversation with a tracking server. Each call waits for its answer, and asks again, with
/// growing pauses, where the server is busy (429, 5xx) or a connection broke. What makes something
/// is never blindly asked for again: it is looked up first.
///
/// \onfailure every call returns an error, empty where all went well:
///            unreachable      nothing answers, the server stays busy, or it is no MLflow server
///            access_denied    it wants other credentials (401, 403)
///            not_found        it has no such run, experiment or model
///            already_exists   likewise
///            invalid_value    it refuses what was sent (the message has its words)
///            unsupported_uri  artifacts that do not go through the server
///            system           a file of this machine could not be read
/// \threadsafety one thread at a time; an object for each thread
class tracking_server {
  public:
    explicit tracking_server(server_settings settings);

    /// The address for messages, without credentials.
    const std::string& url() const noexcept;

    /// Asks once what answers there: an MLflow server that lets us in?
    error check();
    /// The server's version once check() was answered, as "3.17.2"; empty where it does not say.
    const std::string& version() const noexcept;
    /// Whether it lists models beside runs, as MLflow 3 does. Ask after check().
    bool has_models() const noexcept;

    // Experiments, also deleted ones.
    error find_experiment(std::string_view name, std::optional<remote_experiment>& found);
    /// The id of the experiment of this name, which is made if there is none.
    error create_experiment(std::string_view name, const std::vector<named_value>& tags,
                            std::string& experiment_id);
    error set_experiment_tag(std::string_view experiment_id, std::string_view key,
                             std::string_view value);
    error delete_experiment(std::string_view experiment_id);
    error restore_experiment(std::string_view experiment_id);

    /// The run that was pushed from `local_run_id`, also a deleted one; the oldest where there are
    /// several. \param experiment_ids  where to look
    error find_run(const std::vector<std::string>& experiment_ids, std::string_view local_run_id,
                   std::optional<remote_run>& found);
    /// Makes a run, or finds it where a lost answer had made it.
    error create_run(const new_run& wanted, remote_run& made);
    error get_run(std::string_view run_id, remote_run& found);
    /// Sets status, end and name. \param end_time  milliseconds; none leaves it
    /// \param name  empty leaves it
    error update_run(std::string_view run_id, run_status status,
                     std::optional<std::int64_t> end_time, std::string_view name);
    error delete_run(std::string_view run_id);
    error restore_run(std::string_view run_id);
    error delete_tag(std::string_view run_id, std::string_view key);

    /// Sends a batch; an empty one costs nothing. What the server has already is stored once.
    error log_batch(std::string_view run_id, const batch_body& body);
    error log_inputs(std::string_view run_id, const std::vector<remote_input>& inputs);
    error log_outputs(std::string_view run_id, const std::vector<remote_output>& outputs);

    // Models, where the server has_models().
    error find_model(const std::vector<std::string>& experiment_ids,
                     std::string_view local_model_id, std::optional<remote_model>& found);
    /// Makes a model, or finds it where a lost answer had made it.
    error create_model(const new_model& wanted, remote_model& made);
    error log_model_params(std::string_view model_id, const std::vector<named_value>& params);
    error set_model_tags(std::string_view model_id, const std::vector<named_value>& tags);
    /// Says that its files are complete.
    error finalize_model(std::string_view model_id);

    /// What stands in one folder of the artifacts; nothing where there is no such folder.
    /// \param artifact_uri  of the run or model, as the server named it
    /// \param path          below it, with slashes; empty for the root
    error list_artifacts(std::string_view artifact_uri, std::string_view path,
                         std::vector<remote_artifact>& found);
    /// Streams a file through the server's artifact proxy, in place of one that is there.
    /// \param file  open for reading; read from its beginning by pread
    /// \param size  how many bytes are sent
    /// \cost memory for some blocks
    error put_artifact(std::string_view artifact_uri, std::string_view path, int file,
                       std::int64_t size);
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
