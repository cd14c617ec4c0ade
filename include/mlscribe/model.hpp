// SPDX-License-Identifier: MIT
/// \file Models: logged with a run, loaded again. Not part of the umbrella but for log_model.
#ifndef MLSCRIBE_MODEL_HPP
#define MLSCRIBE_MODEL_HPP

#include <mlscribe/model/load_model.hpp>
#include <mlscribe/model/log_model.hpp>

#endif
