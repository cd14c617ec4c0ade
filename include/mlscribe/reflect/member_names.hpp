// SPDX-License-Identifier: MIT
/// \file The names of a struct's members, one after the other.
#ifndef MLSCRIBE_REFLECT_MEMBER_NAMES_HPP
#define MLSCRIBE_REFLECT_MEMBER_NAMES_HPP

#include <mlscribe/reflect/identifier.hpp>

#include <cstddef>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// How many names a list "rate, base::layers" has.
constexpr std::size_t count_listed(std::string_view text) noexcept {
    std::size_t count = 1;
    for (const char letter : text) count += letter == ',' ? 1u : 0u;
    return count;
}

/// Splits what the preprocessor ("rate, base::layers") or the compiler (a function's signature that
/// shows the addresses of all members) spelled.
class member_names {
  public:
    static constexpr member_names listed(std::string_view text) noexcept { return {text, ","}; }

    /// \param text the list of template arguments in a signature
    static constexpr member_names in_signature(std::string_view text) noexcept {
#if defined(__clang__)
        return {text, "}"};  // {&fake.v.rate}, {&fake.v.layers}
#else
        return {text, "))}"};  // address{((const void*)(& fake<T>.…::v.T::rate))}, …
#endif
    }

    /// The next name; empty behind the last one.
    std::string_view next() noexcept {
        while (!text_.empty()) {
            const std::size_t end = text_.find(mark_);
            std::string_view part = text_.substr(0, end);
            text_ = end == std::string_view::npos ? "" : text_.substr(end + mark_.size());
            while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
            const std::string_view name = last_identifier(part);
            if (!name.empty()) return name;
        }
        return {};
    }

  private:
    constexpr member_names(std::string_view text, std::string_view mark) noexcept
        : text_(text), mark_(mark) {}

    std::string_view text_;
    std::string_view mark_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
