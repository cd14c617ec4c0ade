// SPDX-License-Identifier: MIT
/// \file The one way to fmt.
#ifndef MLSCRIBE_LAYOUT_FMT_HPP
#define MLSCRIBE_LAYOUT_FMT_HPP

// nvcc needs fmt 9's literals to be constexpr; fmt itself does not see that it can.
#if defined(__NVCC__) && !defined(FMT_USE_CONSTEXPR)
#    define FMT_USE_CONSTEXPR 1
#endif
#include <fmt/compile.h>
#include <fmt/format.h>
#if FMT_VERSION < 90000
#    error "mlscribe needs fmt 9 or newer: install libfmt-dev >= 9 or point CMake at a newer fmt"
#endif

#endif
