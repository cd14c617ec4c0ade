// SPDX-License-Identifier: MIT
/// \file The tags that MLflow's own client sets on every run.
#ifndef MLSCRIBE_TAG_SOURCE_TAGS_HPP
#define MLSCRIBE_TAG_SOURCE_TAGS_HPP

#include <mlscribe/config/config.hpp>

#include <errno.h>
#include <pwd.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

using tag_list = std::vector<std::pair<std::string, std::string>>;

/// Sets a key or replaces its value.
inline void put_tag(tag_list& tags, const std::string& key, std::string value) {
    for (auto& tag : tags) {
        if (tag.first == key) {
            tag.second = std::move(value);
            return;
        }
    }
    tags.emplace_back(key, std::move(value));
}

/// A user's name in the database; "" for one without an entry, as in many containers.
inline std::string name_of_user(uid_t user) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> room(16384);
    const int failed = ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
    return failed != 0 || found == nullptr ? std::string() : std::string(found->pw_name);
}

/// Who runs this, as MLflow finds it: LOGNAME, USER, LNAME, USERNAME, then the user database, which
/// may be on a server: it is asked once a process. Else `unknown`.
inline std::string user_name() {
    for (const char* variable : {"LOGNAME", "USER", "LNAME", "USERNAME"}) {
        const char* const value = std::getenv(variable);
        if (value != nullptr && *value != '\0') return value;
    }
    using known_user = std::pair<uid_t, std::string>;
    static std::atomic<const known_user*> first{nullptr};
    const uid_t user = ::getuid();
    const known_user* known = first.load(std::memory_order_acquire);
    if (known != nullptr && known->first == user) return known->second;
    std::string name = name_of_user(user);
    if (name.empty()) return "unknown";
    // Set once and kept for good, without a lock that a forked child could find taken.
    auto* const made = new known_user(user, name);
    if (known != nullptr || !first.compare_exchange_strong(known, made)) delete made;
    return name;
}

/// The program as it was called: MLflow's `sys.argv[0]`.
inline std::string program_name() {
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
    return program_invocation_name;
#elif defined(__APPLE__)
    return ::getprogname();
#else
    return "";
#endif
}

/// mlflow.user, mlflow.source.name and mlflow.source.type.
inline tag_list source_tags(const std::string& user) {
    return {{"mlflow.user", user},
            {"mlflow.source.name", program_name()},
            {"mlflow.source.type", "LOCAL"}};
}

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
