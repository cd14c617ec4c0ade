// SPDX-License-Identifier: MIT
/// \file Writes a histogram into a run: metrics, and its bins as rows of a table.
#ifndef MLSCRIBE_TABLE_HISTOGRAM_WRITING_HPP
#define MLSCRIBE_TABLE_HISTOGRAM_WRITING_HPP

#include <mlscribe/artifact/array_like.hpp>
#include <mlscribe/journal/series.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/table/histogram.hpp>
#include <mlscribe/table/table_writing.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The numbers of an array-like, whose parts may differ in shape.
template <class Part>
void add_numbers(const Part& part, histogram& out) {
    if constexpr (std::is_arithmetic_v<Part>) {
        out.add(static_cast<double>(part));
    } else if constexpr (is_matrix_like_v<Part>) {
        for (decltype(part.rows()) row = 0; row < part.rows(); ++row) {
            for (decltype(part.cols()) column = 0; column < part.cols(); ++column) {
                out.add(static_cast<double>(part(row, column)));
            }
        }
    } else if constexpr (is_shaped_v<Part>) {
        if constexpr (std::is_pointer_v<decltype(part.values)>) {
            std::size_t count = 0;
            if (!count_npy_values(part.shape, count)) return;
            for (std::size_t i = 0; i < count; ++i) out.add(static_cast<double>(part.values[i]));
        } else {
            add_numbers(part.values, out);  // as many as there are, whatever the shape says
        }
    } else {
        for (auto&& below : part) {
            add_numbers(static_cast<const range_value_t<Part>&>(below), out);
        }
    }
}

inline void add_bin_rows(std::int64_t step, const histogram& counted, table_columns& rows) {
    for (const char* const name : {"step", "low", "high", "count"}) rows.add_column(name);
    for (const histogram_bin& bin : counted.bins()) {
        rows.add_cell(0, document_of(step));
        rows.add_cell(1, document_of(bin.low));
        rows.add_cell(2, document_of(bin.high));
        rows.add_cell(3, document_of(bin.count));
    }
}

template <class Values, class State>
class histogram_writing final : public run_writing {
  public:
    /// \param step  below 0 for one that is none, or no_step
    histogram_writing(std::string_view key, const Values& values, std::int64_t step,
                      const histogram_options& options, State& state)
        : key_(key), values_(values), step_(step), options_(options), state_(state) {
        static_assert(std::is_arithmetic_v<array_value_t<Values>>,
                      "mlscribe: log_histogram() takes numbers: a vector, std::array or C array of "
                      "them, such arrays nested in each other, a matrix of Eigen, mlscribe::array "
                      "or mlscribe::array_view");
    }

    error write(const run_place& run) override {
        error failure = write_checked(run);
        if (failure && failure.code != error_code::invalid_key) {
            failure.message = "histogram \"" + shown(key_) + "\": " + failure.message;
        }
        return failure;
    }

  private:
    error write_checked(const run_place& run) {
        if (step_ < 0 && step_ != no_step) {
            return {error_code::invalid_value, 0, "a step is from 0 to 2^63-1"};
        }
        for (const std::string& key : {key_, key_ + ".count"}) {
            auto problem = key_problem(key_kind::metric, key);
            if (problem) return {error_code::invalid_key, 0, std::move(*problem)};
        }
        const std::string path = "histograms/" + key_ + ".json";
        if (error failure = check_table_path(path)) return failure;
        histogram counted;
        add_numbers(values_, counted);
        if (error failure = counted.finish(options_)) return failure;
        log_metrics(counted);
        table_columns rows;
        add_bin_rows(step_, counted, rows);
        return write_table(run, path, rows);
    }

    void log_metrics(const histogram& counted) {
        for (const histogram_metric& metric : counted.metrics()) {
            const auto series = state_.find_series(key_ + '.' + metric.name);
            if (!series) continue;
            if (step_ == no_step) step_ = series->next_step();
            series->log(metric.value, step_);
        }
    }

    const std::string key_;
    const Values& values_;
    std::int64_t step_;
    const histogram_options options_;
    State& state_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
