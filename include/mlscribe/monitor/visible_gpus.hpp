// SPDX-License-Identifier: MIT
/// \file Which GPUs of the machine this process sees.
#ifndef MLSCRIBE_MONITOR_VISIBLE_GPUS_HPP
#define MLSCRIBE_MONITOR_VISIBLE_GPUS_HPP

#include <mlscribe/monitor/field_text.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The GPUs that a word of CUDA_VISIBLE_DEVICES may stand for: its number, its UUID or the
/// beginning of one. \return its number, or nullopt
inline std::optional<std::size_t> named_gpu(std::string_view word,
                                            const std::vector<std::string>& uuids) {
    if (const auto number = number_in(word)) {
        if (*number < static_cast<double>(uuids.size())) return static_cast<std::size_t>(*number);
        return std::nullopt;
    }
    if (word.substr(0, 4) != std::string_view("GPU-", 4)) return std::nullopt;
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < uuids.size(); ++i) {
        if (uuids[i].compare(0, word.size(), word) != 0) continue;
        if (found) return std::nullopt;  // as CUDA has it: one GPU or none
        found = i;
    }
    return found;
}

/// The numbers of the GPUs that CUDA_VISIBLE_DEVICES names, in order. A part of a GPU stands for
/// the whole. \param list  null: all of them
/// \param uuids   of all GPUs, by number
/// \param gpu_of  gives the number of the GPU of which `MIG-…` is a part, or nullopt
template <class GpuOf>
std::vector<std::size_t> visible_gpus(const char* list, const std::vector<std::string>& uuids,
                                      GpuOf&& gpu_of) {
    std::vector<std::size_t> seen;
    if (list == nullptr) {
        for (std::size_t i = 0; i < uuids.size(); ++i) seen.push_back(i);
        return seen;
    }
    constexpr std::string_view part("MIG-", 4);
    for (std::string_view rest = list; !rest.empty();) {
        std::string_view item = take_until(rest, ',');
        std::string_view word = take_word(item);
        std::optional<std::size_t> found;
        if (word.substr(0, part.size()) == part) {
            std::string_view whole = word.substr(part.size());
            found = named_gpu(take_until(whole, '/'), uuids);  // MIG-GPU-<UUID>/1/0
            if (!found) found = gpu_of(word);
            if (!found) continue;
        } else {
            found = named_gpu(word, uuids);
            if (!found) break;  // as CUDA has it: nothing behind what it does not know
        }
        seen.push_back(*found);
    }
    std::sort(seen.begin(), seen.end());
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    return seen;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
