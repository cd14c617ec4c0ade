// SPDX-License-Identifier: MIT
/// \file Quantiles of the values of a step, in bounded memory and with a bounded error.
#ifndef MLSCRIBE_METRIC_QUANTILES_HPP
#define MLSCRIBE_METRIC_QUANTILES_HPP

#include <mlscribe/layout/value_extremes.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Counts magnitudes in buckets of 1/64 of a power of two. \cost at most 64 KiB
class magnitude_counts {
  public:
    /// Magnitudes below 2^-63 count as that; the last bucket has all that are above.
    static constexpr std::uint64_t lowest = (1023 - 63) * 64;
    static constexpr std::uint64_t buckets = 128 * 64;

    /// Throws where memory is out, then nothing has changed.
    void add(std::uint64_t bucket, std::uint64_t times) {
        if (counts_.empty() || bucket < first_ || bucket - first_ >= counts_.size()) widen(bucket);
        counts_[bucket - first_] += times;
    }
    void merge(const magnitude_counts& other) {
        for (std::size_t i = 0; i < other.counts_.size(); ++i) {
            if (other.counts_[i] != 0) add(other.first_ + i, other.counts_[i]);
        }
    }
    void clear() noexcept {
        for (std::uint64_t& count : counts_) count = 0;
    }

    /// Calls `sink(bucket, count)` from the lowest to the highest magnitude, or back.
    template <class Sink>
    void for_each(bool backwards, Sink&& sink) const {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            const std::size_t at = backwards ? counts_.size() - 1 - i : i;
            sink(first_ + at, counts_[at]);
        }
    }

    static std::uint64_t bucket_of(double magnitude) noexcept {
        std::uint64_t bits = 0;
        std::memcpy(&bits, &magnitude, sizeof bits);
        const std::uint64_t bucket = bits >> 46;
        if (bucket < lowest) return 0;
        return bucket - lowest < buckets ? bucket - lowest : buckets - 1;
    }
    static double middle_of(std::uint64_t bucket) noexcept {
        const std::uint64_t bits = ((bucket + lowest) << 46) | (std::uint64_t{1} << 45);
        double middle = 0;
        std::memcpy(&middle, &bits, sizeof middle);
        return middle;
    }

  private:
    void widen(std::uint64_t bucket) {
        const std::uint64_t octave = bucket / 64 * 64;
        const bool first = counts_.empty();
        const std::uint64_t begin = first || octave < first_ ? octave : first_;
        const std::uint64_t end_before = first ? 0 : first_ + counts_.size();
        const std::uint64_t end = octave + 64 > end_before ? octave + 64 : end_before;
        std::vector<std::uint64_t> wider(end - begin);
        for (std::size_t i = 0; i < counts_.size(); ++i) wider[first_ - begin + i] = counts_[i];
        counts_.swap(wider);
        first_ = begin;
    }

    std::vector<std::uint64_t> counts_;
    std::uint64_t first_ = 0;
};

}  // namespace detail

/// The values below which so many percent of a step's values lie: of n values the one at rank
/// ceil(n · percent / 100), with a relative error of at most 1/128; the lowest and the highest are
/// exact; a magnitude below 2^-63 counts as that, and one from 2^65 on as the largest. Written as
/// `<key>.p50` and so on. A NaN makes all of them NaN.
/// \cost at most 128 KiB of memory; values for which there is none are left out
template <int... Percents>
class quantiles {
    static_assert(((Percents >= 0 && Percents <= 100) && ...), "a percentage is from 0 to 100");

  public:
    static constexpr std::size_t values = sizeof...(Percents);
    static std::string name(std::size_t which) {
        const int percents[] = {Percents...};
        return 'p' + std::to_string(percents[which]);
    }

    void add(double value) noexcept {
        MLSCRIBE_TRY {
            if (value > 0) {
                above_.add(detail::magnitude_counts::bucket_of(value), 1);
            } else if (value < 0) {
                below_.add(detail::magnitude_counts::bucket_of(-value), 1);
            } else if (detail::is_nan(value)) {
                has_nan_ = true;
            }
            ++count_;
            widen_to(value);
        }
        MLSCRIBE_CATCH_ALL {}
    }

    void merge(const quantiles& other) noexcept {
        if (other.count_ == 0) return;
        MLSCRIBE_TRY {
            below_.merge(other.below_);
            above_.merge(other.above_);
            count_ += other.count_;
            has_nan_ = has_nan_ || other.has_nan_;
            widen_to(other.lowest_);
            widen_to(other.highest_);
        }
        MLSCRIBE_CATCH_ALL {}
    }

    double value(std::size_t which) const noexcept {
        if (has_nan_) return std::numeric_limits<double>::quiet_NaN();
        const std::uint64_t percents[] = {static_cast<std::uint64_t>(Percents)...};
        const std::uint64_t rank =
            count_ / 100 * percents[which] + (count_ % 100 * percents[which] + 99) / 100;
        if (rank <= 1) return lowest_;
        if (rank >= count_) return highest_;
        double found = highest_;
        std::uint64_t counted = 0;
        std::uint64_t nonzero = 0;
        const auto look = [&](double at, std::uint64_t count) {
            if (counted < rank && counted + count >= rank) found = at;
            counted += count;
        };
        const auto sum_up = [&nonzero](std::uint64_t, std::uint64_t count) { nonzero += count; };
        below_.for_each(false, sum_up);
        above_.for_each(false, sum_up);
        constexpr std::uint64_t largest = detail::magnitude_counts::buckets - 1;
        below_.for_each(true, [&](std::uint64_t bucket, std::uint64_t count) {
            look(bucket == largest ? lowest_ : -detail::magnitude_counts::middle_of(bucket), count);
        });
        look(0, count_ - nonzero);
        above_.for_each(false, [&](std::uint64_t bucket, std::uint64_t count) {
            look(bucket == largest ? highest_ : detail::magnitude_counts::middle_of(bucket), count);
        });
        return found < lowest_ ? lowest_ : found > highest_ ? highest_ : found;
    }

    /// The memory stays for the next step.
    void next_step() noexcept {
        below_.clear();
        above_.clear();
        count_ = 0;
        has_nan_ = false;
        lowest_ = std::numeric_limits<double>::infinity();
        highest_ = -std::numeric_limits<double>::infinity();
    }

  private:
    void widen_to(double value) noexcept {
        lowest_ = value < lowest_ ? value : lowest_;
        highest_ = value > highest_ ? value : highest_;
    }

    detail::magnitude_counts below_;
    detail::magnitude_counts above_;
    std::uint64_t count_ = 0;
    bool has_nan_ = false;
    double lowest_ = std::numeric_limits<double>::infinity();
    double highest_ = -std::numeric_limits<double>::infinity();
};

MLSCRIBE_NAMESPACE_END

#endif
