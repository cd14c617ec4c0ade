// SPDX-License-Identifier: MIT
/// \file The one trait that tells how a type is saved as a model and loaded again.
#ifndef MLSCRIBE_MODEL_MODEL_IO_HPP
#define MLSCRIBE_MODEL_MODEL_IO_HPP

#include <mlscribe/model/model_files.hpp>
#include <mlscribe/model/model_saver.hpp>

#include <type_traits>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class, class = void>
inline constexpr bool has_save_model_v = false;
/// The user's own `void save_model(const Model&, model_saver&)`, found by argument-dependent
/// lookup.
template <class Model>
inline constexpr bool has_save_model_v<
    Model,
    std::void_t<decltype(save_model(std::declval<const Model&>(), std::declval<model_saver&>()))>> =
    true;

template <class, class = void>
inline constexpr bool has_load_model_v = false;
/// The user's own `void load_model(Model&, model_files&)`, found by argument-dependent lookup.
template <class Model>
inline constexpr bool has_load_model_v<
    Model,
    std::void_t<decltype(load_model(std::declval<Model&>(), std::declval<model_files&>()))>> = true;

}  // namespace detail

/// Specialise it for a type of somebody else's:
///
///     template <> struct mlscribe::model_io<forest> {
///         static void save(const forest& model, mlscribe::model_saver& to);
///         static forest load(mlscribe::model_files& from);
///     };
///
/// For a type of your own, two functions beside it do the same: `void save_model(const forest&,
/// mlscribe::model_saver&)` and `void load_model(forest&, mlscribe::model_files&)`. What they throw
/// counts as a failure of the call. Reflected structs of numbers, texts, lists and such structs
/// need neither: see members_io.hpp.
template <class Model, class = void>
struct model_io;

namespace detail {

template <class, class = void>
inline constexpr bool has_model_io_v = false;
template <class Model>
inline constexpr bool has_model_io_v<Model, std::void_t<decltype(sizeof(model_io<Model>))>> = true;

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
