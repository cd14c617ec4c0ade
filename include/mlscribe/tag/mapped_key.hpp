// SPDX-License-Identifier: MIT
/// \file The tag that remembers what a mapped key was called.
#ifndef MLSCRIBE_TAG_MAPPED_KEY_HPP
#define MLSCRIBE_TAG_MAPPED_KEY_HPP

#include <mlscribe/layout/sanitize.hpp>
#include <mlscribe/layout/tag_about.hpp>
#include <mlscribe/store/tag_file.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Keeps the original of a key that sanitize::map made `legal`, where the two differ.
inline error remember_mapped_key(const directory& run, std::string_view path,
                                 std::string_view legal, std::string_view key) {
    if (legal == key) return {};
    return write_tag(run, path, tag_about("key", legal), key);
}

/// Has `write(key, value)` write a tag whose key may be mapped to a legal one.
template <class Write>
error write_any_tag(Write&& write, std::string_view key, std::string_view value, bool map) {
    if (!map) return write(key, value);
    std::string legal = sanitized_key(key);
    error failure = write(legal, value);
    if (failure.code == error_code::key_clash) {
        legal = unnested_key(legal);
        failure = write(legal, value);
    }
    return failure || legal == key ? failure : write(tag_about("key", legal), key);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
