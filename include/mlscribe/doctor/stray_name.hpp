// SPDX-License-Identifier: MIT
/// \file Files that an editor, a desktop or a network file system leaves in any folder.
#ifndef MLSCRIBE_DOCTOR_STRAY_NAME_HPP
#define MLSCRIBE_DOCTOR_STRAY_NAME_HPP

#include <mlscribe/doctor/number_repair.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// `.nfs0000001a`, `.DS_Store`, `._loss`, `.loss.swp`, `loss~`, `#loss#`, `.#loss`, `~$loss`.
/// \param key  of which the last part counts
inline bool is_stray_name(std::string_view key) noexcept {
    const std::string_view name = key.substr(key.rfind('/') + 1);
    if (name.empty()) return false;
    if (begins_with(name, ".nfs") && name.size() >= 12) {
        return name.find_first_not_of("0123456789abcdefABCDEF", 4) == std::string_view::npos;
    }
    const auto ends_with = [name](std::string_view end) {
        return name.size() > end.size() && name.substr(name.size() - end.size()) == end;
    };
    if (begins_with(name, ".") && (ends_with(".swp") || ends_with(".swo"))) return true;
    if (name.front() == '#' && ends_with("#")) return true;
    return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" ||
           begins_with(name, "._") || begins_with(name, ".#") || begins_with(name, "~$") ||
           begins_with(name, ".~lock.") || name.back() == '~' || begins_with(name, "~");
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
