// SPDX-License-Identifier: MIT
/// \file The faults that are tried: which call, which of them, how it fails, once or from there on.
#ifndef MLSCRIBE_TESTS_FAILURE_FAULTS_HPP
#define MLSCRIBE_TESTS_FAILURE_FAULTS_HPP

#include <errno.h>

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace failure {

struct failing {
    const char* name;
    int error;  ///< 0: half the bytes are written
};
inline constexpr std::array<failing, 9> errors{{{"EIO", EIO},
                                                {"ENOSPC", ENOSPC},
                                                {"EDQUOT", EDQUOT},
                                                {"EINTR", EINTR},
                                                {"ESTALE", ESTALE},
                                                {"EACCES", EACCES},
                                                {"EMFILE", EMFILE},
                                                {"EROFS", EROFS},
                                                {"short", 0}}};

struct fault {
    std::string call;
    failing how;
    bool lasts = false;
    std::size_t at = 0;  ///< of the calls of this kind

    std::string name() const {
        return call + '-' + std::to_string(at) + '-' + how.name + (lasts ? "-lasts" : "-once");
    }
};

/// All faults of a program that makes so many calls of each kind.
/// \param every  each call with each error, else with one of them in turn; once and for good alike
inline std::vector<fault> all_faults(const std::map<std::string, std::size_t>& made, bool every) {
    std::vector<fault> result;
    for (const auto& [call, count] : made) {
        const std::size_t kinds = errors.size() - (call == "write" ? 0 : 1);
        for (std::size_t at = 0; at < count; ++at) {
            for (const bool lasts : {false, true}) {
                for (std::size_t k = 0; k < kinds; ++k) {
                    const std::size_t turn = lasts ? at + kinds / 2 : at;
                    if (every || turn % kinds == k) {
                        result.push_back({call, errors[k], lasts, at});
                    }
                }
            }
        }
    }
    return result;
}

}  // namespace failure

#endif
