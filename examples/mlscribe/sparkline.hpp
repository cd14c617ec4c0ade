// SPDX-License-Identifier: MIT
/// \file A metric in a few characters.
#ifndef MLSCRIBE_TOOL_SPARKLINE_HPP
#define MLSCRIBE_TOOL_SPARKLINE_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "display_text.hpp"

namespace tool {

/// `▁▂▅▇`: each character is the mean of as many values as fall to it; a blank where there is no
/// number. \param width  the most characters
std::string sparkline(const std::vector<double>& values, std::size_t width, charset letters);

}  // namespace tool

#endif
