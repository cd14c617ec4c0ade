// SPDX-License-Identifier: MIT
/// \file Which run a word on the command line means.
#ifndef MLSCRIBE_TOOL_RUN_CHOICE_HPP
#define MLSCRIBE_TOOL_RUN_CHOICE_HPP

#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

/// A word is a whole id, at least four characters that only one run's id begins with, or the name
/// of one run.
/// \param view  which runs are meant
/// \onfailure throws failure: nothing, or usage with the candidates where several are meant;
///            damaged where the run of this id cannot be read
std::string chosen_run(session& of, const std::string& word,
                       mlscribe::run_view view = mlscribe::run_view::all);

/// The same for several words; a run that is named twice is there once.
std::vector<std::string> chosen_runs(session& of, const std::vector<std::string>& words,
                                     mlscribe::run_view view = mlscribe::run_view::all);

}  // namespace tool

#endif
