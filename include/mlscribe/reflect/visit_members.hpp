// SPDX-License-Identifier: MIT
/// \file The members of a struct, however they are known.
#ifndef MLSCRIBE_REFLECT_VISIT_MEMBERS_HPP
#define MLSCRIBE_REFLECT_VISIT_MEMBERS_HPP

#include <mlscribe/reflect/aggregate.hpp>
#include <mlscribe/reflect/describe.hpp>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Calls `visitor(member_names, const Members&...)`. \param object  of a reflected type
template <class T, class Visitor>
void visit_members(const T& object, Visitor& visitor) {
    if constexpr (is_described_outside_v<T>) {
        mlscribe_visit(object, visitor, static_cast<const described_as<T>*>(nullptr));
    } else if constexpr (is_described_inside_v<T>) {
        member_access::visit(object, visitor);
    } else {
#if MLSCRIBE_HAS_AGGREGATES
        visit_aggregate(object, visitor);
#endif
    }
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
