// SPDX-License-Identifier: MIT
/// \file What model_writing.hpp is where logging is compiled out.
#ifndef MLSCRIBE_MODEL_DISABLED_MODEL_WRITING_HPP
#define MLSCRIBE_MODEL_DISABLED_MODEL_WRITING_HPP

#include <mlscribe/artifact/run_writing.hpp>
#include <mlscribe/model/model_options.hpp>

#include <string_view>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Model, class Options>
class model_writing final : public run_writing {
  public:
    model_writing(std::string_view, const Model&, const Options&, const char*) {}

    error write(const run_place&) override { return {}; }
    logged_model logged() const { return {}; }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
