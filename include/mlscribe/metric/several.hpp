// SPDX-License-Identifier: MIT
/// \file Several reducers of the same values, each with a series of its own.
#ifndef MLSCRIBE_METRIC_SEVERAL_HPP
#define MLSCRIBE_METRIC_SEVERAL_HPP

#include <mlscribe/metric/reducer.hpp>

#include <cstddef>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// `run.metric<several<mean, standard_deviation>>("loss")` writes `loss.mean` and `loss.std`.
/// \tparam Reducers  each at most once, with a name, a value and a merge()
template <class... Reducers>
class several {
  public:
    static constexpr std::size_t values = sizeof...(Reducers);

    static std::string name(std::size_t which) {
        const char* const names[] = {Reducers::name...};
        return names[which];
    }
    void add(double value) noexcept { (part<Reducers>(all_).add(value), ...); }
    void merge(const several& other) noexcept {
        (part<Reducers>(all_).merge(part<Reducers>(other.all_)), ...);
    }
    double value(std::size_t which) const noexcept {
        const double each[] = {part<Reducers>(all_).value()...};
        return each[which];
    }

  private:
    template <class Reducer>
    struct holder {
        Reducer reducer{};
    };
    struct holders : holder<Reducers>... {};

    template <class Reducer>
    static Reducer& part(holder<Reducer>& of) noexcept {
        return of.reducer;
    }
    template <class Reducer>
    static const Reducer& part(const holder<Reducer>& of) noexcept {
        return of.reducer;
    }

    holders all_;
};

/// Logs `<key>.mean`, `<key>.min` and `<key>.max`.
using mean_min_max = several<mean, min, max>;

MLSCRIBE_NAMESPACE_END

#endif
