// SPDX-License-Identifier: MIT
#include "json.hpp"

#include <mlscribe/layout/json_text.hpp>

#include <cmath>

#include "value_text.hpp"

namespace tool {

std::string json_string(std::string_view text) {
    mlscribe::document value;
    value.type = mlscribe::document::kind::text;
    value.text = text;
    return mlscribe::json_text(value);
}

std::string json_number(double value) {
    return std::isfinite(value) ? exact_number(value) : '"' + exact_number(value) + '"';
}

json_members& json_members::raw(std::string_view key, std::string_view json) {
    return item(json_string(key) + ": " + std::string(json));
}

json_members& json_members::item(std::string_view json) {
    if (!members_.empty()) members_ += ", ";
    members_ += json;
    return *this;
}

}  // namespace tool
