// SPDX-License-Identifier: MIT
/// \file Who writes a journal: a process that can be told from all others, and told dead.
#ifndef MLSCRIBE_JOURNAL_WRITER_HPP
#define MLSCRIBE_JOURNAL_WRITER_HPP

#include <mlscribe/config/clock.hpp>
#include <mlscribe/config/process_space.hpp>
#include <mlscribe/file/directory.hpp>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
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

inline constexpr std::int64_t heartbeat_interval = 60 * 1000;
inline constexpr std::int64_t longest_silence = 10 * heartbeat_interval;

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
        if (facts.size() != 7 || !facts[0].empty() || !is_process_id(facts[4])) return false;
        result = {facts[1], facts[2], facts[3], facts[4], facts[5]};
        return true;
    }

    /// This process, looked up once; in a forked child again.
    static const writer& current() {
        static kept_by_process<writer> kept;
        return kept.get(::getpid(), look_up);
    }

    /// Whether `other` runs. \param self  this process
    static liveness judge(const writer& other, const writer& self) {
        const bool here = other.host == self.host && other.boot == self.boot &&
                          other.pid_namespace == self.pid_namespace;
        if (!here) return liveness::unknown;
        char state = ' ';
        std::string started;
        if (!read_status(other.process, state, started)) {
            return exists(other.process) ? liveness::unknown : liveness::dead;
        }
        const bool ended = state == 'Z' || state == 'X';
        return ended || started != other.started ? liveness::dead : liveness::alive;
    }

    /// The same, of the writer of a file, which tells whether anybody has touched it since this
    /// host started: another host of this name may be running beside it.
    static liveness judge(const writer& other, const writer& self, const directory& place,
                          const std::string& name) {
        struct stat found {};
        const liveness known = judge(other, self);
        const bool ran_before = other.host == self.host && other.boot != self.boot;
        if (!ran_before || place.status(name, found) != 0) return known;
        const std::int64_t touched = static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1000;
        const std::int64_t silence = read_clock(CLOCK_REALTIME) - touched;
        // A living one may have missed a heartbeat, and the clock of a disk elsewhere be behind.
        const std::int64_t least = (std::max)(uptime(), 3 * heartbeat_interval);
        return silence > least ? liveness::dead : known;
    }

  private:
    /// Anything else would lead to another file than that of a process.
    static bool is_process_id(const std::string& text) noexcept {
        return !text.empty() && text.size() < 10 &&
               text.find_first_not_of("0123456789") == std::string::npos;
    }

    static writer look_up(pid_t process) {
        const process_space& here = process_space::current(process);
        writer self;
        self.host = here.host;
        self.boot = here.boot;
        self.pid_namespace = here.pid_namespace;
        self.process = std::to_string(process);
        char state = ' ';
        read_status(self.process, state, self.started);
        return self;
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
