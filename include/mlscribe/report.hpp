// SPDX-License-Identifier: MIT
/// \file Reports: runs as one HTML file. Not part of the umbrella.
#ifndef MLSCRIBE_REPORT_HPP
#define MLSCRIBE_REPORT_HPP

#include <mlscribe/report/log_report.hpp>
#include <mlscribe/report/report_html.hpp>

#endif
