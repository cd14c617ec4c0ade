// SPDX-License-Identifier: MIT
/// \file Defines run.log_model(), and how types are saved.
#ifndef MLSCRIBE_MODEL_LOG_MODEL_HPP
#define MLSCRIBE_MODEL_LOG_MODEL_HPP

#include <mlscribe/config/config.hpp>
#include <mlscribe/model/members_io.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/model/model_writing.hpp>
#else
#    include <mlscribe/model/disabled_model_writing.hpp>
#endif

#endif
