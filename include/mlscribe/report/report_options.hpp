// SPDX-License-Identifier: MIT
/// \file Choices for a report.
#ifndef MLSCRIBE_REPORT_REPORT_OPTIONS_HPP
#define MLSCRIBE_REPORT_REPORT_OPTIONS_HPP

#include <mlscribe/config/config.hpp>

#include <cstddef>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// What a report shows.
struct report_options {
    std::string title = {};                 ///< empty: the names of the runs
    std::vector<std::string> metrics = {};  ///< only these; empty: all
    bool artifacts = true;                  ///< whether files are shown and listed
    /// Of the whole file, 65536 at least. Curves are thinned, texts cut, and files that do not fit
    /// listed by their names and sizes.
    std::size_t most_bytes = 2000000;
};

MLSCRIBE_NAMESPACE_END

#endif
