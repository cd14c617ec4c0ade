// SPDX-License-Identifier: MIT
/// \file A store that is read while runs log into it.
#ifndef MLSCRIBE_TESTS_SEARCHED_STORE_HPP
#define MLSCRIBE_TESTS_SEARCHED_STORE_HPP

#include <mlscribe/query.hpp>
#include <mlscribe/run/start_run.hpp>

#include <chrono>
#include <string>

#include "scratch_directory.hpp"

namespace test {

/// What its runs log waits in their journals.
struct searched_store {
    scratch_directory scratch;
    error_log log;

    mlscribe::run start(const std::string& name) {
        mlscribe::run_options chosen = options(scratch, log);
        chosen.run_name = name;
        chosen.flush_interval = std::chrono::hours(1);
        return mlscribe::start_run(chosen);
    }
    mlscribe::store store() const { return mlscribe::store(scratch.store()); }
};

}  // namespace test

#endif
