// SPDX-License-Identifier: MIT
/// \file Starts a run, logs 100000 points twice and ends; marks the parts for who counts system
/// calls: each mark is a look at a file that does not exist.
#include <mlscribe/mlscribe.hpp>

#include <unistd.h>

namespace {

void mark(const char* name) {
    static_cast<void>(::access(name, F_OK));
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    mlscribe::run_options options;
    options.tracking_uri = arguments[1];
    options.experiment = "test";
    options.source_directory = arguments[1];  // a work tree's files would be looked at, too
    mark("/mark/start");
    mlscribe::run run = mlscribe::start_run(options);
    mark("/mark/started");
    mlscribe::metric_handle loss = run.metric("loss");
    mlscribe::metric_handle accuracy = run.metric("group/accuracy");
    accuracy.log(0.5);
    loss.log(0.5);
    mark("/mark/growing");
    for (int i = 0; i < 100000; ++i) loss.log(i);
    mark("/mark/grown");
    run.flush();
    mark("/mark/reusing");
    for (int i = 0; i < 50000; ++i) loss.log(i);
    mark("/mark/reused");
    run.flush();
    loss.log(0.25);
    mark("/mark/end");
    run.end();
    mark("/mark/ended");
    return run.lost_points() == 0 ? 0 : 1;
}
