// SPDX-License-Identifier: MIT
/// \file What the ranks of a job add to a metric in a step, and what is logged of it.
#ifndef MLSCRIBE_HPC_RANK_VALUES_HPP
#define MLSCRIBE_HPC_RANK_VALUES_HPP

#include <mlscribe/layout/value_extremes.hpp>
#include <mlscribe/metric/several.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

/// The rank that added the lowest value of the step; of several the lowest rank. Where a value was
/// NaN, the first rank that added one. For `across_ranks::metric`, as those below.
struct min_rank {
    static constexpr const char* name = "min_rank";
};
/// The rank that added the highest value of the step, likewise.
struct max_rank {
    static constexpr const char* name = "max_rank";
};
/// The rank whose values have the highest sum, as of the seconds that it took.
struct slowest_rank {
    static constexpr const char* name = "slowest_rank";
};

namespace detail {

/// A reducer, and what MPI sends: numbers that are all doubles.
struct rank_values {
    double count = 0;
    double sum = 0;
    double lowest = std::numeric_limits<double>::infinity();
    double lowest_rank = -1;
    double highest = -std::numeric_limits<double>::infinity();
    double highest_rank = -1;
    double largest_sum = -std::numeric_limits<double>::infinity();
    double largest_rank = -1;
    double nans = 0;  ///< that were left out

    void add(double value) noexcept {
        count += 1;
        sum += value;
        if (is_lower(value, lowest)) lowest = value;
        if (is_higher(value, highest)) highest = value;
    }

    /// \param other  of a higher rank, or of another thread of the same one
    void merge(const rank_values& other) noexcept {
        count += other.count;
        sum += other.sum;
        nans += other.nans;
        take(is_lower(other.lowest, lowest), other.lowest, other.lowest_rank, lowest, lowest_rank);
        take(is_higher(other.highest, highest), other.highest, other.highest_rank, highest,
             highest_rank);
        take(is_higher(other.largest_sum, largest_sum), other.largest_sum, other.largest_rank,
             largest_sum, largest_rank);
    }

    /// All of it is one rank's.
    void sign(int rank) noexcept {
        lowest_rank = highest_rank = largest_rank = rank;
        if (count > 0) largest_sum = sum;
    }

  private:
    static bool is_lower(double value, double than) noexcept {
        return value < than || (is_nan(value) && !is_nan(than));
    }
    static bool is_higher(double value, double than) noexcept {
        return value > than || (is_nan(value) && !is_nan(than));
    }
    static void take(bool better, double value, double rank, double& best,
                     double& best_rank) noexcept {
        if (!better) return;
        best = value;
        best_rank = rank;
    }
};
inline constexpr int doubles_of_rank_values = sizeof(rank_values) / sizeof(double);

/// What a reducer of one process gives for all ranks; defined for those that can be told so.
template <class Reducer>
struct value_across {};
template <>
struct value_across<mean> {
    static double of(const rank_values& all) noexcept { return all.sum / all.count; }
};
template <>
struct value_across<sum> {
    static double of(const rank_values& all) noexcept { return all.sum; }
};
template <>
struct value_across<count> {
    static double of(const rank_values& all) noexcept { return all.count; }
};
template <>
struct value_across<min> {
    static double of(const rank_values& all) noexcept { return all.lowest; }
};
template <>
struct value_across<max> {
    static double of(const rank_values& all) noexcept { return all.highest; }
};
template <>
struct value_across<min_rank> {
    static double of(const rank_values& all) noexcept { return all.lowest_rank; }
};
template <>
struct value_across<max_rank> {
    static double of(const rank_values& all) noexcept { return all.highest_rank; }
};
template <>
struct value_across<slowest_rank> {
    static double of(const rank_values& all) noexcept { return all.largest_rank; }
};

/// The value `which` of a reducer that gives one or several; defined where it has them all.
template <class Reducer, class = void>
struct values_across;
template <class Reducer>
struct values_across<Reducer, std::void_t<decltype(&value_across<Reducer>::of)>> {
    static double of(const rank_values& all, std::size_t) noexcept {
        return value_across<Reducer>::of(all);
    }
};
template <class... Reducers>
struct values_across<several<Reducers...>, std::void_t<decltype(&value_across<Reducers>::of)...>> {
    static double of(const rank_values& all, std::size_t which) noexcept {
        const double each[] = {value_across<Reducers>::of(all)...};
        return each[which];
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
