// SPDX-License-Identifier: MIT
/// \file Finding and mending damage in a store. Not part of the umbrella.
#ifndef MLSCRIBE_DOCTOR_HPP
#define MLSCRIBE_DOCTOR_HPP

#include <mlscribe/doctor/migration_check.hpp>
#include <mlscribe/doctor/relocate.hpp>

#endif
