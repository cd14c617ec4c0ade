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
enum class overflow;
enum class on_signal;
struct job_place;
struct batch_job;
struct from_last_checkpoint;
enum class run_status;
enum class lifecycle;

struct coarse_clock;
struct fine_clock;
template <class Clock>
class basic_metric_handle;
/// What `run.metric(key)` gives.
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
class across_ranks;
class rank_timer;
enum class exchange;
struct min_rank;
struct max_rank;
struct slowest_rank;
struct timestamp;
struct keep;
struct param;
struct document;
struct document_entry;

class artifact_stream;
struct artifact_options;
struct output_options;
template <class T>
struct array;
template <class T>
struct array_view;
struct image_view;
enum class channel_order;
enum class transfer;
enum class symlinks;

class figure;
enum class figure_theme;

struct model_options;
struct model_signature;
struct model_field;
struct input_example;
struct logged_model;
struct load_options;
class model_saver;
class model_files;
template <class Model, class>
struct model_io;
struct dataset;
struct histogram_options;
struct report_options;
struct report_text;

struct dense_layer;
enum class activation;
enum class weight_layout;
struct onnx_options;
class onnx_tensor;
struct onnx_model;
struct onnx_file;
struct lightgbm_file;
struct torchscript_file;
struct xgboost_file;
struct xgboost_model;
class xgboost_booster;
struct shared_library_model;
struct shared_library_place;
template <class T>
struct dlib_model;

class monitor;
struct monitor_options;

class store;
struct search_query;
enum class run_view;
struct run_record;
struct damaged_run;
struct found_runs;
struct point;
struct artifact_record;
struct experiment_record;
struct run_comparison;
class query_error;

enum class damage;
enum class harm;
enum class migration_effect;
struct finding;
struct examination;
struct examine_options;
struct repair_options;
struct repair_change;
struct repair_report;
struct migration_report;
struct relocate_options;
struct relocation;

struct sync_options;
struct sync_progress;
struct sync_report;
struct pushed_run;

class client;
class registry;
struct registered_model;
struct model_version;
struct run_meta;
struct experiment_meta;

struct error;
enum class error_code;
enum class strictness;
class logging_error;

MLSCRIBE_NAMESPACE_END

#endif
