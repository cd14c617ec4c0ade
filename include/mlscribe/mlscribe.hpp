// SPDX-License-Identifier: MIT
/// \file Everything that the core offers, in the order of the data's way.
#ifndef MLSCRIBE_MLSCRIBE_HPP
#define MLSCRIBE_MLSCRIBE_HPP

#include <mlscribe/version.hpp>

#include <mlscribe/artifact/load_array.hpp>
#include <mlscribe/dataset/dataset_of.hpp>
#include <mlscribe/dataset/dataset_of_file.hpp>
#include <mlscribe/model/log_model.hpp>
#include <mlscribe/run/recover.hpp>
#include <mlscribe/run/run.hpp>
#include <mlscribe/run/start_run.hpp>
#include <mlscribe/store/client.hpp>
#include <mlscribe/table/log_table.hpp>

#endif
