// SPDX-License-Identifier: MIT
/// \file What the samples of one point have measured, by name.
#ifndef MLSCRIBE_MONITOR_SYSTEM_VALUES_HPP
#define MLSCRIBE_MONITOR_SYSTEM_VALUES_HPP

#include <mlscribe/journal/series.hpp>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// \threadsafety one thread at a time
class system_values {
  public:
    struct entry {
        std::string name;
        double sum = 0;
        int samples = 0;  ///< since the last point
        bool is_mean = true;
        reference<series> way = {};  ///< for who logs it

        bool is_known() const noexcept { return samples != 0; }
        /// As MLflow has it: means have one decimal.
        double value() const noexcept {
            return is_mean ? std::round(sum / samples * 10) / 10 : sum;
        }
    };

    /// A value of which the point has the mean of all samples. What is no number is left out.
    void add(std::string_view name, double value) {
        if (!std::isfinite(value)) return;
        entry& found = find(name);
        found.sum += value;
        ++found.samples;
    }
    /// A value that grows or stands for itself: the point has that of the last sample.
    void set(std::string_view name, double value) {
        if (!std::isfinite(value)) return;
        entry& found = find(name);
        found.is_mean = false;
        found.sum = value;
        found.samples = 1;
    }

    std::vector<entry>& all() noexcept { return all_; }
    void begin_point() noexcept {
        for (entry& each : all_) {
            each.sum = 0;
            each.samples = 0;
        }
    }

  private:
    entry& find(std::string_view name) {
        for (entry& each : all_) {
            if (each.name == name) return each;
        }
        all_.push_back({std::string(name)});
        return all_.back();
    }

    std::vector<entry> all_;
};

inline constexpr double bytes_of_a_megabyte = 1e6;  // as MLflow counts

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
