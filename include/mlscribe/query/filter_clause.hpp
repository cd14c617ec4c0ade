// SPDX-License-Identifier: MIT
/// \file One clause of a filter: what is compared, how, and with what.
#ifndef MLSCRIBE_QUERY_FILTER_CLAUSE_HPP
#define MLSCRIBE_QUERY_FILTER_CLAUSE_HPP

#include <mlscribe/config/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Where a run has what a clause or an order names.
enum class run_entity { attribute, metric, param, tag, dataset };

/// An attribute of a run by one of its names, as MLflow's translate_key_alias() knows them.
enum class run_attribute {
    none,
    run_id,
    run_name,
    user_id,
    status,
    artifact_uri,
    start_time,
    end_time
};

/// What an identifier such as `metrics."val/loss"` names.
struct run_field {
    run_entity entity = run_entity::attribute;
    std::string key;
    run_attribute attribute = run_attribute::none;  ///< where entity is attribute

    bool is_time() const noexcept {
        return attribute == run_attribute::start_time || attribute == run_attribute::end_time;
    }
};

enum class comparator {
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    like,
    ilike,
    in,
    not_in,
    is_null,
    is_not_null
};

struct filter_clause {
    run_field field;
    comparator how = comparator::equal;
    double number = 0.0;            ///< for metrics and times
    bool is_whole = false;          ///< a time is compared with `whole`
    std::int64_t whole = 0;         ///< the number where it has no point, cut to 64 bits
    std::string text;               ///< for texts
    std::vector<std::string> list;  ///< for `IN` and `NOT IN`
};

/// The attribute that MLflow finds by `name`.
inline run_attribute attribute_of(std::string_view name) noexcept {
    struct spelling {
        std::string_view name;
        run_attribute attribute;
    };
    constexpr spelling spellings[] = {
        {"run_id", run_attribute::run_id},         {"run_name", run_attribute::run_name},
        {"run name", run_attribute::run_name},     {"Run name", run_attribute::run_name},
        {"Run Name", run_attribute::run_name},     {"user_id", run_attribute::user_id},
        {"status", run_attribute::status},         {"artifact_uri", run_attribute::artifact_uri},
        {"start_time", run_attribute::start_time}, {"created", run_attribute::start_time},
        {"Created", run_attribute::start_time},    {"end_time", run_attribute::end_time}};
    for (const spelling& each : spellings) {
        if (each.name == name) return each.attribute;
    }
    return run_attribute::none;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
