// SPDX-License-Identifier: MIT
/// \file What an identifier of a filter or an order names: `metrics.loss`, `status`.
#ifndef MLSCRIBE_QUERY_RUN_FIELD_HPP
#define MLSCRIBE_QUERY_RUN_FIELD_HPP

#include <mlscribe/query/filter_clause.hpp>
#include <mlscribe/query/query_error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline bool is_quoted(std::string_view text, char quote) noexcept {
    return text.size() >= 2 && text.front() == quote && text.back() == quote;
}
inline std::string_view without_backticks(std::string_view text) noexcept {
    return is_quoted(text, '`') ? text.substr(1, text.size() - 2) : text;
}
inline std::string_view without_quotes(std::string_view text) noexcept {
    const bool quoted = is_quoted(text, '\'') || is_quoted(text, '"');
    return quoted ? text.substr(1, text.size() - 2) : text;
}

inline std::optional<run_entity> entity_of(std::string_view name) noexcept {
    struct spelling {
        std::string_view name;
        run_entity entity;
    };
    constexpr spelling spellings[] = {{"metric", run_entity::metric},
                                      {"metrics", run_entity::metric},
                                      {"parameter", run_entity::param},
                                      {"parameters", run_entity::param},
                                      {"param", run_entity::param},
                                      {"params", run_entity::param},
                                      {"tag", run_entity::tag},
                                      {"tags", run_entity::tag},
                                      {"attribute", run_entity::attribute},
                                      {"attributes", run_entity::attribute},
                                      {"attr", run_entity::attribute},
                                      {"run", run_entity::attribute},
                                      {"dataset", run_entity::dataset},
                                      {"datasets", run_entity::dataset}};
    for (const spelling& each : spellings) {
        if (each.name == name) return each.entity;
    }
    return std::nullopt;
}

/// Reads an identifier as it is written, quotes and all. \param position where it stands
inline query_problem read_field(std::string_view identifier, std::size_t position,
                                run_field& result) {
    const std::size_t period = identifier.find('.');
    const bool named = period != std::string_view::npos;
    if (named) {
        const std::string_view entity = without_backticks(identifier.substr(0, period));
        const std::optional<run_entity> found = entity_of(entity);
        if (!found) {
            return {'"' + std::string(entity) +
                        "\" is nothing that a run has: write metrics, "
                        "params, tags, attributes or datasets before the period",
                    position};
        }
        result.entity = *found;
    }
    result.key =
        without_backticks(without_quotes(named ? identifier.substr(period + 1) : identifier));
    const std::size_t key_position = position + (named ? period + 1 : 0);
    if (result.entity == run_entity::attribute) {
        result.attribute = attribute_of(result.key);
        if (result.attribute == run_attribute::none) {
            return {"a run has no attribute \"" + result.key +
                        "\"; metrics, params and tags need their prefix: metrics." + result.key,
                    key_position};
        }
    }
    const bool is_dataset = result.entity == run_entity::dataset;
    if (is_dataset && result.key != "name" && result.key != "digest" && result.key != "context") {
        return {"a dataset has no \"" + result.key + "\": write name, digest or context",
                key_position};
    }
    return {};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
