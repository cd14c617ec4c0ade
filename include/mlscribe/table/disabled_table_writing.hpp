// SPDX-License-Identifier: MIT
/// \file What table_writing.hpp and histogram_writing.hpp are where logging is compiled out.
#ifndef MLSCRIBE_TABLE_DISABLED_TABLE_WRITING_HPP
#define MLSCRIBE_TABLE_DISABLED_TABLE_WRITING_HPP

#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/table/histogram_options.hpp>

#include <cstdint>
#include <string_view>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Rows>
class table_writing final : public run_writing {
  public:
    table_writing(const Rows&, std::string_view) {}

    error write(const run_place&) override { return {}; }
};

template <class Values, class State>
class histogram_writing final : public run_writing {
  public:
    histogram_writing(std::string_view, const Values&, std::int64_t, const histogram_options&,
                      State&) {}

    error write(const run_place&) override { return {}; }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
