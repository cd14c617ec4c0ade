// SPDX-License-Identifier: MIT
/// \file The locale "C", whichever the program chose.
#ifndef MLSCRIBE_LAYOUT_PLAIN_LOCALE_HPP
#define MLSCRIBE_LAYOUT_PLAIN_LOCALE_HPP

#include <mlscribe/config/config.hpp>

#include <locale.h>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline ::locale_t plain_locale() noexcept {
    static const ::locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
    return plain;
}

/// While it lives, its thread has that locale, and no other thread.
class plain_locale_scope {
  public:
    plain_locale_scope() noexcept : before_(::uselocale(plain_locale())) {}
    plain_locale_scope(const plain_locale_scope&) = delete;
    plain_locale_scope& operator=(const plain_locale_scope&) = delete;
    ~plain_locale_scope() { ::uselocale(before_); }

  private:
    ::locale_t before_;
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
