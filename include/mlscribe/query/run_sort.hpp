// SPDX-License-Identifier: MIT
/// \file Puts runs in the order that MLflow shows them in.
#ifndef MLSCRIBE_QUERY_RUN_SORT_HPP
#define MLSCRIBE_QUERY_RUN_SORT_HPP

#include <mlscribe/layout/value_extremes.hpp>
#include <mlscribe/query/clause_match.hpp>
#include <mlscribe/query/run_order.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What a run has of one order_key. Of one key all runs have the same member set.
struct sort_value {
    /// In this order in both directions.
    enum class rank { value, not_a_number, missing };

    rank where = rank::missing;
    double number = 0.0;
    std::int64_t time = 0;
    std::string text;
};

/// So much of a text decides on the order, more than MLflow's 8000 characters of a tag: it is kept
/// of all runs that match, however few are asked for.
inline constexpr std::size_t max_sorted_bytes = 32768;

/// \param run  as matches() takes it
template <class Source>
sort_value value_for_sort(const run_field& field, Source& run) {
    sort_value value;
    const auto take_text = [&value](const std::string* text) {
        if (text == nullptr) return;
        value.where = sort_value::rank::value;
        value.text = text->substr(0, max_sorted_bytes);
    };
    if (field.entity == run_entity::metric) {
        if (const std::optional<double> number = run.metric(field.key)) {
            const bool is_number = !is_nan(*number);
            value.where = is_number ? sort_value::rank::value : sort_value::rank::not_a_number;
            value.number = is_number ? *number : 0.0;
        }
    } else if (field.entity == run_entity::param) {
        take_text(run.param(field.key));
    } else if (field.entity == run_entity::tag) {
        take_text(run.tag(field.key));
    } else if (field.is_time()) {
        const std::optional<std::int64_t> time = time_of(run.info(), field.attribute);
        if (time) value.where = sort_value::rank::value;
        value.time = time.value_or(0);
    } else {
        value.where = sort_value::rank::value;
        value.text = attribute_text(run.info(), field.attribute).substr(0, max_sorted_bytes);
    }
    return value;
}

/// What the order of a run depends on, read once.
struct sortable_run {
    std::size_t index = 0;           ///< for whoever sorts
    std::vector<sort_value> values;  ///< one for each order_key
    std::int64_t start_time = 0;
    std::string run_id;
};

/// For std::stable_sort: ties go to the run that started last, then to the lower id.
class run_sorter {
  public:
    explicit run_sorter(const std::vector<order_key>& keys) noexcept : keys_(&keys) {}

    bool operator()(const sortable_run& left, const sortable_run& right) const noexcept {
        for (std::size_t i = 0; i < keys_->size(); ++i) {
            const int order = compare(left.values[i], right.values[i], (*keys_)[i].ascending);
            if (order != 0) return order < 0;
        }
        if (left.start_time != right.start_time) return left.start_time > right.start_time;
        return left.run_id < right.run_id;
    }

  private:
    static int compare(const sort_value& left, const sort_value& right, bool ascending) noexcept {
        if (left.where != right.where) return left.where < right.where ? -1 : 1;
        const sort_value& before = ascending ? left : right;
        const sort_value& behind = ascending ? right : left;
        if (before.time != behind.time) return before.time < behind.time ? -1 : 1;
        if (before.number < behind.number) return -1;
        if (before.number > behind.number) return 1;
        return before.text.compare(behind.text);
    }

    const std::vector<order_key>* keys_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
