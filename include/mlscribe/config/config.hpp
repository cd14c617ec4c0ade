// SPDX-License-Identifier: MIT
/// \file Every compile-time switch, always defined to 0 or 1, and the library's namespace.
#ifndef MLSCRIBE_CONFIG_CONFIG_HPP
#define MLSCRIBE_CONFIG_CONFIG_HPP

#if defined(_WIN32)
#    error "mlscribe writes through POSIX openat/linkat; Windows is not supported (use WSL)"
#endif

#if __cplusplus < 201703L
#    error "mlscribe needs C++17: compile with -std=c++17 or newer"
#endif

/// -DMLSCRIBE_ENABLED=0 compiles the library to calls that do nothing and need no other library.
#ifndef MLSCRIBE_ENABLED
#    define MLSCRIBE_ENABLED 1
#endif

/// -DMLSCRIBE_STD_FILESYSTEM=1, in all files of a program, finds directories by std::filesystem
/// instead of Boost.Filesystem.
#ifndef MLSCRIBE_STD_FILESYSTEM
#    define MLSCRIBE_STD_FILESYSTEM 0
#endif

/// 1 where plain aggregates are reflected without a macro (C++20).
#if __cplusplus >= 202002L
#    define MLSCRIBE_HAS_AGGREGATES 1
#else
#    define MLSCRIBE_HAS_AGGREGATES 0
#endif

/// 0 under -fno-exceptions: strictness::raise then behaves as strictness::report.
#if defined(__cpp_exceptions)
#    define MLSCRIBE_HAS_EXCEPTIONS 1
#    define MLSCRIBE_TRY try
#    define MLSCRIBE_CATCH_ALL catch (...)
#else
#    define MLSCRIBE_HAS_EXCEPTIONS 0
#    define MLSCRIBE_TRY if (true)
#    define MLSCRIBE_CATCH_ALL else
#endif

/// A global of the user's called `row` must not make our templates warn under -Wshadow; 1 shows the
/// warnings all the same, for the library's own tests.
#ifndef MLSCRIBE_WARN_SHADOW
#    define MLSCRIBE_WARN_SHADOW 0
#endif
#if MLSCRIBE_WARN_SHADOW
#    define MLSCRIBE_QUIET_BEGIN
#    define MLSCRIBE_QUIET_END
#else
#    define MLSCRIBE_QUIET_BEGIN \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#    define MLSCRIBE_QUIET_END _Pragma("GCC diagnostic pop")
#endif

/// The inline namespace changes only when the binary interface does, so that two versions link. A
/// file that is switched off and one that is not exchange no run, nor do two that find directories
/// in different ways: that fails at link.
#if !MLSCRIBE_ENABLED
#    define MLSCRIBE_ABI_NAMESPACE off
#elif MLSCRIBE_STD_FILESYSTEM
#    define MLSCRIBE_ABI_NAMESPACE v0_std
#else
#    define MLSCRIBE_ABI_NAMESPACE v0
#endif
#define MLSCRIBE_NAMESPACE_BEGIN \
    MLSCRIBE_QUIET_BEGIN         \
    namespace mlscribe {         \
    inline namespace MLSCRIBE_ABI_NAMESPACE {
#define MLSCRIBE_NAMESPACE_END \
    }                          \
    }                          \
    MLSCRIBE_QUIET_END

#endif
