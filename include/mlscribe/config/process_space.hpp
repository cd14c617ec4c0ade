// SPDX-License-Identifier: MIT
/// \file Where the id of a process means that process: a start of a host, and a container on it.
#ifndef MLSCRIBE_CONFIG_PROCESS_SPACE_HPP
#define MLSCRIBE_CONFIG_PROCESS_SPACE_HPP

#include <mlscribe/config/host_name.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// The beginning of a small file of the system; empty where it cannot be read. No pipe is waited
/// for.
inline std::string first_bytes(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return {};
    char block[1024];
    ssize_t count = 0;
    int tries = 1000;
    do {
        count = ::read(file, block, sizeof block);
    } while (count < 0 && errno == EINTR && --tries > 0);
    ::close(file);
    return {block, count < 0 ? 0 : static_cast<std::size_t>(count)};
}

/// What is looked up once; in a forked child again. A static of a function. \threadsafety any
template <class Value>
class kept_by_process {
  public:
    /// \param process  this one \param look_up  gives the value for a process id
    template <class LookUp>
    const Value& get(pid_t process, LookUp&& look_up) {
        const known_value* known = latest_.load(std::memory_order_acquire);
        if (known != nullptr && known->process == process) return known->value;
        // Without a lock that a forked child could find taken.
        const auto* const made = new known_value{look_up(process), process, known};
        if (latest_.compare_exchange_strong(known, made)) return made->value;
        delete made;
        return known->value;
    }

  private:
    struct known_value {
        Value value;
        pid_t process;
        const known_value* parent;  // kept: other threads may still read it
    };
    std::atomic<const known_value*> latest_{nullptr};
};

/// Its texts can be parts of a file's name.
struct process_space {
    std::string host;
    std::string boot;           ///< changes when the host starts again
    std::string pid_namespace;  ///< a container counts its own process ids

    /// \param process  this one
    static const process_space& current(pid_t process) {
        static kept_by_process<process_space> kept;
        return kept.get(process, look_up);
    }

  private:
    static process_space look_up(pid_t) {
        char space[64] = {};
        const ssize_t length = ::readlink("/proc/self/ns/pid", space, sizeof space - 1);
        return {plain(look_up_host_name()),
                plain(first_bytes("/proc/sys/kernel/random/boot_id").substr(0, 8)),
                plain(length < 0 ? "" : space)};
    }

    static std::string plain(std::string_view text) {
        std::string kept;
        for (const char c : text) {
            const bool legal = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                               (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
            if (legal && kept.size() < 64) kept += c;
        }
        return kept;
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
