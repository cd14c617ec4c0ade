// SPDX-License-Identifier: MIT
/// \file The numbers that stand for many values of a step: some quantiles, and a count for each
/// bin.
#ifndef MLSCRIBE_TABLE_HISTOGRAM_HPP
#define MLSCRIBE_TABLE_HISTOGRAM_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/value_extremes.hpp>
#include <mlscribe/table/histogram_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The metric `<key>.<name>`.
struct histogram_metric {
    const char* name;
    double value;
};

/// From `low` to below `high`, without a border where there is none.
struct histogram_bin {
    std::optional<double> low;
    std::optional<double> high;
    std::int64_t count;
};

class histogram {
  public:
    void add(double value) {
        if (is_finite(value)) {
            values_.push_back(value);
        } else {
            ++(is_nan(value) ? nans_ : infinities_);
        }
    }

    /// \onfailure invalid_value
    error finish(const histogram_options& options) {
        if (options.bins < 1 || options.bins > 10000) {
            return {error_code::invalid_value, 0, "it can have from 1 to 10000 bins"};
        }
        if (!is_finite(options.low) || !is_finite(options.high) || options.low > options.high) {
            return {error_code::invalid_value, 0,
                    "the range of its bins must be finite, and its end above its beginning"};
        }
        if (values_.empty() && nans_ + infinities_ == 0) {
            return {error_code::invalid_value, 0, "there are no values"};
        }
        // First, as every step has it.
        add_metric("count", static_cast<std::int64_t>(values_.size()));
        if (!values_.empty()) {
            summarize();
            count_bins(options);
        }
        if (nans_ != 0) add_metric("nan", nans_);
        if (infinities_ != 0) add_metric("inf", infinities_);
        add_rest({}, {}, nans_ + infinities_);
        return {};
    }

    const std::vector<histogram_metric>& metrics() const noexcept { return metrics_; }
    const std::vector<histogram_bin>& bins() const noexcept { return bins_; }

  private:
    void add_metric(const char* name, std::int64_t count) {
        metrics_.push_back({name, static_cast<double>(count)});
    }

    /// Of n values the one at rank ceil(n · percent / 100), as `quantiles` has it.
    void summarize() {
        const auto at = [this](std::size_t percent) {
            const std::size_t count = values_.size();
            const std::size_t rank = count / 100 * percent + (count % 100 * percent + 99) / 100;
            const auto place = static_cast<std::ptrdiff_t>(rank == 0 ? 0 : rank - 1);
            const auto found = values_.begin() + place;
            std::nth_element(values_.begin(), found, values_.end());
            return *found;
        };
        long double sum = 0;
        for (const double value : values_) sum += value;
        const auto mean = static_cast<double>(sum / static_cast<long double>(values_.size()));
        low_ = at(0);
        high_ = at(100);
        metrics_.push_back({"min", low_});
        metrics_.push_back({"p5", at(5)});
        metrics_.push_back({"p25", at(25)});
        metrics_.push_back({"p50", at(50)});
        metrics_.push_back({"p75", at(75)});
        metrics_.push_back({"p95", at(95)});
        metrics_.push_back({"max", high_});
        metrics_.push_back({"mean", mean});
    }

    void count_bins(const histogram_options& options) {
        const bool chosen = options.low < options.high;
        const double low = chosen ? options.low : low_;
        const double high = chosen ? options.high : high_;
        if (low == high) {
            bins_.push_back({low, high, static_cast<std::int64_t>(values_.size())});
            return;
        }
        std::vector<double> borders;
        for (int i = 0; i < options.bins; ++i) {
            const double part = static_cast<double>(i) / options.bins;
            const double border = low * (1 - part) + high * part;
            borders.push_back(i == 0 ? low : (std::max)(border, borders.back()));
        }
        borders.push_back(high);
        std::vector<std::int64_t> counts(borders.size() - 1);
        std::int64_t below = 0;
        std::int64_t above = 0;
        for (const double value : values_) {
            if (value < low || value > high) {
                ++(value < low ? below : above);
                continue;
            }
            // The last bin has its upper border, too.
            const auto next = std::upper_bound(borders.begin(), borders.end() - 1, value);
            ++counts[static_cast<std::size_t>(std::distance(borders.begin(), next)) - 1];
        }
        add_rest({}, low, below);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            bins_.push_back({borders[i], borders[i + 1], counts[i]});
        }
        add_rest(high, {}, above);
    }

    void add_rest(std::optional<double> low, std::optional<double> high, std::int64_t count) {
        if (count != 0) bins_.push_back({low, high, count});
    }

    std::vector<double> values_;
    double low_ = 0;
    double high_ = 0;
    std::int64_t nans_ = 0;
    std::int64_t infinities_ = 0;
    std::vector<histogram_metric> metrics_;
    std::vector<histogram_bin> bins_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
