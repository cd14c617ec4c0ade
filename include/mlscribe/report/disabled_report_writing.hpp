// SPDX-License-Identifier: MIT
/// \file What report_writing.hpp is where logging is compiled out.
#ifndef MLSCRIBE_REPORT_DISABLED_REPORT_WRITING_HPP
#define MLSCRIBE_REPORT_DISABLED_REPORT_WRITING_HPP

#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/report/report_options.hpp>

#include <string_view>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Options>
class report_writing final : public run_writing {
  public:
    report_writing(std::string_view, const Options*) {}

    error write(const run_place&) override { return {}; }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
