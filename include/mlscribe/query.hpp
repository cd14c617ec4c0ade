// SPDX-License-Identifier: MIT
/// \file Reading runs back: search, histories, comparisons. Not part of the umbrella.
#ifndef MLSCRIBE_QUERY_HPP
#define MLSCRIBE_QUERY_HPP

#include <mlscribe/query/store.hpp>

#endif
