// SPDX-License-Identifier: MIT
/// \file What a run is given besides numbers and texts: files, models, datasets.
#ifndef MLSCRIBE_RUN_RUN_ARTIFACTS_HPP
#define MLSCRIBE_RUN_RUN_ARTIFACTS_HPP

#include <mlscribe/artifact/artifact_options.hpp>
#include <mlscribe/artifact/artifact_stream.hpp>
#include <mlscribe/artifact/npy_bytes.hpp>
#include <mlscribe/artifact/output_options.hpp>
#include <mlscribe/dataset/dataset.hpp>
#include <mlscribe/error/guarded.hpp>
#include <mlscribe/metric/step.hpp>
#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/run/run_state.hpp>
#include <mlscribe/table/histogram_options.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

struct model_options;
struct report_options;

namespace detail {

/// What log_model() does; defined in model/log_model.hpp.
template <class Model, class Options>
class model_writing;

/// What log_image() does; defined in image/log_image.hpp.
template <class Image>
class image_writing;
/// What log_table() and log_histogram() do; defined in table/log_table.hpp.
template <class Rows>
class table_writing;
template <class Values, class State>
class histogram_writing;
/// What log_report() does; defined in report/log_report.hpp.
template <class Options>
class report_writing;

template <class, class = void>
inline constexpr bool is_complete_v = false;
template <class T>
inline constexpr bool is_complete_v<T, std::void_t<decltype(sizeof(T))>> = true;

}  // namespace detail

/// The calls of `run` that write artifacts. \threadsafety any thread
class run_artifacts {
  public:
    /// False when the disk refused from the start, after the end, and in a forked child, which
    /// starts a run of its own: every call is a no-op then.
    bool recording() const noexcept { return state_ && state_->recording(); }

    /// Copies (or links, or moves) a file to `artifacts/<path>/<its name>`; it appears whole.
    /// A source that is its destination already stays. \onfailure invalid_path, system
    void log_artifact(const std::string& source, std::string_view path = {},
                      const artifact_options& options = {}) {
        guarded("log_artifact", [&](inside& run) { run.log_artifact(source, path, options); });
    }
    /// Brings the files below a directory to `artifacts/<path>/…`, each whole; FIFOs, links that
    /// lead nowhere or round in a circle and what cannot be read are reported one by one, and the
    /// other files are there.
    void log_artifacts(const std::string& source, std::string_view path = {},
                       const artifact_options& options = {}) {
        guarded("log_artifacts", [&](inside& run) { run.log_artifacts(source, path, options); });
    }
    /// Writes a text to `artifacts/<path>`, as it is.
    void log_text(std::string_view text, std::string_view path) {
        guarded("log_text", [&](inside& run) { run.log_text(text, path); });
    }
    /// Writes a struct or map to `artifacts/<path>`: YAML where the name ends in `.yaml` or
    /// `.yml`, else JSON, with the bytes that MLflow's log_dict gives. See document_of().
    /// \onfailure invalid_path, system
    template <class Object>
    void log_dict(const Object& object, std::string_view path) {
        guarded("log_dict", [&](inside& run) { run.log_dict(document_of(object), path); });
    }
    /// Writes an array of numbers to `artifacts/<path>`, which ends in `.npy`, for `numpy.load` and
    /// load_array(): a vector, std::array or C array, such arrays nested in each other, a matrix of
    /// Eigen, mlscribe::array or array_view. \onfailure invalid_path, invalid_value, system
    template <class Array>
    void log_array(const Array& array, std::string_view path) {
        guarded("log_array", [&](inside& run) {
            if (!run.recording()) return;
            std::string bytes;
            error unmade = detail::npy_bytes(array, bytes);
            run.log_bytes(std::move(unmade), bytes, path, detail::array_kind);
        });
    }
    /// Writes a picture to `artifacts/<path>`, which ends in `.png`. This and the next two in
    /// `<mlscribe/image.hpp>`, which needs libpng.
    /// \param image  `height x width` values or `height x width x channels`, 1 (grey), 3 (RGB) or 4
    ///               (RGBA): nested arrays, a matrix of Eigen, mlscribe::array or array_view, whose
    ///               values are bool, integers from 0 to 255 or real numbers from 0 to 1 (others
    ///               are scaled to that and reported, as MLflow does); or an image_view
    /// \onfailure invalid_path, invalid_value, system: nothing appears
    /// \cost some 0.3 us a value
    template <class Image>
    void log_image(const Image& image, std::string_view path) {
        write_image(image, path);
    }
    /// Adds a picture to those of `key`, which the UI's image grid shows step by step.
    /// \param key   letters and digits of ASCII, `_ - . /` and blank
    /// \param step  from 0 on; `epoch` of `for (auto epoch : run.epochs(n))`
    /// \onfailure invalid_key, invalid_value, system: nothing appears
    template <class Image, class Step>
    void log_image(const Image& image, std::string_view key, Step step) {
        write_image(image, key, detail::check_step(step));
    }
    /// The same at a time of one's own.
    template <class Image, class Step>
    void log_image(const Image& image, std::string_view key, Step step, timestamp at) {
        write_image(image, key, detail::check_step(step), at);
    }

