// SPDX-License-Identifier: MIT
/// \file plugin_host <plug-in>: a program of two files and a plug-in share one registry, one drain
/// thread, one claim on MLFLOW_RUN_ID, and see one run.
#include <mlscribe/mlscribe.hpp>

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "plugin.hpp"

namespace {

int drain_threads() {
    int count = 0;
    std::error_code failed;
    for (std::filesystem::directory_iterator each("/proc/self/task", failed), end;
         !failed && each != end; each.increment(failed)) {
        std::string name;
        std::ifstream((each->path() / "comm").string()) >> name;
        count += name == "mlscribe" ? 1 : 0;
    }
    return count;
}

int failures = 0;
void check(bool holds, const char* what) {
    if (holds) return;
    std::printf("wrong: %s\n", what);
    ++failures;
}

}  // namespace

int main(int, char** arguments) {
    void* const library = ::dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    void* const found = library == nullptr ? nullptr : ::dlsym(library, "ask_plugin");
    if (found == nullptr) {
        std::printf("%s\n", ::dlerror());
        return 1;
    }
    answers plugin{};
    reinterpret_cast<void (*)(answers&)>(found)(plugin);
    const answers second = second_file();
    const void* const registry = &mlscribe::detail::drain_registry::instance();
    check(second.registry == registry, "the second file has the program's registry");
    check(plugin.registry == registry, "the plug-in has the program's registry");
    check(plugin.log != second.log, "the plug-in has code of its own");

    std::string id;
    {
        const mlscribe::run first = mlscribe::start_run();
        id = std::string(first.id());
    }
    ::setenv("MLFLOW_RUN_ID", id.c_str(), 1);
    mlscribe::run resumed = plugin.start();
    check(resumed.id() == id, "the first to ask goes on with the run of MLFLOW_RUN_ID");
    mlscribe::run own = second.start();
    mlscribe::run third = mlscribe::start_run();
    check(own.recording() && own.id() != id, "the second file starts a run of its own");
    check(third.recording() && third.id() != id && third.id() != own.id(), "and so does the third");
    // A new thread needs a moment to take its name, one that was joined another to leave /proc.
    for (int i = 0; i < 2000 && drain_threads() != 1; ++i) ::usleep(5000);
    check(drain_threads() == 1, "one thread drains the runs of the program and the plug-in");

    mlscribe::metric_handle loss = resumed.metric("loss");
    for (int i = 0; i < 100; ++i) {
        loss.log(1.0);
        second.log(loss);
        plugin.log(loss);
    }
    resumed.end();
    check(resumed.lost_points() == 0, "no point is lost");
    const auto path = std::filesystem::path("mlruns/0") / id / "metrics/loss";
    std::ifstream rows(path.string());
    int lines = 0;
    for (std::string row; std::getline(rows, row);) ++lines;
    check(lines == 300, "all log to one run");
    return failures == 0 ? 0 : 1;
}
