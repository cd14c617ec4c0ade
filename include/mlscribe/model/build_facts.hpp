// SPDX-License-Identifier: MIT
/// \file How this program is compiled, as its compiler's macros tell.
#ifndef MLSCRIBE_MODEL_BUILD_FACTS_HPP
#define MLSCRIBE_MODEL_BUILD_FACTS_HPP

#include <mlscribe/file/filesystem.hpp>
#include <mlscribe/layout/document.hpp>
#include <mlscribe/layout/fmt.hpp>
#include <mlscribe/reflect/document_of.hpp>
#include <mlscribe/tag/build_tags.hpp>

#include <cfloat>
#include <string>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Such as `libstdc++ 12 (20220819)`.
inline std::string standard_library_text() {
#if defined(_LIBCPP_VERSION)
    return "libc++ " + std::to_string(_LIBCPP_VERSION);
#elif defined(__GLIBCXX__) && defined(_GLIBCXX_RELEASE)
    return "libstdc++ " + std::to_string(_GLIBCXX_RELEASE) + " (" + std::to_string(__GLIBCXX__) +
           ')';
#else
    return {};
#endif
}

/// The sanitizers that the compiler tells of; g++ keeps `undefined` to itself.
inline std::vector<std::string> sanitizers() {
    std::vector<std::string> names;
#if defined(__has_feature)
#    if __has_feature(address_sanitizer)
    names.emplace_back("address");
#    endif
#    if __has_feature(memory_sanitizer)
    names.emplace_back("memory");
#    endif
#    if __has_feature(thread_sanitizer)
    names.emplace_back("thread");
#    endif
#    if __has_feature(undefined_behavior_sanitizer)
    names.emplace_back("undefined");
#    endif
#else
#    if defined(__SANITIZE_ADDRESS__)
    names.emplace_back("address");
#    endif
#    if defined(__SANITIZE_THREAD__)
    names.emplace_back("thread");
#    endif
#endif
    return names;
}

/// The instructions beyond a machine's oldest that the compiler may use (`-march`).
inline std::vector<std::string> instruction_sets() {
    std::vector<std::string> names;
#if defined(__SSE3__)
    names.emplace_back("sse3");
#endif
#if defined(__SSE4_2__)
    names.emplace_back("sse4.2");
#endif
#if defined(__AVX__)
    names.emplace_back("avx");
#endif
#if defined(__AVX2__)
    names.emplace_back("avx2");
#endif
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    names.emplace_back("fma");
#endif
#if defined(__F16C__)
    names.emplace_back("f16c");
#endif
#if defined(__AVX512F__)
    names.emplace_back("avx512f");
#endif
#if defined(__AVX512BF16__)
    names.emplace_back("avx512bf16");
#endif
#if defined(__AMX_TILE__)
    names.emplace_back("amx");
#endif
#if defined(__ARM_FEATURE_SVE)
    names.emplace_back("sve");
#endif
#if defined(__VSX__)
    names.emplace_back("vsx");
#endif
    return names;
}

inline const char* byte_order() noexcept {
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? "little" : "big";
}

/// Bytes of the types whose sizes differ between machines, and bits of the longest mantissa.
inline document type_sizes() {
    document sizes;
    add_member(sizes, "pointer", sizeof(void*));
    add_member(sizes, "long", sizeof(long));
    add_member(sizes, "wchar_t", sizeof(wchar_t));
    add_member(sizes, "long_double", sizeof(long double));
    add_member(sizes, "long_double_mantissa", LDBL_MANT_DIG);
    return sizes;
}

/// How the file that logs the model is compiled; where files were compiled differently, one of
/// them. A build that defines MLSCRIBE_BUILD_FLAGS as a string literal is quoted with it.
inline document build_facts() {
    bool assertions = true;
    bool optimized = false;
    bool fast_math = false;
#if defined(NDEBUG)
    assertions = false;
#endif
#if defined(__OPTIMIZE__)
    optimized = true;
#endif
#if defined(__FAST_MATH__)
    fast_math = true;
#elif defined(__FINITE_MATH_ONLY__)
    fast_math = __FINITE_MATH_ONLY__ != 0;
#endif
    document facts;
    add_member(facts, "compiler", compiler_text());
    add_member(facts, "compiler_version", __VERSION__);
    add_member(facts, "standard", std::string("C++") + standard_text(__cplusplus));
    add_member(facts, "standard_library", standard_library_text());
#if defined(MLSCRIBE_BUILD_FLAGS)
    add_member(facts, "flags", MLSCRIBE_BUILD_FLAGS);
#endif
    add_member(facts, "optimized", optimized);
    add_member(facts, "assertions", assertions);
    add_member(facts, "exceptions", MLSCRIBE_HAS_EXCEPTIONS != 0);
    add_member(facts, "fast_math", fast_math);
    add_member(facts, "sanitizers", sanitizers());
    add_member(facts, "instruction_sets", instruction_sets());
    add_member(facts, "byte_order", byte_order());
    add_member(facts, "sizes", type_sizes());
    return facts;
}

/// The versions of the headers that this library was compiled with.
inline document header_versions() {
    document versions;
    add_member(
        versions, "mlscribe",
        version_text(MLSCRIBE_VERSION_MAJOR, MLSCRIBE_VERSION_MINOR, MLSCRIBE_VERSION_PATCH));
    add_member(versions, "fmt",
               version_text(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100));
#if !MLSCRIBE_STD_FILESYSTEM
    add_member(
        versions, "Boost",
        version_text(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100));
#endif
    return versions;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
