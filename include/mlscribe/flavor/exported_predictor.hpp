// SPDX-License-Identifier: MIT
/// \file Makes a C++ class the predictor of a shared library, for shared_library.hpp. Needs nothing
/// of the rest of the library.
#ifndef MLSCRIBE_FLAVOR_EXPORTED_PREDICTOR_HPP
#define MLSCRIBE_FLAVOR_EXPORTED_PREDICTOR_HPP

#include <mlscribe/config/config.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

/// The interface, version 1. Tables are dense, row by row. A function that fails writes a text that
/// ends in NUL to `why`, of `why_size` bytes. Calls of predict with one predictor may come from
/// several threads at once.
extern "C" {
/// The version of this interface.
std::int64_t mlscribe_predictor_abi();
/// \param directory  of the library and its data files \return null where it fails
void* mlscribe_predictor_open(const char* directory, char* why, std::int64_t why_size);
/// How many numbers a row has.
std::int64_t mlscribe_predictor_features(const void* predictor);
/// How many numbers come out for a row.
std::int64_t mlscribe_predictor_outputs(const void* predictor);
/// \param rows  count x features \param out  count x outputs \return 0, or -1 where it fails
int mlscribe_predictor_predict(const void* predictor, const double* rows, std::int64_t count,
                               double* out, char* why, std::int64_t why_size);
/// Frees what mlscribe_predictor_open() gave.
void mlscribe_predictor_close(void* predictor);
}

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline void tell_why(const char* text, char* why, std::int64_t why_size) noexcept {
    if (why_size <= 0) return;
    const std::size_t room = static_cast<std::size_t>(why_size) - 1;
    const std::size_t size = (std::min)(room, std::strlen(text));
    std::memcpy(why, text, size);
    why[size] = '\0';
}

/// Calls what may throw; nothing passes the border of the library. \return whether it did not throw
template <class Call>
bool call_at_border(char* why, std::int64_t why_size, Call&& call) noexcept {
#if MLSCRIBE_HAS_EXCEPTIONS
    try {
        call();
        return true;
    } catch (const std::exception& thrown) {
        tell_why(thrown.what(), why, why_size);
    } catch (...) {
        tell_why("the predictor threw what is no std::exception", why, why_size);
    }
    return false;
#else
    static_cast<void>(why);
    static_cast<void>(why_size);
    call();
    return true;
#endif
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

/// Once in a shared library, at namespace scope:
///
///     class forest {
///       public:
///         explicit forest(const std::string& directory);   // of the library and its data files
///         std::int64_t features() const noexcept;   // numbers in a row
///         std::int64_t outputs() const noexcept;    // numbers that come out for one
///         void predict(const double* rows, std::int64_t count, double* out) const;
///     };
///     MLSCRIBE_EXPORT_PREDICTOR(forest)
///
/// Python calls predict() from several threads at once. What the constructor or predict() throws
/// becomes a Python exception with its text.
#define MLSCRIBE_EXPORT_PREDICTOR(Predictor)                                                       \
    static_assert(noexcept(std::declval<const Predictor&>().features() +                           \
                           std::declval<const Predictor&>().outputs()),                            \
                  "features() and outputs() of an exported predictor are noexcept");               \
    extern "C" {                                                                                   \
    __attribute__((visibility("default"))) std::int64_t mlscribe_predictor_abi() {                 \
        return 1;                                                                                  \
    }                                                                                              \
    __attribute__((visibility("default"))) void* mlscribe_predictor_open(const char* directory,    \
                                                                         char* why,                \
                                                                         std::int64_t why_size) {  \
        void* opened = nullptr;                                                                    \
        ::mlscribe::detail::call_at_border(why, why_size, [&opened, directory] {                   \
            opened = new Predictor(std::string(directory));                                        \
        });                                                                                        \
        return opened;                                                                             \
    }                                                                                              \
    __attribute__((visibility("default"))) std::int64_t mlscribe_predictor_features(               \
        const void* predictor) {                                                                   \
        return static_cast<const Predictor*>(predictor)->features();                               \
    }                                                                                              \
    __attribute__((visibility("default"))) std::int64_t mlscribe_predictor_outputs(                \
        const void* predictor) {                                                                   \
        return static_cast<const Predictor*>(predictor)->outputs();                                \
    }                                                                                              \
    __attribute__((visibility("default"))) int mlscribe_predictor_predict(const void* predictor,   \
                                                                          const double* rows,      \
                                                                          std::int64_t count,      \
                                                                          double* out, char* why,  \
                                                                          std::int64_t why_size) { \
        const bool done =                                                                          \
            ::mlscribe::detail::call_at_border(why, why_size, [predictor, rows, count, out] {      \
                static_cast<const Predictor*>(predictor)->predict(rows, count, out);               \
            });                                                                                    \
        return done ? 0 : -1;                                                                      \
    }                                                                                              \
    __attribute__((visibility("default"))) void mlscribe_predictor_close(void* predictor) {        \
        delete static_cast<Predictor*>(predictor);                                                 \
    }                                                                                              \
    }

#endif
