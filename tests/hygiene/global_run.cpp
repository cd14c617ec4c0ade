// SPDX-License-Identifier: MIT
/// \file The globals, in the order of their making: destroyed the other way round.
#include <mlscribe/run/start_run.hpp>

#include "global_run.hpp"

last_words after_the_run;  // destroyed when the run has ended: its point is lost
mlscribe::run training = mlscribe::start_run("globals", "one run for all files");
mlscribe::metric_handle loss = training.metric("loss");

namespace {
const last_words before_the_end{training.metric("before the end")};
}  // namespace
