// SPDX-License-Identifier: MIT
/// \file failure_campaign <some | every> <outcomes.txt> [<script> <python>...]: the reference
/// program with each of its calls into the store failing in turn, `some`: by one error, `every`: by
/// each. The table of outcomes is compared with the file; `every` writes it where
/// MLSCRIBE_RENEW_OUTCOMES is set. The script reads in each interpreter the stores whose folders
/// stand in its input. MLSCRIBE_REFERENCE_PROGRAM names another build of the program.
///
/// failure_campaign <fault>: that one, `write-3-EIO-once`, and what the program said.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "faults.hpp"
#include "outcome.hpp"
#include "outcome_table.hpp"
#include "scratch_directory.hpp"

namespace {

using failure::demand;

std::string reference_program() {
    const char* const other = std::getenv("MLSCRIBE_REFERENCE_PROGRAM");
    return other == nullptr ? MLSCRIBE_COMPILED_PROGRAM : other;
}

/// A program with more or other variables than this one has.
class program {
  public:
    explicit program(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
        for (char** each = environ; *each != nullptr; ++each) variables_.emplace_back(*each);
    }
    void set(const std::string& name, const std::string& value) {
        variables_.push_back(name + '=' + value);
    }

    /// Runs it to its end. \return what it wrote
    std::string run() {
        int ends[2];
        demand(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
        pid_t child = 0;
        const int failed = ::posix_spawn(&child, arguments_.front().c_str(), &actions, nullptr,
                                         pointers(arguments_).data(), pointers(variables_).data());
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        const std::string output = failed == 0 ? read_all(ends[0], child) : std::string();
        ::close(ends[0]);
        demand(failed == 0, "cannot run " + arguments_.front());
        int status = 0;
        ::waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) {
            const int signal = WTERMSIG(status);
            throw failure::broken_promise(signal == SIGKILL
                                              ? "it hangs"
                                              : "signal " + std::to_string(signal) + '\n' + output);
        }
        demand(WEXITSTATUS(status) == 0,
               "exit status " + std::to_string(WEXITSTATUS(status)) + '\n' + output);
        return output;
    }

  private:
    static std::vector<char*> pointers(std::vector<std::string>& words) {
        std::vector<char*> result;
        for (std::string& word : words) result.push_back(&word[0]);
        result.push_back(nullptr);
        return result;
    }

    /// A child that is silent for minutes hangs, however busy the machine is.
    static std::string read_all(int file, pid_t child) {
        std::string text;
        char block[4096];
        while (true) {
            pollfd waited{file, POLLIN, 0};
            if (::poll(&waited, 1, 300 * 1000) == 0) {
                ::kill(child, SIGKILL);
                return text;
            }
            const ssize_t count = ::read(file, block, sizeof block);
            if (count <= 0) return text;
            text.append(block, static_cast<std::size_t>(count));
        }
    }

    std::vector<std::string> arguments_;
    std::vector<std::string> variables_;
};

class campaign {
  public:
    const std::map<std::string, std::size_t>& calls() const { return made_; }
    const failure::outcome_table& table() const { return table_; }
    const std::map<std::string, std::size_t>& outcomes() const { return outcomes_; }
    const std::vector<std::string>& stores() const { return stores_; }
    std::size_t broken() const { return broken_; }

    void run(const std::vector<failure::fault>& faults) {
        std::atomic<std::size_t> next{0};
        std::vector<std::thread> workers;
        for (unsigned i = 0; i < (std::max)(std::thread::hardware_concurrency(), 1U); ++i) {
            workers.emplace_back([&] {
                for (std::size_t k = next++; k < faults.size(); k = next++) try_out(faults[k]);
            });
        }
        for (std::thread& worker : workers) worker.join();
    }

    /// Runs one fault. \return what the program said
    std::string said(const failure::fault& fault) {
        try_out(fault);
        const std::string folder = scratch_ / fault.name();
        return test::read_file(folder + "/call") + test::read_file(folder + "/output");
    }

    /// Has other readers read all stores that differ.
    void read_by(const std::string& script, const std::string& python) {
        std::string folders;
        for (const std::string& store : stores_) folders += store + '\n';
        test::write_file(scratch_ / "stores", folders);
        try {
            std::printf("%s", program({python, script, scratch_ / "stores"}).run().c_str());
        } catch (const failure::broken_promise& thrown) {
            ++broken_;
            std::printf("%s: %s\n", python.c_str(), thrown.what());
        }
    }

  private:
    failure::reference tried_without_fault() {
        test::write_file(artifact_, "an artifact\n");
        const std::string store = scratch_ / "whole/mlruns";
        const std::string log = scratch_ / "calls";
        program reference({reference_program(), store, artifact_});
        prepare(reference, store, log);
        const failure::told said(reference.run());
        demand(said.heard.empty() && said.runs.size() == 3, "without a fault it fails");
        std::istringstream lines(test::read_file(log));
        for (std::string line; std::getline(lines, line);) ++made_[line.substr(0, line.find(' '))];
        for (const char* const refused :
             {"write", "fallocate", "link", "rename", "mkdir", "truncate", "fsync", "mmap"}) {
            made_["disk"] += made_[refused];
        }
        return {said, failure::content_of(store, said, false)};
    }

