// SPDX-License-Identifier: MIT
/// \file C++20: the members of a plain aggregate and their names, without a macro.
#ifndef MLSCRIBE_REFLECT_AGGREGATE_HPP
#define MLSCRIBE_REFLECT_AGGREGATE_HPP

#include <mlscribe/config/config.hpp>

#if MLSCRIBE_HAS_AGGREGATES

#    include <mlscribe/reflect/aggregate_members.hpp>
#    include <mlscribe/reflect/member_names.hpp>

#    include <cstddef>
#    include <string_view>
#    include <type_traits>
#    include <utility>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Converts to a member of any type; never called.
struct any_member {
    template <class Member>
    operator Member() const noexcept {  // NOLINT: the conversion is the point
        __builtin_unreachable();        // Defined for the types that no other file can name.
    }
};

/// Converts to a base of T only, to tell whether T has one with members.
template <class T>
struct any_base {
    template <class Base,
              class = std::enable_if_t<std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>>>
    operator Base() const noexcept {  // NOLINT: the conversion is the point
        __builtin_unreachable();
    }
};

template <class T>
constexpr bool takes_base() {
    return requires {
        T{any_base<T>{}};
    };
}

template <std::size_t>
using any_member_at = any_member;

template <class T, class... Initialisers>
concept is_built_from = requires {
    T{Initialisers{}...};
};

/// T{any…} with `Count` initialisers.
template <class T, std::size_t Count>
constexpr bool takes() {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
        return is_built_from<T, any_member_at<Index>...>;
    }
    (std::make_index_sequence<Count>());
}

/// T{any × Before, {}, any × After}: `{}` stands for a whole member, an array included.
template <class T, std::size_t Before, std::size_t After>
constexpr bool takes_whole() {
    return []<std::size_t... Front, std::size_t... Back>(std::index_sequence<Front...>,
                                                         std::index_sequence<Back...>) {
        return requires {
            T{any_member_at<Front>{}..., {}, any_member_at<Back>{}...};
        };
    }
    (std::make_index_sequence<Before>(), std::make_index_sequence<After>());
}

/// The largest number of initialisers in [Low, High), of which Low is possible.
template <class T, std::size_t Low, std::size_t High>
constexpr std::size_t most_initialisers() {
    if constexpr (High - Low <= 1) {
        return Low;
    } else {
        constexpr std::size_t middle = Low + (High - Low) / 2;
        if constexpr (takes<T, middle>()) {
            return most_initialisers<T, middle, High>();
        } else {
            return most_initialisers<T, Low, middle>();
        }
    }
}

template <class T, std::size_t Reached>
constexpr std::size_t count_initialisers() {
    constexpr std::size_t next = Reached < 8 ? 8 : Reached * 2;
    if constexpr (next <= 4096 && takes<T, next>()) {
        return count_initialisers<T, next>();
    } else {
        return most_initialisers<T, Reached, next>();
    }
}

template <class T, std::size_t Count>
constexpr std::size_t first_initialisers() {
    // A member without a default constructor makes short lists impossible.
    if constexpr (Count > max_aggregate_members || takes<T, Count>()) {
        return Count;
    } else {
        return first_initialisers<T, Count + 1>();
    }
}

/// How many initialisers the member at `Before` takes: 1, or the elements of a C array.
template <class T, std::size_t Before, std::size_t Total, std::size_t Width = 1>
constexpr std::size_t member_width() {
    if constexpr (Before + Width >= Total) {
        return Total - Before;
    } else if constexpr (takes_whole<T, Before, Total - Before - Width>()) {
        return Width;
    } else {
        return member_width<T, Before, Total, Width + 1>();
    }
}

template <class T, std::size_t Before, std::size_t Total>
constexpr std::size_t count_from() {
    if constexpr (Before >= Total) {
        return 0;
    } else {
        // A member that {} cannot make is no array.
        constexpr bool whole = takes_whole<T, Before, 0>();
        constexpr std::size_t width = whole ? member_width<T, Before, Total>() : 1;
        return 1 + count_from<T, Before + width, Total>();
    }
}

template <class T>
constexpr std::size_t count_members() {
    constexpr std::size_t total = count_initialisers<T, first_initialisers<T, 0>()>();
    return count_from<T, 0, total>();
}

template <class T>
struct aggregate_holder {
    const T value;
};

#    if defined(__clang__)
#        pragma clang diagnostic push
#        pragma clang diagnostic ignored "-Wundefined-var-template"
#        pragma clang diagnostic ignored "-Wundefined-internal"
#    endif

/// Never defined: only the addresses of its members are looked at, by the compiler.
template <class T>
extern const aggregate_holder<T> aggregate_specimen;

struct member_address {
    const void* address;
};

template <std::size_t Count>
struct member_addresses {
    const void* of[Count];
};

template <member_address... Members>
constexpr std::string_view address_signature() noexcept {
    return __PRETTY_FUNCTION__;
}

template <class T, std::size_t Count>
constexpr member_addresses<Count> addresses_of_members() noexcept {
    return with_members<Count>(aggregate_specimen<T>.value, [](const auto&... members) {
        return member_addresses<Count>{{&members...}};
    });
}

/// False where a member is a reference or a bit-field.
template <class T, std::size_t Count>
concept has_member_addresses = requires {
    std::bool_constant<(addresses_of_members<T, Count>(), true)>();
};

template <class T, std::size_t Count>
constexpr member_names names_of_members() noexcept {
    // Local, since a variable template of a type without linkage would be emitted and not link.
    constexpr member_addresses<Count> addresses = addresses_of_members<T, Count>();
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
        return member_names::in_signature(
            address_signature<member_address{addresses.of[Index]}...>());
    }
    (std::make_index_sequence<Count>());
}

#    if defined(__clang__)
#        pragma clang diagnostic pop
#    endif

/// Calls `visitor(member_names, member...)`.
template <class T, class Visitor>
void visit_aggregate(const T& object, Visitor&& visitor) {
    static_assert(!takes_base<T>(),
                  "mlscribe: a struct with a base is reflected by MLSCRIBE_DESCRIBE only");
    constexpr std::size_t count = count_members<T>();
    static_assert(count <= max_aggregate_members,
                  "mlscribe: more than 64 members; group them into nested structs");
    if constexpr (count != 0 && count <= max_aggregate_members) {
        constexpr bool named = has_member_addresses<T, count>;
        static_assert(named,
                      "mlscribe: a struct with a reference or a bit-field is reflected by "
                      "MLSCRIBE_DESCRIBE only");
        with_members<count>(object, [&visitor](const auto&... members) {
            if constexpr (named) {
                constexpr member_names names = names_of_members<T, count>();
                visitor(names, members...);
            }
        });
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif

#endif
