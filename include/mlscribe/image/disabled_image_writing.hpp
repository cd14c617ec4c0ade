// SPDX-License-Identifier: MIT
/// \file What image_writing.hpp is where logging is compiled out.
#ifndef MLSCRIBE_IMAGE_DISABLED_IMAGE_WRITING_HPP
#define MLSCRIBE_IMAGE_DISABLED_IMAGE_WRITING_HPP

#include <mlscribe/artifact/run_writing.hpp>

#if !MLSCRIBE_ENABLED

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class Image>
class image_writing final : public run_writing {
  public:
    template <class... Where>
    explicit image_writing(const Image&, const Where&...) {}

    error write(const run_place&) override { return {}; }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
