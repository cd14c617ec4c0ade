// SPDX-License-Identifier: MIT
/// \file contention <processes> <runs> each <n>: so many processes start so many runs each at once
/// in a store that none has made yet, by one path and by two; append to one table; recover one run;
/// and processes are killed or stopped at every n-th system call of what makes a store, an
/// experiment, a run or a table, while others do the same.
/// contention <processes> <runs> into <store>: fills that one and leaves it.
/// Exit status 77 where processes cannot be traced, after the rest was done.
#include <mlscribe/layout/json_document.hpp>
#include <mlscribe/mlscribe.hpp>

#include <sys/file.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "begun_seed.hpp"
#include "contended_store.hpp"
#include "crowd.hpp"
#include "scratch_directory.hpp"
#include "traced_process.hpp"

namespace {

using campaign::require;

/// How long a process may be held up by one that was stopped, and what a busy machine adds.
constexpr double longest_wait = 10;
constexpr double busy = 50;
constexpr int was_none = 3;  ///< an exit status

void tell(const std::string& text) {
    std::printf("%s\n", text.c_str());
    std::fflush(stdout);
}

std::string shown(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", seconds);
    return text;
}

/// \param stores  paths of one directory
void fill(const std::vector<std::string>& stores, int processes, int runs,
          const std::string& what) {
    const double seconds = campaign::all_at_once(processes, [&](int number) {
        campaign::log_runs(stores[static_cast<std::size_t>(number) % stores.size()], number, runs);
    });
    campaign::check_runs(stores[0], processes, runs);
    tell(what + ": " + std::to_string(processes * runs) + " runs of " + std::to_string(processes) +
         " processes, " + shown(seconds));
}

/// One directory under a second name: another mount of it where that is allowed, else a link.
class second_path {
  public:
    explicit second_path(const test::scratch_directory& scratch)
        : place_(scratch / "first"), again_(scratch / "second") {
        std::filesystem::create_directories(place_);
        std::filesystem::create_directories(again_);
        mounted_ = ::mount(place_.c_str(), again_.c_str(), nullptr, MS_BIND, nullptr) == 0;
        if (mounted_) return;
        std::filesystem::remove(again_);
        std::filesystem::create_symlink(place_, again_);
    }
    second_path(const second_path&) = delete;
    second_path& operator=(const second_path&) = delete;
    ~second_path() {
        if (mounted_ && ::umount2(again_.c_str(), 0) != 0) ::umount2(again_.c_str(), MNT_DETACH);
    }

    bool is_mounted() const { return mounted_; }
    std::vector<std::string> stores() const { return {place_ + "/mlruns", again_ + "/mlruns"}; }

  private:
    std::string place_;
    std::string again_;
    bool mounted_ = false;
};

void fill_by_two_paths(int processes, int runs) {
    const test::scratch_directory scratch;
    const second_path paths(scratch);
    fill(paths.stores(), processes, runs, paths.is_mounted() ? "two mounts" : "two paths");
}

/// A run that others join, and where it lies.
struct shared_run {
    test::scratch_directory scratch;
    campaign::no_reports none;
    mlscribe::run run;
    std::string id;
    std::string folder;

    shared_run() : run(mlscribe::start_run(campaign::options_of(scratch.store(), "e", "r", none))) {
        none.check();
        id = run.id();
        folder = test::folder(scratch, run);
    }

    mlscribe::run join(campaign::no_reports& failures) const {
        mlscribe::resume_options options;
        options.tracking_uri = scratch.store();
        options.on_error = failures.handler();
        return mlscribe::resume_run(id, options);
    }

    /// Appends a row, and names a table of its own.
    void append(int value, bool named) const {
        campaign::no_reports failures;
        mlscribe::run joined = join(failures);
        append(joined, value, named);
        failures.check();
    }
    static void append(mlscribe::run& joined, int value, bool named) {
        using columns = std::map<std::string, std::vector<int>>;
        joined.log_table(columns{{"value", {value}}}, "rows.json");
        if (named) joined.log_table(columns{{"a", {1}}}, std::to_string(value) + ".json");
    }

