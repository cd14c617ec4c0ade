// SPDX-License-Identifier: MIT
/// \file `mlscribe sync`: pushes runs to a tracking server.
#ifndef MLSCRIBE_TOOL_SYNC_STORE_HPP
#define MLSCRIBE_TOOL_SYNC_STORE_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "session.hpp"

namespace tool {

struct sync_choices {
    std::vector<std::string> words;  ///< a store or runs of it, and the server
    std::vector<std::string> experiments;
    bool follow = false;
    bool dry_run = false;
    unsigned jobs = 4;
    std::uint64_t every = 1;
    std::chrono::milliseconds interval{2000};
};

/// Takes the store out of the words, where one of them names it. \param store  as an option gave it
/// \onfailure throws failure(usage)
void settle_words(sync_choices& choices, std::string& store);

/// \return nothing where something is not on the server, unreachable where nothing could be sent
exit_code sync_store(session& of, const sync_choices& choices);

}  // namespace tool

#endif
