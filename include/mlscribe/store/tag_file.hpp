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

/// Has `write(text)` write a tag and says what went wrong. Invalid UTF-8 in the value is repaired,
/// for one bad byte would hide every run of the experiment.
/// \param path what messages call the tag's owner
template <class Write>
error write_tag_by(Write&& write, std::string_view path, std::string_view key,
                   std::string_view value) {
    if (auto problem = key_problem(key_kind::tag, key)) {
        return {error_code::invalid_key, 0, std::move(*problem)};
    }
    const int failed = write(utf8::repaired(value));
    if (failed == 0) return {};
    const bool is_folder = failed == EISDIR || failed == EEXIST || failed == ENOTEMPTY;
    if (is_folder || (failed == ENOTDIR && key.find('/') != std::string_view::npos)) {
        return {error_code::key_clash, 0,
                "tag key \"" + std::string(key) +
                    "\": another tag has this name as a folder or is a folder of it; rename one"};
    }
    return system_error("cannot write tag \"" + std::string(key) + "\" in", path, failed);
}

/// Sets a tag; a reader sees the old value or the new one.
/// \param owner the directory of the run or experiment
inline error write_tag(const directory& owner, std::string_view path, std::string_view key,
                       std::string_view value) {
    const auto write = [&](const std::string& text) {
        return replace_file(owner, "tags/" + std::string(key), text);
    };
    return write_tag_by(write, path, key, value);
}

/// Sets tags of an owner that no reader sees yet.
class unseen_tags {
  public:
    unseen_tags(const directory& owner, std::string_view path, blocked_signals& no_signals)
        : owner_(owner), path_(path), no_signals_(no_signals) {}

    error operator()(std::string_view key, std::string_view value) {
        const auto write = [&](const std::string& text) {
            const int failed = folder_ ? 0 : owner_.open_below("tags", missing::create, folder_);
            return failed != 0 ? failed : write_unseen_file(folder_, key, text, no_signals_);
        };
        return write_tag_by(write, path_, key, value);
    }

  private:
    const directory& owner_;
    std::string_view path_;
    blocked_signals& no_signals_;
    directory folder_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
