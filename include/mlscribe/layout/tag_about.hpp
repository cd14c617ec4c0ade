// SPDX-License-Identifier: MIT
/// \file The names of the tags that tell something about one metric or param.
#ifndef MLSCRIBE_LAYOUT_TAG_ABOUT_HPP
#define MLSCRIBE_LAYOUT_TAG_ABOUT_HPP

#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/sanitize.hpp>

#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// A tag of the library about the metric or param `key`: `mlscribe.<subject>.<key>`, shortened
/// where that is longer than a key may be.
inline std::string tag_about(std::string_view subject, std::string_view key) {
    std::string tag = "mlscribe." + std::string(subject) + '.' + std::string(key);
    return key_problem(key_kind::tag, tag) ? sanitized_key(tag) : tag;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
