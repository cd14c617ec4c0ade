// SPDX-License-Identifier: MIT
/// \file A struct or map to params: nested members become dotted keys.
#ifndef MLSCRIBE_REFLECT_FLATTEN_HPP
#define MLSCRIBE_REFLECT_FLATTEN_HPP

#include <mlscribe/reflect/param_text.hpp>
#include <mlscribe/reflect/visit_members.hpp>

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

/// A type that param_text() shows as one value.
template <class T>
inline constexpr bool is_value_v =
    !std::is_class_v<T> || has_param_text_hook_v<T> || is_string_like_v<T> || is_path_like_v<T> ||
    is_duration_v<T> || is_optional_like_v<T> || is_variant_like_v<T> || is_range_v<T> ||
    is_pair_v<T> || is_monostate_v<T>;

template <class T>
constexpr bool is_reflected() noexcept {
    if constexpr (is_described<T>()) {
        return true;
    } else {
#if MLSCRIBE_HAS_AGGREGATES
        if constexpr (std::is_aggregate_v<T>) return !is_value_v<T>;
#endif
        return false;
    }
}

}  // namespace detail

/// Whether the members of T are known: described by a macro, or a plain aggregate in C++20.
template <class T>
inline constexpr bool is_reflected_v = detail::is_reflected<T>();

namespace detail {

/// Whether a value becomes several params.
template <class T>
constexpr bool is_flattened() noexcept {
    if constexpr (std::is_arithmetic_v<T>) {
        return false;
    } else if constexpr (has_param_text_hook_v<T>) {
        return false;
    } else if constexpr (is_described<T>()) {
        return true;
    } else if constexpr (is_string_like_v<T> || is_path_like_v<T>) {
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

class flattener;

template <class T>
void add_value(flattener& out, const void* value);

/// A value without its type, beside the function that knows it: the members of every struct are
/// gone through by one loop, so that one more struct costs the compiler little.
struct any_value {
    template <class T>
    explicit any_value(const T& from) noexcept : value(&from), add(&add_value<T>) {}

    const void* value;
    void (*add)(flattener& out, const void* value);
};

/// Collects params; knows the key of the value that it is given.
class flattener {
  public:
    flattener(std::string_view prefix, char separator) : key_(prefix), separator_(separator) {}

    template <class T>
    void add(const T& value) {
        if constexpr (!is_flattened<T>()) {
            append_value(new_text(), value, placement::alone);
        } else if constexpr (is_reflected_v<T>) {
            add_members(value);
        } else if constexpr (is_optional_like_v<T>) {
            if (value.has_value()) {
                add(*value);
            } else {
                add_nothing("None");
            }
        } else if constexpr (is_variant_like_v<T>) {
            if (value.valueless_by_exception()) {
                add_nothing("None");
            } else {
                visit([this](const auto& held) { this->add(held); }, value);
            }
        } else if constexpr (is_map_like_v<T>) {
            bool empty = true;
            for (const auto& entry : value) {
                add_below(entry.first, any_value(entry.second));
                empty = false;
            }
            if (empty) add_nothing("{}");
        } else {
            std::size_t index = 0;
            for (const auto& element : value) {
                add_below(std::to_string(index++), any_value(element));
            }
            if (index == 0) add_nothing("[]");
        }
    }

    template <class T>
    void add_members(const T& object) {
        visit_members(object, *this);
    }

    /// What the description of a struct calls.
    template <class... Members>
    void operator()(member_names names, const Members&... members) {
        const any_value values[] = {any_value(members)...};
        for (const any_value& value : values) add_below(names.next(), value);
    }

    std::vector<param>& params() noexcept { return params_; }

  private:
    void add_below(std::string_view name, any_value value) {
        const std::size_t length = key_.size();
        if (length != 0) key_ += separator_;
        key_ += name;
        value.add(*this, value.value);
        key_.resize(length);
    }

    std::string& new_text() {
        params_.push_back({key_, std::string()});
        return params_.back().value;
    }

    void add_nothing(const char* text) {
        // The object as a whole has no key that it could be shown under.
        if (!key_.empty()) new_text() = text;
    }

    std::vector<param> params_;
    std::string key_;
    char separator_;
};

template <class T>
void add_value(flattener& out, const void* value) {
    out.add(*static_cast<const T*>(value));
}

/// What was given to flatten(): its members even where a member of its type would be one value.
template <class T>
void add_whole(flattener& out, const void* value) {
    if constexpr (is_reflected_v<T>) {
        out.add_members(*static_cast<const T*>(value));
    } else {
        out.add(*static_cast<const T*>(value));
    }
}

inline std::vector<param> flattened(const void* object,
                                    void (*add)(flattener& out, const void* value),
                                    std::string_view prefix, char separator) {
    flattener out(prefix, separator);
    add(out, object);
    return std::move(out.params());
}

}  // namespace detail

/// The members of a struct, or the entries of a map with text keys, as params. Structs and maps
/// inside become `outer.inner`, structs in a list `layers.0.units`; where there are none, `None`,
/// `[]` or `{}` stands for them. Every other value is one param (see param_text()).
///
/// \param prefix    put before every key, with a separator; empty for none
/// \param separator '.' or '/', which MLflow's UI shows as groups
/// \threadsafety any thread
template <class T>
std::vector<param> flatten(const T& object, std::string_view prefix = {}, char separator = '.') {
    constexpr bool known = is_reflected_v<T> || detail::is_flattened<T>();
#if MLSCRIBE_HAS_AGGREGATES
    static_assert(known,
                  "mlscribe: the members of this type are not known: a class with a base, private "
                  "members, a constructor or a reference needs MLSCRIBE_DESCRIBE(type, members...) "
                  "or MLSCRIBE_DESCRIBE_MEMBERS(members...)");
#else
    static_assert(known,
                  "mlscribe: the members of this type are not known: in C++17 describe it "
                  "with MLSCRIBE_DESCRIBE(type, members...)");
#endif
    if constexpr (known) {
        return detail::flattened(&object, &detail::add_whole<T>, prefix, separator);
    } else {
        return {};
    }
}

MLSCRIBE_NAMESPACE_END

#endif
