// SPDX-License-Identifier: MIT
/// \file What a program is and where it runs: kept with each model that it logs.
#ifndef MLSCRIBE_MODEL_BUILD_ENVIRONMENT_HPP
#define MLSCRIBE_MODEL_BUILD_ENVIRONMENT_HPP

#include <mlscribe/error/system_error.hpp>
#include <mlscribe/file/publish.hpp>
#include <mlscribe/layout/json_text.hpp>
#include <mlscribe/model/build_facts.hpp>
#include <mlscribe/model/machine_facts.hpp>

#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

inline constexpr std::string_view environment_path = "mlscribe/environment.json";

/// How this program was compiled, with which libraries, and where it runs: the maps `build`,
/// `headers`, `machine` and `process` and the list `shared_libraries`. No environment variables;
/// of the command line no values that look like secrets. What is not known is empty.
/// \threadsafety any thread \cost reads /proc; looks at the path of each shared library
inline document build_environment() {
    const loaded_objects objects = find_loaded_objects();
    document environment;
    add_member(environment, "build", build_facts());
    add_member(environment, "headers", header_versions());
    add_member(environment, "machine", machine_facts());
    add_member(environment, "process", process_facts(objects.build_id));
    add_member(environment, "shared_libraries", library_facts(objects.paths));
    return environment;
}

/// Writes build_environment() as `mlscribe/environment.json` into a model's directory.
/// \onfailure system
inline error write_build_environment(const directory& model) {
    const int failed = replace_file(model, environment_path, json_text(build_environment()));
    return failed == 0 ? error{} : system_error("cannot write", environment_path, failed);
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
