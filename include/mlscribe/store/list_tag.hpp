// SPDX-License-Identifier: MIT
/// \file Reads a tag that is a JSON list, to which a run adds.
#ifndef MLSCRIBE_STORE_LIST_TAG_HPP
#define MLSCRIBE_STORE_LIST_TAG_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/directory.hpp>
#include <mlscribe/file/unread_file.hpp>
#include <mlscribe/layout/json_document.hpp>

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// MLflow's longest tag has 8000 characters.
inline constexpr std::size_t max_list_tag_bytes = std::size_t{1} << 20;

/// \param list  empty where there is no such tag, or one that is no list
/// \onfailure system: the tag is there and cannot be read; written over, its list would be lost
inline error read_list_tag(const directory& run, std::string_view run_path, std::string_view tag,
                           document& list) {
    list = {};
    std::string text;
    const int failed = run.read("tags/" + std::string(tag), text, max_list_tag_bytes);
    if (failed == EFBIG) {
        return unread_file(std::string(run_path) + "/tags/" + std::string(tag), failed,
                           max_list_tag_bytes);
    }
    if (failed != 0 && failed != ENOENT) {
        return system_error("cannot read tag \"" + std::string(tag) + "\" in", run_path, failed);
    }
    if (failed == 0) {
        if (auto known = parse_json(text)) list = std::move(*known);
    }
    if (list.type != document::kind::list) {
        list = {};
        list.type = document::kind::list;
    }
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
