// SPDX-License-Identifier: MIT
/// \file Charts as small SVG files, for run.log_figure(). Not part of the umbrella.
#ifndef MLSCRIBE_FIGURE_HPP
#define MLSCRIBE_FIGURE_HPP

#include <mlscribe/figure/figure.hpp>

#endif
