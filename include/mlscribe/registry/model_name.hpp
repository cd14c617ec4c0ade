// SPDX-License-Identifier: MIT
/// \file Which names of registered models and which aliases every reader takes.
#ifndef MLSCRIBE_REGISTRY_MODEL_NAME_HPP
#define MLSCRIBE_REGISTRY_MODEL_NAME_HPP

#include <mlscribe/error/error.hpp>
#include <mlscribe/layout/key_rules.hpp>
#include <mlscribe/layout/uri.hpp>
#include <mlscribe/layout/utf8.hpp>
#include <mlscribe/layout/word_characters.hpp>

#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What MLflow 2 and 3 both take, and what a `models:/` URI and a filter can name afterwards.
inline error check_model_name(std::string_view name) {
    const auto refused = [name](std::string_view rule) {
        error failure{error_code::invalid_value, 0, "registered model \"" + shown(name) + "\": "};
        failure.message += rule;
        return failure;
    };
    if (name.find_first_not_of(' ') == std::string_view::npos) {
        return refused("a name must not be empty or blank; give one");
    }
    if (!utf8::is_valid(name)) return refused("is not valid UTF-8; give it in UTF-8");
    const std::size_t at = name.find_first_of("/:%?@'");
    if (at != std::string_view::npos) {
        return refused(
            "'" + std::string(1, name[at]) +
            "' is not possible: MLflow refuses / : and %, no URI can name a model with ? or @, no "
            "filter one with '; leave it out");
    }
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20) {
            return refused("no URI can name a model with a control character; leave it out");
        }
    }
    if (name == "." || name.substr(0, 2) == "..") {
        return refused("MLflow does not allow '.' nor '..' at the beginning; rename it");
    }
    if (name.size() > max_key_part_bytes) {
        return refused("has " + std::to_string(name.size()) +
                       " bytes, and it is the name of a directory: file systems take 255");
    }
    return {};
}

/// What MLflow 2 and 3 both take: letters, digits, `_` and `-`; not `latest`, not `v1`.
inline error check_alias(std::string_view alias) {
    const auto refused = [alias](std::string_view rule) {
        error failure{error_code::invalid_value, 0, "alias \"" + shown(alias) + "\": "};
        failure.message += rule;
        return failure;
    };
    if (alias.empty()) return refused("must not be empty; give a name, as champion");
    for (std::string_view rest = alias; !rest.empty();) {
        const utf8::step next = utf8::first(rest);
        if (!next.valid || !(next.code == U'-' || is_word_character(next.code))) {
            return refused("MLflow allows letters, digits, _ and -; rename it");
        }
        rest.remove_prefix(next.size);
    }
    if (ascii_lowered(alias) == "latest") {
        return refused("is reserved: models:/<name>/latest is the highest version; rename it");
    }
    const std::string_view behind_v = alias.substr(1);
    if (ascii_lower(alias.front()) == 'v' && !behind_v.empty() &&
        behind_v.find_first_not_of("0123456789") == std::string_view::npos) {
        return refused("MLflow keeps v1, v2 and so on for versions; rename it");
    }
    if (alias.size() > max_key_part_bytes) {
        return refused("has " + std::to_string(alias.size()) +
                       " bytes, and it is the name of a file: file systems take 255");
    }
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