    static void prepare(program& reference, const std::string& store, const std::string& log) {
        reference.set("LD_PRELOAD", MLSCRIBE_FAILING_CALLS);
        reference.set("FAILING_BELOW", store);
        reference.set("FAILING_LOG", log);
    }

    void try_out(const failure::fault& fault) {
        const std::string folder = scratch_ / fault.name();
        const std::string store = folder + "/mlruns";
        std::string output;
        try {
            program reference({reference_program(), store, artifact_});
            prepare(reference, store, folder + "/call");
            reference.set("FAILING_CALL", fault.call);
            reference.set("FAILING_AT", std::to_string(fault.at));
            reference.set("FAILING_ERROR", std::to_string(fault.how.error));
            reference.set("FAILING_FOR", std::to_string(fault.calls()));
            test::write_file(folder + "/call", "");
            test::write_file(folder + "/output", "");
            output = reference.run();
            test::write_file(folder + "/output", output);
            const std::string call = test::read_file(folder + "/call");
            demand(!call.empty(), "the call was not made");
            const std::string path =
                call.substr(call.find(' ') + 1, call.find('\n') - call.find(' ') - 1);
            judge(fault, failure::role_of(store, path), store, failure::told(output));
        } catch (const std::exception& thrown) {
            const std::lock_guard<std::mutex> lock(mutex_);
            ++broken_;
            std::printf("%s: %s\n    %s%s", fault.name().c_str(), thrown.what(),
                        test::read_file(folder + "/call").c_str(), output.c_str());
        }
    }

    /// Other readers get a store as the program left it, and as it is in the end, unless there was
    /// one like it.
    void judge(const failure::fault& fault, const std::string& role, const std::string& store,
               const failure::told& said) {
        if (is_new(left_, store, said)) {
            failure::check_readable(store, true);
            const std::string copy = store + "-left";
            std::filesystem::copy(store, copy, std::filesystem::copy_options::recursive);
            keep(copy);
        }
        const std::string outcome = failure::outcome_of(store, said, whole_);
        if (is_new(finished_, store, said)) {
            failure::check_readable(store, false);
            failure::check_next_run(store);
            keep(store);
        } else {
            std::filesystem::remove_all(store);
        }
        const std::lock_guard<std::mutex> lock(mutex_);
        table_.add(fault, role, outcome);
        ++outcomes_[outcome];
    }

    bool is_new(std::set<failure::content>& seen, const std::string& store,
                const failure::told& said) {
        if (!test::exists(store)) return false;
        failure::content content = failure::content_of(store, said, true);
        const std::lock_guard<std::mutex> lock(mutex_);
        return seen.insert(std::move(content)).second;
    }

    void keep(const std::string& store) {
        const std::lock_guard<std::mutex> lock(mutex_);
        stores_.push_back(store);
    }

    test::scratch_directory scratch_;
    const std::string artifact_ = scratch_ / "artifact.txt";
    std::map<std::string, std::size_t> made_;
    const failure::reference whole_ = tried_without_fault();

    std::mutex mutex_;  // for what follows
    failure::outcome_table table_;
    std::map<std::string, std::size_t> outcomes_;
    std::vector<std::string> stores_;
    std::set<failure::content> left_;
    std::set<failure::content> finished_;
    std::size_t broken_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    struct statvfs memory {};
    // Where there is room for some hundred stores.
    if (::statvfs("/dev/shm", &memory) == 0 && memory.f_bavail * memory.f_frsize > (1U << 30) &&
        ::access("/dev/shm", W_OK) == 0) {
        ::setenv("TMPDIR", "/dev/shm", 1);
    }
    const std::vector<std::string> words(arguments + 1, arguments + count);
    campaign tried;
    if (words.size() == 1) {
        for (const failure::fault& fault : failure::all_faults(tried.calls(), true)) {
            if (fault.name() == words[0]) std::printf("%s", tried.said(fault).c_str());
        }
        for (const auto& [outcome, times] : tried.outcomes()) std::printf("%s\n", outcome.c_str());
        return tried.outcomes().empty() ? 1 : 0;
    }
    if (words.size() < 2) return 2;
    const bool every = words[0] == "every";
    const std::vector<failure::fault> faults = failure::all_faults(tried.calls(), every);
    tried.run(faults);
    for (std::size_t i = 3; i < words.size(); ++i) tried.read_by(words[2], words[i]);

    if (every && tried.broken() == 0 && std::getenv("MLSCRIBE_RENEW_OUTCOMES") != nullptr) {
        test::write_file(words[1], tried.table().text());
    }
    const auto expected = failure::outcome_table::parse(test::read_file(words[1]));
    std::string unexpected = tried.table().more_than(expected) + tried.table().lacks(expected);
    if (every && tried.table().text() != test::read_file(words[1])) {
        unexpected += "it is to have the lines above\n";
    }
    std::printf("%s%zu faults of %zu kinds of calls:", tried.table().text().c_str(), faults.size(),
                tried.calls().size());
    for (const auto& [outcome, times] : tried.outcomes()) {
        std::printf(" %zu %s,", times, outcome.c_str());
    }
    std::printf(" %zu broke a promise; %zu stores differ\n", tried.broken(), tried.stores().size());
    if (!unexpected.empty()) std::printf("not as in %s:\n%s", words[1].c_str(), unexpected.c_str());
    return tried.broken() == 0 && unexpected.empty() && !faults.empty() ? 0 : 1;
}