    /// Writes rows to the table `artifacts/<path>`, which ends in `.json`, for MLflow's UI and
    /// `mlflow.load_table`; a table that is there, Python's or one of this call, gets them behind
    /// its own. In `<mlscribe/table/log_table.hpp>`, which the umbrella brings.
    /// \param rows  a range of structs, whose members are the columns, those of nested structs as
    ///              `outer.inner`; or a struct or map of ranges of one length, which are the
    ///              columns. Lists, maps and optional structs stay in one cell; what is empty, NaN
    ///              or infinite is null, as in MLflow. Doubles keep all digits, of which MLflow
    ///              itself writes ten behind the point. No rows without columns write nothing
    /// \onfailure invalid_path; invalid_value: columns of several lengths; value_changed: the table
    ///            has other columns (their order may differ); damaged: what is there is no table;
    ///            value_truncated: more tables than MLflow's tag can name; system. The table that
    ///            was there stays
    /// \threadsafety also of processes of this library; MLflow's own appends take no turns
    /// \cost a copy of the table each time, which does not pass through memory: log many rows at
    ///       once
    template <class Rows>
    void log_table(const Rows& rows, std::string_view path) {
        using writing = detail::table_writing<Rows>;
        static_assert(detail::is_complete_v<writing>,
                      "mlscribe: run.log_table() is defined in <mlscribe/table/log_table.hpp>; "
                      "include it");
        guarded("log_table", [&](inside& run) {
            writing task(rows, path);
            run.write(task);
        });
    }

    /// Logs how numbers are spread at a step: the metrics `<key>.count`, `.min`, `.p5`, `.p25`,
    /// `.p50`, `.p75`, `.p95`, `.max` and `.mean`, and `.nan` and `.inf` where there are such,
    /// which the others leave out; and for each bin a row of `step`, `low`, `high` and `count` in
    /// the table `histograms/<key>.json`. What lies beyond a range of the options, or is no finite
    /// number, has a row without the border; of values that are all the same there is one bin. The
    /// step is that of log_metric(). In `<mlscribe/table/log_table.hpp>`, as log_table().
    /// \param values  numbers as log_array() takes them, also of parts that differ in length
    /// \onfailure invalid_key, invalid_path (a key with `:`), invalid_value: no values at all, or
    ///            bins that cannot be; what log_table() tells of the rows
    /// \cost O(values), up to 16 bytes each; as log_table(), a copy of all bins logged before
    template <class Values>
    void log_histogram(std::string_view key, const Values& values,
                       const histogram_options& options = {}) {
        if (state_) log_histogram_at(key, values, state_->step(), options);
    }
    template <class Values, class Step>
    void log_histogram(std::string_view key, const Values& values, Step step,
                       const histogram_options& options = {}) {
        const detail::checked_step at = detail::check_step(step);
        log_histogram_at(key, values, at.negative || at.too_large ? -1 : at.step, options);
    }

    /// Writes a chart to `artifacts/<path>`, which ends in `.svg`: a `figure` of
    /// `<mlscribe/figure.hpp>`. \onfailure invalid_path, system; invalid_value: the figure was not
    /// used as it should, it is written with what fits and says so
    template <class Figure>
    void log_figure(const Figure& figure, std::string_view path) {
        guarded("log_figure", [&](inside& run) {
            if (!run.recording()) return;
            run.log_bytes(figure.misuse(), figure.svg(), path, detail::figure_kind);
        });
    }
    /// Opens `artifacts/<path>` for writing bit by bit; it is seen when it is complete.
    /// \onfailure invalid_path, system: the stream takes nothing then
    [[nodiscard]] artifact_stream open_artifact(std::string_view path) {
        artifact_stream opened;
        guarded("open_artifact",
                [&](inside& run) { opened = artifact_stream(run.open_artifact(path)); });
        return opened;
    }

    /// From here to the run's end, what this process and those that it starts print (to descriptors
    /// 1 and 2, by whatever means) goes to `artifacts/logs/stdout.log` and `stderr.log` as well as
    /// where it went before, at once. A small process does it, which outlives this one: what a
    /// crash says last arrives at both, unless a container or job ends with this process and takes
    /// the other along. `isatty(1)` and `isatty(2)` become 0: programs that ask may drop colours;
    /// writes no longer fail where the reader leaves or its disk is full. A resumed run goes on
    /// with its logs. A second call does nothing. Call it right after the run's start, before data
    /// is loaded, MPI_Init and CUDA: the small process begins as a copy, and memory that changes
    /// later exists twice. Under `std::ios::sync_with_stdio(false)`, flush std::cout before the
    /// end.
    /// \onfailure invalid_value (a limit below 4096 bytes, a closed stream, process 1 of a
    ///            container), system: output goes where it went before
    /// \cost one process, two pipes; the end waits until all has arrived, two seconds at most
    void capture_output(const output_options& options = {}) {
        guarded("capture_output", [&](inside& run) { run.capture_output(options); });
    }
    /// Writes all that was logged so far to `artifacts/<path>`, one HTML file that needs nothing
    /// else; a report that is there already is replaced. In `<mlscribe/report/log_report.hpp>`.
    /// \param path  ends in ".html"
    /// \onfailure invalid_path, damaged, system
    /// \cost reads all metrics of the run
    template <class Options = report_options>
    void log_report(std::string_view path = "report.html") {
        write_report<Options>(path, nullptr);
    }
    /// The same, as the report_options say.
    template <class Options>
    void log_report(std::string_view path, const Options& options) {
        write_report(path, &options);
    }

