// SPDX-License-Identifier: MIT
/// \file Defines run.log_image().
#ifndef MLSCRIBE_IMAGE_LOG_IMAGE_HPP
#define MLSCRIBE_IMAGE_LOG_IMAGE_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/image/image_view.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/image/image_writing.hpp>
#else
#    include <mlscribe/image/disabled_image_writing.hpp>
#endif

#endif
