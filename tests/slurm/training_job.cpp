// SPDX-License-Identifier: MIT
/// \file The program that the jobs of tests/slurm run. What it did is told on stdout, a line each,
/// so that the test can compare the run with it.
#include <mlscribe/hpc.hpp>
#include <mlscribe/mlscribe.hpp>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <thread>

namespace {

/// `steps=40 pause=100`: what a job may choose.
class choices {
  public:
    choices(int argc, char** argv) {
        for (int i = 1; i < argc; ++i) {
            const std::string text = argv[i];
            const auto equals = text.find('=');
            if (equals != std::string::npos)
                values_[text.substr(0, equals)] = text.substr(equals + 1);
        }
    }
    std::string text(const std::string& name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::string() : found->second;
    }
    long number(const std::string& name, long otherwise) const {
        const std::string chosen = text(name);
        return chosen.empty() ? otherwise : std::strtol(chosen.c_str(), nullptr, 10);
    }

  private:
    std::map<std::string, std::string> values_;
};

void pause_for(long milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

/// All ranks of this start go on when the last of them is here, as in MPI's first collective.
void meet_other_ranks(const std::string& folder) {
    const auto value = [](const char* name) {
        const char* const text = std::getenv(name);
        return std::string(text == nullptr ? "0" : text);
    };
    const std::string here = folder + "/start_" + value("SLURM_RESTART_COUNT") + "_rank_";
    std::ofstream(here + value("SLURM_PROCID"));
    for (long rank = 0; rank < std::stol(value("SLURM_NTASKS")); ++rank) {
        while (::access((here + std::to_string(rank)).c_str(), F_OK) != 0) pause_for(20);
    }
}

mlscribe::rank_policy policy_of(const std::string& name) {
    if (name == "every") return mlscribe::rank_policy::every_logs;
    if (name == "children") return mlscribe::rank_policy::children_log;
    if (name == "one") return mlscribe::rank_policy::one_run;
    if (name == "node") return mlscribe::rank_policy::one_run_by_node;
    return mlscribe::rank_policy::first_logs;
}

}  // namespace

int main(int argc, char** argv) {
    const choices chosen(argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    if (chosen.text("term") == "ignored") std::signal(SIGTERM, SIG_IGN);
    const std::string after = chosen.text("after");
    while (!after.empty() && ::access(after.c_str(), F_OK) != 0) pause_for(50);
    if (chosen.number("deadline", 0) != 0) {
        const auto end = mlscribe::deadline();
        std::printf("deadline %ld\n",
                    end ? static_cast<long>(std::chrono::system_clock::to_time_t(*end)) : 0L);
    }

    mlscribe::run_options options;
    options.experiment = "slurm";
    options.run_name = chosen.text("name");
    options.tags = {{"scenario", chosen.text("name")}};
    options.signals = chosen.text("signals") == "stop" ? mlscribe::on_signal::request_stop
                                                       : mlscribe::on_signal::end_run;
    options.signal_wait = std::chrono::seconds(15);  // on a machine that has much else to do
    options.ranks = policy_of(chosen.text("ranks"));
    const long checkpoint = chosen.number("checkpoint", 0);
    const bool is_first_start = std::getenv("SLURM_RESTART_COUNT") == nullptr;
    const long hold = is_first_start ? chosen.number("hold", -1) : -1;
    const long leave = chosen.number("leave", 0);

    auto run = mlscribe::start_job_run(options, mlscribe::from_last_checkpoint{});
    std::printf("run %s %d\n", std::string(run.id()).c_str(), run.recording() ? 1 : 0);
    if (const std::string place = chosen.text("meet"); !place.empty()) meet_other_ranks(place);
    auto loss = run.metric("loss");
    for (auto epoch : run.epochs(chosen.number("steps", 40))) {
        loss.log(1.0 / static_cast<double>(epoch + 1));
        std::printf("step %ld\n", static_cast<long>(epoch));
        if (checkpoint > 0 && epoch % checkpoint == checkpoint - 1) run.checkpoint("latest");
        if (run.stop_requested()) {
            std::printf("stopped\n");
            break;
        }
        if (leave > 0 && mlscribe::deadline_reached(std::chrono::seconds(leave))) {
            std::printf("left\n");
            break;
        }
        // Until somebody ends it.
        while (epoch == hold) pause_for(1000);
        pause_for(chosen.number("pause", 100));
    }
    const char* const index = std::getenv("SLURM_ARRAY_TASK_ID");
    if (index != nullptr && chosen.text("fail_index") == index) {
        run.end(mlscribe::run_status::failed);
        return EXIT_FAILURE;
    }
    run.end();
    std::printf("done\n");
}