    /// The values in the table, each once.
    std::set<int> values() const {
        std::set<int> found;
        const auto table = mlscribe::parse_json(test::read_file(folder + "/artifacts/rows.json"));
        require(table && table->find("data") != nullptr, "the table is damaged");
        for (const mlscribe::document& row : table->find("data")->items) {
            const int value = std::stoi(row.items.at(0).text);
            require(found.insert(value).second, "a row is there twice");
        }
        return found;
    }
    std::size_t named_tables() const {
        const std::string tag = folder + "/tags/mlflow.loggedArtifacts";
        const auto list = mlscribe::parse_json(test::read_file(tag));
        require(list.has_value(), "the list of tables is damaged");
        return list->items.size();
    }
    void end() {
        run.end();
        none.check();
        for (const std::string& path : test::tree(folder)) {
            require(path.find(".mlscribe-") == std::string::npos, path + " was left");
        }
    }
};

void append_rows(int processes) {
    constexpr int rows = 5;
    shared_run shared;
    const double seconds = campaign::all_at_once(processes, [&](int number) {
        campaign::no_reports failures;
        mlscribe::run joined = shared.join(failures);
        for (int row = 0; row < rows; ++row) {
            shared_run::append(joined, number * rows + row, row == 0);
        }
        joined.end();
        failures.check();
    });
    const auto all = static_cast<std::size_t>(processes * rows);
    require(shared.values().size() == all,
            std::to_string(shared.values().size()) + " rows of " + std::to_string(all));
    require(shared.named_tables() == static_cast<std::size_t>(processes) + 1,
            std::to_string(shared.named_tables()) + " tables are named");
    shared.end();
    tell("one table: " + std::to_string(all) + " rows, " + shown(seconds));
}

/// A process that dies with points in its journal; all of the crowd then resume the run.
void recover_at_once(int processes) {
    const test::scratch_directory scratch;
    constexpr std::size_t points = 20000;
    const pid_t child = campaign::spawn_process([&scratch] {
        campaign::no_reports none;
        mlscribe::run_options options = campaign::options_of(scratch.store(), "e", "r", none);
        options.drain = mlscribe::drain_mode::inline_;
        mlscribe::run run = mlscribe::start_run(options);
        test::write_file(scratch / "folder", test::folder(scratch, run));
        mlscribe::metric_handle loss = run.metric("loss");
        for (std::size_t i = 0; i < points; ++i) loss.log(static_cast<double>(i));
        ::raise(SIGKILL);
    });
    require(campaign::status_of(child) == 128 + SIGKILL, "a process was not killed");
    const std::string folder = test::read_file(scratch / "folder");
    const double seconds = campaign::all_at_once(processes, [&](int number) {
        campaign::no_reports none;
        mlscribe::resume_options options;
        options.tracking_uri = scratch.store();
        options.on_error = none.handler();
        mlscribe::run run = mlscribe::resume_run(folder.substr(folder.rfind('/') + 1), options);
        run.metric("of " + std::to_string(number)).log(1);
        run.end();
        none.check();
    });
    require(test::points(folder, "loss").size() == points, "not every point once");
    for (int number = 0; number < processes; ++number) {
        const std::string key = "of " + std::to_string(number);
        require(test::points(folder, key).size() == 1, key + " is not there");
    }
    tell("recoveries at once, " + shown(seconds));
}

/// What one process does while another is held at one of its system calls.
struct held_action {
    const char* name;
    bool store_is_there;
    bool experiment_is_there;
};

/// One creator is held at its n-th system call; another starts a run meanwhile, which may not take
/// long; then the first dies or goes on. \return whether there was such a call
bool hold_a_creator(const held_action& action, long n, bool killed) {
    const test::scratch_directory scratch;
    const std::string store = scratch.store();
    if (action.store_is_there) {
        const char* const before = action.experiment_is_there ? "e" : "another";
        campaign::log_one_run(store, before, "before");
    }
    campaign::traced_process first(n, [&store] { campaign::log_one_run(store, "e", "first"); });
    if (first.has_ended()) {
        require(first.exit_status() == 0, "a traced process failed");
        return false;
    }
    if (killed) first.kill();
    const double begin = campaign::seconds_now();
    const pid_t second =
        campaign::spawn_process([&store] { campaign::log_one_run(store, "e", "second"); });
    require(campaign::status_of(second) == 0, "who comes second fails");
    const double waited = campaign::seconds_now() - begin;
    require(waited < longest_wait + busy, "who comes second waits for " + shown(waited));
    first.go_on();
    require(killed || first.exit_status() == 0, "who was stopped fails");
    if (killed) {
        // Ends the run that it may have begun.
        mlscribe::recover(store);
        const pid_t third =
            campaign::spawn_process([&store] { campaign::log_one_run(store, "e", "third"); });
        require(campaign::status_of(third) == 0, "who comes third fails");
    }
    std::set<std::string> experiments;
    std::size_t runs = 0;
    for (const auto& [name, found] : campaign::store_names(store)) {
        require(experiments.insert(name).second, "two experiments are called " + name);
        if (name == "e") runs = found;
    }
    const std::size_t whole = (action.experiment_is_there ? 1u : 0u) + 2u;
    require(runs == whole || (killed && runs == whole + 1), "other runs than were logged");
    require(experiments.count("Default") == 1 && experiments.count("e") == 1,
            "an experiment is missing");
    return true;
}

/// Which system calls of a process are tried.
struct chosen_calls {
    long each;
    long first = static_cast<long>(test::begun_seed(0)) % each;
};

/// Does `hold(n)`, which says whether there was an n-th call, for these, some of them at once.
/// \return how many there were
template <class Hold>
int hold_at_calls(const chosen_calls& chosen, int at_once, const std::string& what, Hold&& hold) {
    int calls = 0;
    long n = chosen.first;
    for (bool more = true; more;) {
        std::vector<pid_t> holders;
        for (int i = 0; i < at_once; ++i, n += chosen.each) {
            holders.push_back(campaign::spawn_process([n, &what, &hold] {
                try {
                    if (!hold(n)) ::_exit(was_none);
                } catch (const std::exception& thrown) {
                    throw campaign::broken_order(what + ", at call " + std::to_string(n) + ": " +
                                                 thrown.what());
                }
            }));
        }
        for (const pid_t holder : holders) {
            const int status = campaign::status_of(holder);
            require(status == 0 || status == was_none, what + " blocks or breaks something");
            more = more && status == 0;
            calls += status == 0 ? 1 : 0;
        }
    }
    require(calls * chosen.each > 20, what + " takes few calls");
    return calls;
}

const char* shown(bool killed) {
    return killed ? "killed" : "stopped";
}

void hold_creators(const chosen_calls& chosen, bool killed) {
    for (const held_action& action :
         {held_action{"a store", false, false}, held_action{"an experiment", true, false},
          held_action{"a run", true, true}}) {
        const double begin = campaign::seconds_now();
        const std::string what = std::string(shown(killed)) + " while it makes " + action.name;
        const int calls = hold_at_calls(chosen, 8, what,
                                        [&](long n) { return hold_a_creator(action, n, killed); });
        tell(what + ": at " + std::to_string(calls) + " calls, " +
             shown(campaign::seconds_now() - begin));
    }
}

/// One writer of a table is held at its n-th system call; another appends meanwhile.
/// \return whether there was such a call
bool hold_a_writer(long n, bool killed) {
    shared_run shared;
    shared.append(0, false);
    campaign::traced_process first(n, [&shared] {
        // Not from the start on: joining a run is no part of it.
        shared.append(1, false);
    });
    if (first.has_ended()) {
        require(first.exit_status() == 0, "a traced process failed");
        return false;
    }
    if (killed) first.kill();
    const pid_t second = campaign::spawn_process([&shared] { shared.append(2, false); });
    require(campaign::status_of(second) == 0, "who comes second fails");
    first.go_on();
    require(killed || first.exit_status() == 0, "who was stopped fails");
    const std::set<int> values = shared.values();
    require(values.count(0) == 1 && values.count(2) == 1, "a row is lost");
    require(killed || values.count(1) == 1, "the row of who was stopped is lost");
    shared.run.end();
    return true;
}

/// Many at once, since who comes second may wait for ten seconds.
void hold_writers(const chosen_calls& chosen, bool killed) {
    const double begin = campaign::seconds_now();
    const std::string what = std::string(shown(killed)) + " while it appends to a table";
    const int calls =
        hold_at_calls(chosen, 64, what, [killed](long n) { return hold_a_writer(n, killed); });
    tell(what + ": at " + std::to_string(calls) + " calls, " +
         shown(campaign::seconds_now() - begin));
}

void demand_no_locks() {
    // Or nothing would be tested.
    require(::flock(0, LOCK_SH) != 0 && errno == ENOSYS, "flock() works");
}

int run_all(int processes, int runs, const chosen_calls& chosen) {
    const bool locks = std::getenv("MLSCRIBE_TEST_NO_LOCKS") == nullptr;
    if (!locks) demand_no_locks();
    {
        const test::scratch_directory scratch;
        fill({scratch.store()}, processes, runs, "one path");
    }
    if (locks) fill_by_two_paths(processes, runs);
    append_rows(processes);
    recover_at_once((std::min)(processes, 16));
    if (!campaign::can_trace()) {
        tell("skipped: this machine does not let a process be traced");
        return 77;
    }
    tell("MLSCRIBE_TEST_SEED=" + std::to_string(test::begun_seed(0)) + ": from call " +
         std::to_string(chosen.first) + " on");
    for (const bool killed : {true, false}) {
        if (locks) hold_creators(chosen, killed);
        hold_writers(chosen, killed);
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 5) return 2;
    const int processes = std::atoi(arguments[1]);
    const int runs = std::atoi(arguments[2]);
    const std::string what = arguments[3];
    try {
        if (what == "each") {
            return run_all(processes, runs, {(std::max)(std::atol(arguments[4]), 1L)});
        }
        fill({arguments[4]}, processes, runs, "one path");
    } catch (const std::exception& thrown) {
        std::fprintf(stderr, "%s\n", thrown.what());
        return 1;
    }
    return 0;
}
