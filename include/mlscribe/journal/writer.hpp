// SPDX-License-Identifier: MIT
/// \file Who writes a journal: a process that can be told from all others, and told dead.
#ifndef MLSCRIBE_JOURNAL_WRITER_HPP
#define MLSCRIBE_JOURNAL_WRITER_HPP

#include <mlscribe/config/host_name.hpp>
#include <mlscribe/file/descriptor.hpp>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

MLSCRIBE_NAMESPACE_BEGIN

namespace detail {

/// What is known of the process that wrote a journal.
enum class liveness {
    alive,
    dead,
    unknown,  ///< on another host or in another container: only its heartbeat tells
};

/// A process on a host. Its text is a part of its journal's name, so that a claim is one rename.
struct writer {
    std::string host;
    std::string boot;           ///< changes when the host starts again
    std::string pid_namespace;  ///< a container counts its own process ids
    std::string process;
    std::string started;  ///< in clock ticks since the boot; a process id comes again

    static constexpr std::string_view mark = ".mlscribe-journal";

    /// The names of journals of this process: `mark`, its five facts and a number, joined by '+'.
    /// Each copy of the library in a process counts for itself, at another address.
    std::string new_name() const {
        static std::atomic<std::uint64_t> counter{0};
        std::string name(mark);
        for (const std::string* fact : {&host, &boot, &pid_namespace, &process, &started}) {
            name += '+';
            name += *fact;
        }
        return name + '+' + std::to_string(reinterpret_cast<std::uintptr_t>(&counter)) + '-' +
               std::to_string(counter.fetch_add(1, std::memory_order_relaxed));
    }

    /// \return false for a name that is no journal's
    static bool read_name(std::string_view name, writer& result) {
        const std::size_t begin = name.find(mark);
        if (begin == std::string_view::npos) return false;
        std::vector<std::string> facts(1);
        for (const char c : name.substr(begin + mark.size())) {
            if (c == '+') {
                facts.emplace_back();
            } else {
                facts.back() += c;
            }
        }
        if (facts.size() != 7 || !facts[0].empty()) return false;
        result = {facts[1], facts[2], facts[3], facts[4], facts[5]};
        return true;
    }

    /// This process, looked up once; in a forked child again.
    static const writer& current() {
        struct known_writer {
            writer self;
            pid_t process;
            const known_writer* parent;  // kept: other threads may still read it
        };
        static std::atomic<const known_writer*> latest{nullptr};
        const pid_t process = ::getpid();
        const known_writer* known = latest.load(std::memory_order_acquire);
        if (known != nullptr && known->process == process) return known->self;
        // Without a lock that a forked child could find taken.
        const auto* const made = new known_writer{look_up(process), process, known};
        if (latest.compare_exchange_strong(known, made)) return made->self;
        delete made;
        return known->self;
    }

    /// Whether `other` runs. \param self  this process
    static liveness judge(const writer& other, const writer& self) {
        if (other.host != self.host) return liveness::unknown;
        if (other.boot != self.boot) return liveness::dead;
        if (other.pid_namespace != self.pid_namespace) return liveness::unknown;
        char state = ' ';
        std::string started;
        if (!read_status(other.process, state, started)) {
            return exists(other.process) ? liveness::unknown : liveness::dead;
        }
        const bool ended = state == 'Z' || state == 'X';
        return ended || started != other.started ? liveness::dead : liveness::alive;
    }

  private:
    static writer look_up(pid_t process) {
        char space[64] = {};
        const ssize_t length = ::readlink("/proc/self/ns/pid", space, sizeof space - 1);
        writer self;
        self.host = plain(look_up_host_name());
        self.boot = plain(first_bytes("/proc/sys/kernel/random/boot_id").substr(0, 8));
        self.pid_namespace = plain(length < 0 ? "" : space);
        self.process = std::to_string(process);
        char state = ' ';
        read_status(self.process, state, self.started);
        return self;
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

    static std::string first_bytes(const std::string& path) {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return {};
        char block[1024];
        ssize_t count = 0;
        interruptions signals;
        do {
            count = ::read(file, block, sizeof block);
        } while (signals.repeats(count));
        ::close(file);
        return {block, count < 0 ? 0 : static_cast<std::size_t>(count)};
    }

    /// Whether there is a process of that id, also where /proc hides those of other users.
    static bool exists(const std::string& process) noexcept {
        const long id = std::strtol(process.c_str(), nullptr, 10);
        return id > 0 && (::kill(static_cast<pid_t>(id), 0) == 0 || errno == EPERM);
    }

    /// The state and the start time of a process: fields 3 and 22, counted behind the name, which
    /// may hold anything.
    static bool read_status(const std::string& process, char& state, std::string& started) {
        const std::string text = first_bytes("/proc/" + process + "/stat");
        std::size_t at = text.rfind(')');
        if (at == std::string::npos || at + 2 >= text.size()) return false;
        state = text[at + 2];
        for (int field = 2; field < 22 && at != std::string::npos; ++field) {
            at = text.find(' ', at + 1);
        }
        if (at == std::string::npos) return false;
        started = text.substr(at + 1, text.find(' ', at + 1) - at - 1);
        return true;
    }
};

}  // namespace detail

MLSCRIBE_NAMESPACE_END

#endif
