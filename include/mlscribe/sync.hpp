// SPDX-License-Identifier: MIT
/// \file Pushing a store to a tracking server. Not part of the umbrella: it needs libcurl and
/// nlohmann-json.
#ifndef MLSCRIBE_SYNC_HPP
#define MLSCRIBE_SYNC_HPP

#include <mlscribe/sync/sync.hpp>

#endif
