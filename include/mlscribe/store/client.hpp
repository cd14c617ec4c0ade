// SPDX-License-Identifier: MIT
/// \file The part of MLflow's client that manages experiments and deletes or restores runs.
#ifndef MLSCRIBE_STORE_CLIENT_HPP
#define MLSCRIBE_STORE_CLIENT_HPP

#include <mlscribe/config/config.hpp>

#if MLSCRIBE_ENABLED
#    include <mlscribe/store/active_client.hpp>
#else
#    include <mlscribe/store/disabled_client.hpp>
#endif

#endif
