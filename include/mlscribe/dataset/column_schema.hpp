// SPDX-License-Identifier: MIT
/// \file The types of a struct's members as MLflow's column schema names them.
#ifndef MLSCRIBE_DATASET_COLUMN_SCHEMA_HPP
#define MLSCRIBE_DATASET_COLUMN_SCHEMA_HPP

#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/reflect/flatten.hpp>
#include <mlscribe/reflect/shape.hpp>
#include <mlscribe/reflect/visit_members.hpp>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

template <class T>
std::string column_type(const T* sample);

/// What the description of a struct calls, for each member's `"type": …`.
class column_collector {
  public:
    /// \param properties  whether they stand in a struct within a row
    explicit column_collector(bool properties) noexcept : properties_(properties) {}

    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        (add(names.next(), column_type(&members), is_optional_like_v<Members>), ...);
    }

    /// The JSON of them all, without the brackets.
    const std::string& text() const noexcept { return text_; }
    std::size_t count() const noexcept { return count_; }

  private:
    void add(std::string_view name, const std::string& type, bool optional) {
        std::string quoted;
        append_json_string(quoted, name);
        if (count_++ != 0) text_ += ", ";
        text_ += properties_ ? quoted + ": {" + type : '{' + type + ", \"name\": " + quoted;
        text_ += optional ? ", \"required\": false}" : ", \"required\": true}";
    }

    bool properties_;
    std::size_t count_ = 0;
    std::string text_;
};

/// Visits the members of `sample`, or of a new object where there is none.
/// \return false where there can be none
template <class T>
bool visit_sample(const T* sample, column_collector& collector) {
    if (sample != nullptr) {
        visit_members(*sample, collector);
        return true;
    }
    if constexpr (std::is_default_constructible_v<T>) {
        visit_members(T{}, collector);
        return true;
    } else {
        return false;
    }
}

/// `"type": "double"`; of lists and structs with what they hold, as MLflow names it. Whatever has
/// no type of its own there is a text.
/// \param sample  a value to look into, or null
template <class T>
std::string column_type(const T* sample) {
    if constexpr (std::is_same_v<T, bool>) {
        return "\"type\": \"boolean\"";
    } else if constexpr (std::is_floating_point_v<T>) {
        return std::is_same_v<T, float> ? "\"type\": \"float\"" : "\"type\": \"double\"";
    } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, char>) {
        constexpr bool fits = sizeof(T) < 4 || (sizeof(T) == 4 && std::is_signed_v<T>);
        return fits ? "\"type\": \"integer\"" : "\"type\": \"long\"";
    } else if constexpr (has_param_text_hook_v<T> || is_string_like_v<T> || is_path_like_v<T>) {
        return "\"type\": \"string\"";
    } else if constexpr (is_optional_like_v<T>) {
        using held = std::decay_t<decltype(**sample)>;
        return column_type<held>(sample != nullptr && sample->has_value() ? &**sample : nullptr);
    } else if constexpr (is_map_like_v<T>) {
        using held = typename range_value_t<T>::second_type;
        const bool any = sample != nullptr && std::begin(*sample) != std::end(*sample);
        return "\"type\": \"map\", \"values\": {" +
               column_type<held>(any ? &std::begin(*sample)->second : nullptr) + '}';
    } else if constexpr (is_range_v<T>) {
        using item = range_value_t<T>;
        const item* first = nullptr;
        if constexpr (std::is_class_v<item>) {
            if (sample != nullptr && std::begin(*sample) != std::end(*sample)) {
                first = &*std::begin(*sample);
            }
        }
        return "\"type\": \"array\", \"items\": {" + column_type<item>(first) + '}';
    } else if constexpr (is_reflected_v<T>) {
        column_collector members(true);
        if (!visit_sample(sample, members)) return "\"type\": \"any\"";
        return "\"type\": \"object\", \"properties\": {" + members.text() + '}';
    } else {
        return "\"type\": \"string\"";
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
