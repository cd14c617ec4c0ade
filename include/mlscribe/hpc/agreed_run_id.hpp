// SPDX-License-Identifier: MIT
/// \file The run id that the processes of a job have agreed on in advance.
#ifndef MLSCRIBE_HPC_AGREED_RUN_ID_HPP
#define MLSCRIBE_HPC_AGREED_RUN_ID_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/staged_file.hpp>
#include <mlscribe/hpc/job_run_id.hpp>
#include <mlscribe/store/run_id.hpp>

#include <cerrno>
#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The id in the file `path`, which the first process that looks makes. \param id  receives it
inline error run_id_of_file(const std::string& path, std::string& id) {
    const std::size_t slash = path.rfind('/');
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    const std::string place = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    directory folder;
    int failed = directory::open(place, folder);
    if (failed == 0) failed = folder.read(name, id);
    if (failed == ENOENT) {
        staged_file made(folder);
        failed = made.fill(random_run_id() + '\n', durability::synced);
        if (failed == 0) failed = made.link_to(name);
        // Another process was first: its id counts.
        if (failed == 0 || failed == EEXIST) failed = folder.read(name, id);
    }
    if (failed != 0) return system_error("cannot agree on a run id by", path, failed);
    while (!id.empty() && (id.back() == '\n' || id.back() == ' ')) id.pop_back();
    return is_run_id(id) ? error{} : illegal_run_id(id);
}

/// The program's choice, MLFLOW_RUN_ID, MLSCRIBE_RUN_ID, that of the file MLSCRIBE_RUN_ID_FILE, or
/// the job's. \param id  receives it; empty where nobody has chosen one
inline error find_agreed_run_id(const std::string& chosen, const batch_job& job, std::string& id) {
    id = chosen;
    if (id.empty()) id = first_of_environment("MLFLOW_RUN_ID", "MLSCRIBE_RUN_ID");
    if (!id.empty()) return is_run_id(id) ? error{} : illegal_run_id(id);
    const std::string file = environment("MLSCRIBE_RUN_ID_FILE");
    if (!file.empty()) return run_id_of_file(file, id);
    id = job_run_id({}, job);
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
