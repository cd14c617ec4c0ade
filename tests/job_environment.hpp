// SPDX-License-Identifier: MIT
/// \file The environment of a process of a job, for the length of a scope.
#ifndef MLSCRIBE_TESTS_JOB_ENVIRONMENT_HPP
#define MLSCRIBE_TESTS_JOB_ENVIRONMENT_HPP

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "environment.hpp"

namespace test {

using variables = std::map<std::string, std::string>;

/// Whether a launcher or a scheduler, or the library's own choice for jobs, may set a variable.
inline bool is_of_job(std::string_view name) {
    for (const std::string_view beginning : {"SLURM_",
                                             "PBS_",
                                             "LSB_",
                                             "LSF_",
                                             "FLUX_",
                                             "OMPI_",
                                             "PMIX_",
                                             "PMI_",
                                             "MPI_LOCAL",
                                             "MV2_",
                                             "PALS_",
                                             "JSM_",
                                             "TORCHELASTIC_",
                                             "MLSCRIBE_RANKS",
                                             "MLSCRIBE_RUN_ID",
                                             "MLSCRIBE_DEADLINE",
                                             "MLSCRIBE_JOIN_SECONDS",
                                             "RANK",
                                             "WORLD_SIZE",
                                             "LOCAL_RANK",
                                             "LOCAL_WORLD_SIZE",
                                             "GROUP_RANK"}) {
        if (name.substr(0, beginning.size()) == beginning) return true;
    }
    return false;
}

/// Sets these variables and unsets all others of jobs; puts back what was.
class job_environment {
  public:
    explicit job_environment(const variables& values) {
        std::vector<std::string> others;
        for (char** each = ::environ; each != nullptr && *each != nullptr; ++each) {
            const std::string_view variable = *each;
            const std::string_view name = variable.substr(0, variable.find('='));
            if (is_of_job(name)) others.emplace_back(name);
        }
        for (const std::string& name : others) set(name, nullptr);
        for (const auto& [name, value] : values) set(name, value.c_str());
    }
    job_environment(const job_environment&) = delete;
    job_environment& operator=(const job_environment&) = delete;
    ~job_environment() {
        while (!set_.empty()) set_.pop_back();  // the last one first
    }

  private:
    void set(const std::string& name, const char* value) {
        names_.push_back(name);
        set_.emplace_back(names_.back().c_str(), value);
    }

    std::deque<std::string> names_;
    std::deque<variable> set_;
};

}  // namespace test

#endif
