// SPDX-License-Identifier: MIT
/// \file Pictures as PNG, and in the UI's image grid. Not part of the umbrella: it needs libpng.
#ifndef MLSCRIBE_IMAGE_HPP
#define MLSCRIBE_IMAGE_HPP

#include <mlscribe/image/log_image.hpp>

#endif
