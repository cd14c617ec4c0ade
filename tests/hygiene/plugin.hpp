// SPDX-License-Identifier: MIT
/// \file What a program asks a second file and a plug-in of its own for.
#ifndef MLSCRIBE_TESTS_HYGIENE_PLUGIN_HPP
#define MLSCRIBE_TESTS_HYGIENE_PLUGIN_HPP

#include <mlscribe/run/run.hpp>

struct answers {
    const void* registry;
    mlscribe::run (*start)();
    void (*log)(mlscribe::metric_handle&);
};

answers second_file();

#endif
