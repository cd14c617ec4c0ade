// SPDX-License-Identifier: MIT
/// \file What the machine does while a run is open, as metrics. Not part of the umbrella.
#ifndef MLSCRIBE_MONITOR_HPP
#define MLSCRIBE_MONITOR_HPP

#include <mlscribe/monitor/monitor_system.hpp>

#endif
