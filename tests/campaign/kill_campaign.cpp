// SPDX-License-Identifier: MIT
/// \file kill_campaign [children] [seed]: children log and are killed at random instants, so are
/// some of those who recover their runs; then every point must stand in its file once.
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "campaign_check.hpp"
#include "campaign_child.hpp"
#include "campaign_plan.hpp"
#include "scratch_directory.hpp"

namespace {

using campaign::demand;

struct totals {
    std::uint64_t points = 0;
    std::uint64_t unreported = 0;
    int during_start = 0;
    int own_hand = 0;
    int killed_helpers = 0;
    int at_once = 0;
};

template <class Body>
pid_t spawn(Body&& body) {
    ::fflush(nullptr);
    const pid_t child = ::fork();
    demand(child >= 0, "no process");
    if (child == 0) {
        try {
            body();
        } catch (const std::exception& thrown) {
            ::fprintf(stderr, "a child threw: %s\n", thrown.what());
            ::_exit(4);
        }
        ::_exit(0);
    }
    return child;
}

/// Waits for its end. \return whether it was killed, not done
bool was_killed(pid_t child, const std::string& who) {
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        demand(WTERMSIG(status) == SIGKILL, who + ": signal " + std::to_string(WTERMSIG(status)));
        return true;
    }
    demand(WEXITSTATUS(status) == 0, who + ": exit status " + std::to_string(WEXITSTATUS(status)));
    return false;
}

class one_child {
  public:
    one_child(const campaign::child_plan& plan, totals& sum) : plan_(plan), sum_(sum) {
        test::write_file(scratch_ / "elsewhere/keep", "");
    }

    void live_and_die() {
        const pid_t child = spawn([this] {
            campaign::be_the_child(scratch_.store(), scratch_ / "elsewhere", plan_, *told_);
        });
        if (plan_.end.calls != 0) {
            // By its own hand, if it comes so far.
            for (int waited = 0; waited < 100; ++waited) {
                siginfo_t ended{};
                ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT);
                if (ended.si_pid == child) {
                    ++sum_.own_hand;
                    break;
                }
                campaign::pause_for(2000);
            }
        } else {
            while (!plan_.during_start && told_->started == 0) campaign::pause_for(200);
            campaign::pause_for(plan_.end.microseconds);
        }
        ::kill(child, SIGKILL);
        // A zombie is dead, too.
        siginfo_t dead{};
        ::waitid(P_PID, static_cast<id_t>(child), &dead, WEXITED | WNOWAIT);
        if (plan_.helpers.size() == 1) recover_once();
        demand(was_killed(child, "the child"), "the child ended by itself");
        check_reports("the child");
    }

    void bring_back() {
        for (const campaign::death& end : plan_.helpers) {
            const pid_t helper = spawn([this, &end] {
                campaign::plan_death(end);
                help();
            });
            if (end.calls == 0) {
                campaign::pause_for(end.microseconds);
                ::kill(helper, SIGKILL);
            }
            if (was_killed(helper, "a helper")) ++sum_.killed_helpers;
            ++attempt_;
        }
        if (plan_.after == campaign::aftermath::recoveries_at_once) {
            std::vector<pid_t> both;
            for (int i = 0; i < 2; ++i) both.push_back(spawn([this] { help(); }));
            for (const pid_t helper : both) was_killed(helper, "a recovery of two");
            ++sum_.at_once;
        }
        was_killed(spawn([this] { help(); }), "the last helper");
        check_reports("a helper");
    }

    void check() const {
        const std::string run = find_run();
        if (plan_.during_start) check_next_start();
        if (run.empty()) {
            demand(told_->started == 0, "the run is gone");
            return;
        }
        campaign::check_nothing_left(run);
        campaign::check_nothing_left(scratch_ / "elsewhere");
        const campaign::checked_points found = campaign::check_points(run, plan_, *told_);
        sum_.points += found.points;
        sum_.unreported += found.unreported;
        if (plan_.during_start) ++sum_.during_start;
        const std::string status = test::meta(run, "status");
        if (plan_.after == campaign::aftermath::resumed && told_->started != 0) {
            demand(status == "3", "resumed, but its status is " + status);
            return;
        }
        demand(status == "5", "its status is " + status);
        const std::string start = test::meta(run, "start_time");
        std::int64_t last = (std::max)(found.last_time, std::int64_t{std::stoll(start)});
        for (const char* seconds : {"epoch_seconds", "step_seconds"}) {
            if (!test::exists(run + "/metrics/" + seconds)) continue;
            for (const mlscribe::point& each : test::points(run, seconds)) {
                last = (std::max)(last, each.timestamp);
            }
        }
        demand(test::meta(run, "end_time") == std::to_string(last),
               "end_time " + test::meta(run, "end_time") + ", last point " + std::to_string(last));
    }

  private:
    /// What the plan has others do to the run; in a process of its own.
    void help() {
        if (plan_.after == campaign::aftermath::resumed && told_->started != 0) return resume();
        recover_here();
    }

    void recover_once() {
        was_killed(spawn([this] { recover_here(); }), "who recovers a zombie");
    }

    void recover_here() {
        if (!test::exists(scratch_.store())) return;
        mlscribe::recover_options options;
        options.on_error = [this](const mlscribe::error& failure) { told_->note(failure); };
        mlscribe::recover(scratch_.store(), options);
    }

    void resume() {
        mlscribe::resume_options options;
        options.tracking_uri = scratch_.store();
        options.on_error = [this](const mlscribe::error& failure) { told_->note(failure); };
        if (plan_.elsewhere) {
            ::setenv("MLSCRIBE_JOURNAL_DIR", (scratch_ / "elsewhere").c_str(), 1);
        }
        mlscribe::run run = mlscribe::resume_run(told_->run_id, options);
        demand(run.recording(), "cannot resume");
        std::vector<mlscribe::metric_handle> handles;
        for (int key = 0; key < plan_.keys; ++key) {
            handles.push_back(run.metric(campaign::key_name(key)));
        }
        for (int round = 0; round < 3; ++round) {
            for (int key = 0; key < plan_.keys; ++key) {
                const std::size_t lane = campaign::resumed_lane(attempt_, key);
                const std::uint64_t index = told_->logged[lane];
                handles[static_cast<std::size_t>(key)].log(campaign::value_of(lane, index));
                told_->logged[lane] = index + 1;
            }
        }
    }

    /// What a run that never appeared left is removed by the next one.
    void check_next_start() const {
        was_killed(spawn([this] {
                       mlscribe::run_options options;
                       options.tracking_uri = scratch_.store();
                       options.experiment = "campaign";
                       mlscribe::start_run(options);
                   }),
                   "the next start");
        for (const std::string& path : test::tree(scratch_.store())) {
            demand(path.find("/datasets/") == std::string::npos, path + " was left");
        }
        campaign::check_nothing_left(scratch_ / "elsewhere");
    }

    std::string find_run() const {
        for (const std::string& path : test::exists(scratch_.store())
                                           ? test::tree(scratch_.store())
                                           : std::vector<std::string>()) {
            if (path.size() > 40 && path.rfind("/meta.yaml") == path.size() - 10 &&
                path.find('/') != path.rfind('/') && path.find("/datasets/") == std::string::npos) {
                return scratch_.store() + '/' + path.substr(0, path.size() - 10);
            }
        }
        return {};
    }

    void check_reports(const std::string& who) const {
        demand(told_->reports == 0, who + " reported: " + told_->report);
    }

    const campaign::child_plan& plan_;
    totals& sum_;
    test::scratch_directory scratch_;
    campaign::shared_account told_;
    std::size_t attempt_ = 0;  ///< to bring the run back
};

