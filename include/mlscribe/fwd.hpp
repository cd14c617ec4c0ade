// SPDX-License-Identifier: MIT
/// \file The classes and enums that signatures name, declared: for headers that only pass them on.
#ifndef MLSCRIBE_FWD_HPP
#define MLSCRIBE_FWD_HPP

#include <mlscribe/config/config.hpp>

MLSCRIBE_NAMESPACE_BEGIN

class run;
struct run_options;
struct resume_options;
struct from_checkpoint;
struct from_step;
struct recover_options;
struct recovery;
enum class sanitize;
enum class drain_mode;
enum class rank_policy;
enum class run_status;
enum class lifecycle;

struct coarse_clock;
struct fine_clock;
template <class Clock>
class basic_metric_handle;
using metric_handle = basic_metric_handle<coarse_clock>;
class observed_metric;
template <class Reducer>
class reduced_metric;
struct metric_options;
enum class best;
enum class nan_policy;
enum class border;
class last;
class count;
class sum;
class mean;
class min;
class max;
class standard_deviation;
class moving_average;
template <class Reducer>
class every_nth;
template <class... Reducers>
class several;
template <int... Percents>
class quantiles;
class scoped_timer;
struct restart_from_zero;
class step_range;
class step_value;
struct timestamp;
struct keep;
struct param;
struct document;
struct document_entry;

class artifact_stream;
struct artifact_options;
enum class transfer;
enum class symlinks;

class client;
struct run_meta;
struct experiment_meta;

struct error;
enum class error_code;
enum class strictness;
class logging_error;

MLSCRIBE_NAMESPACE_END

#endif
