// SPDX-License-Identifier: MIT
/// \file The ranks of a parallel job as forked processes, and how they wait for each other.
#ifndef MLSCRIBE_TESTS_JOB_RANKS_HPP
#define MLSCRIBE_TESTS_JOB_RANKS_HPP

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "give_up.hpp"
#include "job_environment.hpp"

namespace test {

/// As mpirun of OpenMPI sets them, all on one node; and those of the job around it.
inline variables of_rank(int rank, int size, const variables& job) {
    variables all = job;
    all["OMPI_COMM_WORLD_RANK"] = all["OMPI_COMM_WORLD_LOCAL_RANK"] = std::to_string(rank);
    all["OMPI_COMM_WORLD_SIZE"] = all["OMPI_COMM_WORLD_LOCAL_SIZE"] = std::to_string(size);
    return all;
}

/// What `body(rank)` says in each of the ranks, which run at once.
inline std::vector<std::string> in_ranks(int size, const variables& job,
                                         const std::function<std::string(int)>& body) {
    std::vector<std::unique_ptr<child_process>> processes;
    for (int rank = 0; rank < size; ++rank) {
        processes.push_back(std::make_unique<child_process>([&] {
            const job_environment environment(of_rank(rank, size, job));
            return body(rank);
        }));
    }
    std::vector<std::string> said;
    for (const auto& process : processes) said.push_back(process->result());
    return said;
}

/// Where ranks wait for each other. When one dies there, the others die, as a launcher sees to it.
class rank_barrier {
  public:
    explicit rank_barrier(int size) : size_(size) {
        void* const page = ::mmap(nullptr, sizeof(shared), PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) give_up("no shared memory");
        shared_ = new (page) shared;
    }
    rank_barrier(const rank_barrier&) = delete;
    rank_barrier& operator=(const rank_barrier&) = delete;
    ~rank_barrier() { ::munmap(shared_, sizeof(shared)); }

    void wait() {
        const int round = shared_->arrived.fetch_add(1) / size_;
        while (shared_->arrived.load() < (round + 1) * size_) {
            if (shared_->is_dead.load()) ::kill(::getpid(), SIGKILL);
            ::usleep(50);
        }
    }
    /// This rank, and with it the job.
    void die() {
        shared_->is_dead.store(true);
        ::kill(::getpid(), SIGKILL);
    }

  private:
    struct shared {
        std::atomic<int> arrived{0};
        std::atomic<bool> is_dead{false};
    };

    const int size_;
    shared* shared_;
};

}  // namespace test

#endif
