// SPDX-License-Identifier: MIT
/// \file Where below `artifacts/` a file may go.
#ifndef MLSCRIBE_ARTIFACT_ARTIFACT_PATH_HPP
#define MLSCRIBE_ARTIFACT_ARTIFACT_PATH_HPP

#include <mlscribe/artifact/artifact_kind.hpp>
#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Checks a relative path below `artifacts/`: MLflow refuses one that is absolute or leaves it.
/// \param may_be_empty whether "" (the top) is meant
inline error check_artifact_path(std::string_view path, bool may_be_empty) {
    const auto refused = [path](const char* rule) {
        return error{error_code::invalid_path, 0, "artifact path \"" + shown(path) + "\": " + rule};
    };
    if (path.empty()) {
        return may_be_empty ? error{} : refused("is empty; name a file below artifacts/");
    }
    if (path.front() == '/') return refused("must be relative to artifacts/; drop the first '/'");
    if (path.find('\0') != std::string_view::npos) return refused("contains a NUL byte");
    if (!utf8::is_valid(path)) return refused("is not valid UTF-8; rename it");
    // That of the store stands before it, and systems open paths of 4095.
    if (path.size() > 3000) return refused("has more than 3000 bytes; shorten it");
    std::string_view rest = path;
    while (true) {
        const std::size_t slash = rest.find('/');
        const std::string_view part = rest.substr(0, slash);
        if (part.empty()) return refused("has an empty part ('//' or a '/' at its end)");
        if (part == "." || part == "..") return refused("must not contain '.' or '..'");
        if (part.size() > 255) return refused("has a part of more than 255 bytes; shorten it");
        if (slash == std::string_view::npos) return {};
        rest.remove_prefix(slash + 1);
    }
}

/// Checks where a file of this kind is to go.
inline error check_artifact_kind(std::string_view path, const artifact_kind& kind) {
    const std::string_view ending = kind.ending;
    if (path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending) {
        return check_artifact_path(path, false);
    }
    return {error_code::invalid_path, 0,
            "artifact path \"" + shown(path) + "\": " + kind.whose + " name ends in \"" +
                kind.ending + "\""};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
