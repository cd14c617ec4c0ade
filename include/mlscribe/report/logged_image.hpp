// SPDX-License-Identifier: MIT
/// \file What the name of a file tells that `log_image(key, step)` of MLflow or mlscribe wrote.
#ifndef MLSCRIBE_REPORT_LOGGED_IMAGE_HPP
#define MLSCRIBE_REPORT_LOGGED_IMAGE_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// `images/<key>+step+<step>+timestamp+<time>+<id>[+compressed].png`, MLflow 2 with `%` between the
/// parts; a slash of the key is `~` or `#` (docs/format.md, "Artifacts of images, tables and
/// texts").
struct logged_image {
    std::string key;  ///< empty for any other file
    std::string step;
    std::string_view picture;  ///< the path up to the end of `<id>`
    bool is_thumbnail = false;

    explicit logged_image(std::string_view path) {
        constexpr std::string_view folder = "images/";
        if (path.substr(0, folder.size()) != folder) return;
        std::string_view rest = path.substr(0, path.rfind('.')).substr(folder.size());
        const std::size_t first = rest.find_first_of("+%");
        if (first == std::string_view::npos) return;
        const char separator = rest[first];
        std::vector<std::string_view> parts;
        for (std::size_t end = first; end != std::string_view::npos; end = rest.find(separator)) {
            parts.push_back(rest.substr(0, end));
            rest.remove_prefix(end + 1);
        }
        parts.push_back(rest);
        is_thumbnail = parts.size() == 7 && parts[6] == "compressed";
        if ((parts.size() != 6 && !is_thumbnail) || parts[1] != "step" || parts[3] != "timestamp") {
            is_thumbnail = false;
            return;
        }
        key = parts[0];
        std::replace(key.begin(), key.end(), '~', '/');
        std::replace(key.begin(), key.end(), '#', '/');
        step = parts[2];
        picture = path.substr(
            0, static_cast<std::size_t>(parts[5].data() - path.data()) + parts[5].size());
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
