// SPDX-License-Identifier: MIT
/// \file What is wrong with a filter or an order, and where.
#ifndef MLSCRIBE_QUERY_QUERY_ERROR_HPP
#define MLSCRIBE_QUERY_QUERY_ERROR_HPP

#include <mlscribe/error/plain_text.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

MLSCRIBE_NAMESPACE_BEGIN

/// A filter or an order that MLflow refuses as well. `what()` shows the text with the place marked.
class query_error : public std::invalid_argument {
  public:
    query_error(const std::string& message, std::size_t position)
        : std::invalid_argument(detail::plain_text(message)), position_(position) {}

    /// Of the first byte that cannot stand where it does, from 0; the length of the text at its
    /// end.
    std::size_t position() const noexcept { return position_; }

  private:
    std::size_t position_;
};

namespace detail {

/// Why a text was refused, before it is thrown.
struct query_problem {
    std::string why;
    std::size_t position = 0;

    explicit operator bool() const noexcept { return !why.empty(); }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
