// SPDX-License-Identifier: MIT
/// \file Defines run.log_table() and run.log_histogram().
#ifndef MLSCRIBE_TABLE_LOG_TABLE_HPP
#define MLSCRIBE_TABLE_LOG_TABLE_HPP

#include <mlscribe/config/config.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/table/histogram_writing.hpp>
#else
#    include <mlscribe/table/disabled_table_writing.hpp>
#endif

#endif
