// SPDX-License-Identifier: MIT
/// \file The params or tags of a run: a folder in which each file is a value.
#ifndef MLSCRIBE_QUERY_TEXT_FOLDER_HPP
#define MLSCRIBE_QUERY_TEXT_FOLDER_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/file_list.hpp>
#include <mlscribe/file/unread_file.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/query/metric_keys.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What MLflow reads of a file's bytes: a code point that the end cuts off is dropped
/// (docs/format.md, "Values and limits"). \return false for other bytes that are not UTF-8
inline bool decode_value(std::string& bytes) {
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const utf8::step step = utf8::first(rest);
        if (!step.valid) break;
        rest.remove_prefix(step.size);
    }
    if (rest.empty()) return true;
    const auto lead = static_cast<unsigned char>(rest[0]);
    const std::size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    const bool cut_off = lead >= 0xC2 && lead <= 0xF4 && rest.size() < whole &&
                         utf8::first(rest).size == rest.size();
    bytes.resize(bytes.size() - rest.size());
    return cut_off;
}

/// Reads values one by one or all. \threadsafety one thread at a time
class text_folder {
  public:
    /// \param run   outlives this
    /// \param name  "params" or "tags"
    /// \param path  of the run, for messages
    text_folder(const directory& run, std::string name, const std::string& path)
        : run_(run), name_(std::move(name)), path_(path) {}

    /// \param value  none where there is no file, or could be none
    error read(const std::string& key, std::optional<std::string>& value) {
        value.reset();
        if (read_key_problem(key)) return {};
        if (const int failed = open(); failed != 0) {
            return failed == ENOENT ? error{} : unreadable(failed, {});
        }
        return read_value(key, value);
    }

    error read_all(std::map<std::string, std::string>& values) {
        std::vector<std::string> keys;
        if (const int failed = list_files(run_, name_, keys)) return unreadable(failed, {});
        if (!keys.empty() && open() != 0) return {};
        for (const std::string& key : keys) {
            if (read_key_problem(key)) {
                return {error_code::damaged, 0,
                        '"' + path_ + '/' + name_ + '/' + shown(key) +
                            "\": MLflow refuses a file of this "
                            "name, and with it every search; move it away"};
            }
            std::optional<std::string> value;
            if (error failure = read_value(key, value)) return failure;
            if (value) values.emplace_hint(values.end(), key, std::move(*value));
        }
        return {};
    }

  private:
    int open() { return folder_ ? 0 : run_.open_below(name_, missing::fail, folder_); }

    error read_value(const std::string& key, std::optional<std::string>& value) {
        std::string bytes;
        const int failed = folder_.read(key, bytes, (std::min)(room_, max_text_bytes));
        if (failed == EFBIG && room_ < max_text_bytes) {
            error failure = unreadable(failed, '/' + key);
            failure.message += "; with it the " + name_ + " of the run have more than 64 MiB";
            return failure;
        }
        if (failed == EFBIG) {
            return unread_file(path_ + '/' + name_ + '/' + key, failed, max_text_bytes);
        }
        // A folder of keys, or a file that somebody removed meanwhile.
        if (failed == ENOENT || failed == ENOTDIR || failed == EISDIR) return {};
        if (failed != 0) return unreadable(failed, '/' + key);
        if (!decode_value(bytes)) {
            return {error_code::damaged, 0,
                    '"' + path_ + '/' + name_ + '/' + shown(key) +
                        "\" is not UTF-8: MLflow's search fails "
                        "on it; write it again or move it away"};
        }
        room_ -= bytes.size();
        value = std::move(bytes);
        return {};
    }

    error unreadable(int failed, const std::string& below) const {
        return system_error(failed == ELOOP ? "will not follow the link" : "cannot read",
                            path_ + '/' + name_ + below, failed);
    }

    const directory& run_;
    std::string name_;
    const std::string& path_;
    directory folder_;
    std::size_t room_ = 4 * max_text_bytes;  // what the values of one run may have in all
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