bool keeps_promises(std::uint64_t seed, totals& sum) {
    const campaign::child_plan plan = campaign::draw_plan(seed);
    try {
        one_child child(plan, sum);
        child.live_and_die();
        child.bring_back();
        child.check();
        return true;
    } catch (const std::exception& thrown) {
        ::printf("child with seed %llu (after %d, end by call %u %d %ld, helpers %zu): %s\n",
                 static_cast<unsigned long long>(seed), static_cast<int>(plan.after),
                 plan.end.calls, static_cast<int>(plan.end.end), plan.end.calls_before,
                 plan.helpers.size(), thrown.what());
        return false;
    }
}

}  // namespace

int main(int count, char** arguments) {
    const long children = count > 1 ? std::strtol(arguments[1], nullptr, 10) : 300;
    const std::uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10)
                                         : static_cast<std::uint64_t>(::time(nullptr)) * 1000;
    ::printf("%ld children, seed %llu\n", children, static_cast<unsigned long long>(seed));
    totals sum;
    long broken = 0;
    for (long i = 0; i < children; ++i) {
        if (!keeps_promises(seed + static_cast<std::uint64_t>(i), sum)) ++broken;
    }
    ::printf(
        "%llu points, %llu of them in flight when the child was killed; %d children killed by a "
        "system call of their own, %d during the start; %d helpers killed, %d pairs at once\n",
        static_cast<unsigned long long>(sum.points),
        static_cast<unsigned long long>(sum.unreported), sum.own_hand, sum.during_start,
        sum.killed_helpers, sum.at_once);
    ::printf("%ld of %ld children found a promise broken\n", broken, children);
    // Among a few there may be none of either.
    const bool all_met = children < 100 || (sum.own_hand > 0 && sum.points > 0);
    if (!all_met) ::printf("no child was killed by its own hand, or none logged a point\n");
    return broken == 0 && children > 0 && all_met ? 0 : 1;
}
