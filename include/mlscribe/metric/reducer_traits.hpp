// SPDX-License-Identifier: MIT
/// \file What a reducer is: the parts that every one has, and those that some have.
#ifndef MLSCRIBE_METRIC_REDUCER_TRAITS_HPP
#define MLSCRIBE_METRIC_REDUCER_TRAITS_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

/// \page reducers A reducer takes many values and gives one, or several. A class of your own is one
/// when it can be copied and has, all noexcept:
///
///     void add(double value);
///     double value() const;            // asked only after an add
///
/// and, where it wants them:
///
///     void merge(const Reducer& other);         // adds what another one took; without it all
///                                               // copies of a handle share one reducer
///     void next_step();                         // keeps something for the next step; without it
///                                               // each step begins with a copy of the first one
///     bool has_value() const;                   // false: this step has no point
///     static constexpr const char* name = "…";  // its part of a key in `several`
///
/// One that gives several has, in place of value():
///
///     static constexpr std::size_t values = 3;
///     double value(std::size_t which) const;
///     static std::string name(std::size_t which);  // the key is "<key of the metric>.<name>"

namespace detail {

template <class Reducer, class = void>
struct can_merge : std::false_type {};
template <class Reducer>
struct can_merge<
    Reducer, std::void_t<decltype(std::declval<Reducer&>().merge(std::declval<const Reducer&>()))>>
    : std::true_type {};

template <class Reducer, class = void>
struct has_next_step : std::false_type {};
template <class Reducer>
struct has_next_step<Reducer, std::void_t<decltype(std::declval<Reducer&>().next_step())>>
    : std::true_type {};

template <class Reducer, class = void>
struct may_be_silent : std::false_type {};
template <class Reducer>
struct may_be_silent<Reducer, std::void_t<decltype(std::declval<const Reducer&>().has_value())>>
    : std::true_type {};

template <class Reducer, class = void>
struct gives_several : std::false_type {};
template <class Reducer>
struct gives_several<Reducer, std::void_t<decltype(Reducer::values)>> : std::true_type {};

/// How many series a reducer writes.
template <class Reducer>
constexpr std::size_t series_of_reducer() noexcept {
    if constexpr (gives_several<Reducer>::value) {
        return Reducer::values;
    } else {
        return 1;
    }
}

template <class Reducer>
std::string reducer_key(const std::string& key, [[maybe_unused]] std::size_t which) {
    if constexpr (gives_several<Reducer>::value) {
        return key + '.' + Reducer::name(which);
    } else {
        return key;
    }
}

template <class Reducer>
double reducer_value(const Reducer& reducer, [[maybe_unused]] std::size_t which) noexcept {
    if constexpr (gives_several<Reducer>::value) {
        return reducer.value(which);
    } else {
        return reducer.value();
    }
}

template <class Reducer>
bool reducer_speaks([[maybe_unused]] const Reducer& reducer) noexcept {
    if constexpr (may_be_silent<Reducer>::value) {
        return reducer.has_value();
    } else {
        return true;
    }
}

template <class Reducer>
void begin_next_step(Reducer& reducer, [[maybe_unused]] const Reducer& first) noexcept {
    if constexpr (has_next_step<Reducer>::value) {
        reducer.next_step();
    } else {
        reducer = first;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
