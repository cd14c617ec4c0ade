// SPDX-License-Identifier: MIT
/// \file Names the members of a struct for C++17, for private members and for bases.
#ifndef MLSCRIBE_REFLECT_DESCRIBE_HPP
#define MLSCRIBE_REFLECT_DESCRIBE_HPP

#include <mlscribe/reflect/describe_members.hpp>
#include <mlscribe/reflect/member_names.hpp>

#include <type_traits>
#include <utility>

/// At namespace scope, in the namespace of `type`, with or without a `;` behind it:
///
///     struct options { double rate; int layers; };
///     MLSCRIBE_DESCRIBE(options, rate, layers)
///
/// Up to 64 members; inherited ones may be named too.
#define MLSCRIBE_DESCRIBE(type, ...)                                                             \
    template <class MlscribeVisitor>                                                             \
    void mlscribe_visit(const type& mlscribe_object, MlscribeVisitor& mlscribe_visitor,          \
                        const ::mlscribe::detail::described_as<type>*) {                         \
        static_assert(::mlscribe::detail::count_listed(#__VA_ARGS__) <= 64,                      \
                      "mlscribe: more than 64 members; group them into nested structs, or name " \
                      "them with MLSCRIBE_DESCRIBE_MEMBERS");                                    \
        mlscribe_visitor(::mlscribe::detail::member_names::listed(#__VA_ARGS__),                 \
                         MLSCRIBE_MEMBERS_OF_OBJECT(__VA_ARGS__));                               \
    }

/// Inside a class, in any access section, for private and inherited members and for templates:
///
///     class schedule { double warm_up_; MLSCRIBE_DESCRIBE_MEMBERS(warm_up_) };
#define MLSCRIBE_DESCRIBE_MEMBERS(...)                                                         \
    friend struct ::mlscribe::detail::member_access;                                           \
    template <class MlscribeObject, class MlscribeVisitor>                                     \
    void mlscribe_visit_members(MlscribeVisitor& mlscribe_visitor) const {                     \
        ::mlscribe::detail::member_access::check<MlscribeObject>(*this);                       \
        mlscribe_visitor(::mlscribe::detail::member_names::listed(#__VA_ARGS__), __VA_ARGS__); \
    }                                                                                          \
    /* A `;` is allowed behind a function, and behind a template it is not. */                 \
    static constexpr void mlscribe_described() noexcept {}

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

class flattener;

/// Names the described type in an overload, since a derived object converts to its base and a
/// pointer to this does not.
template <class T>
struct described_as;

/// Reaches what MLSCRIBE_DESCRIBE_MEMBERS wrote into a class.
struct member_access {
    template <class T>
    static constexpr bool is_described(decltype(T::mlscribe_described())*) noexcept {
        return true;
    }
    template <class T>
    static constexpr bool is_described(...) noexcept {
        return false;
    }

    template <class T, class Visitor>
    static void visit(const T& object, Visitor& visitor) {
        object.template mlscribe_visit_members<T>(visitor);
    }

    template <class T, class Described>
    static constexpr void check(const Described&) noexcept {
        static_assert(std::is_same_v<T, Described>,
                      "mlscribe: only the base of this class is described: give it a "
                      "MLSCRIBE_DESCRIBE_MEMBERS of its own that names all its members");
    }
};

template <class T>
inline constexpr bool is_described_inside_v = member_access::is_described<T>(nullptr);

template <class, class = void>
inline constexpr bool is_described_outside_v = false;
template <class T>
inline constexpr bool is_described_outside_v<
    T, decltype(mlscribe_visit(std::declval<const T&>(), std::declval<flattener&>(),
                               static_cast<const described_as<T>*>(nullptr)))> = true;

template <class T>
constexpr bool is_described() noexcept {
    if constexpr (!std::is_class_v<T>) {
        return false;
    } else if constexpr (is_described_outside_v<T>) {
        return true;
    } else {
        return is_described_inside_v<T>;
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
