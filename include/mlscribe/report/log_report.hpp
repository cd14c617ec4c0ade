// SPDX-License-Identifier: MIT
/// \file Defines run.log_report().
#ifndef MLSCRIBE_REPORT_LOG_REPORT_HPP
#define MLSCRIBE_REPORT_LOG_REPORT_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/report/report_options.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/report/report_writing.hpp>
#else
#    include <mlscribe/report/disabled_report_writing.hpp>
#endif

#endif
