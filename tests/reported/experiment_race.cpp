// SPDX-License-Identifier: MIT
/// \file The jobs of a sweep that began at the same instant made several experiments of one name,
/// or logged to the default one.
#include <boost/test/unit_test.hpp>

#include <sys/mman.h>

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "scratch_directory.hpp"

namespace {

/// Lets processes go at one instant.
class starting_gun {
  public:
    starting_gun() {
        void* const shared = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED) throw std::bad_alloc();
        waiting_ = new (shared) std::atomic<int>(0);
    }
    starting_gun(const starting_gun&) = delete;
    starting_gun& operator=(const starting_gun&) = delete;
    ~starting_gun() { ::munmap(waiting_, sizeof(std::atomic<int>)); }

    void wait_for(int all) {
        ++*waiting_;
        while (*waiting_ < all) ::usleep(50);
    }

  private:
    std::atomic<int>* waiting_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(experiment_race)

BOOST_AUTO_TEST_CASE(of_16_processes_makes_one_experiment) {
    constexpr int processes = 16;
    for (int round = 0; round < 20; ++round) {
        const test::scratch_directory scratch;
        starting_gun gun;
        std::vector<std::unique_ptr<test::child_process>> jobs;
        for (int i = 0; i < processes; ++i) {
            jobs.push_back(std::make_unique<test::child_process>([&] {
                gun.wait_for(processes);
                test::error_log log;
                mlscribe::run_options options = test::options(scratch, log);
                options.experiment = "sweep";
                mlscribe::run run = mlscribe::start_run(options);
                run.log_metric("loss", 1.0);
                std::string text(run.experiment_id());
                for (const mlscribe::error& failure : log.all()) text += '|' + failure.message;
                return text;
            }));
        }
        const std::string id = mlscribe::detail::experiment_id_candidate("sweep", 0);
        for (const auto& job : jobs) BOOST_REQUIRE_EQUAL(job->result(), id);
        std::size_t runs = 0;
        std::size_t experiments = 0;
        for (const std::string& name : test::tree(scratch.store())) {
            const std::size_t slash = name.rfind('/');
            if (slash == std::string::npos || name.substr(slash) != "/meta.yaml") continue;
            const bool run = name.find('/') != slash;
            ++(run ? runs : experiments);
            if (run) BOOST_REQUIRE(name.compare(0, id.size(), id) == 0);
        }
        BOOST_REQUIRE(runs == std::size_t{processes});
        BOOST_REQUIRE(experiments <= 2u);  // and the default one
        BOOST_REQUIRE(test::meta(scratch.store() + '/' + id, "name") == "sweep");
    }
}

BOOST_AUTO_TEST_SUITE_END()
