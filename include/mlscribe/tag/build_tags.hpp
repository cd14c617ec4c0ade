// SPDX-License-Identifier: MIT
/// \file The tags about how and where the program was built and runs.
#ifndef MLSCRIBE_TAG_BUILD_TAGS_HPP
#define MLSCRIBE_TAG_BUILD_TAGS_HPP

#include <mlscribe/config/host_name.hpp>
#include <mlscribe/tag/source_tags.hpp>
#include <mlscribe/version.hpp>

#include <string>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// Three numbers with dots.
inline std::string version_text(long first, long second, long third) {
    return std::to_string(first) + '.' + std::to_string(second) + '.' + std::to_string(third);
}

/// The compiler of the file that starts runs, such as `g++ 12.2.0`; "" for one that is not known.
inline std::string compiler_text() {
#if defined(__INTEL_LLVM_COMPILER)
    return "icpx " + std::to_string(__INTEL_LLVM_COMPILER);
#elif defined(__apple_build_version__)
    return "Apple clang++ " + version_text(__clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__clang__)
    return "clang++ " + version_text(__clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
    return "g++ " + version_text(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
    return {};
#endif
}

/// The C++ standard by its year, such as `17`. \param macro the value of `__cplusplus`
inline const char* standard_text(long macro) noexcept {
    if (macro > 202302L) return "26";
    if (macro > 202002L) return "23";
    return macro > 201703L ? "20" : "17";
}

/// mlscribe.version, mlscribe.compiler, mlscribe.cxx_standard and mlscribe.host. Where files that
/// start runs were compiled differently, the tags are those of one of them.
inline tag_list build_tags() {
    tag_list tags = {
        {"mlscribe.version",
         version_text(MLSCRIBE_VERSION_MAJOR, MLSCRIBE_VERSION_MINOR, MLSCRIBE_VERSION_PATCH)},
        {"mlscribe.cxx_standard", standard_text(__cplusplus)}};
    if (std::string compiler = compiler_text(); !compiler.empty()) {
        tags.emplace_back("mlscribe.compiler", std::move(compiler));
    }
    if (const std::string& host = host_name(); !host.empty()) {
        tags.emplace_back("mlscribe.host", host);
    }
    return tags;
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