    /// Saves a model as `artifacts/<name>/`, where MLflow finds, registers and loads it: whole,
    /// with checksums, the environment of this program and the source that made it. In
    /// `<mlscribe/model/log_model.hpp>`, which the umbrella brings; model_io.hpp tells which types
    /// can be saved and how to teach others.
    /// \param name     a path below `artifacts/`; a model that is there already is replaced
    /// \param options  model_options
    /// \return logged_model
    /// \onfailure invalid_path, already_exists, system, and what the type's save function tells:
    ///            nothing appears
    /// \cost an fsync and some 4 ns a byte of each file (`checksum_up_to`); in a git repository it
    ///       starts `git` once or twice, which look at every file (`source = false`)
    template <class Model, class Options = model_options>
    auto log_model(std::string_view name, const Model& model, const Options& options = Options{},
                   const char* source = __builtin_FILE()) {
        using writing = detail::model_writing<Model, Options>;
        static_assert(detail::is_complete_v<writing>,
                      "mlscribe: run.log_model() is defined in <mlscribe/model/log_model.hpp>; "
                      "include it");
        std::decay_t<decltype(std::declval<writing&>().logged())> logged;
        guarded("log_model", [&](inside& run) {
            writing task(name, model, options, source);
            run.write(task);
            logged = task.logged();
        });
        return logged;
    }

    /// Logs which data the run is given: dataset_of_file(), dataset_of() or a `dataset` filled in
    /// by hand. MLflow keeps one input of each name and digest a run: the first one's tags stay.
    /// \param context  what for: `training`, `validation`, `test`; empty for none
    /// \onfailure invalid_value, value_changed (another context or tags), not_found, system
    void log_input(const dataset& used, std::string_view context = {},
                   std::initializer_list<detail::text_pair> tags = {}) {
        guarded("log_input",
                [&](inside& run) { run.log_input(used, context, tags.begin(), tags.size()); });
    }
    /// The same with the tags of a map or a list of pairs.
    template <class Map>
    void log_input(const dataset& used, std::string_view context, const Map& tags) {
        guarded("log_input", [&](inside& run) {
            std::vector<detail::text_pair> texts;
            for (const auto& tag : tags) texts.emplace_back(tag.first, tag.second);
            run.log_input(used, context, texts.data(), texts.size());
        });
    }

  protected:
    using inside = detail::run_state;

    run_artifacts() noexcept = default;
    explicit run_artifacts(detail::reference<detail::run_state> state) noexcept
        : state_(std::move(state)) {}
    run_artifacts(run_artifacts&&) noexcept = default;
    run_artifacts& operator=(run_artifacts&&) noexcept = default;
    run_artifacts(const run_artifacts&) = delete;
    run_artifacts& operator=(const run_artifacts&) = delete;
    ~run_artifacts() = default;

    /// Does `task(inside&)` where there is a run; what it throws is a failure of the call.
    template <class Task>
    void guarded(const char* call, Task&& task) {
        if (state_) detail::guarded(*state_, call, [&] { task(*state_); });
    }

    detail::reference<inside> state_;

  private:
    friend class monitor;

    template <class Image, class... Where>
    void write_image(const Image& image, const Where&... where) {
        using writing = detail::image_writing<Image>;
        static_assert(detail::is_complete_v<writing>,
                      "mlscribe: run.log_image() is defined in <mlscribe/image.hpp>; include it");
        guarded("log_image", [&](inside& run) {
            if (!run.recording()) return;
            writing task(image, where...);
            run.write(task);
        });
    }
    template <class Values>
    void log_histogram_at(std::string_view key, const Values& values, std::int64_t step,
                          const histogram_options& options) {
        using writing = detail::histogram_writing<Values, detail::run_state>;
        static_assert(detail::is_complete_v<writing>,
                      "mlscribe: run.log_histogram() is defined in <mlscribe/table/log_table.hpp>; "
                      "include it");
        guarded("log_histogram", [&](inside& run) {
            writing task(key, values, step, options, run);
            run.write(task);
        });
    }
    // A default argument of a type that is only declared would hide the text below.
    template <class Options>
    void write_report(std::string_view path, const Options* options) {
        using writing = detail::report_writing<Options>;
        static_assert(detail::is_complete_v<writing>,
                      "mlscribe: run.log_report() is defined in <mlscribe/report/log_report.hpp>; "
                      "include it");
        guarded("log_report", [&](inside& run) {
            if (!run.recording()) return;
            run.flush();
            writing task(path, options);
            run.write(task);
        });
    }
};

MLSCRIBE_NAMESPACE_END

#endif
