// SPDX-License-Identifier: MIT
/// \file A struct or map to params: nested members become dotted keys.
#ifndef MLSCRIBE_REFLECT_FLATTEN_HPP
#define MLSCRIBE_REFLECT_FLATTEN_HPP

#include <mlscribe/reflect/aggregate.hpp>
#include <mlscribe/reflect/describe.hpp>
#include <mlscribe/reflect/param_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

/// One param as it is logged.
struct param {
    std::string key;
    std::string value;
};

namespace detail {

template <class T>
inline constexpr bool is_described_v = is_described_inside_v<T> || is_described_outside_v<T>;

/// A type that param_text() shows as one value.
template <class T>
inline constexpr bool is_value_v =
    !std::is_class_v<T> || has_param_text_hook_v<T> || is_string_like_v<T> || is_path_like_v<T> ||
    is_duration_v<T> || is_optional_like_v<T> || is_variant_like_v<T> || is_range_v<T> ||
    is_pair_v<T>;

}  // namespace detail

/// Whether the members of T are known: described by a macro, or a plain aggregate in C++20.
template <class T>
inline constexpr bool is_reflected_v = detail::is_described_v<T>
#if MLSCRIBE_HAS_AGGREGATES
                                       || (std::is_aggregate_v<T> && !detail::is_value_v<T> &&
                                           !detail::is_empty_alternative_v<T>)
#endif
    ;

namespace detail {

/// Calls `visitor(member_names, member...)` for a reflected object.
template <class T, class Visitor>
void visit_members(const T& object, Visitor&& visitor) {
    if constexpr (is_described_inside_v<T>) {
        member_access::visit(object, visitor);
    } else if constexpr (is_described_outside_v<T>) {
        mlscribe_visit(object, visitor);
    } else {
#if MLSCRIBE_HAS_AGGREGATES
        visit_aggregate(object, visitor);
#endif
    }
}

/// Whether a value becomes several params.
template <class T>
constexpr bool is_flattened() {
    if constexpr (is_described_v<T>) {
        return true;
    } else if constexpr (has_param_text_hook_v<T> || is_string_like_v<T> || is_path_like_v<T>) {
        return false;
    } else if constexpr (is_optional_like_v<T>) {
        return is_flattened<typename T::value_type>();
    } else if constexpr (is_variant_like_v<T> || is_map_like_v<T>) {
        return true;
    } else if constexpr (is_range_v<T>) {
        return is_flattened<range_value_t<T>>();
    } else {
        return is_reflected_v<T>;
    }
}

class flattener {
  public:
    flattener(std::vector<param>& out, char separator) noexcept
        : out_(out), separator_(separator) {}

    template <class T>
    void add(const std::string& key, const T& value) {
        if constexpr (!is_flattened<T>()) {
            out_.push_back({key, param_text(value)});
        } else if constexpr (is_reflected_v<T>) {
            visit_members(value, [this, &key](member_names names, const auto&... members) {
                (this->add(this->joined(key, names.next()), members), ...);
            });
        } else if constexpr (is_optional_like_v<T>) {
            if (value.has_value()) {
                add(key, *value);
            } else {
                out_.push_back({key, "None"});
            }
        } else if constexpr (is_variant_like_v<T>) {
            if (value.valueless_by_exception()) {
                out_.push_back({key, "None"});
            } else {
                visit([this, &key](const auto& held) { this->add(key, held); }, value);
            }
        } else if constexpr (is_map_like_v<T>) {
            for (const auto& entry : value) {
                add(joined(key, std::string_view(entry.first)), entry.second);
            }
        } else {
            std::size_t index = 0;
            for (const auto& element : value) add(joined(key, std::to_string(index++)), element);
        }
    }

  private:
    std::string joined(const std::string& key, std::string_view name) const {
        std::string whole = key;
        if (!whole.empty()) whole += separator_;
        return whole.append(name);
    }

    std::vector<param>& out_;
    char separator_;
};

}  // namespace detail

/// The members of a struct, or the entries of a map with text keys, as params. Structs and maps
/// inside become `outer.inner`, structs in a list `layers.0.units`, an empty optional `None`; every
/// other value is one param (see param_text()).
///
/// \param prefix    put before every key, with a separator; empty for none
/// \param separator '.' or '/', which MLflow's UI shows as groups
/// \threadsafety any thread
template <class T>
std::vector<param> flatten(const T& object, std::string_view prefix = {}, char separator = '.') {
#if MLSCRIBE_HAS_AGGREGATES
    static_assert(detail::is_flattened<T>(),
                  "mlscribe: the members of this type are not known: a class with a base, private "
                  "members, a constructor or a reference needs MLSCRIBE_DESCRIBE(type, members...) "
                  "or MLSCRIBE_DESCRIBE_MEMBERS(members...)");
#else
    static_assert(detail::is_flattened<T>(),
                  "mlscribe: the members of this type are not known: in C++17 describe it with "
                  "MLSCRIBE_DESCRIBE(type, members...)");
#endif
    std::vector<param> params;
    if constexpr (detail::is_flattened<T>()) {
        detail::flattener(params, separator).add(std::string(prefix), object);
    }
    return params;
}

MLSCRIBE_NAMESPACE_END

#endif
