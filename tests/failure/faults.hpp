// SPDX-License-Identifier: MIT
/// \file The faults that are tried: which call, which of them, how it fails, once or from there on.
#ifndef MLSCRIBE_TESTS_FAILURE_FAULTS_HPP
#define MLSCRIBE_TESTS_FAILURE_FAULTS_HPP

#include <errno.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace failure {

struct failing {
    const char* name;
    int error;  ///< 0: half the bytes are written; negative: told though the call was made
};
inline constexpr std::array<failing, 10> errors{{{"EIO", EIO},
                                                 {"ENOSPC", ENOSPC},
                                                 {"EDQUOT", EDQUOT},
                                                 {"EINTR", EINTR},
                                                 {"ESTALE", ESTALE},
                                                 {"EACCES", EACCES},
                                                 {"EMFILE", EMFILE},
                                                 {"EROFS", EROFS},
                                                 {"short", 0},
                                                 {"unheard", -EINTR}}};

/// Whether a call fails like this.
inline bool may_fail(const std::string& call, const failing& how) {
    const auto is_one_of = [&call](std::initializer_list<const char*> calls) {
        return std::find(calls.begin(), calls.end(), call) != calls.end();
    };
    if (how.error == 0) return call == "write";
    if (how.error < 0) {
        return is_one_of({"open", "mkdir", "link", "rename", "unlink", "truncate", "fallocate"});
    }
    return call != "disk" || (how.error != EINTR && how.error != EACCES && how.error != EMFILE);
}

struct fault {
    std::string call;
    failing how;
    bool lasts = false;
    std::size_t at = 0;  ///< of the calls of this kind

    /// How many calls fail; 0: all from there on. A disk comes back after some.
    std::size_t calls() const { return lasts ? 0 : call == "disk" ? 6 : 1; }

    std::string name() const {
        return call + '-' + std::to_string(at) + '-' + how.name + (lasts ? "-lasts" : "-once");
    }
};

/// All faults of a program that makes so many calls of each kind.
/// \param every  each call with each error, else with one of them in turn; once and for good alike
inline std::vector<fault> all_faults(const std::map<std::string, std::size_t>& made, bool every) {
    std::vector<fault> result;
    for (const auto& [call, count] : made) {
        std::vector<failing> ways;
        for (const failing& how : errors) {
            if (may_fail(call, how)) ways.push_back(how);
        }
        for (std::size_t at = 0; at < count; ++at) {
            for (const bool lasts : {false, true}) {
                // It refuses calls that fail alone as well: half of them are met in turn.
                if (!every && call == "disk" && at % 2 != (lasts ? 1 : 0)) continue;
                for (std::size_t k = 0; k < ways.size(); ++k) {
                    const std::size_t turn = lasts ? at + ways.size() / 2 : at;
                    if (every || turn % ways.size() == k) {
                        result.push_back({call, ways[k], lasts, at});
                    }
                }
            }
        }
    }
    return result;
}

}  // namespace failure

#endif
