// SPDX-License-Identifier: MIT
/// \file Whether a run matches a clause of a filter, as MLflow's file store decides it.
#ifndef MLSCRIBE_QUERY_CLAUSE_MATCH_HPP
#define MLSCRIBE_QUERY_CLAUSE_MATCH_HPP

#include <mlscribe/layout/run_status.hpp>
#include <mlscribe/query/filter_clause.hpp>
#include <mlscribe/query/like_pattern.hpp>
#include <mlscribe/query/run_record.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The text of an attribute that is no time.
inline std::string_view attribute_text(const run_info& info, run_attribute attribute) noexcept {
    switch (attribute) {
        case run_attribute::run_id:
            return info.run_id;
        case run_attribute::run_name:
            return info.run_name;
        case run_attribute::user_id:
            return info.user_id;
        case run_attribute::status:
            return to_string(info.status);
        case run_attribute::artifact_uri:
            return info.artifact_uri;
        default:
            return {};
    }
}

/// \param attribute  start_time or end_time
inline std::optional<std::int64_t> time_of(const run_info& info, run_attribute attribute) noexcept {
    return attribute == run_attribute::end_time ? info.end_time : info.start_time;
}

/// Below 0 where `left` is less, above 0 where it is greater: by value, nothing is rounded.
/// \param right  no NaN
inline int compare_exactly(std::int64_t left, double right) noexcept {
    constexpr double beyond = 9223372036854775808.0;
    if (right >= beyond) return -1;
    if (right < -beyond) return 1;
    const auto whole = static_cast<std::int64_t>(right);
    if (left != whole) return left < whole ? -1 : 1;
    const double rest = right - static_cast<double>(whole);
    return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

/// `left how right` for a comparison of numbers; a NaN is unequal to all.
template <class Number>
bool holds(const Number& left, comparator how, const Number& right) noexcept {
    switch (how) {
        case comparator::equal:
            return left == right;
        case comparator::unequal:
            return !(left == right);
        case comparator::less:
            return left < right;
        case comparator::less_equal:
            return left <= right;
        case comparator::greater:
            return left > right;
        case comparator::greater_equal:
            return left >= right;
        default:
            return false;
    }
}

inline bool time_holds(std::int64_t time, const filter_clause& clause) noexcept {
    if (clause.is_whole) return holds(time, clause.how, clause.whole);
    return holds(compare_exactly(time, clause.number), clause.how, 0);
}

inline bool text_holds(std::string_view text, const filter_clause& clause) noexcept {
    const auto listed = [text, &clause] {
        return std::find(clause.list.begin(), clause.list.end(), text) != clause.list.end();
    };
    switch (clause.how) {
        case comparator::equal:
            return text == clause.text;
        case comparator::unequal:
            return text != clause.text;
        case comparator::like:
            return matches_like(text, clause.text, false);
        case comparator::ilike:
            return matches_like(text, clause.text, true);
        case comparator::in:
            return listed();
        case comparator::not_in:
            return !listed();
        default:
            return false;
    }
}

/// A param or a tag; null where the run has none: that matches nothing but IS NULL.
inline bool text_holds(const std::string* text, const filter_clause& clause) noexcept {
    if (clause.how == comparator::is_null) return text == nullptr;
    if (clause.how == comparator::is_not_null) return text != nullptr;
    return text != nullptr && text_holds(std::string_view(*text), clause);
}

/// Whether any of a run's datasets matches. \param datasets  of a name, a digest and contexts each
template <class Datasets>
bool dataset_holds(const Datasets& datasets, const filter_clause& clause) {
    for (const auto& dataset : datasets) {
        if (clause.field.key == "name") {
            if (text_holds(std::string_view(dataset.name), clause)) return true;
        } else if (clause.field.key == "digest") {
            if (text_holds(std::string_view(dataset.digest), clause)) return true;
        } else {
            for (const std::string& context : dataset.contexts) {
                if (text_holds(std::string_view(context), clause)) return true;
            }
        }
    }
    return false;
}

/// Whether a run matches `clause`. A key that the run has not matches nothing, not even `!=`.
///
/// \param run  a source, asked for no more than the clause needs:
///     `const run_info& info()`, `const std::string* param(key)`, `const std::string* tag(key)`,
///     `std::optional<double> metric(key)`, and `datasets()`, a range of values with the members
///     `name`, `digest` and `contexts`
template <class Source>
bool matches(const filter_clause& clause, Source& run) {
    const run_field& field = clause.field;
    switch (field.entity) {
        case run_entity::metric: {
            const std::optional<double> value = run.metric(field.key);
            return value && holds(*value, clause.how, clause.number);
        }
        case run_entity::param:
            return text_holds(run.param(field.key), clause);
        case run_entity::tag:
            return text_holds(run.tag(field.key), clause);
        case run_entity::dataset:
            return dataset_holds(run.datasets(), clause);
        case run_entity::attribute:
            break;
    }
    if (!field.is_time()) return text_holds(attribute_text(run.info(), field.attribute), clause);
    const std::optional<std::int64_t> time = time_of(run.info(), field.attribute);
    return time && time_holds(*time, clause);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
