// SPDX-License-Identifier: MIT
/// \file Metrics reduced across the ranks of an MPI job. Not part of the umbrella: it needs MPI.
#ifndef MLSCRIBE_MPI_HPP
#define MLSCRIBE_MPI_HPP

#include <mlscribe/hpc/across_ranks.hpp>

#endif
