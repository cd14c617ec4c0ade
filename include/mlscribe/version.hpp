// SPDX-License-Identifier: MIT
/// \file The one version number: CMake, Meson and the library read it here.
#ifndef MLSCRIBE_VERSION_HPP
#define MLSCRIBE_VERSION_HPP

#define MLSCRIBE_VERSION_MAJOR 0
#define MLSCRIBE_VERSION_MINOR 1
#define MLSCRIBE_VERSION_PATCH 0

#endif
