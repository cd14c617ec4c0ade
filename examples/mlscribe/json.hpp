// SPDX-License-Identifier: MIT
/// \file JSON, one member after the other.
#ifndef MLSCRIBE_TOOL_JSON_HPP
#define MLSCRIBE_TOOL_JSON_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tool {

/// ASCII: what is not, control characters included, is escaped; bytes that are not UTF-8 become
/// U+FFFD.
std::string json_string(std::string_view text);
/// A number; the texts "NaN", "Infinity" and "-Infinity" where JSON has none, as in MLflow's REST.
std::string json_number(double value);

/// Builds the text of an object or a list.
class json_members {
  public:
    json_members& text(std::string_view key, std::string_view value) {
        return raw(key, json_string(value));
    }
    json_members& number(std::string_view key, double value) {
        return raw(key, json_number(value));
    }
    json_members& integer(std::string_view key, std::int64_t value) {
        return raw(key, std::to_string(value));
    }
    json_members& integer(std::string_view key, std::optional<std::int64_t> value) {
        return raw(key, value ? std::to_string(*value) : "null");
    }
    json_members& truth(std::string_view key, bool value) {
        return raw(key, value ? "true" : "false");
    }
    /// \param json  a value as JSON
    json_members& raw(std::string_view key, std::string_view json);
    /// An item of a list.
    json_members& item(std::string_view json);

    std::string object() const { return '{' + members_ + '}'; }
    std::string list() const { return '[' + members_ + ']'; }

  private:
    std::string members_;
};

}  // namespace tool

#endif
