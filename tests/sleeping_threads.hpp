// SPDX-License-Identifier: MIT
/// \file What has to be so before a process with threads forks under a sanitizer.
#ifndef MLSCRIBE_TESTS_SLEEPING_THREADS_HPP
#define MLSCRIBE_TESTS_SLEEPING_THREADS_HPP

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace test {

/// Whether a thread of this process other than the calling one is at work.
inline bool another_thread_works() {
    DIR* const tasks = ::opendir("/proc/self/task");
    if (tasks == nullptr) return false;
    bool works = false;
    while (const dirent* const entry = ::readdir(tasks)) {
        const long id = std::strtol(entry->d_name, nullptr, 10);
        if (id <= 0 || id == static_cast<long>(::gettid())) continue;
        char state = 'S';
        const std::string path = "/proc/self/task/" + std::to_string(id) + "/stat";
        if (std::FILE* const file = std::fopen(path.c_str(), "r")) {
            if (std::fscanf(file, "%*d (%*[^)]) %c", &state) != 1) state = 'S';
            std::fclose(file);
        }
        works = works || state == 'R';
    }
    ::closedir(tasks);
    return works;
}

/// The allocator of AddressSanitizer does not mind forks: what another thread has locked stays
/// locked in the child for ever. So the others are let come to rest, for a fifth of a second at
/// most.
inline void let_threads_sleep() {
#if defined(__SANITIZE_ADDRESS__)
    for (int tries = 0; tries < 200 && another_thread_works(); ++tries) ::usleep(1000);
#endif
}

}  // namespace test

#endif
