// SPDX-License-Identifier: MIT
/// \file Tags of runs and experiments: one file a key, the value its bytes.
#ifndef MLSCRIBE_STORE_TAG_FILE_HPP
#define MLSCRIBE_STORE_TAG_FILE_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/utf8.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Whether readers see the owner already, or its meta.yaml is still to come.
enum class visibility { seen, unseen };

/// Sets a tag; a reader sees the old value or the new one. Invalid UTF-8 in the value is repaired,
/// for one bad byte would hide every run of the experiment.
/// \param owner the directory of the run or experiment, `path` what messages call it
inline error write_tag(const directory& owner, std::string_view path, std::string_view key,
                       std::string_view value, visibility seen = visibility::seen) {
    if (auto problem = key_problem(key_kind::tag, key)) {
        return {error_code::invalid_key, 0, std::move(*problem)};
    }
    const std::string name = "tags/" + std::string(key);
    const std::string text = utf8::repaired(value);
    const int failed = seen == visibility::seen ? replace_file(owner, name, text)
                                                : write_unseen_file(owner, name, text);
    if (failed == 0) return {};
    const bool is_folder = failed == EISDIR || failed == EEXIST || failed == ENOTEMPTY;
    if (is_folder || (failed == ENOTDIR && key.find('/') != std::string_view::npos)) {
        return {error_code::key_clash, 0,
                "tag key \"" + std::string(key) +
                    "\": another tag has this name as a folder or is a folder of it; rename one"};
    }
    return system_error("cannot write tag \"" + std::string(key) + "\" in", path, failed);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
