// SPDX-License-Identifier: MIT
/// \file What the files of pictures are called, so that MLflow's UI finds their key, step and time.
#ifndef MLSCRIBE_IMAGE_IMAGE_NAME_HPP
#define MLSCRIBE_IMAGE_IMAGE_NAME_HPP

#include <mlscribe/artifact/artifact_path.hpp>
#include <mlscribe/config/clock.hpp>
#include <mlscribe/metric/step.hpp>
#include <mlscribe/store/run_id.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view image_folder = "images/";
inline constexpr std::string_view image_ending = ".png";
inline constexpr std::string_view thumbnail_ending = "+compressed.png";

/// Checks where a picture without a step is to go.
inline error check_image_path(std::string_view path) {
    const auto refused = [path](const char* rule) {
        return error{error_code::invalid_path, 0, "artifact path \"" + shown(path) + "\": " + rule};
    };
    if (path.size() <= image_ending.size() ||
        path.substr(path.size() - image_ending.size()) != image_ending) {
        return refused(
            "a picture's name ends in \".png\"; with a step, log_image(image, key, step)"
            " names it");
    }
    if (path.substr(0, image_folder.size()) == image_folder &&
        path.find('/', image_folder.size()) == std::string_view::npos) {
        return refused(
            "images/ is for pictures with a step: MLflow's UI shows none of them where "
            "another name stands there; use another folder");
    }
    return check_artifact_path(path, false);
}

/// MLflow's rule for the keys of pictures.
inline constexpr bool is_image_key_character(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.' || c == '/' || c == ' ';
}

/// A random (version 4) UUID, with its hyphens.
inline std::string random_uuid() {
    std::string id = random_run_id();
    for (const std::size_t at : {20u, 16u, 12u, 8u}) id.insert(at, 1, '-');
    return id;
}

/// The path below `artifacts/` of the picture `key` at `step`, without its ending: a new one at
/// each call. \param at  nullopt for now
/// \onfailure invalid_key, invalid_value: `stem` stays as it is
inline error make_image_stem(std::string_view key, const checked_step& step,
                             const std::optional<timestamp>& at, std::string& stem) {
    const auto refused = [key](error_code code, const std::string& rule) {
        return error{code, 0, "image \"" + shown(key) + "\": " + rule};
    };
    if (key.empty()) return refused(error_code::invalid_key, "a key must not be empty");
    for (const char& c : key) {
        if (is_image_key_character(c)) continue;
        const std::string_view rest = key.substr(static_cast<std::size_t>(&c - key.data()));
        return refused(error_code::invalid_key,
                       '\'' + shown(rest.substr(0, utf8::first(rest).size)) +
                           "' is not allowed by MLflow in the keys of pictures (A-Z, a-z, 0-9, "
                           "_ - . / and blank are); rename it");
    }
    if (step.negative || step.too_large) {
        return refused(error_code::invalid_value, "a step is from 0 to 2^63-1");
    }
    if (at && at->milliseconds < 0) {
        return refused(error_code::invalid_value, "a time stamp is 0 or more");
    }
    std::string name(key);
    for (char& c : name) c = c == '/' ? '~' : c;
    name += "+step+" + std::to_string(step.step) + "+timestamp+" +
            std::to_string(at ? at->milliseconds : milliseconds_now()) + '+' + random_uuid();
    const std::size_t longest = max_key_part_bytes - thumbnail_ending.size();
    if (name.size() > longest) {
        return refused(error_code::invalid_key, "it is " + std::to_string(name.size() - longest) +
                                                    " characters too long for the name of a file "
                                                    "with its step and time; shorten it");
    }
    stem = std::string(image_folder) + name;
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
