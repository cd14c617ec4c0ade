// SPDX-License-Identifier: MIT
/// \file Compiled twice: as a second file of the program, and as a plug-in with hidden visibility.
#include "plugin.hpp"

#include <mlscribe/mlscribe.hpp>

answers second_file() {
    return {&mlscribe::detail::drain_registry::instance(), [] { return mlscribe::start_run(); },
            [](mlscribe::metric_handle& handle) { handle.log(1.0); }};
}

extern "C" __attribute__((visibility("default"))) void ask_plugin(answers& result);
extern "C" void ask_plugin(answers& result) {
    result = second_file();
}
